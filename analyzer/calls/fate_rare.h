/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What few calls have: a block beside the call, made when the first of it is to be noted. Internal
 * to the room.
 *
 * A call without it reads as rig_fate_no_rare says. A capture may hold a million calls at one time,
 * of which most wait or talk with nothing of all this. */
#ifndef RIG_ANALYZER_CALLS_FATE_RARE_H
#define RIG_ANALYZER_CALLS_FATE_RARE_H

#include "analyzer/calls/leg.h"
#include "analyzer/calls/number_index.h"
#include "core/call.h"

struct rig_fate;

/** What links a call into the index of calls in progress, by one of its keys. */
typedef struct rig_call_key {
    rig_number_link link; /**< first member; its key is 0 where the call has none of this kind */
    struct rig_fate *state;
} rig_call_key;

/** A re-INVITE or UPDATE that would connect the caller with an agent, if it is accepted. */
typedef struct rig_connect {
    const rig_leg *leg; /**< NULL: none waits for its response */
    int64_t t_ns;
    uint32_t cseq;
    rig_sip_method method : 8;
} rig_connect;

/** Of one call. */
typedef struct rig_fate_rare {
    rig_call_key again;         /**< by what a further attempt under another Call-ID shows */
    rig_call_key moves;         /**< by what the leg shows that a REFER asked for */
    rig_call_key replaces;      /**< by the dialog that this leg is to replace */
    int64_t again_gap_ns;       /**< how much another clock would make a further attempt of another
                                     call */
    int64_t t_within_ns;        /**< an INVITE of the caller with a To tag before any answer;
                                     RIG_NO_TIME */
    int64_t t_invited_again_ns; /**< INVITE sent again for the last time; RIG_NO_TIME */
    int64_t t_drop_ns;  /**< when an agent hung up sooner than agents.least_talk_s: of rig_fate's
                             is_drop */
    int64_t t_loose_ns; /**< of a BYE of no known dialog; 0: none came */
    int64_t t_branch_ns[2]; /**< of a call with several branches: the last CANCEL, and the last
                                 refusal but 487; RIG_NO_TIME */
    int64_t branch_gap_ns;  /**< between the two: the shortest */
    rig_connect connect;    /**< waits for its response */
    rig_side loose_side;
    uint32_t key_cseq; /**< of the last key in `choice` */
    /* as the members of rig_call of the same names: */
    char *call_back_of; /**< borrowed */
    double announced_wait_s;
    uint32_t announced_position;
    bool is_balked;
    char choice[RIG_CALL_MAX_KEYS + 1];
    uint8_t n_q850_text;
    char q850_text[40];
} rig_fate_rare;

/** Of a call that has none. */
extern const rig_fate_rare rig_fate_no_rare;

/** What is known of a call, to read. */
const rig_fate_rare *rig_fate_rare_of(const struct rig_fate *state);

/** The same to write: it is made where the call has none. @return NULL: out of memory; then
 * rig_fate.has_failed, until it is read. */
rig_fate_rare *rig_fate_add_rare(struct rig_fate *state);

/** No re-INVITE or UPDATE waits for its response any more. */
void rig_fate_drop_connect(struct rig_fate *state);

#endif
