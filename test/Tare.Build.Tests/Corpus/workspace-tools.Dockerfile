FROM base
RUN mkdir -p /workspace && cd /workspace && for i in 1 2 3; do echo $i > file$i; done
RUN ["/bin/sh", "-c", "ls -l /workspace | awk '{print $1}' > /modes"]
RUN ln -s /workspace /ws && mkfifo /workspace/pipe && chmod 4755 /workspace/file1
COPY README.md /ws/
ADD docs /ws/docs/
