FROM base
RUN set -eux; \
# add our user and group first
	echo 'redis:x:999:1000::/home/redis:/bin/sh' >> /etc/passwd
ENV REDIS_DOWNLOAD_URL=http://download.redis.io/releases/redis-7.4.0.tar.gz \
    REDIS_DOWNLOAD_SHA=57b47c2c6682636d697dbf5d66d8d495b4e653afc9fd32b7adc9da3e433b8aaf
RUN mkdir /data && chown 999:1000 /data
VOLUME /data
WORKDIR /data
ENTRYPOINT ["docker-entrypoint.sh"]
EXPOSE 6379
CMD ["redis-server"]
