/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The judgement itself: from a schedule and its calls to a verdict. `run` and `diff` judge the
 * files of a run with it; an early look judges the calls so far (verdict/interim.h). */
#ifndef RIG_VERDICT_JUDGE_H
#define RIG_VERDICT_JUDGE_H

#include "core/stop.h"
#include "verdict/observed.h"
#include "verdict/verdict.h"
#include "verdict/hosts.h"
#include "verdict/lateness.h"
#include "verdict/play_facts.h"
#include "verdict/set_up.h"

/** What is judged; all borrowed. */
typedef struct rig_judge_input {
    const rig_scenario *scenario;
    const rig_schedule *schedule;
    const rig_calls *calls;     /**< of the whole capture, or of a snapshot (without Call-IDs) */
    const rig_play_facts *play; /**< play->looks.is_stopped: what was due by looks.at_s is judged */
    const rig_wire_facts *wire; /**< what the capture shows of our own side; NULL: not known */
    const rig_said_call
        *said; /**< by planned index, what SIPp says of the calls; NULL: not known */
    bool with_diagnosis;
    bool without_fates;   /**< as in rig_predict_options; then without diagnosis */
    uint32_t n_replays;   /**< 0 = gate.n_replays */
    uint32_t n_threads;   /**< of the replays; as in rig_predict_options */
    const rig_team *team; /**< the same */
    const rig_stop *stop; /**< or NULL */
    void (*progress)(void *ctx, uint32_t n_done, uint32_t n_all); /**< of the replays; or NULL */
    void *ctx;
} rig_judge_input;

/** A judged run and what the verdict is made of. Zeroed: nothing. */
typedef struct rig_judged_run {
    const rig_calls *calls; /**< that were judged: the input's, or cut */
    rig_calls *cut;         /**< owned; NULL unless the run was stopped early */
    rig_calls own; /**< of these, the planned ones: what is observed and diagnosed. The items are
                        owned, what they point to is not */
    rig_join *join;
    rig_observed *observed;
    rig_lateness lateness; /**< of the planned calls that were due */
    rig_hosts hosts;       /**< of a run from several load hosts; points into the input's play */
    double *lateness_ms;   /**< of each placed one */
    size_t n_lateness;
    rig_delays delays;
    size_t n_odd;
    rig_prediction *prediction;
    rig_diagnosis *diagnosis; /**< NULL without */
    rig_verdict *verdict;
} rig_judged_run;

/**
 * Judge.
 * @param[out] judged  Zeroed before; rig_judged_run_clear frees what was made, also after an error.
 * @return as rig_predict, rig_diagnose, rig_verdict_new; RIG_ENOMEM.
 */
rig_status rig_judge(const rig_judge_input *input, rig_judged_run *judged, rig_error *err);

/**
 * The delays of a run's rig and centre, as rig_judge replays with them.
 *
 * @param start_ns     Instant of the schedule's t = 0, ns since the epoch.
 * @param[out] delays  Owned by the caller: rig_delays_clear.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_judge_delays(const rig_scenario *scenario, const rig_schedule *schedule,
                            const rig_calls *calls, int64_t start_ns, rig_delays *delays,
                            rig_error *err);

/** Free what it owns. */
void rig_judged_run_clear(rig_judged_run *judged);

#endif
