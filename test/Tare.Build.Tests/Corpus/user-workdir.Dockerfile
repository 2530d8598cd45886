FROM base
RUN mkdir -p /home/app && echo 'app:x:1001:1001::/home/app:/bin/sh' >> /etc/passwd && echo 'app:x:1001:' >> /etc/group && chown 1001:1001 /home/app
USER app
WORKDIR /home/app
WORKDIR project
WORKDIR ./sub/../src
RUN pwd > ~/where && id -u > ~/who
USER root
WORKDIR /
COPY README.md .
