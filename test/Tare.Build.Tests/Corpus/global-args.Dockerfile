ARG BASE=base
ARG TAG=latest
ARG IMAGE=${BASE}:${TAG}
FROM ${IMAGE} AS first
ARG TAG
RUN echo "tag is $TAG" > /tag
FROM $BASE
ARG TAG=other
ARG BASE
ENV FROM_TAG=$TAG FROM_BASE=${BASE:-none}
RUN echo "$FROM_TAG $FROM_BASE" > /values
COPY --from=first /tag /tag
