FROM base AS chef
WORKDIR /app
FROM chef AS planner
COPY . .
RUN ls > recipe.json
FROM chef AS builder
COPY --from=planner /app/recipe.json recipe.json
RUN --mount=type=cache,id=cargo,target=/usr/local/cargo/registry,sharing=shared cat recipe.json > deps
COPY . .
RUN --mount=type=cache,target=/app/target mkdir -p /out && cp src/app.sh /out/app
FROM base AS runtime
COPY --from=builder /out/app /usr/local/bin
ENTRYPOINT ["/usr/local/bin/app"]
