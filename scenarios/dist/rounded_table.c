/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/dist/rounded_table.h"

#include <stdlib.h>

#define N_NODES  6
#define N_CHECKS 7
#define LINE     64u

/* The error is looked for where it is greatest, at the extremes of the first Chebyshev polynomial
 * that is left out, and taken four times; and the function itself is known to some digits only. */
static const double ERROR_FACTOR = 4.0;
static const double NOISE = 1e-14;
static const double MOST_ERROR_US = 0.1;
static const double MOST_US = 1e15; /* whole numbers, with a digit to spare */

static double quantile_us(const rig_dist *dist, bool is_upper, double tail)
{
    return rig_dist_quantile_s(dist, is_upper ? 1.0 - tail : tail) * 1e6;
}

/* The polynomial through the Chebyshev nodes of [middle - half, middle + half]. */
static void fit(const rig_dist *dist, bool is_upper, double middle, double half, double factor[6])
{
    double a[N_NODES] = {0.0};
    for (int j = 0; j < N_NODES; j++) {
        const double angle = (2 * j + 1) * M_PI / (2 * N_NODES);
        const double value = quantile_us(dist, is_upper, middle + half * cos(angle));
        for (int k = 0; k < N_NODES; k++)
            a[k] += (k == 0 ? 1.0 : 2.0) / N_NODES * value * cos(k * angle);
    }
    const double power[N_NODES] = {a[0] - a[2] + a[4],
                                   a[1] - 3.0 * a[3] + 5.0 * a[5],
                                   2.0 * a[2] - 8.0 * a[4],
                                   4.0 * a[3] - 20.0 * a[5],
                                   8.0 * a[4],
                                   16.0 * a[5]};
    double scale = 1.0;
    for (int k = 0; k < N_NODES; k++) {
        factor[k] = power[k] / scale;
        scale *= half;
    }
}

static double evaluate(const double factor[6], double x)
{
    double sum = 0.0;
    for (int k = N_NODES - 1; k >= 0; k--)
        sum = sum * x + factor[k];
    return sum;
}

static rig_rounded_cell make_cell(const rig_dist *dist, bool is_upper, double low, double high)
{
    const double middle = 0.5 * (low + high), half = 0.5 * (high - low);
    const rig_rounded_cell none = {.error_us = INFINITY};
    rig_rounded_cell cell = {.error_us = 0.0};
    double most_us = 0.0;
    fit(dist, is_upper, middle, half, cell.factor);
    for (int j = 0; j < N_CHECKS; j++) {
        /* the upper tail as a number below 1 can say it */
        const double x = half * cos(j * M_PI / (N_CHECKS - 1));
        const double tail = is_upper ? 1.0 - (1.0 - (middle + x)) : middle + x;
        const double value = quantile_us(dist, is_upper, tail);
        cell.error_us = fmax(cell.error_us, fabs(evaluate(cell.factor, tail - middle) - value));
        most_us = fmax(most_us, fabs(value));
    }
    cell.error_us = ERROR_FACTOR * cell.error_us + NOISE * most_us;
    return cell.error_us <= MOST_ERROR_US && most_us <= MOST_US ? cell : none; /* also for NAN */
}

rig_status rig_rounded_table_new(const rig_dist *dist, rig_rounded_table **table)
{
    rig_rounded_table *made = aligned_alloc(LINE, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    for (uint32_t i = 0; i < 2u * RIG_ROUNDED_SIDE; i++) {
        const uint32_t at = i % RIG_ROUNDED_SIDE, n = 1u << RIG_ROUNDED_CELLS_BITS;
        const int doubling = (int)(at / n) - (int)RIG_ROUNDED_DOUBLINGS - 1;
        const double low = ldexp(1.0 + (double)(at % n) / (double)n, doubling);
        const double high = low + ldexp(1.0 / (double)n, doubling);
        made->cells[i] = make_cell(dist, i >= RIG_ROUNDED_SIDE, low, high);
    }
    *table = made;
    return RIG_OK;
}

rig_rounded_table *rig_rounded_table_copy(const rig_rounded_table *table)
{
    rig_rounded_table *copy = table != NULL ? aligned_alloc(LINE, sizeof *copy) : NULL;
    if (copy != NULL)
        memcpy(copy, table, sizeof *copy);
    return copy;
}

void rig_rounded_table_free(rig_rounded_table *table)
{
    free(table);
}
