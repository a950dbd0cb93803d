/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slice of a capture gives the same calls as the capture itself. */
#ifndef TESTS_GOLDEN_SLICE_CHECK_H
#define TESTS_GOLDEN_SLICE_CHECK_H

#include <stddef.h>

struct rig_rules;

/** What to slice. */
typedef struct slice_of {
    const char *name; /**< for messages */
    const char *path;
    const struct rig_rules *rules;
    const char *output; /**< where the slices are written, one after the other */
    size_t n_along;     /**< calls that may come along in the frames of others */
} slice_of;

/** Slice the calls of each outcome and each call alone; analyse; compare. @return the number of
 * differences, each printed to stderr. */
int check_slices(const slice_of *of);

#endif
