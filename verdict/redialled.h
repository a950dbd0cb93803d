/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Callers over their attempts: who dialled again, and what became of each in the end. */
#ifndef RIG_VERDICT_REDIALLED_H
#define RIG_VERDICT_REDIALLED_H

#include "verdict/join.h"
#include "verdict/verdict.h"

/** A caller. */
typedef struct rig_person {
    uint32_t n_attempts;   /**< calls on the wire; 0 = none */
    size_t last;           /**< row of the last of them; the first row when there is none */
    rig_outcome fate;      /**< its outcome; RIG_OUTCOME_NOT_PLACED when there is none */
    bool is_promised;      /**< a call back: his last call was deflected */
    uint32_t n_call_backs; /**< to him */
    bool is_called_back;   /**< in one of them an agent talked with him to the end */
    bool is_reached;       /**< .. or at least answered */
    uint32_t n_backup;     /**< of his calls: to the backup number */
    bool is_served;        /**< an agent talked with him to the end, or the menu satisfied him */
    bool is_given_up;      /**< lost in his last call, and dials no more */
    double from_s, to_s;   /**< first INVITE, end of the last call, a call back among them; scenario
                              time from the run's start; NAN = not seen */
} rig_person;

/**
 * One caller.
 * @param first  Row of his first call: below rig_join_n_first.
 */
rig_person rig_person_of(const rig_join *join, const rig_schedule *schedule, size_t first,
                         double time_scale);

/** Whether the calls on the wire are those that follow from the callers' fates: sets
 * load->n_to_redial, n_not_redialled and n_needless. Calls without a fate are left out. */
void rig_redialled_count(const rig_join *join, const rig_schedule *schedule, rig_load_facts *load);

/** Say how the redials are, for G0.
 * @param[out] text  "" = nobody was to redial, and nobody did.
 * @return whether they are right: so few callers took their fate otherwise than the capture shows
 * it as where an agent's answer crosses a hang-up, one in a hundred, or one. */
bool rig_redialled_say(const rig_load_facts *load, char *text, size_t size);

/** Callers and what became of them. */
typedef struct rig_persons {
    size_t n;                      /**< with a call on the wire, the first not in the warm-up */
    size_t n_served;               /**< of these: who was served in the end */
    size_t n_redials;              /**< without those in the warm-up */
    size_t n_backup;               /**< of these: to the backup number */
    size_t n_backup_served;        /**< of these: served, or satisfied by the menu */
    size_t n_promised;             /**< a call back */
    size_t n_call_backs;           /**< to them, those in vain among them */
    size_t n_called_back;          /**< who talked so with an agent to the end */
    size_t n_never_reached;        /**< promised it, and no call back came to a talk */
    double call_backs_end_s;       /**< end of the last call back; NAN = none */
    double promise_kept_rate;      /**< of the first call backs: within promise_s; NAN = none, or
                                        nothing is promised */
    double call_back_delay_mean_s; /**< from a promise to the first one; NAN = none */
} rig_persons;

/** Sum up all callers. */
rig_persons rig_redialled_sum(const rig_join *join, const rig_schedule *schedule, double promise_s);

#endif
