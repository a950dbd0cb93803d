/* SPDX-License-Identifier: GPL-3.0-or-later */
/* G2 for what the queue tells callers and agents: how many are deflected, and whether the promise
 * of a call back is kept, what wait is announced, how far that is from the real one, how many leave
 * because of it, and how many talks are kept short, beside the replays. The queue can lose what it
 * should while it tells what it should not. */
#ifndef RIG_VERDICT_TOLD_H
#define RIG_VERDICT_TOLD_H

#include "verdict/by_part.h"
#include "verdict/observed.h"

/** Most figures of it. */
#define RIG_TOLD_MOST 12

/** The figures that a scenario is judged by: of its deflection and kept places
 * RIG_METRIC_DEFLECTION_RATE, of its call backs RIG_METRIC_N_CALL_BACKS, _N_CALLED_BACK,
 * _SERVED_IN_THE_END and _CALL_BACK_DELAY_MEAN_S, with a promised time _PROMISE_KEPT_RATE,
 * where nobody is called back and callers dial again _SERVED_IN_THE_END as well, of its
 * announcement RIG_METRIC_ANNOUNCED_WAIT_MEAN_S, _ANNOUNCEMENT_ERROR_S and _BALK_RATE; of
 * the emergency script RIG_METRIC_EMERGENCY_TALK_RATE; of a backup number
 * RIG_METRIC_N_BACKUP_CALLS and _BACKUP_CONNECT_RATE.
 * @param[out] figures  RIG_TOLD_MOST of them. @return how many. */
size_t rig_told_figures(const rig_scenario *scenario, rig_metric figures[RIG_TOLD_MOST]);

/**
 * Judge them. One that is not known, of the run or of the replays, is left out.
 * @param observed   RIG_N_METRICS figures of the run.
 * @param alpha      As rig_gate_judge.
 * @param[out] told  Owned by the caller: rig_by_part_clear. Untouched on error, and where nobody is
 *                   told anything.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_told_judge(const rig_scenario *scenario, const double *observed,
                          const rig_prediction *prediction, double alpha, rig_parts_verdict *told);

/** Append "deflection_rate is 0.00 %, predicted 24.20 % (22.10..26.30)". Cut to `size`. */
void rig_told_say(const rig_part_verdict *v, char *text, size_t size);

#endif
