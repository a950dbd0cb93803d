/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a caller does, drawn when it is needed.
 *
 * Each trait is a function of (seed, cause, caller, replication, attempt): nothing is stored, so a
 * simulation needs no list of callers, and a call that is lost at the trunk costs no draw. A drawn
 * schedule holds the traits of all attempts that can come; whoever asks for one of those gets the
 * row's value, which is the same number. Durations are whole microseconds, as in schedule.csv.
 *
 * A caller's class, choice, carrier and whether the menu satisfies him stay his when he redials;
 * patience, talk, ring and self-service times are drawn anew for each attempt. */
#ifndef RIG_MODELS_SCHEDULE_CALLERS_H
#define RIG_MODELS_SCHEDULE_CALLERS_H

#include "core/random.h"
#include "models/schedule.h"
#include "scenarios/own_durations.h"

/** Where traits come from. Borrowed throughout. */
typedef struct rig_callers_source {
    const rig_scenario *scenario;
    const rig_planned_call *planned; /**< rows by caller: the first attempts; NULL = none */
    bool has_redials;             /**< and behind them rows of redials, which decide who redials */
    uint32_t replication;         /**< of what is drawn */
    uint32_t planned_replication; /**< of the schedule that the rows are of */
} rig_callers_source;

/** Where traits of a drawn schedule come from. */
rig_callers_source rig_callers_of(const rig_schedule *schedule, const rig_scenario *scenario);

/** There is no such row. */
#define RIG_NO_ROW UINT32_MAX

/** The schedule's row of an attempt: of a first one the caller's number, also without a schedule;
 * RIG_NO_ROW when it has none. */
uint32_t rig_callers_row(const rig_callers_source *from, uint32_t caller, uint32_t attempt);

/** A uniform number of (seed, cause, caller, replication, sub). */
double rig_callers_uniform(const rig_callers_source *from, rig_cause cause, uint32_t caller,
                           uint32_t sub);

/**
 * What is drawn for one attempt, made together: whoever has it may give it to the functions below
 * as `drawn`, which else (NULL) draw each when it is asked for. The values are the same.
 */
void rig_callers_draw(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                      double drawn[RIG_RANDOM_BLOCK]);

/**
 * The same of the first attempts of callers who follow each other, some five times as fast for
 * each.
 * @param[out] drawn  Of first, first + 1 ..
 */
void rig_callers_draw_block(const rig_callers_source *from, uint32_t first,
                            double drawn[RIG_RANDOM_BLOCK][RIG_RANDOM_BLOCK]);

/** How much of that is random. */
uint32_t rig_callers_n_drawn(const rig_scenario *scenario);

/** Durations of one attempt (0 = the first), s. */
double rig_callers_patience_answer_s(const rig_callers_source *from, uint32_t caller,
                                     uint32_t attempt, const double *drawn);
double rig_callers_patience_queue_s(const rig_callers_source *from, uint32_t caller,
                                    uint32_t attempt, const double *drawn);
double rig_callers_patience_ringing_s(const rig_callers_source *from, uint32_t caller,
                                      uint32_t attempt, const double *drawn);
/** @param group  Of the agent who answers; RIG_NO_GROUP: as if it had no talk of its own. */
double rig_callers_talk_s(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                          uint32_t group, const double *drawn);

/** From the answer to the hang-up of one whom the menu satisfies; < 0: it does not. */
double rig_callers_self_service_s(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                                  const double *drawn);

/** The number that an agent's wrap-up after this call is drawn with. */
double rig_callers_wrap_up_u(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                             const double *drawn);

/** How long a reserve is on his way when his tier is called for the n-th time (from 1). A
 * schedule's replays have the ways of its own replication: a run's centre draws them so, too.
 * @param agent  His number, from 0. */
double rig_callers_way_s(const rig_callers_source *from, const rig_dist *arrive_after,
                         uint32_t agent, uint32_t n_calls);

/** How long an agent's phone rings for the n_rings-th time (from 0) in this attempt; it repeats
 * after RIG_N_RING_ATTEMPTS. A schedule holds the times of group 0; those of the others follow from
 * its own replication, so that the phones of a run ring as long as those of its replays.
 * @param group  Of agents. */
double rig_callers_ring_s(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                          uint32_t group, uint32_t n_rings, const double *drawn);

/** Whether that phone refuses him; a schedule's replays have the draws of its own replication. */
rig_refusal rig_callers_refusal(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                                uint32_t group, uint32_t n_rings);

/** Whether the caller ends the talk; else the agent does. */
bool rig_callers_hangs_up(const rig_callers_source *from, uint32_t caller, uint32_t attempt);

/** Index of his class. */
uint32_t rig_callers_class(const rig_callers_source *from, uint32_t caller);

/** Index of his way out of the menu. */
uint32_t rig_callers_choice(const rig_callers_source *from, uint32_t caller);

/** Whether he dials the backup number in this attempt: never in the first. */
bool rig_callers_dials_backup(const rig_callers_source *from, uint32_t caller, uint32_t attempt);

/** Trunk group by which he comes in in this attempt; 0 when the groups have no shares. */
uint32_t rig_callers_trunk(const rig_callers_source *from, uint32_t caller, uint32_t attempt);

/** Whether he is one of those who take the promise of a call back when they are deflected: of the
 * schedule's own replication where there is one, as a run's callers are those of its replays. */
bool rig_callers_takes_promise(const rig_callers_source *from, uint32_t caller, uint32_t attempt);

/** The same of keeping his place in the queue. */
bool rig_callers_keeps_place(const rig_callers_source *from, uint32_t caller, uint32_t attempt);

/** What is drawn of a call back. */
typedef enum rig_callers_call_back {
    RIG_CALLERS_IS_REACHED = 0, /**< below call_back.reached_share: he answers */
    RIG_CALLERS_ANSWERS,        /**< the quantile of call_back.answer */
    RIG_CALLERS_RETRY           /**< the quantile of call_back.retry_delay */
} rig_callers_call_back;

/** The number that something of a call back is drawn with: of the schedule's own replication where
 * there is one, as a run's callers are those of its replays.
 * @param attempt  Of his own calls: the one that was promised it.
 * @param n_dials  Call backs in vain before. */
double rig_callers_call_back_u(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                               uint32_t n_dials, rig_callers_call_back which);

/** How long after the dialling he answers, s; < 0: he does not, or the agent does not wait so
 * long. */
double rig_callers_answers_back_s(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                                  uint32_t n_dials);

/**
 * Whether he calls again after a loss in this attempt.
 * @param[out] delay_s  Until then; untouched when he does not.
 */
bool rig_callers_redials(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                         double *delay_s);

#endif
