/* SPDX-License-Identifier: GPL-3.0-or-later */
/* G2 for each class of callers: what it loses in the queue, and how long it waits there, beside the
 * replays. The queue as a whole can lose what it should while those who are to be served first wait
 * among all others. */
#ifndef RIG_VERDICT_CLASSES_H
#define RIG_VERDICT_CLASSES_H

#include "models/prediction.h"
#include "verdict/judgement.h"
#include "verdict/observed.h"

/** Figures of a class that are judged. */
typedef enum rig_class_figure {
    RIG_CLASS_LOST = 0, /**< RIG_METRIC_P_LOST_PER_ENTRANT of the queue */
    RIG_CLASS_WAIT,     /**< RIG_METRIC_WAIT_MEAN_S */
    RIG_N_CLASS_FIGURES
} rig_class_figure;

/** One figure of one class. */
typedef struct rig_class_verdict {
    const char *name; /**< of the class; borrowed from the scenario */
    rig_class_figure figure;
    uint64_t n_entered;      /**< calls of the class that entered the queue */
    uint64_t n_lost;         /**< of these, there */
    double observed;         /**< a share, or s; INFINITY: a wait that was not reached */
    double predicted;        /**< mean of the replays */
    double low, high;        /**< 95 % prediction interval of one run */
    double margin;           /**< of the figure: see rig_by_class_judge */
    double p_value_holm;     /**< corrected over all figures of all classes */
    rig_judgement judgement; /**< FAIL: beyond doubt; then the verdict is FAIL. The others do not
                                count: a class has fewer calls than the stage */
} rig_class_verdict;

/** All of a run. Zeroed: there is one class. */
typedef struct rig_classes_verdict {
    rig_class_verdict *items; /**< owned: a class after the other, each with its figures */
    size_t n;
} rig_classes_verdict;

/**
 * Judge. The margin of a loss is that of the queue's stage, on this prediction. That of a wait is
 * the same share of its prediction, at least what the wire shows (RIG_CLASS_LEAST_WIRE_S) and what
 * a run of so many calls can resolve (models/margin.h): points of a loss say nothing of a wait. A
 * figure that is not known, of the run or of the replays, is left out.
 * @param parts         rig_scope_n_parts of them; NULL: nothing is known.
 * @param alpha         As rig_gate_judge.
 * @param[out] classes  Owned by the caller: rig_by_class_clear. Untouched on error; empty where the
 *                      scenario has one class.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_by_class_judge(const rig_scenario *scenario, const rig_observed_part *parts,
                              const rig_prediction *prediction, double alpha,
                              rig_classes_verdict *classes);

/** A mean wait is not known better than this, s on the wire: a step of the centre may take as long,
 * and the model knows only its usual length. */
#define RIG_CLASS_LEAST_WIRE_S 0.020

/** The first that fails; NULL: none. */
const rig_class_verdict *rig_by_class_failed(const rig_classes_verdict *classes);

/** Append "callers of class gold wait for 24.10 s in the queue, predicted 3.20 s (2.90..3.60)", or
 * "lose 9.00 % in the queue, ..". Cut to `size`. */
void rig_by_class_say(const rig_class_verdict *v, char *text, size_t size);

/** "lost_queue", "wait_mean_s"; static. */
const char *rig_class_figure_name(rig_class_figure figure);

/** The figure as the vocabulary has it. */
rig_metric rig_class_figure_metric(rig_class_figure figure);

/** The margin of a figure, as rig_by_class_judge says. */
rig_margin rig_by_class_margin(const rig_scenario *scenario, rig_class_figure figure);

/** Free. */
void rig_by_class_clear(rig_classes_verdict *classes);

#endif
