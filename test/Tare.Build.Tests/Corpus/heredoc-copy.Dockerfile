FROM base
ARG NAME=world
COPY <<greeting.txt <<"raw.txt" /files/
hello ${NAME}, it's "fine" \$NAME
greeting.txt
hello ${NAME}
raw.txt
COPY --chmod=755 --chown=1000:1000 <<-run.sh /usr/bin/run
	#!/bin/sh
	echo run $NAME
	run.sh
ADD <<EOF /added
added
EOF
