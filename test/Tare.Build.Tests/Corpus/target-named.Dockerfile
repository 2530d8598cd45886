FROM base AS dev
RUN echo dev > /mode
FROM base AS prod
RUN echo prod > /mode
# docs builds the documentation
FROM base AS docs
COPY docs /docs
