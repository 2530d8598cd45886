FROM base AS a
HEALTHCHECK --interval=5m --timeout=3s --start-period=10s --start-interval=500ms --retries=4 \
  CMD wget -q http://localhost/ || exit 1
FROM a AS b
HEALTHCHECK CMD ["wget", "-q", "http://localhost/"]
FROM b
HEALTHCHECK NONE
