FROM base AS assets
RUN echo asset > /asset
FROM base AS parent
ONBUILD COPY --from=assets /asset /asset
ONBUILD RUN --mount=type=bind,from=assets,target=/m cat /m/asset > /m.txt
FROM parent
CMD ["cat", "/asset"]
