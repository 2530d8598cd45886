FROM base
ADD archive.tar /tar/
ADD archive.tgz /tgz/
ADD --unpack=false archive.tar /plain/
ADD README.md conf /mixed/
ADD ["with space.txt", "/json/"]
ADD --chown=1000:1000 --chmod=0700 bin/tool /bin2/
