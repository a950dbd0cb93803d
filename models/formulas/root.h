/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a continuous function changes its sign: the inverses of the formulas. */
#ifndef RIG_MODELS_FORMULAS_ROOT_H
#define RIG_MODELS_FORMULAS_ROOT_H

#include "core/status.h"

/** A function of one variable; must be finite in the bracket. */
typedef double (*rig_root_function)(double x, void *ctx);

/**
 * A zero inside a bracket, to a relative 1e-14 of it.
 *
 * @param low, high  0 < low <= high; f has opposite signs there (or is 0 at one of them).
 * @param[out] root  Untouched on error.
 * @return RIG_OK; RIG_EDOM when the signs are the same, a value is not finite, or 300 steps do not
 *         suffice; RIG_ENOMEM.
 * Source: Brent, Algorithms for Minimization without Derivatives, 1973, ch. 4 (GSL's brent solver).
 */
rig_status rig_root_find(rig_root_function f, void *ctx, double low, double high, double *root);

#endif
