FROM base AS build
WORKDIR /build
COPY src src
RUN mkdir out && cat src/app.sh src/lib/util.sh > out/app && chmod 755 out/app

FROM base AS test
COPY --from=build /build/out/app /usr/bin/app
RUN app check

FROM scratch
COPY --from=build /build/out/app /app
ENTRYPOINT ["/app"]
