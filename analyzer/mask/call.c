/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "analyzer/masked_call.h"

/* Longest masked user part: no number is longer (mask.h). */
enum { USER_SIZE = 128 };
_Static_assert(RIG_CALL_CHOICE_SIZE >= RIG_MASK_ID_SIZE, "a pseudonym fits");

struct rig_masked_call {
    const rig_mask *mask;
    rig_call call;
    rig_finished_call finished;
    rig_call_parties parties;
    char call_id[RIG_MASK_ID_SIZE];
    char call_back_of[RIG_MASK_ID_SIZE];
    char if_marks[RIG_CALL_REASON_SIZE];
    char number[USER_SIZE], called[USER_SIZE];
    rig_agent_ring *rings;
    char (*agents)[USER_SIZE]; /* of the rings */
    size_t cap;
};

rig_status rig_masked_call_new(const rig_mask *mask, rig_masked_call **masked, rig_error *err)
{
    rig_masked_call *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->mask = mask;
    *masked = made;
    return RIG_OK;
}

void rig_masked_call_free(rig_masked_call *masked)
{
    if (masked == NULL)
        return;
    free(masked->rings);
    free(masked->agents);
    free(masked);
}

static bool make_room(rig_masked_call *m, size_t n)
{
    if (n <= m->cap)
        return true;
    rig_agent_ring *rings = reallocarray(m->rings, n, sizeof *rings);
    if (rings == NULL)
        return false;
    m->rings = rings;
    void *agents = reallocarray(m->agents, n, sizeof *m->agents);
    if (agents == NULL)
        return false;
    m->agents = agents;
    m->cap = n;
    return true;
}

static bool mask_parties(rig_masked_call *m, const rig_call_parties *parties)
{
    if (!make_room(m, parties->n_rings))
        return false;
    m->parties = *parties;
    m->parties.caller = rig_mask_endpoint(m->mask, parties->caller);
    m->parties.centre = rig_mask_endpoint(m->mask, parties->centre);
    rig_mask_user(m->mask, rig_slice_of(parties->number), m->number, sizeof m->number);
    rig_mask_user(m->mask, rig_slice_of(parties->called), m->called, sizeof m->called);
    m->parties.number = m->number;
    m->parties.called = m->called;
    for (size_t i = 0; i < parties->n_rings; i++) {
        m->rings[i] = parties->rings[i];
        m->rings[i].at = rig_mask_endpoint(m->mask, parties->rings[i].at);
        rig_mask_user(m->mask, rig_slice_of(parties->rings[i].agent), m->agents[i],
                      sizeof m->agents[i]);
        m->rings[i].agent = m->agents[i];
    }
    m->parties.rings = m->rings;
    m->finished.parties = &m->parties;
    return true;
}

rig_status rig_masked_call_of(rig_masked_call *m, const rig_finished_call *call,
                              const rig_finished_call **shown, rig_error *err)
{
    m->call = *call->call;
    m->finished = *call;
    rig_mask_id(m->mask, rig_slice_of(call->call->call_id), m->call_id);
    rig_mask_text(m->mask, call->call->reason, m->call.reason, sizeof m->call.reason);
    rig_mask_text(m->mask, call->reason_if_marks, m->if_marks, sizeof m->if_marks);
    m->call.call_id = m->call_id;
    if (call->call->call_back_of != NULL) {
        rig_mask_id(m->mask, rig_slice_of(call->call->call_back_of), m->call_back_of);
        m->call.call_back_of = m->call_back_of;
    }
    rig_mask_keys(m->mask, call->call->choice, m->call.choice);
    m->finished.call = &m->call;
    m->finished.reason_if_marks = m->if_marks;
    if (call->parties != NULL && !mask_parties(m, call->parties))
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_parties_agent_name(m->finished.parties, m->call.agent, sizeof m->call.agent);
    *shown = &m->finished;
    return RIG_OK;
}
