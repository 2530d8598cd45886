# syntax=docker/dockerfile:1
ARG PYTHON_VERSION=latest
FROM base:${PYTHON_VERSION} AS requirements
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=off
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    mkdir -p /venv/lib && cp requirements.txt /venv/lib/

FROM base:${PYTHON_VERSION}
ARG UID=10001
RUN echo "appuser:x:${UID}:${UID}::/nonexistent:/sbin/nologin" >> /etc/passwd
COPY --from=requirements /venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /app
COPY --chown=${UID}:${UID} src ./src
USER ${UID}
EXPOSE 8000
CMD ["sh", "src/app.sh"]
