FROM base AS data
RUN mkdir /data && echo data > /data/file

FROM base
RUN --mount=type=bind,target=/ctx cp /ctx/README.md /readme
RUN --mount=target=/ctx,rw touch /ctx/scratch
RUN --mount=type=bind,from=data,source=/data,target=/mnt,readonly cat /mnt/file > /copied
RUN --mount=type=cache,target=/root/.cache echo cached > /root/.cache/x
RUN --mount=type=cache,id=shared,target=/cache,sharing=locked,mode=0700,uid=1000,gid=1000 stat -c '%a %u:%g' /cache > /cache.txt
RUN --mount=type=cache,from=data,source=/data,target=/seeded,sharing=private cat /seeded/file > /seed.txt
RUN --mount=type=tmpfs,target=/scratch,size=64m echo x > /scratch/x
RUN --mount=type=bind,src=conf,dst=/conf --mount=type=tmpfs,destination=/tmp cat /conf/app.conf > /conf.txt
