FROM base
ARG ORIGIN=http://127.0.0.1:8931
ADD ${ORIGIN}/README.md /remote/
ADD --checksum=sha256:4c1f0e7dbe0b6e3a5d8e1c5a6a0f0b1a0d2a2d3c1f6e8b9a7c6d5e4f3a2b1c0d ${ORIGIN}/conf/app.conf /remote/app.conf
ADD --unpack=true --chmod=0600 ${ORIGIN}/archive.tgz /remote/tgz/
ADD ${ORIGIN} /remote/root
