FROM base
ENV A=1 \
    B=2
RUN <<EOF
echo one
EOF
COPY README.md /r
