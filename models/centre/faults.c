/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/faults.h"

#include "models/centre/agents.h"
#include "models/centre/call_back.h"
#include "models/centre/calls.h"
#include "models/centre/ivr.h"

void rig_faults_begin(rig_centre *c)
{
    c->n_centre_down = c->n_ivr_down = 0;
    for (size_t i = 0; i < c->scenario->n_faults; i++) {
        c->is_fault_on[i] = false;
        rig_calendar_set(c->calendar, c->first_fault + (uint32_t)i, c->scenario->faults[i].at_s);
    }
}

/* Whether a fault takes something away from a call or kept place. */
static bool is_hit(const rig_fault *fault, const rig_slot *s)
{
    switch (fault->kind) {
    case RIG_FAULT_TRUNK:
        return s->state != RIG_SLOT_PLACE && s->trunk == fault->trunk;
    case RIG_FAULT_IVR:
        return s->has_port;
    case RIG_FAULT_CENTRE:
    case RIG_FAULT_AGENTS:
        break;
    }
    return true;
}

/* First those who wait, so that what is cut after them is given to nobody who is to be cut. */
static void cut_calls(rig_centre *c, const rig_fault *fault)
{
    for (int state = RIG_SLOT_FREE + 1; state < RIG_N_SLOT_STATES; state++) {
        for (uint32_t id = 0; id < c->n_used_slots; id++) {
            const rig_slot *s = &c->slots[id];
            if (s->state == state && is_hit(fault, s))
                rig_centre_call_cut(c, id);
        }
    }
}

/* Agents go or come. */
static void note_agents(rig_centre *c, const rig_fault *fault, bool begins)
{
    for (uint32_t g = 0; g < c->n_groups; g++) {
        if (fault->has_group && fault->group != g)
            continue;
        if (begins && fault->cuts_calls)
            rig_agents_desert(c, g);
        rig_agents_review(c, g);
    }
}

void rig_faults_wake(rig_centre *c, uint32_t i)
{
    const rig_fault *fault = &c->scenario->faults[i];
    const bool begins = !c->is_fault_on[i];
    c->is_fault_on[i] = begins;
    if (begins)
        rig_calendar_set(c->calendar, c->first_fault + i, c->now_s + fault->for_s);
    if (fault->kind == RIG_FAULT_AGENTS) {
        note_agents(c, fault, begins);
        return;
    }
    uint32_t *n_down = fault->kind == RIG_FAULT_TRUNK ? &c->trunks[fault->trunk].n_down
                       : fault->kind == RIG_FAULT_IVR ? &c->n_ivr_down
                                                      : &c->n_centre_down;
    if (begins) {
        ++*n_down;
        if (fault->cuts_calls || fault->kind == RIG_FAULT_CENTRE)
            cut_calls(c, fault);
        return;
    }
    --*n_down;
    if (fault->kind == RIG_FAULT_IVR)
        rig_ivr_repaired(c);
    rig_callback_look(c);
}
