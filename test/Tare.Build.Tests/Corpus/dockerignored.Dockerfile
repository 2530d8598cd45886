FROM base
COPY . /ctx
COPY docs /docs
RUN --mount=target=/m find /m -type f | sort > /list
