/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/cut_by_rig.h"

#include <stdio.h>
#include <string.h>

/* Ended by the centre alone: refused, or hung up on before an agent talked. */
static bool is_of_the_centre(const rig_call *call)
{
    switch (call->outcome) {
    case RIG_OUTCOME_LOST_TRUNK: /* "no response" is no end: the caller was made to give up */
        return call->final_code >= 300;
    case RIG_OUTCOME_DROPPED:
        return true;
    case RIG_OUTCOME_LOST_QUEUE:
    case RIG_OUTCOME_DEFLECTED:
        return call->bye == RIG_BYE_CALLEE || (!call->cancelled && call->final_code >= 300);
    case RIG_OUTCOME_LOST_IVR:
    case RIG_OUTCOME_LOST_AGENT:
    case RIG_OUTCOME_SELF_SERVED:
    case RIG_OUTCOME_SERVED:
    case RIG_OUTCOME_IN_PROGRESS:
    case RIG_OUTCOME_UNCLASSIFIED:
    case RIG_OUTCOME_CUT_BY_RIG:
    case RIG_OUTCOME_NOT_PLACED:
    case RIG_N_OUTCOMES:
        break;
    }
    return false;
}

static bool was_up_at(const rig_call *call, int64_t t_ns)
{
    return call->t_invite_ns != RIG_NO_TIME &&
           (call->t_end_ns == RIG_NO_TIME || call->t_end_ns >= t_ns);
}

void rig_cut_by_rig(rig_calls *calls, int64_t stop_epoch_ns)
{
    if (stop_epoch_ns == 0)
        return;
    for (size_t i = 0; i < calls->n; i++) {
        rig_call *call = &calls->items[i];
        char seen[RIG_CALL_REASON_SIZE];
        if (call->planned_index < 0 || call->outcome == RIG_OUTCOME_CUT_BY_RIG ||
            !was_up_at(call, stop_epoch_ns) || is_of_the_centre(call))
            continue;
        memcpy(seen, call->reason, sizeof seen);
        (void)snprintf(call->reason, sizeof call->reason, "cut by the rig: %.*s",
                       (int)(sizeof seen - sizeof "cut by the rig: "), seen);
        call->outcome = RIG_OUTCOME_CUT_BY_RIG;
    }
}
