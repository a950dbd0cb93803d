/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that options and operands take beside the keys of a scenario: for completion in shells,
 * and for who wants to know. */
#ifndef RIG_CLI_VOCABULARY_H
#define RIG_CLI_VOCABULARY_H

#include <stdbool.h>
#include <stdio.h>

/**
 * Print the words of a kind, one a line.
 * @param kind  One of those that rig_vocabulary_kinds names.
 * @return false: there is no such kind; nothing is printed.
 */
bool rig_vocabulary_print(FILE *out, const char *kind);

/** The kinds, as "outcomes, metrics, .."; static. */
const char *rig_vocabulary_kinds(void);

#endif
