/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/call.h"

#include <stdlib.h>
#include <string.h>

bool rig_call_own_texts(rig_call *call)
{
    char **const texts[] = {&call->call_id, &call->carrier, &call->caller_class,
                            &call->call_back_of};
    bool is_whole = true;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *from = *texts[i];
        *texts[i] = from != NULL ? strdup(from) : NULL;
        is_whole = is_whole && (from == NULL || *texts[i] != NULL);
    }
    return is_whole;
}

void rig_call_free_texts(rig_call *call)
{
    free(call->call_id);
    free(call->carrier);
    free(call->caller_class);
    free(call->call_back_of);
}

void rig_calls_free(rig_calls *calls)
{
    if (calls == NULL)
        return;
    for (size_t i = 0; i < calls->n; i++)
        rig_call_free_texts(&calls->items[i]);
    for (size_t i = 0; i < calls->n_backs; i++)
        rig_call_free_texts(&calls->backs[i]);
    free(calls->backs);
    free(calls->items);
    free(calls);
}

rig_stage rig_call_stage(const rig_call *call)
{
    switch (call->outcome) {
    case RIG_OUTCOME_LOST_TRUNK:
    case RIG_OUTCOME_NOT_PLACED:
        return RIG_STAGE_TRUNK;
    case RIG_OUTCOME_LOST_IVR:
    case RIG_OUTCOME_SELF_SERVED:
        return RIG_STAGE_IVR;
    case RIG_OUTCOME_LOST_QUEUE:
    case RIG_OUTCOME_DEFLECTED:
        return RIG_STAGE_QUEUE;
    case RIG_OUTCOME_LOST_AGENT:
    case RIG_OUTCOME_SERVED:
        return RIG_STAGE_AGENT;
    case RIG_OUTCOME_DROPPED:
    case RIG_OUTCOME_IN_PROGRESS:
    case RIG_OUTCOME_UNCLASSIFIED:
    case RIG_OUTCOME_CUT_BY_RIG:
    case RIG_N_OUTCOMES:
        break;
    }
    if (call->t_agent_ring_ns != RIG_NO_TIME || call->t_agent_answer_ns != RIG_NO_TIME)
        return RIG_STAGE_AGENT;
    if (call->t_queue_ns != RIG_NO_TIME)
        return RIG_STAGE_QUEUE;
    if (call->t_provisional_ns != RIG_NO_TIME || call->answered)
        return RIG_STAGE_IVR;
    return RIG_STAGE_TRUNK;
}

int64_t rig_call_port_ns(const rig_call *call, bool is_early)
{
    return is_early ? call->t_menu_ns : call->t_answer_ns;
}

bool rig_call_is_ended_by_caller(const rig_call *call)
{
    return call->bye == RIG_BYE_CALLER || (call->cancelled && !call->answered);
}

bool rig_call_is_ended_by_centre(const rig_call *call)
{
    return call->bye == RIG_BYE_CALLEE ||
           (!call->answered && !call->cancelled && call->final_code >= 300);
}

/* The number behind a word of the reason, before what the wire said in words (in brackets). */
static int number_behind(const char *reason, const char *key)
{
    const char *at = strstr(reason, key), *said = strchr(reason, '(');
    return at != NULL && (said == NULL || at < said) ? atoi(at + strlen(key)) : 0;
}

int rig_call_cause(const rig_call *call)
{
    return number_behind(call->reason, "Q.850;cause=");
}

int rig_call_other_cause(const rig_call *call)
{
    return number_behind(call->reason, " cause=");
}

const char *rig_bye_name(rig_bye bye)
{
    switch (bye) {
    case RIG_BYE_NONE:
        return "none";
    case RIG_BYE_CALLER:
        return "caller";
    case RIG_BYE_CALLEE:
        return "callee";
    }
    return "?";
}
