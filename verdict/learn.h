/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one call that was placed to learn it shows of how a centre tells its callers where they are:
 * `target.marks = "auto"` (docs/your-own-target.md). */
#ifndef RIG_VERDICT_LEARN_H
#define RIG_VERDICT_LEARN_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/message.h"
#include "analyzer/sip.h"
#include "core/status.h"
#include "scenarios/scenario.h"

/** Room for what is said of it. */
#define RIG_LEARN_TEXT_SIZE 400

/** How long after an agent's phone has answered a re-INVITE or UPDATE tells of it, wire seconds:
 * PBXs take some milliseconds, and refreshes of a session come after half a minute at the earliest
 * (RFC 4028, 4: Min-SE is 90 s at least, and half of it may have passed). */
#define RIG_LEARN_TELL_S 1.0

/** What came by. Instants are ns since the epoch; RIG_NO_TIME: never. */
typedef struct rig_learn {
    rig_sip_wanted wanted;             /**< headers to be read of each message */
    unsigned stage;                    /**< index of X-Rig-Stage among them */
    unsigned expires, identity, party; /**< Session-Expires, P-Asserted-Identity, Remote-Party-ID */
    char call_id[256];        /**< of the call: of its first INVITE with X-Rig-Call; "" = none */
    bool has_183, has_182;    /**< on the caller's leg, before its answer */
    bool has_stage, has_talk; /**< INFO with X-Rig-Stage: queue or ringing; talk */
    int64_t answer_ns;        /**< the caller's INVITE had its 2xx */
    int64_t dialled_ns;       /**< the first INVITE at a phone of ours */
    int64_t phone_answer_ns;  /**< a phone's first 2xx */
    int64_t reinvite_ns,
        update_ns;       /**< the first one on the caller's leg from phone_answer_ns on */
    unsigned n_dialling; /**< re-INVITEs and UPDATEs between dialled_ns and phone_answer_ns */
    int code;            /**< of the caller's final response; 0: none */
} rig_learn;

/** Nothing seen yet. @return RIG_OK, or as rig_sip_want. */
rig_status rig_learn_begin(rig_learn *seen);

/** Look at a message, parsed with seen->wanted; in the order of their capture. */
void rig_learn_take(rig_learn *seen, const rig_sip *sip, int64_t t_ns);

/**
 * Which of the profiles of docs/wire-contract.md this is.
 * @param[out] marks  Never RIG_MARK_AUTO; untouched when false is returned.
 * @param[out] why    What was seen; when false is returned, what was not, and what to do.
 * @return false: it does not show.
 */
bool rig_learn_conclude(const rig_learn *seen, rig_marks *marks, char why[RIG_LEARN_TEXT_SIZE]);

#endif
