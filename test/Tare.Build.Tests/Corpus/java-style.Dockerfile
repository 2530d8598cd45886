FROM base AS builder
WORKDIR application
ARG JAR_FILE=archive.tar
COPY ${JAR_FILE} application.jar
RUN tar xf application.jar && rm application.jar
FROM base
WORKDIR application
COPY --from=builder application/conf/ ./
COPY --from=builder application/src/ ./
ENTRYPOINT ["sh", "app.sh"]
