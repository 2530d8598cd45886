FROM base
RUN echo 'web:x:33:33::/:/bin/sh' >> /etc/passwd && echo 'web:x:33:' >> /etc/group && echo 'www:x:44:' >> /etc/group
COPY --chown=web README.md /a
COPY --chown=web:www README.md /b
COPY --chown=:44 README.md /c
COPY --chown=33:www conf /d/
ADD --chown=web:web archive.tar /e/
USER web:www
WORKDIR /made/by/web
