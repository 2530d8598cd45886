# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM base AS build
WORKDIR /src
RUN --mount=type=bind,source=package.json,target=package.json \
    --mount=type=cache,target=/go/pkg/mod \
    cat package.json > /go.sum
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=dev
RUN --mount=type=bind,target=. \
    --mount=type=cache,target=/root/.cache/go-build \
    GOOS=$TARGETOS GOARCH=$TARGETARCH sh -c 'cp src/app.sh /bin/server && echo "$0" > /bin/version' "$VERSION"

FROM scratch AS final
COPY --from=build /bin/server /server
COPY --from=build /bin/version /version
USER 65532:65532
ENTRYPOINT ["/server"]
