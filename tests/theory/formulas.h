/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the formulas share: a comparison that names the row, and refused arguments. */
#ifndef RIG_TESTS_THEORY_FORMULAS_H
#define RIG_TESTS_THEORY_FORMULAS_H

#include "tests/test.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/status.h"

#define N_ROWS(rows) (sizeof(rows) / sizeof *(rows))

/* A value that no formula gives: an output that a refusal must not touch. */
#define UNTOUCHED (-77.0)

/* |got - expected| <= relative |expected|; 0 only as 0. */
static inline void expect_near(const char *what, size_t row, double got, double expected,
                               double relative)
{
    if (!(fabs(got - expected) <= relative * fabs(expected)))
        fail_msg("%s, row %zu: %.15g, expected %.15g within %g of it", what, row, got, expected,
                 relative);
}

/* A value printed with so many decimals. */
static inline void expect_printed(const char *what, size_t row, double got, double printed,
                                  int decimals)
{
    if (!(fabs(got - printed) <= 0.5001 * pow(10.0, -decimals)))
        fail_msg("%s, row %zu: %.12g, expected %.*f", what, row, got, decimals, printed);
}

/* RIG_EDOM, with a message that holds a text; the message is then cleared for the next row. */
static inline void expect_refusal(size_t row, rig_status status, rig_error *err, const char *text)
{
    if (status != RIG_EDOM || err->status != RIG_EDOM || strstr(err->text, text) == NULL)
        fail_msg("row %zu: status %d, \"%s\"; expected a refusal with \"%s\"", row, (int)status,
                 err->text, text);
    *err = (rig_error){0};
}

#endif
