# syntax=docker/dockerfile:1
ARG VARIANT=slim
FROM base AS base-slim
RUN echo slim > /variant
FROM base AS base-full
RUN echo full > /variant
FROM base-${VARIANT} AS selected
FROM selected AS lint
RUN test -s /variant
FROM selected AS final
COPY --from=lint /variant /linted
