/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three functions that lose all their digits near 0 when they are written as they read. */
#ifndef RIG_MODELS_FORMULAS_CONVEX_H
#define RIG_MODELS_FORMULAS_CONVEX_H

/** e^-x - 1 + x, >= 0; relative error about 1e-15. */
double rig_expm1_plus(double x);

/** 1 - e^-x (1 + x), x >= 0; relative error about 1e-15. */
double rig_erlang2_cdf(double x);

/** x - ln(1 + x), x > -1, >= 0; relative error about 1e-15. */
double rig_x_minus_log1p(double x);

#endif
