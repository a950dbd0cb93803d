/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planning: what each combination of counts does, and the smallest that meets the requirements.
 *
 * The search knows nothing of call centres: it asks a function for the figures of one combination.
 * Every combination is asked for the same replications, so all meet the same callers (common random
 * numbers) and differ by their counts alone.
 *
 * Where the limit lies within the interval of a combination, the search asks for as many
 * replications again, until it is decided or n_most_replications is reached; those that it has are
 * kept. A combination that fails one requirement is decided, though others of it are not: those say
 * nothing of other combinations. The chance of error, 1 - confidence, is shared among these looks
 * (Bonferroni), so that looking again does not make a wrong verdict likelier.
 *
 * What is NOT promised: that a search sees every combination. From the combinations that it has
 * seen it learns in which direction each requirement moves along each axis, and leaves out what
 * these directions decide. With is_exhaustive it leaves out nothing. */
#ifndef RIG_MODELS_PLAN_H
#define RIG_MODELS_PLAN_H

#include "models/plan_axis.h"
#include "models/plan_requirement.h"
#include "models/prediction.h"

/** No combination. */
#define RIG_PLAN_NONE SIZE_MAX

/** What is asked. Borrowed by the plan; must outlive it. */
typedef struct rig_plan_question {
    const rig_plan_axis *axes;
    size_t n_axes; /**< 1 to RIG_PLAN_MAX_AXES; checked by rig_plan_axes_check */
    const rig_plan_requirement *requirements;
    size_t n_requirements;           /**< 0: all combinations, no verdicts */
    uint32_t n_replications;         /**< of the first look; >= 2 */
    uint32_t n_most_replications;    /**< >= n_replications */
    double confidence;               /**< in (0.5, 1) */
    double of_days;                  /**< 0: the mean is judged; else see rig_plan_judge */
    bool is_exhaustive;              /**< ask for all combinations */
    bool has_costs;                  /**< else: shares of the range, see rig_plan_cost */
    double costs[RIG_PLAN_MAX_AXES]; /**< of one unit of each axis, >= 0 */
} rig_plan_question;

/** One combination that has been asked for. */
typedef struct rig_plan_point {
    size_t index[RIG_PLAN_MAX_AXES]; /**< of the values */
    uint32_t n_replications;
    rig_summary metrics[RIG_N_METRICS]; /**< ci_low, ci_high: at the question's confidence */
    rig_plan_judged judged[RIG_PLAN_MAX_REQUIREMENTS];
    rig_plan_verdict verdict; /**< the least of judged; MEETS when there are no requirements */
} rig_plan_point;

/** How a requirement moves when the values of an axis rise. */
typedef enum rig_plan_trend {
    RIG_PLAN_FLAT = 0, /**< no difference that the intervals show */
    RIG_PLAN_BETTER,
    RIG_PLAN_WORSE,
    RIG_PLAN_MIXED /**< now better, now worse: not monotone */
} rig_plan_trend;

/** The result; read it, do not change it. Free with rig_plan_free. */
typedef struct rig_plan {
    const rig_plan_question *question;
    size_t n_grid;
    rig_plan_point **points; /**< in grid order (rig_plan_axes_place), once rig_plan_run returned */
    size_t n_points;
    bool is_complete; /**< false: stopped or failed; what was asked for until then is kept */
    size_t *minimal;  /**< of points: those that meet, and none that meets is smaller */
    size_t n_minimal;
    size_t answer;  /**< the cheapest of minimal, or RIG_PLAN_NONE */
    size_t nearest; /**< when none meets: the one that is nearest to it, or RIG_PLAN_NONE */
    bool is_open;   /**< none meets, but some are undecided */
    rig_plan_trend trends[RIG_PLAN_MAX_REQUIREMENTS][RIG_PLAN_MAX_AXES];
    double alpha;       /**< of each bound of a verdict */
    size_t *places;     /**< internal: by place in the grid, position in points + 1, 0 = none */
    size_t points_room; /**< internal */
} rig_plan;

