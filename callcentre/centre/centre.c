/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/centre.h"

#include <string.h>

#include "core/clock.h"
#include "core/random.h"
#include "callcentre/call/call.h"
#include "callcentre/centre/places.h"
#include "callcentre/centre/told.h"

/* The target's draws must not repeat those of the model, which has the same seed. */
static const uint64_t seed_mask = UINT64_C(0x7461726765740001);

int64_t rig_callcentre_centre_after_ns(const rig_callcentre_centre *centre, double scenario_s)
{
    return rig_clock_monotonic_ns() + rig_clock_ns_of_s(scenario_s / centre->scenario->time_scale);
}

int64_t rig_callcentre_centre_instant_ns(const rig_callcentre_centre *centre, double at_s)
{
    return centre->first_invite_ns +
           rig_clock_ns_of_s((at_s - centre->first_call_s) / centre->scenario->time_scale);
}

double rig_callcentre_centre_draw(const rig_callcentre_centre *centre, uint64_t index, uint32_t sub)
{
    return rig_random_uniform(centre->scenario->seed ^ seed_mask, RIG_CAUSE_TARGET, index, 0, sub);
}

void rig_callcentre_centre_rest(rig_callcentre_centre *centre, uint32_t agent, double scenario_s)
{
    rig_callcentre_timers_set(&centre->timers, &centre->agents[agent].timer,
                              rig_callcentre_centre_after_ns(centre, scenario_s));
}

void rig_callcentre_centre_missed(rig_callcentre_centre *centre, uint32_t agent, int status)
{
    rig_callcentre_agent *a = &centre->agents[agent];
    const bool is_busy = status == 486, is_declined = status == 603;
    double rest_s = is_busy       ? a->group->busy_rest_s
                    : is_declined ? a->group->reject_rest_s
                                  : a->group->rest_s;
    /* nobody said no to it: he has missed it */
    if (!is_busy && !is_declined && ++a->n_missed == a->group->n_most_missed) {
        rest_s = a->group->break_s;
        a->n_missed = 0; /* he begins anew after his break */
    }
    rig_callcentre_centre_rest(centre, agent, rest_s);
}

bool rig_callcentre_centre_rings_all(const rig_callcentre_centre *centre)
{
    return centre->scenario->queue.routing == RIG_ROUTING_RING_ALL ||
           rig_callcentre_centre_defect(centre, RIG_DEFECT_RING_ALL);
}

bool rig_callcentre_centre_is_one_at_a_time(const rig_callcentre_centre *centre)
{
    return centre->scenario->queue.one_at_a_time ||
           rig_callcentre_centre_defect(centre, RIG_DEFECT_ONE_AT_A_TIME);
}

bool rig_callcentre_centre_counts_ringing(const rig_callcentre_centre *centre)
{
    return centre->scenario->queue.counts_ringing ||
           rig_callcentre_centre_defect(centre, RIG_DEFECT_COUNTS_RINGING);
}

bool rig_callcentre_centre_cuts_ringing(const rig_callcentre_centre *centre)
{
    return centre->scenario->queue.timeout_cuts_ringing ||
           rig_callcentre_centre_defect(centre, RIG_DEFECT_TIMEOUT_RINGING);
}

void rig_callcentre_centre_note_invite(rig_callcentre_centre *centre)
{
    if (centre->first_invite_ns != RIG_NO_TIME)
        return;
    centre->first_invite_ns = rig_clock_monotonic_ns();
    rig_callcentre_duty_start(centre);
    rig_callcentre_steps_start(centre);
    rig_callcentre_faults_start(centre);
    rig_callcentre_promises_start(centre);
    rig_callcentre_reserves_start(centre);
    for (size_t i = 0; i < centre->n_defects; i++)
        if (centre->defects[i].kind == RIG_DEFECT_CRASH)
            rig_callcentre_timers_set(
                &centre->timers, &centre->crash,
                rig_callcentre_centre_after_ns(centre, centre->defects[i].value));
}

/* The defects' time: scenario seconds since the first INVITE. */
static double now_s(const rig_callcentre_centre *centre)
{
    if (centre->first_invite_ns == RIG_NO_TIME)
        return 0;
    return rig_clock_s_of_ns(rig_clock_monotonic_ns() - centre->first_invite_ns) *
           centre->scenario->time_scale;
}

/* A defect that is on just now. @param name  Of the group, class or skill that it names;
 * NULL: any. */
static const rig_callcentre_defect *find_defect(const rig_callcentre_centre *centre,
                                                rig_callcentre_defect_kind kind, const char *name)
{
    if (centre->n_defects == 0)
        return NULL;
    double at_s = now_s(centre);
    for (size_t i = 0; i < centre->n_defects; i++) {
        const rig_callcentre_defect *defect = &centre->defects[i];
        if (defect->kind == kind && (name == NULL || strcmp(defect->name, name) == 0) &&
            rig_callcentre_defect_is_on(defect, at_s))
            return defect;
    }
    return NULL;
}

const rig_callcentre_defect *rig_callcentre_centre_defect(const rig_callcentre_centre *centre,
                                                          rig_callcentre_defect_kind kind)
{
    return find_defect(centre, kind, NULL);
}

