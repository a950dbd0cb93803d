/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a count says of the share behind it: exact limits of a binomial share. */
#ifndef RIG_MODELS_BINOMIAL_H
#define RIG_MODELS_BINOMIAL_H

/**
 * The x that a beta variable stays below with a probability: the inverse of the regularized
 * incomplete beta function. Found between brackets, so that it always is: GSL's own inverse (2.7.1)
 * does not converge for many ordinary arguments (4 and 7821 at 95 %).
 * @param probability  0..1.
 * @param a,b          > 0. Where both are millions and GSL's distribution function gives no number,
 * the cube root transformation stands in (Abramowitz and Stegun, Handbook of Mathematical
 * Functions, 26.5.22).
 * @return 0..1; NAN where an argument is out of its range.
 */
double rig_beta_quantile(double probability, double a, double b);

/**
 * Clopper and Pearson's lower limit of a share (The use of confidence or fiducial limits
 * illustrated in the case of the binomial, Biometrika 26(4), 1934).
 * @param n_hits  0..n: how many of n had it.
 * @param n       > 0.
 * @param tail    > 0, < 1: the share of cases in which the true share may lie below the limit.
 * @return 0 where nothing was hit.
 */
double rig_binomial_low(double n_hits, double n, double tail);

/** The upper limit, in the same way. @return 1 where all were hit. */
double rig_binomial_high(double n_hits, double n, double tail);

#endif
