FROM base
ARG SOURCE_DATE_EPOCH
RUN echo "${SOURCE_DATE_EPOCH:-unset}" > /epoch && touch /now
COPY --link README.md /readme
