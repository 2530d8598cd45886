FROM base AS links
RUN mkdir -p /real/dir && echo f > /real/dir/file && ln -s /real /alias && ln -s dir/file /real/link && ln /real/dir/file /real/hard
FROM base
COPY --from=links /alias/dir /a/
COPY --from=links /real/ /b/
COPY --from=links /alias /c
COPY link /d/
COPY --from=links /real/link /e
