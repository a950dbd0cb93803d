/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statistics of the gate: one figure against its replays. No I/O, no verdict text. */
#ifndef RIG_VERDICT_JUDGE_GATE_H
#define RIG_VERDICT_JUDGE_GATE_H

#include "models/sample.h"
#include "scenarios/scenario.h"
#include "verdict/judgement.h"

/** The level of all tests of the gate. */
#define RIG_GATE_ALPHA 0.05

/** A stage's loss against the replays. Fields as in rig_stage_verdict. */
typedef struct rig_gate_test {
    double observed, predicted, predicted_low, predicted_high;
    double difference, d90_low, d90_high, d95_low, d95_high;
    double margin, p_value, p_value_holm;
} rig_gate_test;

/**
 * Compare.
 * @param replayed  n values, n >= 2, none NAN.
 * @param observed  In [0, 1]; of another figure than a share, what `replayed` are, and the margin's
 *                  points are then hundredths of its unit.
 * @param n_entered Calls that enter the stage in the replays, on the mean: see rig_margin_of.
 * @param[out] test p_value_holm is set to p_value.
 * The p-value of "|D| <= delta": twice the share of the replays' deviations e_k that reach
 * |D| - delta on D's side, (1 + #{k}) / (n + 1) each (Davison & Hinkley, Bootstrap Methods, 1997,
 * eq. 4.11); 1 when |D| <= delta.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_gate_test_make(const double *replayed, size_t n, double observed,
                              const rig_margin *margin, double n_entered, rig_gate_test *test);

/** Holm's step-down correction of the p-values of several tests. */
void rig_gate_holm(rig_gate_test *tests, size_t n);

/**
 * PASS, FAIL or INCONCLUSIVE of a test whose observed value were `shift` greater.
 * @param alpha  FAIL needs a smaller corrected p-value: RIG_GATE_ALPHA, or what the last look of a
 *               run may use that was looked at before (verdict/early_stop.h). PASS does not depend
 *               on it.
 */
rig_judgement rig_gate_judge(const rig_gate_test *test, double shift, double alpha);

/**
 * How many times as long a run would decide an inconclusive test if D stayed and the intervals
 * shrank with the square root of the length. INFINITY when |D| is the margin.
 */
double rig_gate_growth_to_decide(const rig_gate_test *test);

/** A figure with its intervals. */
typedef struct rig_interval_estimate {
    double value; /**< NAN: not defined */
    double low90, high90, low95, high95;
} rig_interval_estimate;

/** An observed figure with the scatter of its replays. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_gate_estimate(const double *replayed, size_t n, double observed,
                             rig_interval_estimate *estimate);

/**
 * A share of independent trials: exact interval (Clopper & Pearson, Biometrika 26, 1934).
 * value is NAN when n is 0.
 */
rig_interval_estimate rig_gate_binomial(uint64_t n_hits, uint64_t n);

/**
 * A service level: PASS when the 90 % interval lies on the good side of the limit, FAIL when the
 * 95 % interval lies on the bad side, else INCONCLUSIVE; also when the figure is not defined.
 */
rig_judgement rig_gate_judge_level(const rig_level *level, const rig_interval_estimate *estimate);

#endif
