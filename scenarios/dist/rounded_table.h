/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles in whole microseconds from a table: not nearly the number that the distribution's own
 * function gives when it is rounded, but that number. Internal to scenarios/.
 *
 * A cell is a sixteenth of a doubling of the nearer tail, min(u, 1 - u), from 2^-13 on. In it the
 * quantile is a polynomial of the fifth degree through the Chebyshev nodes, and next to it stands
 * how far that may be off. Where the value is farther than this from the middle between two
 * microseconds, both round to the same one. Elsewhere, and beyond the cells, the table has no
 * answer: some 2 of 1,000 draws. Source: Ziv, ACM TOMS 17(3), 1991 (rounding what is near, and
 * asking again where that could be wrong); Hoermann, Leydold & Derflinger, Automatic Nonuniform
 * Random Variate Generation, 2004, chapter 7 (polynomials of an inverse in cells that narrow to the
 * tails). */
#ifndef RIG_SCENARIOS_DIST_ROUNDED_TABLE_H
#define RIG_SCENARIOS_DIST_ROUNDED_TABLE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "scenarios/dist.h"

#define RIG_ROUNDED_CELLS_BITS 4u /* cells of a doubling: 2^4 */
#define RIG_ROUNDED_DOUBLINGS  12u
#define RIG_ROUNDED_SIDE       (RIG_ROUNDED_DOUBLINGS << RIG_ROUNDED_CELLS_BITS)

/* A cache line. */
typedef struct rig_rounded_cell {
    double factor[6]; /* of the powers of the distance from the cell's middle; microseconds */
    double error_us;  /* INFINITY: nothing is known here */
    double unused;
} rig_rounded_cell;

/** An immutable table of one distribution; may be read by many threads. */
typedef struct rig_rounded_table {
    rig_rounded_cell cells[2u * RIG_ROUNDED_SIDE]; /* of u below a half, then of the others */
} rig_rounded_table;

/**
 * @param dist        Of which rig_dist_quantile_s is continuous with five derivatives.
 * @param[out] table  Owned by the caller: rig_rounded_table_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_rounded_table_new(const rig_dist *dist, rig_rounded_table **table);

/** A copy of its own; NULL when out of memory or of NULL. */
rig_rounded_table *rig_rounded_table_copy(const rig_rounded_table *table);

/** NULL-safe. */
void rig_rounded_table_free(rig_rounded_table *table);

/**
 * @param u            In (0, 1).
 * @param[out] whole   Whole microseconds; untouched without an answer.
 * @return whether the table has the answer.
 */
static inline bool rig_rounded_table_us(const rig_rounded_table *table, double u, int64_t *whole)
{
    const uint64_t first_cell = (uint64_t)(1023u - RIG_ROUNDED_DOUBLINGS - 1u)
                                << RIG_ROUNDED_CELLS_BITS;
    const unsigned shift = 52u - RIG_ROUNDED_CELLS_BITS;
    const double rest = 1.0 - u;
    const double tail = rest < u ? rest : u;
    uint64_t bits;
    memcpy(&bits, &tail, sizeof bits);
    const uint64_t at = (bits >> shift) - first_cell;
    if (at >= RIG_ROUNDED_SIDE)
        return false;
    double middle;
    bits = ((bits >> shift) << shift) | (uint64_t)1 << (shift - 1u);
    memcpy(&middle, &bits, sizeof middle);
    const rig_rounded_cell *cell = &table->cells[at + (rest < u ? RIG_ROUNDED_SIDE : 0u)];
    const double *f = cell->factor;
    const double x = tail - middle, x2 = x * x;
    const double us = f[0] + x * f[1] + x2 * (f[2] + x * f[3] + x2 * (f[4] + x * f[5]));
    const int64_t down = (int64_t)us;
    const double over = us - (double)down - 0.5;
    if (!(fabs(over) > cell->error_us))
        return false;
    *whole = down + (over > 0.0);
    return true;
}

#endif
