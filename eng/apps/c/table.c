/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"
#include <stdlib.h>
#include <string.h>

static struct word words[WORDS];
static int used;

int table_add(const char *text)
{
    for (int i = 0; i < used; i++)
        if (strcmp(words[i].text, text) == 0) {
            words[i].count++;
            return used;
        }
    if (used == WORDS || strlen(text) >= sizeof words[0].text)
        return -1;
    strcpy(words[used].text, text);
    words[used].count = 1;
    return ++used;
}

static int compare(const void *left, const void *right)
{
    const struct word *a = left, *b = right;
    return a->count != b->count ? (a->count < b->count) - (a->count > b->count) : strcmp(a->text, b->text);
}

const struct word *table_sorted(int *count)
{
    qsort(words, (size_t)used, sizeof words[0], compare);
    *count = used;
    return words;
}
