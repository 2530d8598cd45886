FROM base AS common
RUN echo common > /common
FROM common AS left
RUN echo left > /left
FROM common AS right
RUN echo right > /right
FROM common AS same
RUN echo left > /left
FROM base AS unused
RUN exit 1
FROM base
COPY --from=left /left /
COPY --from=right /right /
COPY --from=same /left /again
