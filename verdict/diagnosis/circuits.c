/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/diagnosis/circuits.h"

#include <math.h>

bool rig_circuits_is_refused(const rig_timed_call *t)
{
    return t->call->outcome == RIG_OUTCOME_LOST_TRUNK && t->call->final_code >= 300;
}

/* Q.850 causes of a network without a free circuit (ITU-T Q.850, table 1): 34, 38, 41, 42, 44, 47.
 */
static bool has_cause_of_congestion(const rig_call *call)
{
    static const int causes[] = {34, 38, 41, 42, 44, 47};
    const int given = rig_call_cause(call);
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        if (given == causes[i])
            return true;
    }
    return false;
}

bool rig_circuits_can_mean_full(const rig_call *call)
{
    const int code = call->final_code;
    return code == 480 || code == 486 ||
           (code >= 500 && code != 501 && code != 505 && code < 600) || code == 600 ||
           code == 603 || has_cause_of_congestion(call);
}

bool rig_circuits_are_hit(const rig_scenario *scenario, const rig_fault *except, double t_s)
{
    for (size_t i = 0; i < scenario->n_faults; i++) {
        const rig_fault *f = &scenario->faults[i];
        if ((f->kind == RIG_FAULT_CENTRE || f->kind == RIG_FAULT_TRUNK) && f != except &&
            t_s >= f->at_s && t_s < f->at_s + f->for_s)
            return true;
    }
    return false;
}

bool rig_circuits_is_held(const rig_timed_call *t)
{
    return !isnan(t->response_s) && t->call->outcome != RIG_OUTCOME_LOST_TRUNK &&
           (t->call->outcome != RIG_OUTCOME_UNCLASSIFIED || t->call->final_code < 300);
}

rig_status rig_circuits_make(const rig_timeline *timeline, bool (*is_leaked)(const rig_call *),
                             rig_holdings *circuits)
{
    rig_status status = rig_holdings_make(timeline->n + timeline->n_backs, circuits);
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (rig_circuits_is_held(t))
            rig_holdings_add(circuits, t->seen_s,
                             is_leaked != NULL && is_leaked(t->call) ? INFINITY : t->end_s);
    }
    rig_holdings_add_backs(circuits, timeline, 0.0);
    rig_holdings_sort(circuits);
    return RIG_OK;
}
