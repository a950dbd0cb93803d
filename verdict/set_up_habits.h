/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the calls of a run show of the centre's wiring, counted: the set-up gate's evidence. */
#ifndef RIG_VERDICT_SET_UP_HABITS_H
#define RIG_VERDICT_SET_UP_HABITS_H

#include <stdint.h>

#include "verdict/set_up.h"

/** What a centre does not take of a request, by the response codes that say so. */
typedef enum rig_set_up_refusal {
    RIG_SET_UP_REFUSED_NUMBER,   /**< 404, 410, 484, 485, 604 (RFC 3261, 21) */
    RIG_SET_UP_REFUSED_MEDIA,    /**< 415, 488, 606 */
    RIG_SET_UP_REFUSED_REDIRECT, /**< 3xx */
    RIG_SET_UP_REFUSED_FORM,     /**< 400, 402, 405, 406, 413 to 423, 481 to 483, 493, 494, 501,
                                      505, 513 but for those above */
    RIG_N_SET_UP_REFUSALS
} rig_set_up_refusal;

/** Planned calls. */
typedef struct rig_set_up_habits {
    uint64_t n_seen;           /**< on the wire */
    uint64_t n_final;          /**< with a final response */
    uint64_t n_credentials;    /**< of these: 401, 403 or 407 */
    uint64_t n_answered;       /**< with 2xx */
    uint64_t n_answered_alone; /**< of these: for which no agent's phone was called */
    uint64_t n_rung;           /**< of these: an agent's phone rang */
    uint64_t n_sent_away;      /**< of these: the centre ended it before queue and phones, and not
                                    for want of audio */
    uint64_t n_answered_first; /**< of these: before an agent answered, or none did */
    uint64_t n_waited;         /**< that were in the queue, or answered for longer than the menu */
    uint64_t n_without_audio;  /**< cut by the centre with the cause of missing audio */
    int code;                  /**< of the first of n_credentials */
    uint64_t n_refused[RIG_N_SET_UP_REFUSALS];
    int refused_code[RIG_N_SET_UP_REFUSALS]; /**< the first */
} rig_set_up_habits;

/** Count the planned calls that were seen. @param input  `join` and `scenario` are read. */
rig_set_up_habits rig_set_up_habits_of(const rig_set_up_input *input);

/**
 * How many talks the wire shows of which a caller is to be told by a mark of his leg: all that our
 * phones answered, but for those of calls back, in which the caller answered himself.
 * @param input  `join` and a `wire` that is known are read.
 */
uint64_t rig_set_up_n_told_talks(const rig_set_up_input *input);

#endif
