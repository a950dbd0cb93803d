/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/patience.h"

#include <stdlib.h>

#include "core/clock.h"

static bool make_room(void **items, size_t n, size_t *cap)
{
    if (n < *cap)
        return true;
    size_t wider = *cap == 0 ? 1024 : *cap * 2;
    void *more = reallocarray(*items, wider, 8);
    if (more == NULL)
        return false;
    *items = more;
    *cap = wider;
    return true;
}

static rig_status add(rig_patience *p, int64_t from_ns, int64_t to_ns, bool is_event,
                      rig_error *err)
{
    if (to_ns < from_ns) { /* time ran backwards */
        p->n_left_out++;
        return RIG_OK;
    }
    void *items = p->observed;
    bool has_room = make_room(&items, p->n, &p->cap);
    p->observed = items;
    if (!has_room)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    p->observed[p->n++] = rig_lasting_of(to_ns - from_ns, is_event);
    return RIG_OK;
}

static rig_status add_waiting(rig_patience *p, int64_t from_ns, rig_error *err)
{
    void *items = p->waiting;
    bool has_room = make_room(&items, p->n_waiting, &p->cap_waiting);
    p->waiting = items;
    if (!has_room)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    p->waiting[p->n_waiting++] = from_ns;
    return RIG_OK;
}

rig_status rig_patience_take(rig_patience *p, const rig_finished_call *finished, rig_error *err)
{
    const rig_call *call = finished->call;
    if (call->t_queue_ns == RIG_NO_TIME)
        return RIG_OK;
    if (call->t_agent_answer_ns != RIG_NO_TIME)
        return add(p, call->t_queue_ns, call->t_agent_answer_ns, false, err);
    switch (finished->outcome_if_marks) { /* it was marked: the target shows marks */
    case RIG_OUTCOME_LOST_QUEUE:
    case RIG_OUTCOME_LOST_AGENT: {
        bool is_by_caller = call->cancelled || call->bye == RIG_BYE_CALLER;
        return add(p, call->t_queue_ns, call->t_end_ns, is_by_caller, err);
    }
    case RIG_OUTCOME_DEFLECTED:
    case RIG_OUTCOME_DROPPED:
    case RIG_OUTCOME_CUT_BY_RIG:
        return add(p, call->t_queue_ns, call->t_end_ns, false, err);
    case RIG_OUTCOME_IN_PROGRESS:
        return add_waiting(p, call->t_queue_ns, err);
    case RIG_OUTCOME_LOST_TRUNK:
    case RIG_OUTCOME_LOST_IVR:
    case RIG_OUTCOME_SELF_SERVED:
    case RIG_OUTCOME_SERVED:
    case RIG_OUTCOME_UNCLASSIFIED:
    case RIG_OUTCOME_NOT_PLACED:
    case RIG_N_OUTCOMES:
        break;
    }
    p->n_left_out++;
    return RIG_OK;
}

rig_status rig_patience_finish(rig_patience *p, int64_t t_last_ns, rig_survival **survival,
                               rig_error *err)
{
    for (; p->n_waiting > 0; p->n_waiting--) {
        rig_status status = add(p, p->waiting[p->n_waiting - 1], t_last_ns, false, err);
        if (status != RIG_OK)
            return status;
    }
    return rig_survival_estimate(p->observed, p->n, survival, err);
}

void rig_patience_clear(rig_patience *p)
{
    free(p->observed);
    free(p->waiting);
    *p = (rig_patience){0};
}
