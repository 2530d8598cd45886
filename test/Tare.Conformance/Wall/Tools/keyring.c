// SPDX-License-Identifier: Apache-2.0
// keyring put SECRET PROGRAM...: runs PROGRAM in a session keyring of its own that holds a key with that secret.
// keyring get: prints the secret of that key, if it is in reach.
#define _GNU_SOURCE
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char secret[256] = "";
    if (argc > 3 && !strcmp(argv[1], "put")) {
        if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, 0) < 0 ||
            syscall(SYS_add_key, "user", "wall", argv[2], strlen(argv[2]), KEY_SPEC_SESSION_KEYRING) < 0)
            return perror("keyring"), 1;
        execvp(argv[3], argv + 3);
        return 1;
    }
    long ring = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
    long key = syscall(SYS_keyctl, KEYCTL_SEARCH, ring, "user", "wall", 0);
    if (key >= 0 && syscall(SYS_keyctl, KEYCTL_READ, key, secret, sizeof secret - 1) > 0)
        puts(secret);
    puts("looked");
    return 0;
}
