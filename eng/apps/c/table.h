/* SPDX-License-Identifier: Apache-2.0 */
#define WORDS 4096

struct word { char text[64]; unsigned long count; };

/* Counts a word; the number of different ones so far, or -1 when there is no room. */
int table_add(const char *text);

/* The words, most frequent first. */
const struct word *table_sorted(int *count);
