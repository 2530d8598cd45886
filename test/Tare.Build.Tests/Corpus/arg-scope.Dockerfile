ARG GLOBAL=g
FROM base AS one
ARG LOCAL=l
ARG GLOBAL
ARG UNSET
ARG COMBINED=${GLOBAL}-${LOCAL}-${UNSET:-none}
RUN echo "$GLOBAL $LOCAL $COMBINED" > /out
FROM one AS two
RUN echo "$GLOBAL $LOCAL $COMBINED" > /out2
FROM base
RUN echo "[$GLOBAL] [$LOCAL]" > /out3
COPY --from=two /out /out2 /
