/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gamma quantiles from a table: as exact as a simulation can use, some 30 times as fast as solving
 * for each. Internal to scenarios/.
 *
 * Nodes at equal steps of the normal quantile z; between them the logarithm of the gamma quantile
 * is a cubic Hermite polynomial in z with exact derivatives phi(z) / (q f(q)). The nodes are
 * polished by Newton's method on the logarithm of the lower (z <= 0) or upper tail, so that both
 * tails keep their relative precision. Source: Hoermann, Leydold & Derflinger, Automatic Nonuniform
 * Random Variate Generation, 2004, chapter 7 (Hermite interpolation of an inverse). */
#ifndef RIG_SCENARIOS_DIST_GAMMA_TABLE_H
#define RIG_SCENARIOS_DIST_GAMMA_TABLE_H

#include "core/status.h"

/** Shapes for which the table holds its precision: a coefficient of variation of 0.05 to 5. */
#define RIG_GAMMA_SHAPE_MIN 0.04
#define RIG_GAMMA_SHAPE_MAX 400.0

/** An immutable table of one shape; may be read by many threads. */
typedef struct rig_gamma_table rig_gamma_table;

/**
 * @param shape       RIG_GAMMA_SHAPE_MIN to RIG_GAMMA_SHAPE_MAX.
 * @param[out] table  Owned by the caller: rig_gamma_table_free.
 * @return RIG_OK; RIG_EDOM; RIG_ENOMEM.
 */
rig_status rig_gamma_table_new(double shape, rig_gamma_table **table);

/** A copy of its own; NULL when out of memory or of NULL. */
rig_gamma_table *rig_gamma_table_copy(const rig_gamma_table *table);

/** NULL-safe. */
void rig_gamma_table_free(rig_gamma_table *table);

/**
 * Quantile for scale 1.
 * @param u  In (0, 1). Relative error at most 1e-9 in [1e-12, 1 - 1e-12]; beyond it
 *           rig_gamma_quantile answers.
 */
double rig_gamma_table_quantile(const rig_gamma_table *table, double u);

/**
 * The same without a table, by Newton's method: some microseconds. In the place of GSL's
 * gsl_cdf_gamma_Pinv, which does not converge for some arguments.
 * @param shape  > 0, finite.
 * @param u      In (0, 1).
 * @return finite, >= 0 (0 where the quantile is below the smallest double).
 */
double rig_gamma_quantile(double shape, double u);

#endif
