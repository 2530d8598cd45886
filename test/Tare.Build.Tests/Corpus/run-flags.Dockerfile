FROM base
ARG TARGET=/work
RUN --network=none echo none > /none
RUN --network=default echo default > /default
RUN --security=sandbox echo sandbox > /sandbox
RUN --network=none --mount=type=tmpfs,target=${TARGET} ls $TARGET > /listing
RUN ["sh", "-c", "echo exec form > /exec"]
RUN [ "sh", "-c", "echo \"quoted\" $HOME" ]
RUN [ not json ] || true
