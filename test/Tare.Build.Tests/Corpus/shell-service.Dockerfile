# syntax=docker/dockerfile:1.20
FROM base
LABEL org.opencontainers.image.title="shell service" \
      org.opencontainers.image.version="1.0"
WORKDIR /srv/app
COPY src/ ./
RUN chmod +x app.sh && ./app.sh --version > version.txt
EXPOSE 8080
USER 1000:1000
ENTRYPOINT ["/srv/app/app.sh"]
CMD ["serve", "--port", "8080"]
