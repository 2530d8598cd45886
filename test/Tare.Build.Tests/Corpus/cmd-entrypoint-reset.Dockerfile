FROM base AS one
CMD ["one"]
FROM one AS two
ENTRYPOINT ["two"]
FROM one AS three
CMD ["three"]
ENTRYPOINT ["run"]
FROM two
CMD ["four"]
