/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/promises.h"

#include <stdlib.h>
#include <string.h>

#include "callcentre/call/call.h"
#include "callcentre/centre/centre.h"
#include "callcentre/centre/classes.h"
#include "callcentre/centre/lines.h"
#include "core/random.h"

/* Draws of one dialling of one caller; the others are his phone's. */
enum { DRAW_RETRY = 2, DRAWS_A_DIAL = 4, DIALS_A_CALL = 256 };

static void on_start(void *arg)
{
    rig_callcentre_centre *centre = arg;
    centre->promises.has_begun = true; /* the loop looks when all that is due has been done */
}

rig_status rig_callcentre_promises_make(rig_callcentre_centre *centre, rig_error *err)
{
    centre->promises.start.fire = on_start;
    centre->promises.start.arg = centre;
    if (!rig_scenario_calls_back(centre->scenario))
        return RIG_OK;
    centre->promises.has_start = rig_callcentre_timers_reserve(&centre->timers);
    return centre->promises.has_start ? RIG_OK : rig_fail(err, RIG_ENOMEM, "out of memory");
}

void rig_callcentre_promises_start(rig_callcentre_centre *centre)
{
    if (centre->promises.has_start)
        rig_callcentre_timers_set(
            &centre->timers, &centre->promises.start,
            rig_callcentre_centre_instant_ns(centre, centre->scenario->call_back.start_s));
}

/* ---- the line ---- */

static void stand_in_line(rig_callcentre_promise *p)
{
    rig_callcentre_promises *all = &p->centre->promises;
    p->is_in_line = true;
    p->behind = NULL;
    p->in_front = all->last;
    *(all->last != NULL ? &all->last->behind : &all->first) = p;
    all->last = p;
}

static void leave_line(rig_callcentre_promise *p)
{
    rig_callcentre_promises *all = &p->centre->promises;
    *(p->in_front != NULL ? &p->in_front->behind : &all->first) = p->behind;
    *(p->behind != NULL ? &p->behind->in_front : &all->last) = p->in_front;
    p->in_front = p->behind = NULL;
    p->is_in_line = false;
}

static void end(rig_callcentre_promise *p)
{
    rig_callcentre_centre *centre = p->centre;
    if (p->is_in_line)
        leave_line(p);
    if (p->waiter.next != NULL)
        rig_callcentre_queue_leave(centre->resources, &p->waiter);
    rig_callcentre_helpers_clear(&p->helpers);
    *(p->prev != NULL ? &p->prev->next : &centre->promises.all) = p->next;
    if (p->next != NULL)
        p->next->prev = p->prev;
    rig_callcentre_timers_unreserve(&centre->timers, &p->timer);
    free(p->number);
    free(p);
}

static void on_time(void *arg)
{
    stand_in_line(arg);
}

static bool is_forgotten(rig_callcentre_centre *centre, uint64_t caller)
{
    const rig_callcentre_defect *forgets =
        rig_callcentre_centre_defect(centre, RIG_DEFECT_FORGETS_CALL_BACKS);
    return forgets != NULL &&
           rig_callcentre_centre_draw(centre, caller, RIG_CALLCENTRE_DRAW_FORGET) < forgets->value;
}

rig_callcentre_promise *rig_callcentre_promise_new(rig_callcentre_centre *centre,
                                                   const rig_callcentre_promised *who,
                                                   uint32_t skill)
{
    uint64_t caller = centre->counts.n_promised++;
    const bool is_caller = rig_callcentre_caller_of(centre->scenario, who->number, &caller);
    if (is_forgotten(centre, caller))
        return NULL;
    rig_callcentre_promise *p = calloc(1, sizeof *p);
    if (p == NULL || (p->number = strdup(who->number)) == NULL ||
        !rig_callcentre_timers_reserve(&centre->timers)) {
        centre->counts.n_never_reached++;
        free(p != NULL ? p->number : NULL);
        free(p);
        return NULL;
    }
    p->centre = centre;
    p->caller = caller;
    p->is_caller = is_caller;
    p->attempt = who->attempt;
    p->waiter.owner = p;
    p->waiter.skill = skill;
    p->timer.fire = on_time;
    p->timer.arg = p;
    p->next = centre->promises.all;
    if (p->next != NULL)
        p->next->prev = p;
    centre->promises.all = p;
    return p;
}

void rig_callcentre_promise_make(rig_callcentre_centre *centre, const rig_callcentre_promised *who,
                                 uint32_t skill)
{
    rig_callcentre_promise *p = NULL;
    if (rig_scenario_calls_back(centre->scenario))
        p = rig_callcentre_promise_new(centre, who, skill);
    if (p != NULL)
        stand_in_line(p);
}

void rig_callcentre_promise_break(rig_callcentre_promise *promise)
{
    promise->centre->counts.n_never_reached++;
    end(promise);
}

