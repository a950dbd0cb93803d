/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A test for each truth of a folder, and counts against the stamps of a truth. */
#ifndef RIG_TESTS_GOLDEN_SUITE_H
#define RIG_TESTS_GOLDEN_SUITE_H

#include <stddef.h>
#include <stdint.h>

#include "tests/test.h"

/** How the name of a truth ends: NAME.expected.csv. */
#define SUITE_TRUTH_SUFFIX ".expected.csv"

/** Most tests of one suite. */
#define SUITE_MAX 400

/** A count that a truth may name in its stamps. */
typedef struct suite_count {
    const char *name;
    uint64_t value;
} suite_count;

/**
 * Run a test for each truth in a folder, in the order of their names; its initial state is NAME.
 * @param n_min  Fewer than this, and fixtures have gone missing.
 * @return what main returns.
 */
int suite_run(const char *name, const char *folder, int n_min, CMUnitTestFunction test);

/**
 * Compare counts with the stamps of a truth; those that it does not name are of no interest. Fails
 * the test when it names none.
 * @return how many differ; each is printed.
 */
int suite_check_counts(const char *name, const char *truth_path, const suite_count *counts,
                       size_t n);

#endif
