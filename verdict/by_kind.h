/* SPDX-License-Identifier: GPL-3.0-or-later */
/* G2 for each class of callers and each skill: what it loses in the queue, and how long it waits
 * there, beside the replays; and for each group of agents how busy it is. The queue as a whole can
 * lose what it should while those who are to be served first wait among all others, or while calls
 * go to agents who are there for other ones. */
#ifndef RIG_VERDICT_BY_KIND_H
#define RIG_VERDICT_BY_KIND_H

#include "verdict/by_part.h"
#include "verdict/observed.h"

/**
 * Judge the parts of a kind. Of each class and skill what it loses in the queue
 * (RIG_METRIC_P_LOST_PER_ENTRANT) and how long it waits there (RIG_METRIC_WAIT_MEAN_S), of each
 * group of agents RIG_METRIC_OCCUPANCY. A figure that is not known, of the run or of the replays,
 * is left out.
 * @param kind        RIG_SCOPE_CLASSES, RIG_SCOPE_SKILLS or RIG_SCOPE_AGENTS.
 * @param parts       rig_scope_n_parts of them; NULL: nothing is known.
 * @param alpha       As rig_gate_judge.
 * @param[out] kinds  Owned by the caller: rig_by_part_clear. A part after the other, each with its
 *                    figures; their names are borrowed from the scenario. Untouched on error, and
 *                    where the scenario has one part of the kind.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_by_kind_judge(const rig_scenario *scenario, rig_scope_kind kind,
                             const rig_observed_part *parts, const rig_prediction *prediction,
                             double alpha, rig_parts_verdict *kinds);

/** A mean wait is not known better than this, s on the wire: a step of the centre may take as long,
 * and the model knows only its usual length. */
#define RIG_KIND_LEAST_WIRE_S 0.020

/** Nor how busy agents are: phones and wrap-ups end some milliseconds late. Points. */
#define RIG_KIND_LEAST_OCCUPANCY_PP 1.0

/** Append "callers of class gold wait for 24.10 s in the queue, predicted 3.20 s (2.90..3.60)",
 * "calls for skill service lose 9.00 % in the queue, ..", or "agents of desk are busy for 60.00 %
 * of their time, ..". Cut to `size`. */
void rig_by_kind_say(rig_scope_kind kind, const rig_part_verdict *v, char *text, size_t size);

/** Whether each replay has a figure. */
bool rig_by_kind_is_replayed(const rig_prediction *prediction, rig_metric_ref ref);

/** The margin of a figure, on its prediction. That of a loss is the queue's. That of a wait is the
 * same share of its prediction, at least RIG_KIND_LEAST_WIRE_S, and that of an occupancy at least
 * RIG_KIND_LEAST_OCCUPANCY_PP; both at least what a run of so many calls can resolve
 * (models/margin.h): points of a loss say nothing of them. */
rig_margin rig_by_kind_margin(const rig_scenario *scenario, rig_metric metric);

#endif