void rig_callcentre_promises_clear(rig_callcentre_centre *centre)
{
    while (centre->promises.all != NULL)
        end(centre->promises.all);
}

/* ---- dialling ---- */

/* Whether somebody looks for an agent of the group by himself: the idle are his. */
static bool is_looked_for(const rig_callcentre_centre *centre, size_t group)
{
    return rig_callcentre_centre_is_polled(centre) &&
           rig_callcentre_queue_wants(centre->resources, group);
}

/* Groups with agents to spare. */
static rig_callcentre_groups spare_groups(const rig_callcentre_centre *centre)
{
    const rig_callcentre_staff *staff = rig_callcentre_resources_staff(centre->resources);
    const bool is_greedy =
        rig_callcentre_centre_defect(centre, RIG_DEFECT_CALL_BACKS_FIRST) != NULL;
    const uint32_t n_spare = is_greedy ? 1 : centre->scenario->call_back.idle_agents;
    rig_callcentre_groups spare = 0;
    for (size_t g = 0; g < centre->scenario->n_agents; g++)
        if (rig_callcentre_staff_n_idle(staff, g) >= n_spare && !is_looked_for(centre, g))
            spare |= (rig_callcentre_groups)1 << g;
    return spare;
}

static rig_callcentre_promise *first_for(const rig_callcentre_centre *centre,
                                         rig_callcentre_groups spare)
{
    rig_callcentre_promise *p = spare != 0 ? centre->promises.first : NULL;
    while (p != NULL &&
           (rig_callcentre_skill_groups(centre->resources, p->waiter.skill) & spare) == 0)
        p = p->behind;
    return p;
}

/* @return whether somebody was dialled. */
static bool dial_one(rig_callcentre_centre *centre)
{
    const rig_callcentre_groups spare = spare_groups(centre);
    rig_callcentre_promise *p = first_for(centre, spare);
    size_t group = 0;
    uint32_t agent = 0;
    if (p == NULL || !rig_callcentre_lines_seize_to_dial(centre, &group))
        return false;
    if (!rig_callcentre_agent_seize_of(centre->resources, spare, p->waiter.skill, &agent)) {
        rig_callcentre_circuit_release(centre->resources, group);
        return false;
    }
    leave_line(p);
    rig_callcentre_call_back(centre, p, group, agent);
    return true;
}

void rig_callcentre_promises_look(rig_callcentre_centre *centre)
{
    const bool is_early = rig_callcentre_centre_defect(centre, RIG_DEFECT_CALL_BACKS_FIRST) != NULL;
    if (centre->promises.first == NULL || (!centre->promises.has_begun && !is_early) ||
        rig_callcentre_faults_has_centre_down(centre))
        return;
    while (dial_one(centre)) {
    }
}

static bool is_doubled(const rig_callcentre_promise *p)
{
    return !p->is_again &&
           rig_callcentre_centre_defect(p->centre, RIG_DEFECT_DOUBLES_CALL_BACKS) != NULL;
}

static void dial_later(rig_callcentre_promise *p)
{
    rig_callcentre_centre *centre = p->centre;
    const uint32_t sub = (p->attempt * DIALS_A_CALL + p->n_dials) * DRAWS_A_DIAL + DRAW_RETRY;
    const double u =
        p->is_caller
            ? rig_random_uniform(centre->scenario->seed, RIG_CAUSE_CALL_BACK, p->caller, 0, sub)
            : rig_callcentre_centre_draw(centre, p->caller,
                                         RIG_CALLCENTRE_DRAW_STRANGER + p->n_dials);
    const double delay_s = rig_dist_quantile_s(&centre->scenario->call_back.retry_delay, u);
    p->n_dials++;
    rig_callcentre_timers_set(&centre->timers, &p->timer,
                              rig_callcentre_centre_after_ns(centre, delay_s));
}

void rig_callcentre_promise_end_attempt(rig_callcentre_promise *p, rig_callcentre_attempt how)
{
    rig_callcentre_centre *centre = p->centre;
    rig_callcentre_counts *counts = &centre->counts;
    if (how == RIG_CALLCENTRE_ATTEMPT_VAIN && !centre->is_stopping) {
        counts->n_vain_call_backs++;
        if (p->n_dials + 1 < centre->scenario->call_back.n_attempts) {
            dial_later(p);
            return;
        }
    }
    counts->n_called_back += how == RIG_CALLCENTRE_ATTEMPT_KEPT;
    counts->n_never_reached += how == RIG_CALLCENTRE_ATTEMPT_VAIN && !centre->is_stopping;
    if (how == RIG_CALLCENTRE_ATTEMPT_KEPT && is_doubled(p)) {
        p->is_again = true;
        stand_in_line(p);
        return;
    }
    end(p);
}
