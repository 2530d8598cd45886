FROM base
SHELL ["/bin/sh", "-e", "-c"]
RUN echo "with -e"
CMD serve $PORT
ENTRYPOINT exec /entry "$@"
SHELL ["/bin/sh", "-c"]
STOPSIGNAL SIGQUIT
VOLUME /data /logs
VOLUME ["/var/lib/x", "/cache"]
