// SPDX-License-Identifier: Apache-2.0
// sets: prints the inheritable, permitted, effective and ambient capabilities that it was started with.
#include <stdio.h>
#include <string.h>

int main(void)
{
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (!strncmp(line, "Cap", 3) && strncmp(line, "CapBnd", 6)) {
            line[strcspn(line, "\n")] = 0;
            printf("%s ", line + 8);
        }
    return 0;
}
