FROM scratch
COPY README.md /
COPY <<EOF /etc/motd
hello
EOF
CMD ["/none"]
