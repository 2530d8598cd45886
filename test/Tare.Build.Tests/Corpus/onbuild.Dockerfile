FROM base AS parent
ONBUILD WORKDIR /usr/src/app
ONBUILD ARG MODE=release
ONBUILD COPY package.json ./
ONBUILD RUN echo "mode $MODE" > mode.txt
ONBUILD RUN <<EOF
echo heredoc > heredoc.txt
EOF
ENV PARENT=1

FROM parent AS child
RUN ls > listing

FROM child
RUN echo grandchild has no triggers