bool rig_callcentre_centre_is_trunk_dead(const rig_callcentre_centre *centre, size_t group)
{
    return find_defect(centre, RIG_DEFECT_TRUNK_DEAD, centre->scenario->trunks[group].name) != NULL;
}

bool rig_callcentre_centre_is_misrouted(const rig_callcentre_centre *centre, size_t carrier)
{
    return find_defect(centre, RIG_DEFECT_MISROUTED, centre->scenario->trunks[carrier].name) !=
           NULL;
}

bool rig_callcentre_centre_is_unknown(const rig_callcentre_centre *centre, size_t caller_class)
{
    return find_defect(centre, RIG_DEFECT_CLASS_UNKNOWN,
                       centre->scenario->callers.classes[caller_class].name) != NULL;
}

bool rig_callcentre_centre_is_wrong_skill(const rig_callcentre_centre *centre, uint32_t skill)
{
    return skill < centre->scenario->n_skills &&
           find_defect(centre, RIG_DEFECT_WRONG_SKILL, centre->scenario->skills[skill]) != NULL;
}

bool rig_callcentre_centre_has_nobody_coming(const rig_callcentre_centre *centre, size_t group)
{
    return find_defect(centre, RIG_DEFECT_NOBODY_COMES, centre->scenario->agents[group].name) !=
           NULL;
}

bool rig_callcentre_centre_has_no_reserves(const rig_callcentre_centre *centre,
                                           const rig_reserve *reserve)
{
    return find_defect(centre, RIG_DEFECT_NO_RESERVES, reserve->name) != NULL;
}

const rig_agent_group *rig_callcentre_centre_group(const rig_callcentre_centre *centre,
                                                   uint32_t agent)
{
    return centre->agents[agent].group;
}

bool rig_callcentre_centre_has_port(const rig_callcentre_centre *centre)
{
    if (rig_callcentre_faults_has_ivr_down(centre))
        return false;
    const rig_callcentre_defect *ports = rig_callcentre_centre_defect(centre, RIG_DEFECT_PORTS);
    return !ports || rig_callcentre_resources_usage(centre->resources)->n_ports < ports->value;
}

void rig_callcentre_centre_note_entry(rig_callcentre_centre *centre)
{
    if (rig_callcentre_resources_usage(centre->resources)->n_waiting == 0)
        centre->next_look_ns = 0;
}

bool rig_callcentre_centre_is_polled(const rig_callcentre_centre *centre)
{
    return centre->scenario->queue.poll_s > 0.0;
}

/* How often the queue is looked at; 0 = always. Where each caller looks by himself, the defect is
 * one of his looks (call/look.c). */
static double look_every_s(const rig_callcentre_centre *centre)
{
    if (rig_callcentre_centre_is_polled(centre))
        return 0.0;
    const rig_callcentre_defect *poll = rig_callcentre_centre_defect(centre, RIG_DEFECT_POLL);
    return poll ? poll->value : centre->scenario->queue.look_every_s;
}

/* Whether a free agent is looked for just now. */
static bool is_looking(const rig_callcentre_centre *centre)
{
    return look_every_s(centre) <= 0.0 ||
           rig_callcentre_resources_usage(centre->resources)->n_waiting == 0 ||
           rig_clock_monotonic_ns() >= centre->next_look_ns;
}

/* Whoever is left is looked at the next time. */
static void look_again(rig_callcentre_centre *centre)
{
    const double every_s = look_every_s(centre);
    if (every_s <= 0.0 || rig_callcentre_resources_usage(centre->resources)->n_waiting == 0)
        return;
    centre->next_look_ns = rig_callcentre_centre_after_ns(centre, every_s);
    rig_callcentre_timers_set(&centre->timers, &centre->look, centre->next_look_ns);
}

bool rig_callcentre_centre_is_next_turn(const rig_callcentre_centre *centre)
{
    return centre->n_being_rung == 0 || !rig_callcentre_centre_is_one_at_a_time(centre);
}

static void match(rig_callcentre_centre *centre)
{
    rig_callcentre_waiter *waiter;
    while (rig_callcentre_centre_has_port(centre) &&
           (waiter = rig_callcentre_port_grant(centre->resources)))
        rig_callcentre_call_answer(waiter->owner);
    uint32_t agent = 0;
    if (!is_looking(centre))
        return;
    for (;;) {
        rig_callcentre_places_look(centre);
        waiter = rig_callcentre_centre_is_next_turn(centre)
                     ? rig_callcentre_queue_match(centre->resources, &agent)
                     : NULL;
        if (waiter == NULL)
            break;
        if (waiter->is_place)
            rig_callcentre_place_dial(waiter->owner, agent);
        else
            rig_callcentre_call_ring_agent(waiter->owner, agent);
    }
    look_again(centre);
}

void rig_callcentre_centre_settle(rig_callcentre_centre *centre)
{
    if (centre->is_stopping)
        return;
    if (rig_callcentre_centre_defect(centre, RIG_DEFECT_CALL_BACKS_FIRST) != NULL)
        rig_callcentre_promises_look(centre);
    match(centre);
    rig_callcentre_emergency_look(centre);
    rig_callcentre_promises_look(centre);
    rig_callcentre_reserves_look(centre);
}
