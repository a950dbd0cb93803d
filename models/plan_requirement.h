/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan must reach: limits on figures of metric.h, and whether a sample of runs shows that a
 * limit is met. */
#ifndef RIG_MODELS_PLAN_REQUIREMENT_H
#define RIG_MODELS_PLAN_REQUIREMENT_H

#include <stdbool.h>

#include "models/metric.h"
#include "scenarios/scope.h"

/** Most requirements of one plan. */
#define RIG_PLAN_MAX_REQUIREMENTS 16

/** How the figure stands to the limit. */
typedef enum rig_plan_operator {
    RIG_PLAN_AT_MOST = 0, /**< <= */
    RIG_PLAN_BELOW,       /**< < */
    RIG_PLAN_AT_LEAST,    /**< >= */
    RIG_PLAN_ABOVE        /**< > */
} rig_plan_operator;

/** One requirement: METRIC OPERATOR LIMIT. */
typedef struct rig_plan_requirement {
    rig_metric metric;
    uint32_t part; /**< of the scenario, as in rig_metric_ref; RIG_METRIC_WHOLE */
    rig_plan_operator op;
    double limit;                   /**< in the metric's unit; 1 % is 0.01 */
    char name[RIG_SCOPE_TEXT_SIZE]; /**< "lost_trunk", "lost_trunk[mobile]" */
    char text[220];                 /**< for people: "lost_trunk <= 1 %" */
} rig_plan_requirement;

/**
 * The figure of a name: as rig_metric_find.
 * @param option  What the message begins with: "--show".
 * @param[out] metric  Untouched on error.
 * @return RIG_OK, or RIG_EINPUT naming the figures that there are.
 */
rig_status rig_plan_metric_of(const char *option, const char *name, size_t n_name,
                              rig_metric *metric, rig_error *err);

/**
 * Read a requirement: "lost_trunk<=1%", "lost_trunk[mobile]<=1%", "connect_rate >= 0.9",
 * "wait_p95_s<20s".
 *
 * Operators: <=, <, >=, >. A value with '%' is divided by 100 and is for shares only; "s" and "ms"
 * are for times only. A share is from 0 to 1; a bare 1 is refused, as it might mean one per cent.
 * @param scenario  Whose parts are named in [].
 * @param[out] requirement  Untouched on error.
 * @return RIG_OK or RIG_EINPUT naming the text.
 */
rig_status rig_plan_requirement_parse(const rig_scenario *scenario, const char *text,
                                      rig_plan_requirement *requirement, rig_error *err);

/** "<=", "<", ">=", ">"; static. */
const char *rig_plan_operator_text(rig_plan_operator op);

/** A value against the limit; false for NAN. */
bool rig_plan_is_within(const rig_plan_requirement *requirement, double value);

/** What a sample says. In this order: the least of several is the verdict on all. */
typedef enum rig_plan_verdict {
    RIG_PLAN_FAILS = 0,
    RIG_PLAN_UNDECIDED, /**< the limit lies within the interval */
    RIG_PLAN_MEETS
} rig_plan_verdict;

/** "fails", "undecided", "meets"; static. */
const char *rig_plan_verdict_name(rig_plan_verdict verdict);

/** A requirement against a sample. */
typedef struct rig_plan_judged {
    double
        estimate; /**< mean of the figure, or share of runs within the limit; NAN when undefined */
    double low, high; /**< one-sided bounds of what is estimated, each at level alpha */
    rig_plan_verdict verdict;
} rig_plan_judged;

/**
 * Judge.
 *
 * With of_days = 0 the mean is judged: Student's t bounds; runs in which the figure is not defined
 * are left out, and with fewer than two others the requirement fails. With of_days in (0, 1) the
 * share of runs ("days") within the limit is judged against of_days: Clopper & Pearson's exact
 * bounds (Biometrika 26(4), 1934); a run in which the figure is not defined is not within.
 * The verdict is MEETS when the bound on the limit's side is within, FAILS when the other one is
 * outside, else UNDECIDED.
 *
 * @param values  n values, one a run; n >= 1.
 * @param alpha   Chance that a bound is wrong, in (0, 0.5).
 */
rig_plan_judged rig_plan_judge(const rig_plan_requirement *requirement, const double *values,
                               size_t n, double of_days, double alpha);

/** Judge the mean again of a rare share, with the bounds of rig_rare_bounds; what is not rare stays
 * as it was judged. @param hits, trials  n values each. */
void rig_plan_judge_rare(const rig_plan_requirement *requirement, const double *hits,
                         const double *trials, size_t n, double alpha, rig_plan_judged *judged);

#endif
