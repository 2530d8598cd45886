// SPDX-License-Identifier: Apache-2.0
// release CONTROLLER...: mounts cgroup v1 in user, mount and cgroup namespaces of its own (with "-" first: in the mount
// namespace that it is in) and names what it can do to a release_agent.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, text, strlen(text)) < 0)
        printf("%s: %s\n", path, strerror(errno));
    close(file);
}

int main(int argc, char **argv)
{
    int first = 1 + (argc > 1 && !strcmp(argv[1], "-"));
    if (first == 1) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP))
            return perror("unshare"), 0;
        put("/proc/self/uid_map", "0 0 1");
    }
    mkdir("/tmp/cgroup", 0755);
    for (int i = first; i < argc; i++) {
        if (mount("none", "/tmp/cgroup", "cgroup", 0, argv[i])) {
            printf("%s: %s\n", argv[i], strerror(errno));
            continue;
        }
        printf("%s: mounted\n", argv[i]);
        int file = open("/tmp/cgroup/release_agent", O_WRONLY);
        if (file >= 0)
            puts("RELEASE AGENT");
        close(file);
        umount("/tmp/cgroup");
    }
}
