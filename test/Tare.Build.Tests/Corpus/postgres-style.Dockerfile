FROM base
RUN set -eux; \
	echo 'postgres:x:999:999::/var/lib/postgresql:/bin/sh' >> /etc/passwd; \
	install -d -o 999 -g 999 -m 1777 /var/lib/postgresql || mkdir -p /var/lib/postgresql
ENV GOSU_VERSION 1.17
ENV LANG en_US.utf8
ENV PG_MAJOR 16
ENV PG_VERSION 16.3-1.pgdg120+1
ENV PATH $PATH:/usr/lib/postgresql/$PG_MAJOR/bin
RUN mkdir /docker-entrypoint-initdb.d
ENV PGDATA /var/lib/postgresql/data
RUN mkdir -p "$PGDATA" && chmod 1777 "$PGDATA"
VOLUME /var/lib/postgresql/data
COPY bin/tool /usr/local/bin/docker-entrypoint.sh
ENTRYPOINT ["docker-entrypoint.sh"]
STOPSIGNAL SIGINT
EXPOSE 5432
CMD ["postgres"]
