FROM base AS made
RUN mkdir /s && cd /s && echo x > suid && chmod 6755 suid && mkfifo pipe && mkdir -m 3777 sticky && ln suid hard \
    && echo y > ./-dash && ln -s loop loop && ln -s /absent dangling && chown -h 7:8 dangling && mkdir -p empty/deep && chown -h 3:4 loop
FROM base
COPY --from=made /s /all
COPY --from=made --chown=5:6 /s /owned
COPY --from=made --chmod=0640 /s/suid /one
COPY --from=made --chmod=g-s,o+w /s/suid /two
COPY --from=base /opt/capable /cap/
COPY --from=base --chown=1:1 /opt/capable /cap/owned
COPY --from=made /s/sticky /s/empty /merged/
RUN rm -r /all/empty /owned && mkdir /owned && chmod 700 /cap
