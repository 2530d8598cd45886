FROM base AS toolchain
WORKDIR /src
COPY <<main.c ./
#include <stdio.h>
int main(void) { printf("hello\n"); return 0; }
main.c
RUN wc -c main.c > size
FROM toolchain AS debug
ENV CFLAGS="-O0 -g"
RUN echo "$CFLAGS" > flags
FROM toolchain AS release
ENV CFLAGS="-O2"
RUN echo "$CFLAGS" > flags
FROM base
COPY --from=release /src/flags /flags
