/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds of the mean of a rare share, from counts. Student's interval of the runs' shares covers
 * less than it says where most runs lose nothing: it misses low. */
#ifndef RIG_MODELS_RARE_H
#define RIG_MODELS_RARE_H

#include <stdbool.h>
#include <stddef.h>

/** Above so many independent events Student's interval is taken. */
#define RIG_RARE_EVENTS 50.0

/**
 * Bounds of sum(hits) / sum(trials), each wrong with a chance of `tail`.
 *
 * Losses come in clusters, so K hits are worth K / phi independent ones; phi = variance / mean of
 * the runs' counts, at least 1 (overdispersion: McCullagh & Nelder, Generalized Linear Models, 2nd
 * ed. 1989, section 6.2.3), widened by (t / z)^2 for the runs that it is estimated from and by
 * 1 + phi / K for the clusters that are few. The bounds are Garwood's for a Poisson mean
 * (Biometrika 28, 1936) on these events. bench/coverage measures how well they
 * hold.
 * @param hits, trials  n values, one a run; runs with a NAN are left out.
 * @param tail          In (0, 0.5).
 * @return false, and the bounds untouched: not rare (more than RIG_RARE_EVENTS independent events,
 *         or more than a tenth of the trials), fewer than two runs, or no trials.
 */
bool rig_rare_bounds(const double *hits, const double *trials, size_t n, double tail, double *low,
                     double *high);

#endif
