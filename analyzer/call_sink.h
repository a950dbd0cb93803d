/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls one by one, as they are over: what the analyzer hands out while it reads.
 *
 * A call is handed out when nothing more can come of it: 64 s after the last message of its legs,
 * or at the end of the capture. So they come in the order in which they ended, more or less;
 * `order` puts them into the order of their INVITEs. */
#ifndef RIG_ANALYZER_CALL_SINK_H
#define RIG_ANALYZER_CALL_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/parties.h"
#include "core/call.h"
#include "core/status.h"

struct rig_outcome_rule;

/** A call that is over, or that the end of the capture has cut. Borrowed for the call of the sink.
 */
typedef struct rig_finished_call {
    const rig_call *call; /**< outcome and reason as the capture tells them so far */
    uint64_t order;       /**< rises with the calls' INVITEs: 0, 1, ..; a number is left out for
                             each call that turned out to be an agent's leg (withdrawn) */
    /** What the outcome is if the target turns out to show when a call enters its queue; most calls
     * do not depend on it, and once it has shown that, none does. */
    bool is_open;
    rig_outcome outcome_if_marks; /**< call->outcome unless is_open */
    const char *reason_if_marks;  /**< call->reason unless is_open */
    int q850_cause;               /**< of what ended the call; RIG_SIP_NO_CAUSE (-1) for none */
    int64_t t_failed_ns;          /**< the final response that refused it; RIG_NO_TIME. After a
                                       CANCEL that is later than the end of the call */
    int64_t t_bye_done_ns;        /**< the 2xx to its BYE; RIG_NO_TIME */
    const struct rig_outcome_rule *rule;          /**< has decided (outcome.h); NULL: none fits */
    const struct rig_outcome_rule *rule_if_marks; /**< `rule` unless is_open */
    const rig_call_parties *parties;              /**< who called whom; NULL where nobody asks
                                                       (rig_analyzer_options.with_parties) */
} rig_finished_call;

/** Takes calls. */
typedef struct rig_call_sink {
    /**
     * A call is over.
     * @return RIG_OK; any other status ends the analysis with it.
     */
    rig_status (*take)(void *ctx, const rig_finished_call *call, rig_error *err);
    /** A call has been answered: it holds its circuit from t_invite_ns on, and will be handed out
     * in time. NULL: of no interest. */
    void (*answered)(void *ctx, int64_t t_invite_ns);
    /** A call that had been told as answered turns out to be an agent's leg: it will not be handed
     * out. NULL: of no interest. */
    void (*withdrawn)(void *ctx, int64_t t_invite_ns);
    /** The centre has called someone back whom it had deflected, and that is over. Such a call is
     * no caller's, and is not handed to `take`: call->call_back_of names the deflected call,
     * planned_index is of that, `served` and `dropped` mean that he was reached and talked with an
     * agent, `lost_agent` that he was not, `in_progress` that it was not over; bye tells of him as
     * caller. NULL: of no interest.
     * @return as take. */
    rig_status (*call_back)(void *ctx, const rig_finished_call *call, rig_error *err);
    void *ctx;
} rig_call_sink;

#endif
