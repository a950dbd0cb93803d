/* SPDX-License-Identifier: GPL-3.0-or-later */
/* G2 for each class of callers: what it loses in the queue, and how long it waits there, beside the
 * replays. The queue as a whole can lose what it should while those who are to be served first wait
 * among all others. */
#ifndef RIG_VERDICT_CLASSES_H
#define RIG_VERDICT_CLASSES_H

#include "verdict/by_part.h"
#include "verdict/observed.h"

/**
 * Judge what each class loses in the queue (RIG_METRIC_P_LOST_PER_ENTRANT) and how long it waits
 * there (RIG_METRIC_WAIT_MEAN_S). The margin of a loss is that of the queue's stage, on this
 * prediction. That of a wait is the same share of its prediction, at least what the wire shows
 * (RIG_CLASS_LEAST_WIRE_S) and what a run of so many calls can resolve (models/margin.h): points of
 * a loss say nothing of a wait. A figure that is not known, of the run or of the replays, is left
 * out.
 * @param parts         rig_scope_n_parts of them; NULL: nothing is known.
 * @param alpha         As rig_gate_judge.
 * @param[out] classes  Owned by the caller: rig_by_part_clear. A class after the other, each with
 *                      its figures; their names are borrowed from the scenario. Untouched on error,
 *                      and where the scenario has one class.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_by_class_judge(const rig_scenario *scenario, const rig_observed_part *parts,
                              const rig_prediction *prediction, double alpha,
                              rig_parts_verdict *classes);

/** A mean wait is not known better than this, s on the wire: a step of the centre may take as long,
 * and the model knows only its usual length. */
#define RIG_CLASS_LEAST_WIRE_S 0.020

/** Append "callers of class gold wait for 24.10 s in the queue, predicted 3.20 s (2.90..3.60)", or
 * "lose 9.00 % in the queue, ..". Cut to `size`. */
void rig_by_class_say(const rig_part_verdict *v, char *text, size_t size);

/** The margin of a figure, as rig_by_class_judge says. */
rig_margin rig_by_class_margin(const rig_scenario *scenario, rig_metric metric);

#endif