/**
 * The figures of one combination.
 * @param index          Of the value on each axis.
 * @param n_before       Replications that are known already: the next n_replications are wanted.
 *                       Either is at least 2, or n_before is 0.
 * @param[out] samples   rig_plan_n_rows rows of n_replications values: a figure each, in the order
 *                       of rig_metric, then for each requirement on a part one at rig_plan_row.
 *                       Replication r is the same callers for every combination. NAN where a figure
 *                       is not defined.
 * @return RIG_OK; RIG_ECANCELLED ends the plan with what it has; any other ends it with the error.
 */
typedef rig_status rig_plan_evaluate(void *ctx, const size_t *index, uint32_t n_before,
                                     uint32_t n_replications, double *samples, rig_error *err);

/** Rows of the samples of one combination. */
static inline size_t rig_plan_n_rows(const rig_plan_question *question)
{
    return (size_t)RIG_N_METRICS + question->n_requirements;
}

/** The row that a requirement judges. */
static inline size_t rig_plan_row(const rig_plan_question *question, size_t requirement)
{
    const rig_plan_requirement *r = &question->requirements[requirement];
    return r->part == RIG_METRIC_WHOLE ? (size_t)r->metric : (size_t)RIG_N_METRICS + requirement;
}

/** What is asked for next. */
typedef struct rig_plan_step {
    const size_t *index;
    uint32_t n_replications; /**< that are to be simulated now */
    size_t n_done;           /**< combinations that have their verdict */
    size_t n_expected;       /**< combinations in all: exact without a search, else an estimate */
} rig_plan_step;

/** Told before each evaluation; in the calling thread. */
typedef void rig_plan_listener(void *ctx, const rig_plan_step *step);

/** Where a plan gets its figures. */
typedef struct rig_plan_source {
    rig_plan_evaluate *evaluate;
    rig_plan_listener *listen; /**< or NULL */
    void *ctx;                 /**< of both */
} rig_plan_source;

/** @param[out] plan  Owned by the caller: rig_plan_free. @return RIG_OK; RIG_EDOM; RIG_ENOMEM. */
rig_status rig_plan_new(const rig_plan_question *question, rig_plan **plan, rig_error *err);

/** NULL-safe. */
void rig_plan_free(rig_plan *plan);

/**
 * Work the plan out. Whatever is returned, the plan holds what was found until then.
 *
 * Without requirements, or exhaustive: all combinations in grid order. One axis: up to nine values
 * over the range, then bisection below the smallest that meets. More axes: the corners, then
 * bisection along the longest axis for each combination of the others. At last each neighbour below
 * of each minimal combination: the evidence that it is minimal.
 * @return RIG_OK; RIG_ECANCELLED; what the source returned; RIG_ENOMEM.
 */
rig_status rig_plan_run(rig_plan *plan, const rig_plan_source *source, rig_error *err);

/** The combination at an index, or NULL when it was not asked for. */
const rig_plan_point *rig_plan_find(const rig_plan *plan, const size_t *index);

/**
 * What is known of a combination that the search may not have asked for, by what it has learned of
 * the directions: UNDECIDED: it would have to be asked for. One that was asked for and stayed
 * undecided counts as one that fails.
 */
rig_plan_verdict rig_plan_infer(const rig_plan *plan, const size_t *index);

/**
 * Cost of a combination: the sum of values times costs; without costs the sum of each index's share
 * of its axis (0 at the first value, 1 at the last).
 */
double rig_plan_cost(const rig_plan_question *question, const size_t *index);

/**
 * Read costs: "KEY=NUMBER,KEY=NUMBER", one for each axis, into costs and has_costs.
 * @param question  Its axes are set. Untouched on error.
 * @return RIG_OK or RIG_EINPUT naming the text.
 */
rig_status rig_plan_costs_parse(const char *text, rig_plan_question *question, rig_error *err);

/** Is every index of `a` at most that of `b`? */
bool rig_plan_is_below(const rig_plan_question *question, const size_t *a, const size_t *b);

/** "flat", "better", "worse", "mixed"; static. */
const char *rig_plan_trend_name(rig_plan_trend trend);

/** Looks at one combination at most: one, and one a doubling. */
uint32_t rig_plan_n_looks(const rig_plan_question *question);

#endif
