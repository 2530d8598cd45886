// SPDX-License-Identifier: Apache-2.0
// watch COUNTERS PROGRAM: looks at every other process for ever. What runs PROGRAM, or a copy of that name, may be looked
// into; of all others nothing may be opened. COUNTERS: how often it was refused, how often it was not.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile uint64_t *counters;
static const char *program;
static char header[64];

static void caught(const char *what, const char *pid, const char *more)
{
    ++counters[1];
    printf("opened %s of %s: %s\n", what, pid, more);
    fflush(stdout);
}

static int look(const char *pid, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && (errno == EACCES || errno == EPERM))
        ++counters[0];
    return file;
}

static void executable(const char *pid)
{
    char bytes[sizeof header];
    int file = look(pid, "exe");
    if (file < 0)
        return;
    if (read(file, bytes, sizeof bytes) == sizeof bytes && memcmp(bytes, header, sizeof bytes))
        caught("exe", pid, "another program");
    close(file);
}

static void memory(const char *pid)
{
    char bytes[sizeof header], maps[4096];
    int file = look(pid, "mem");
    if (file >= 0) {
        if (pread(file, bytes, sizeof bytes, 0x400000) == sizeof bytes && memcmp(bytes, header, sizeof bytes))
            caught("mem", pid, "another program");
        close(file);
    }
    file = look(pid, "maps");
    if (file < 0)
        return;
    ssize_t length = read(file, maps, sizeof maps - 1);
    close(file);
    maps[length > 0 ? length : 0] = 0;
    for (char *line = strtok(maps, "\n"); line; line = strtok(0, "\n")) {
        char *name = strrchr(line, '/');
        if (name && strcmp(name, program))
            caught("maps", pid, line);
    }
}

static void descriptors(const char *pid)
{
    char path[300], target[300];
    for (int i = 3; i < 40; i++) {
        snprintf(path, sizeof path, "/proc/%s/fd/%d", pid, i);
        ssize_t length = readlink(path, target, sizeof target - 1);
        if (length < 0 && (errno == EACCES || errno == EPERM))
            ++counters[0];
        if (length < 0)
            continue;
        target[length] = 0;
        caught("descriptor", pid, target);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    program = strrchr(argv[2], '/');
    int file = open(argv[1], O_RDWR);
    counters = mmap(0, 64, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    int own = open(argv[2], O_RDONLY);
    if (file < 0 || counters == MAP_FAILED || read(own, header, sizeof header) < 0)
        return 1;
    puts("watching");
    fflush(stdout);
    for (;;) {
        DIR *proc = opendir("/proc");
        for (struct dirent *entry; (entry = readdir(proc));) {
            if (entry->d_name[0] < '0' || entry->d_name[0] > '9' || atoi(entry->d_name) == getpid())
                continue;
            descriptors(entry->d_name);
            executable(entry->d_name);
            memory(entry->d_name);
        }
        closedir(proc);
    }
}
