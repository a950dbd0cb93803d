/* SPDX-License-Identifier: GPL-3.0-or-later */
/* G2 for parts of a run, such as carriers and classes of callers: figures of some of the calls,
 * beside the replays. */
#ifndef RIG_VERDICT_BY_PART_H
#define RIG_VERDICT_BY_PART_H

#include "models/prediction.h"
#include "verdict/judgement.h"

/** A figure of a part, as it was seen. */
typedef struct rig_part_figure {
    const char *name; /**< of the part */
    rig_metric_ref ref;
    rig_stage stage;    /**< that the figure is of */
    uint64_t n_entered; /**< calls of the part that entered it: told beside the figure. How fine a
                             margin the run can resolve goes by those of the replays */
    uint64_t n_lost;    /**< of these, there */
    double observed;    /**< no NAN; INFINITY: a wait that was not reached */
    rig_margin margin;
} rig_part_figure;

/** The same, judged. */
typedef struct rig_part_verdict {
    const char *name;  /**< borrowed, as it was given */
    rig_metric metric; /**< the figure */
    uint64_t n_entered, n_lost;
    double observed;         /**< in the figure's unit, like the next four */
    double predicted;        /**< mean of the replays */
    double low, high;        /**< 95 % prediction interval of one run */
    double margin;           /**< on this prediction */
    double p_value_holm;     /**< corrected over all that are judged together */
    rig_judgement judgement; /**< FAIL: beyond doubt; then the verdict is FAIL. The others do not
                                count: a part has fewer calls than the stage */
} rig_part_verdict;

/** All that are judged together. Zeroed: none. */
typedef struct rig_parts_verdict {
    rig_part_verdict *items; /**< owned */
    size_t n;
} rig_parts_verdict;

/** Most figures that are judged together. */
#define RIG_BY_PART_MOST (2 * RIG_MAX_GROUPS)

/**
 * Judge.
 * @param figures     n of them, at most RIG_BY_PART_MOST; of each the replays have finite values.
 * @param alpha       As rig_gate_judge.
 * @param[out] parts  Owned by the caller: rig_by_part_clear. Untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_by_part_judge(const rig_part_figure *figures, size_t n,
                             const rig_prediction *prediction, double alpha,
                             rig_parts_verdict *parts);

/** The first that fails; NULL: none. */
const rig_part_verdict *rig_by_part_failed(const rig_parts_verdict *parts);

/** Nothing is judged after all: each becomes INVALID. */
void rig_by_part_invalidate(rig_parts_verdict *parts);

/** Free. */
void rig_by_part_clear(rig_parts_verdict *parts);

#endif
