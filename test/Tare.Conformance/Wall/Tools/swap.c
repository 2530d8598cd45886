// SPDX-License-Identifier: Apache-2.0
// swap COUNTERS FIFO: has the pipe that is its output at all small numbers, and exchanges it there for a handle of
// FIFO for ever. COUNTERS: exchanges, and how often somebody opened FIFO for reading.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// behind the small ones in the order of their names
enum { kept = 97 };

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    mkfifo(argv[2], 0666);
    int file = open(argv[1], O_RDWR);
    volatile uint64_t *counters = mmap(0, 64, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file < 0 || counters == MAP_FAILED)
        return 1;
    puts("swapping");
    fflush(stdout);
    if (fork() == 0) {
        close_range(0, 2, 0);
        for (;;) {
            // comes back when there is a reader, for however short a time
            int writer = open(argv[2], O_WRONLY);
            if (writer >= 0)
                ++counters[1];
            close(writer);
        }
    }
    int output = dup2(1, kept), fifo = fcntl(open(argv[2], O_PATH), F_DUPFD, kept + 1);
    for (;; ++counters[0]) {
        for (int i = 0; i < 10; i++)
            dup2(fifo, i);
        for (int i = 0; i < 10; i++)
            dup2(output, i);
    }
}
