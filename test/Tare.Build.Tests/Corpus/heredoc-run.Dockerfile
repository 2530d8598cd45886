FROM base
RUN <<EOF
set -e
mkdir -p /opt/tool
echo one > /opt/tool/one
echo "$HOME" > /opt/tool/home
EOF
RUN <<-'END' sh > /quoted
	echo $0
	END
RUN <<SCRIPT
#!/bin/sh
echo script > /from-script
SCRIPT
RUN cat <<A <<B > /two
first
A
second
B
RUN 3<<FD cat <&3 > /fd
third
FD
