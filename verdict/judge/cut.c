/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge/cut.h"

#include <stdio.h>
#include <stdlib.h>

/* 64 x T1 of RFC 3261: the transaction of an INVITE without a response is over. */
#define UNHEARD_NS (32 * RIG_NS_PER_S)

static bool is_over_at(const rig_call *call, int64_t t_ns)
{
    if (call->outcome == RIG_OUTCOME_IN_PROGRESS)
        return false;
    return (call->t_end_ns != RIG_NO_TIME ? call->t_end_ns : call->t_invite_ns + UNHEARD_NS) <=
           t_ns;
}

static void forget_after(int64_t *instant_ns, int64_t t_ns)
{
    if (*instant_ns > t_ns)
        *instant_ns = RIG_NO_TIME;
}

static void cut_call(rig_call *call, int64_t t_ns)
{
    if (is_over_at(call, t_ns))
        return;
    forget_after(&call->t_provisional_ns, t_ns);
    forget_after(&call->t_answer_ns, t_ns);
    forget_after(&call->t_queue_ns, t_ns);
    forget_after(&call->t_first_ring_ns, t_ns);
    forget_after(&call->t_agent_ring_ns, t_ns);
    forget_after(&call->t_agent_answer_ns, t_ns);
    call->t_end_ns = RIG_NO_TIME;
    call->answered = call->answered && call->t_answer_ns != RIG_NO_TIME;
    call->final_code = call->answered ? call->final_code : 0;
    call->cancelled = false;
    call->bye = RIG_BYE_NONE;
    call->outcome = RIG_OUTCOME_IN_PROGRESS;
    (void)snprintf(call->reason, sizeof call->reason, "in progress");
}

/* Those whose INVITEs had been seen. @return false: out of memory. */
static bool cut_into(const rig_call *from, size_t n, int64_t t_ns, rig_call *to, size_t *n_to)
{
    for (size_t i = 0; i < n; i++) {
        if (from[i].t_invite_ns == RIG_NO_TIME || from[i].t_invite_ns > t_ns)
            continue;
        rig_call *call = &to[(*n_to)++];
        *call = from[i];
        if (!rig_call_own_texts(call))
            return false;
        cut_call(call, t_ns);
    }
    return true;
}

rig_status rig_cut_calls(const rig_calls *calls, int64_t t_ns, rig_calls **cut)
{
    rig_calls *made = calloc(1, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    made->items = calloc(calls->n + 1, sizeof *made->items);
    made->backs = calloc(calls->n_backs + 1, sizeof *made->backs);
    if (made->items == NULL || made->backs == NULL ||
        !cut_into(calls->items, calls->n, t_ns, made->items, &made->n) ||
        !cut_into(calls->backs, calls->n_backs, t_ns, made->backs, &made->n_backs)) {
        rig_calls_free(made);
        return RIG_ENOMEM;
    }
    *cut = made;
    return RIG_OK;
}

rig_stage rig_cut_stage(const rig_join *join, const rig_call *call)
{
    if (!join->is_cut || call->outcome != RIG_OUTCOME_IN_PROGRESS)
        return rig_call_stage(call);
    if (call->t_agent_answer_ns != RIG_NO_TIME)
        return RIG_STAGE_AGENT;
    return call->t_queue_ns != RIG_NO_TIME ? RIG_STAGE_QUEUE : RIG_STAGE_IVR;
}

void rig_cut_join(rig_join *join, const rig_join *whole, const rig_schedule *schedule, double end_s)
{
    size_t n_seen = 0, n_first_seen = 0, n_not_placed = 0;
    for (size_t i = 0; i < join->n_planned; i++) {
        n_seen += join->observed[i] != NULL;
        n_first_seen += join->observed[i] != NULL && i < rig_join_n_first(join);
        n_not_placed += i < rig_join_n_first(join) && whole->observed[i] == NULL &&
                        schedule->calls[i].t_s <= end_s;
    }
    join->is_cut = true;
    join->n_not_placed = n_not_placed;
    join->n_due = n_seen + n_not_placed;
    join->n_not_due = rig_join_n_first(join) - n_first_seen - n_not_placed;
}
