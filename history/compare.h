/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two runs, A and then B: is what changed between them real?
 *
 * Where both played the same calls (the same seed and the same rows of the schedule) they are
 * compared call by call. Callers are the same on both sides, with their patience and their talks,
 * so all that scatters is how the centre treated them: this is far sharper than two runs with
 * callers of their own. */
#ifndef RIG_HISTORY_COMPARE_H
#define RIG_HISTORY_COMPARE_H

#include <stdbool.h>

#include "history/run.h"

/** How a row was compared. */
typedef enum rig_history_method {
    RIG_HISTORY_MCNEMAR = 0, /**< a share, of the calls that could be a hit in both runs: exact test
                                  of those that were one in one run alone (McNemar, Psychometrika
                                12, 1947); interval: Newcombe, Statistics in Medicine 17, 1998, p.
                                2635, method 10 */
    RIG_HISTORY_NEWCOMBE,    /**< a share, unpaired: interval of Newcombe, ibid., p. 873, method 10,
                                  with the effective sample sizes of 20 batches in the order of the
                                  plan (verdict/unpaired.h says why) */
    RIG_HISTORY_NEWCOMBE_COUNTS, /**< the same where calls are not known: as if they were
                                    independent, which overstates what is known */
    RIG_HISTORY_PAIRED_T,        /**< a wait: the differences of the calls that an agent answered in
                                      both runs, in 20 batches; Student's t */
    RIG_HISTORY_WELCH_BATCHES,   /**< a wait, unpaired: Welch's t of 20 batches each */
    RIG_HISTORY_WELCH,  /**< the same of single waits, where only mean and deviation are known:
                             overstates, too */
    RIG_HISTORY_SPREAD, /**< a figure of the whole run, same calls: against how it scatters in the
                             replays of both */
    RIG_HISTORY_NOT_COMPARED /**< nothing tells how it scatters, or there was no such call */
} rig_history_method;

/** Which way a figure is worse. */
typedef enum rig_history_worse {
    RIG_HISTORY_MORE_IS_WORSE = 0,
    RIG_HISTORY_LESS_IS_WORSE,
    RIG_HISTORY_NEITHER
} rig_history_worse;

/** What the change of a row is. */
typedef enum rig_history_change {
    RIG_HISTORY_SAME = 0, /**< not told apart from chance */
    RIG_HISTORY_BETTER,
    RIG_HISTORY_WORSE,
    RIG_HISTORY_OTHER /**< real, but of a figure that is neither */
} rig_history_change;

/** One figure of both runs. */
typedef struct rig_history_row {
    char name[48];
    char unit[16]; /**< "1": a share */
    rig_history_worse worse;
    rig_history_method method;
    double a, b;               /**< of each run, all its calls; NAN */
    double n;                  /**< pairs; 0 where unpaired */
    double n_only_a, n_only_b; /**< pairs that were a hit in that run alone; McNEMAR */
    double difference;         /**< B - A: of the pairs, where paired; NAN */
    double low, high;          /**< its 95 % interval; NAN */
    double se, df;             /**< standard error; degrees of freedom, 0: normal */
    double p_value, p_holm;    /**< of "no change", two-sided; corrected over the rows; NAN */
    rig_history_change change; /**< at 5 % */
} rig_history_row;

/** A p-value below this is no chance: a row's that is called worse, and the gate's. */
#define RIG_HISTORY_ALPHA 0.05

/** Most rows. */
#define RIG_HISTORY_MAX_ROWS 24

/** Both runs, compared. */
typedef struct rig_history_comparison {
    bool is_paired;
    const char *why_unpaired; /**< static; NULL when paired */
    rig_history_row rows[RIG_HISTORY_MAX_ROWS];
    size_t n_rows;
    size_t n_worse; /**< rows that are */
} rig_history_comparison;

/**
 * Compare. Runs may lack calls or waits: what can be told is.
 * @param waits_a  Of single calls, as rig_history_waits.of_call_s; NULL: not known.
 * @param[out] comparison  Written when RIG_OK is returned.
 * @return RIG_OK or RIG_ENOMEM.
 * The p-values of all rows are corrected together (Holm, Scand. J. Statistics 6, 1979).
 */
rig_status rig_history_compare(const rig_history_run *a, const double *waits_a,
                               const rig_history_run *b, const double *waits_b,
                               rig_history_comparison *comparison);

/** A method in words; static. */
const char *rig_history_method_name(rig_history_method method);

/** "same", "better", "worse", "changed"; static. */
const char *rig_history_change_name(rig_history_change change);

/**
 * The gate against a baseline: which losses are certain to be more than a margin worse.
 * @param margin     In [0, 1].
 * @param[out] p     For each row p of "not worse by more than the margin", one-sided, corrected
 * over the rows that are asked (losses of stages, connect_rate); NAN for others.
 * @return rows with p < RIG_HISTORY_ALPHA.
 */
size_t rig_history_regressions(const rig_history_comparison *comparison, double margin,
                               double p[RIG_HISTORY_MAX_ROWS]);

#endif
