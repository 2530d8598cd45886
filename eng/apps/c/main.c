/* SPDX-License-Identifier: Apache-2.0 */
/* count: the words of standard input and how often they are there. */
#include "table.h"
#include <stdio.h>

int main(void)
{
    char word[64];
    while (scanf("%63s", word) == 1)
        if (table_add(word) < 0) {
            fputs("count: too many words\n", stderr);
            return 1;
        }

    int count;
    const struct word *words = table_sorted(&count);
    for (int i = 0; i < count; i++)
        printf("%lu %s\n", words[i].count, words[i].text);
    return 0;
}
