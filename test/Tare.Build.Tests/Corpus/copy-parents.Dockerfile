FROM base AS source
WORKDIR /x/y/z
RUN echo 1 > one.txt && mkdir -p deep/er && echo 2 > deep/er/two.txt

FROM base
COPY --parents src/lib/util.sh web/css/site.css /p/
COPY --parents src/./lib/util.sh /q/
COPY --parents web/**/*.css ./conf/./*.conf /r/
COPY --from=source --parents /x/./y/z/deep /s/
