// SPDX-License-Identifier: Apache-2.0
// race COUNTER (NAME OTHER)...: exchanges the names of each pair for ever and counts in the first 8 bytes of COUNTER.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int file = open(argv[1], O_RDWR);
    volatile uint64_t *count = mmap(0, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file < 0 || count == MAP_FAILED)
        return 1;
    puts("racing");
    fflush(stdout);
    for (;;)
        for (int i = 2; i + 1 < argc; i += 2)
            if (renameat2(AT_FDCWD, argv[i], AT_FDCWD, argv[i + 1], RENAME_EXCHANGE) == 0)
                ++*count;
}
