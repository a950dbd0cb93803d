/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/faults.h"

#include <stdlib.h>

#include "callcentre/call/call.h"
#include "callcentre/centre/centre.h"
#include "callcentre/centre/places.h"
#include "core/clock.h"

static bool is_hit(const rig_fault *what, const struct rig_callcentre_call *call)
{
    switch (what->kind) {
    case RIG_FAULT_TRUNK:
        return rig_callcentre_call_is_on_group(call, what->trunk);
    case RIG_FAULT_IVR:
        return rig_callcentre_call_holds_port(call);
    case RIG_FAULT_CENTRE:
        return true;
    case RIG_FAULT_AGENTS:
        break;
    }
    return false;
}

/* A defect: what has died stays dead. */
static bool stays(const rig_callcentre_fault *fault)
{
    return fault->is_on && fault->said->kind == RIG_FAULT_CENTRE &&
           rig_callcentre_centre_defect(fault->centre, RIG_DEFECT_NO_STANDBY) != NULL;
}

static void cut_all(rig_callcentre_fault *fault, rig_callcentre_cut_turn turn)
{
    rig_callcentre_centre *centre = fault->centre;
    const rig_fault *what = fault->said;
    struct rig_callcentre_call *next;
    for (struct rig_callcentre_call *call = centre->calls; call; call = next) {
        next = rig_callcentre_call_next(call); /* the end of a call may free it */
        if (is_hit(what, call))
            rig_callcentre_call_cut(call, turn);
    }
}

static void on_time(void *arg)
{
    rig_callcentre_fault *fault = arg;
    const rig_fault *what = fault->said;
    if (stays(fault))
        return;
    fault->is_on = !fault->is_on;
    if (what->kind == RIG_FAULT_AGENTS)
        rig_callcentre_duty_note_fault(fault->centre, what, fault->is_on);
    if (!fault->is_on)
        return; /* who waits is looked at when all that is due has been done */
    rig_callcentre_timers_set(
        &fault->centre->timers, &fault->timer,
        rig_callcentre_centre_instant_ns(fault->centre, what->at_s + what->for_s));
    if (!what->cuts_calls || what->kind == RIG_FAULT_AGENTS)
        return;
    /* first those who wait: nothing that becomes free is given to one who is about to be cut */
    cut_all(fault, RIG_CALLCENTRE_CUT_WAITING);
    cut_all(fault, RIG_CALLCENTRE_CUT_ALL);
    if (what->kind == RIG_FAULT_CENTRE)
        rig_callcentre_places_lose(fault->centre);
}

rig_status rig_callcentre_faults_make(rig_callcentre_centre *centre, rig_error *err)
{
    const size_t n = centre->scenario->n_faults;
    centre->faults = calloc(n + 1, sizeof *centre->faults);
    if (!centre->faults)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t i = 0; i < n; i++) {
        centre->faults[i] = (rig_callcentre_fault){
            .centre = centre,
            .said = &centre->scenario->faults[i],
            .timer = {.fire = on_time, .arg = &centre->faults[i]},
        };
        if (!rig_callcentre_timers_reserve(&centre->timers))
            return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    return RIG_OK;
}

void rig_callcentre_faults_start(rig_callcentre_centre *centre)
{
    const int64_t now_ns = rig_clock_monotonic_ns();
    for (size_t i = 0; i < centre->scenario->n_faults; i++) {
        rig_callcentre_fault *fault = &centre->faults[i];
        const rig_fault *what = fault->said;
        if (rig_callcentre_centre_instant_ns(centre, what->at_s + what->for_s) <= now_ns)
            continue;
        rig_callcentre_timers_set(&centre->timers, &fault->timer,
                                  rig_callcentre_centre_instant_ns(centre, what->at_s));
        if (fault->timer.at_ns <= now_ns)
            on_time(fault);
    }
}

bool rig_callcentre_faults_has_trunk_down(const rig_callcentre_centre *centre, size_t group)
{
    for (size_t i = 0; i < centre->scenario->n_faults; i++) {
        const rig_fault *what = centre->faults[i].said;
        if (centre->faults[i].is_on && what->kind == RIG_FAULT_TRUNK && what->trunk == group)
            return true;
    }
    return false;
}

static bool is_one_on(const rig_callcentre_centre *centre, rig_fault_kind kind)
{
    for (size_t i = 0; i < centre->scenario->n_faults; i++)
        if (centre->faults[i].is_on && centre->faults[i].said->kind == kind)
            return true;
    return false;
}

bool rig_callcentre_faults_has_centre_down(const rig_callcentre_centre *centre)
{
    return is_one_on(centre, RIG_FAULT_CENTRE);
}

bool rig_callcentre_faults_has_ivr_down(const rig_callcentre_centre *centre)
{
    return is_one_on(centre, RIG_FAULT_IVR);
}

uint32_t rig_callcentre_faults_n_gone(const rig_callcentre_centre *centre, size_t group, uint32_t n)
{
    uint32_t n_gone = 0;
    for (size_t i = 0; i < centre->scenario->n_faults && centre->faults != NULL; i++)
        if (centre->faults[i].is_on)
            n_gone += rig_scenario_n_gone(centre->faults[i].said, group, n);
    return n_gone;
}

void rig_callcentre_faults_clear(rig_callcentre_centre *centre)
{
    free(centre->faults);
    centre->faults = NULL;
}
