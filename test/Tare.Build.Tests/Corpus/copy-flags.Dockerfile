FROM base
COPY --chown=1000:1000 README.md /a/
COPY --chown=1000 --chmod=0640 conf/app.conf /b
COPY --chmod=u=rwX,go=rX src /c/
COPY --chmod=a+x,u-w README.md /d
COPY --link conf/ /e/
COPY --link=false --chown=root:root web/index.html /f/
COPY --exclude=*.json --exclude=app.sh src /g
COPY --exclude=**/*.css --exclude=**/*.html web /h
