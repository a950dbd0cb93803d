/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long something lasts when many are seen to last at least so long and not to their end: the
 * product-limit estimate.
 *
 * An observation is a time and whether it ended with the event (a caller hung up) or was cut off
 * before it (an agent answered, the capture ended: censored). With d_i events at t_i among the n_i
 * that were still there just before,
 *
 *     S(t) = product over t_i <= t of (1 - d_i / n_i)
 *     Var S(t) = S(t)^2 * sum over t_i <= t of d_i / (n_i (n_i - d_i))          (Greenwood)
 *
 * Who is censored at the instant of an event was still there. The interval of S is taken on the
 * scale of log(-log S), so that it stays in [0, 1]; that of a quantile are the times at which its
 * ends pass the level (Brookmeyer & Crowley).
 *
 * Sources: Kaplan & Meier, J. Am. Stat. Assoc. 53, 1958; Greenwood, Reports on Public Health and
 * Medical Subjects 33, 1926; Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data,
 * 2nd ed. 2002, section 1.4; Brookmeyer & Crowley, Biometrics 38, 1982; Epstein & Sobel, J. Am.
 * Stat. Assoc. 48, 1953 (exponential). Not promised: anything where being cut off depends on how
 * long one would have lasted. */
#ifndef RIG_ANALYZER_SURVIVAL_H
#define RIG_ANALYZER_SURVIVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** One observation: the time in the upper 63 bits, ns >= 0, the event in the lowest. */
typedef uint64_t rig_lasting;

/** Make one. @param t_ns  0 <= t_ns. */
static inline rig_lasting rig_lasting_of(int64_t t_ns, bool is_event)
{
    return (uint64_t)t_ns << 1 | (uint64_t)is_event;
}

/** The curve at one time at which there were events, or after the last of them. */
typedef struct rig_survival_step {
    double t_s;
    uint64_t n_at_risk; /**< still there just before */
    uint64_t n_events;
    uint64_t n_censored; /**< at this time, and after it before the next step's */
    double p_left;       /**< S(t) from here on */
    double se;           /**< Greenwood's; NAN when nobody is left */
    double low, high;    /**< 95 %; NAN when nobody is left */
} rig_survival_step;

/** A time with its 95 % interval, s; NAN: not reached. */
typedef struct rig_survival_quantile {
    double t_s, low_s, high_s;
} rig_survival_quantile;

/** The curve. */
typedef struct rig_survival {
    uint64_t n, n_events;      /**< observations; n - n_events of them are censored */
    double total_s;            /**< sum of all times */
    double longest_s;          /**< the longest of all; beyond it nothing is known. NAN: none */
    uint64_t n_censored_first; /**< before the first event */
    rig_survival_step *steps;  /**< n_steps of them, in the order of time; owned */
    size_t n_steps;
} rig_survival;

/**
 * Estimate. O(n log n).
 * @param observed       n of them; put into order by the call.
 * @param[out] survival  Owned by the caller: rig_survival_free. Without any event, no step.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_survival_estimate(rig_lasting *observed, size_t n, rig_survival **survival,
                                 rig_error *err);

/** NULL-safe. */
void rig_survival_free(rig_survival *survival);

/**
 * The time by which a share p has had the event: the first at which S <= 1 - p.
 * @param p  In (0, 1).
 */
rig_survival_quantile rig_survival_find(const rig_survival *survival, double p);

/** S at a time; NAN beyond the longest observation, unless nobody is left. */
double rig_survival_at(const rig_survival *survival, double t_s);

/**
 * The mean if lasting were exponential: total time / events, with its 95 % interval from the
 * chi-square distribution with two degrees of freedom an event. NAN without events.
 */
rig_survival_quantile rig_survival_exponential_mean(const rig_survival *survival);

#endif
