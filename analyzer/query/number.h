/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decimal numbers without rounding: whole part and nine decimals. Internal to analyzer/query. */
#ifndef RIG_ANALYZER_QUERY_NUMBER_H
#define RIG_ANALYZER_QUERY_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

/** A number: whole + nanos / 10^9; nanos in [0, 10^9), so -0.25 is -1 and 750,000,000. */
typedef struct rig_query_number {
    int64_t whole;
    int32_t nanos;
} rig_query_number;

/** Of nanoseconds, as seconds. */
rig_query_number rig_query_number_of_ns(int64_t ns);

/** Negative, zero or positive as a < b, a = b, a > b. */
int rig_query_number_compare(rig_query_number a, rig_query_number b);

/**
 * Read [+-]digits[.digits]: at most 18 digits before the point and nine behind it.
 * @param[out] number  Untouched unless true is returned.
 */
bool rig_query_number_read(rig_slice text, rig_query_number *number);

#endif
