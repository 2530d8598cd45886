// SPDX-License-Identifier: Apache-2.0
// writable FOLDER...: names every file below, but those of processes, that takes a write of no bytes.
#define _GNU_SOURCE
#include <ctype.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int visit(const char *path, const struct stat *is, int type, struct FTW *at)
{
    if (type == FTW_D && at->level == 1 && (isdigit(path[at->base]) || strstr(path, "self")))
        return FTW_SKIP_SUBTREE;
    int file = type == FTW_F && S_ISREG(is->st_mode) ? open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    if (file >= 0 && write(file, "", 0) >= 0)
        puts(path);
    if (file >= 0)
        close(file);
    return FTW_CONTINUE;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        nftw(argv[i], visit, 20, FTW_PHYS | FTW_ACTIONRETVAL);
    puts("looked");
}
