/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing calls in tests: says which call and which field differ. */
#ifndef TESTS_GOLDEN_COMPARE_H
#define TESTS_GOLDEN_COMPARE_H

#include "core/call.h"

/** Number of differences, each printed to stderr under `name`. Times of `got` are moved by
 * shift_ns. */
int compare_calls(const char *name, const rig_calls *got, const rig_calls *expected,
                  int64_t shift_ns);

#endif
