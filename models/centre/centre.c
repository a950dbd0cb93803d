/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre.h"

#include <math.h>
#include <stdlib.h>

#include "core/pages.h"
#include "models/centre/agents.h"
#include "models/centre/call_back.h"
#include "models/centre/calls.h"
#include "models/centre/faults.h"
#include "models/centre/ivr.h"
#include "models/centre/orbit.h"
#include "models/centre/queue.h"
#include "models/centre/races.h"
#include "models/centre/reserves.h"
#include "models/centre/dealing.h"
#include "models/centre/statistics.h"
#include "models/centre/trunks.h"
#include "models/schedule/traffic.h"

/* Of calls beyond so many, what is drawn ahead would be out of the cache when it is needed; and
 * what comes next is to be fetched in good time. */
#define MOST_NEAR 16384u

#define EVENTS_PER_POLL 100000u /* some ten milliseconds */

size_t rig_centre_n_intervals(const rig_scenario *scenario)
{
    double n = ceil(scenario->traffic.duration_s / scenario->interval_s - 1e-9);
    return n < 1.0 ? 1 : (size_t)n;
}

void rig_centre_free(rig_centre *centre)
{
    if (centre == NULL)
        return;
    rig_calendar_free(centre->calendar);
    rig_agents_free(centre);
    rig_orbit_free(centre);
    rig_statistics_free(centre);
    rig_pages_free(centre->slots);
    free(centre->drawn);
    free(centre->free_slots);
    free(centre->trunks);
    free(centre->is_fault_on);
    free(centre->lines);
    free(centre->skills_waiting);
    free(centre);
}

/* Classes of the same priority share a rank; rank 0 is the greatest priority. */
static void rank_classes(rig_centre *c)
{
    const rig_callers *callers = &c->scenario->callers;
    c->n_ranks = 1;
    for (size_t i = 0; i < callers->n_classes; i++) {
        uint32_t higher[RIG_MOST_CLASSES], n = 0;
        for (size_t k = 0; k < callers->n_classes; k++) {
            uint32_t priority = callers->classes[k].priority;
            bool is_new = priority > callers->classes[i].priority;
            for (uint32_t h = 0; h < n; h++)
                is_new = is_new && higher[h] != priority;
            if (is_new)
                higher[n++] = priority;
        }
        c->class_rank[i] = n;
        if (n + 1 > c->n_ranks)
            c->n_ranks = n + 1;
    }
}

/* Number the actors of the calendar (state.h). @return how many there are. */
static uint64_t number_actors(rig_centre *c)
{
    const rig_scenario *s = c->scenario;
    const rig_keep_place *keep = &s->queue.keep_place;
    uint64_t n_slots = rig_scenario_n_circuits(s);
    uint64_t n_agents = 0;
    if (keep->p_accept > 0.0)
        n_slots += keep->max_places;
    for (size_t i = 0; i < s->n_agents; i++)
        n_agents += s->agents[i].n_agents;
    for (size_t i = 0; i < s->n_reserves; i++)
        n_agents += s->reserves[i].n_agents;
    c->n_slots = (uint32_t)n_slots;
    c->n_agents = (uint32_t)n_agents;
    c->first_agent = c->n_slots;
    c->first_shift = c->first_agent + c->n_agents;
    c->first_window = c->first_shift + c->n_groups;
    c->first_step = c->first_window + c->n_tiers;
    c->first_fault = c->first_step + c->n_trunks + 1;
    c->first_reserve =
        c->first_fault + (uint32_t)s->n_faults; /* behind all that may end a reason */
    c->outside_actor = c->first_reserve + c->n_tiers;
    c->call_back_actor = c->outside_actor + 1;
    return n_slots + n_agents + c->n_groups + 2 * (uint64_t)c->n_tiers + c->n_trunks + 1 +
           s->n_faults + 2;
}

rig_status rig_centre_new(const rig_scenario *scenario, rig_centre **centre)
{
    rig_centre *made = calloc(1, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    made->scenario = scenario;
    made->n_trunks = (uint32_t)scenario->n_trunks;
    made->n_groups = (uint32_t)scenario->n_agents;
    made->n_tiers = (uint32_t)scenario->n_reserves;
    made->n_pools = made->n_groups + made->n_tiers;
    made->n_skills = scenario->n_skills > 0 ? (uint32_t)scenario->n_skills : 1;
    made->n_intervals = rig_centre_n_intervals(scenario);
    made->n_traits = rig_callers_n_drawn(scenario);
    rank_classes(made);
    const uint64_t n_actors = number_actors(made);
    if (n_actors >= RIG_NONE) { /* more than can be numbered */
        free(made);
        return RIG_ENOMEM;
    }
    made->slots = rig_pages_new(made->n_slots + (size_t)1, sizeof *made->slots);
    made->n_drawn = made->n_slots < MOST_NEAR ? made->n_slots : MOST_NEAR;
    made->drawn = aligned_alloc(64, (made->n_drawn + (size_t)1) * sizeof *made->drawn);
    made->free_slots = malloc((made->n_slots + (size_t)1) * sizeof *made->free_slots);
    made->trunks = calloc(made->n_trunks, sizeof *made->trunks);
    made->is_fault_on = calloc(scenario->n_faults + 1, sizeof *made->is_fault_on);
    made->lines = calloc(made->n_ranks * made->n_skills, sizeof *made->lines);
    made->skills_waiting = calloc(made->n_ranks, sizeof *made->skills_waiting);
    if (made->slots == NULL || made->drawn == NULL || made->free_slots == NULL ||
        made->trunks == NULL || made->is_fault_on == NULL || made->lines == NULL ||
        made->skills_waiting == NULL || rig_agents_new(made) != RIG_OK ||
        rig_orbit_new(made) != RIG_OK || rig_statistics_new(made) != RIG_OK ||
        rig_calendar_new((uint32_t)n_actors, &made->calendar) != RIG_OK) {
        rig_centre_free(made);
        return RIG_ENOMEM;
    }
    *centre = made;
    return RIG_OK;
}

static void begin(rig_centre *c, const rig_centre_input *input, rig_centre_output *output,
                  rig_error *err)
{
    const rig_queue *queue = &c->scenario->queue;
    c->input = input;
    c->output = output;
    c->err = err;
    c->status = RIG_OK;
    c->callers = input->schedule != NULL ? rig_callers_of(input->schedule, c->scenario)
                                         : (rig_callers_source){.scenario = c->scenario};
    c->callers.replication = input->replication;
    c->now_s = 0.0;
    c->n_free_slots = c->n_used_slots = 0;
    c->ahead.block = RIG_NONE;
    rig_calendar_clear(c->calendar);
    rig_statistics_begin(c);
    rig_races_begin(c);
    rig_trunks_begin(c);
    rig_ivr_begin(c);
    rig_dealing_begin(c);
    rig_queue_begin(c);
    rig_agents_begin(c);
    rig_reserves_begin(c);
    rig_orbit_begin(c);
    rig_faults_begin(c);
    if (queue->deflection.p_accept > 0.0 || queue->keep_place.p_accept > 0.0)
        rig_calendar_set(c->calendar, c->call_back_actor, c->scenario->call_back.start_s);
}

/* The callers' first attempts, one after the other. */
typedef struct arrivals {
    rig_arrival_stream stream;
    uint64_t n; /* so far */
    uint32_t caller;
    double at_s; /* INFINITY after the last */
} arrivals;

static void next_arrival(rig_centre *c, arrivals *a)
{
    const rig_centre_input *input = c->input;
    const uint64_t max_calls = c->scenario->limits.max_calls;
    uint64_t i = a->n++;
    a->caller = (uint32_t)i;
    a->at_s = INFINITY;
    if (input->schedule == NULL) {
        a->at_s = rig_arrival_stream_next_s(&a->stream);
        if (isfinite(a->at_s) && (i >= max_calls || i >= RIG_NONE))
            c->status = rig_schedule_fail_too_many(c->scenario, c->err);
    } else if (input->arrival_s == NULL) {
        if (i < rig_schedule_n_first(input->schedule))
            a->at_s = input->schedule->calls[i].t_s;
    } else if (i < input->n_order) {
        a->caller = input->order[i];
        a->at_s = input->arrival_s[a->caller];
    }
}

static void wake(rig_centre *c, uint32_t actor)
{
    if (actor < c->first_agent)
        rig_centre_call_wake(c, actor);
    else if (actor < c->first_shift)
        rig_agents_wake(c, actor - c->first_agent);
    else if (actor < c->first_window)
        rig_agents_shift(c, actor - c->first_shift);
    else if (actor < c->first_step)
        rig_reserves_end_window(c, actor - c->first_window);
    else if (actor < c->first_step + c->n_trunks)
        rig_trunks_step(c, actor - c->first_step);
    else if (actor < c->first_fault)
        rig_ivr_step(c);
    else if (actor < c->first_reserve)
        rig_faults_wake(c, actor - c->first_fault);
    else if (actor < c->outside_actor)
        rig_reserves_wake(c, actor - c->first_reserve);
    else if (actor == c->outside_actor)
        rig_orbit_wake(c);
    else
        rig_callback_look(c);
}

/* Where there are so many calls that they are not in the cache, those whose events come next are
 * fetched while this one is at work. */
static void look_ahead(const rig_centre *c)
{
    uint32_t actors[2];
    const uint32_t n = rig_calendar_peek(c->calendar, actors);
    for (uint32_t i = 0; i < n; i++) {
        if (actors[i] < c->first_agent) {
            const rig_slot *s = &c->slots[actors[i]];
            __builtin_prefetch(s, 1);
            __builtin_prefetch(&s->order, 1);
            if (i == 0 && s->agent != RIG_NONE) /* it was fetched when it was the second */
                __builtin_prefetch(&c->agents[s->agent], 1);
        } else if (actors[i] < c->first_shift) {
            __builtin_prefetch(&c->agents[actors[i] - c->first_agent], 1);
        }
    }
}

static bool is_cut(const rig_centre *c)
{
    return c->input->end_s > 0.0;
}

static rig_status run(rig_centre *c)
{
    const rig_stop *stop = c->input->stop;
    const double end_s = is_cut(c) ? c->input->end_s : INFINITY;
    arrivals a = {.n = 0};
    if (c->input->schedule == NULL)
        rig_arrival_stream_begin(&a.stream, c->scenario, c->input->replication);
    next_arrival(c, &a);
    for (uint32_t n_events = 1; c->status == RIG_OK; n_events++) {
        if (n_events % EVENTS_PER_POLL == 0 && rig_stop_is_set(stop))
            return rig_fail(c->err, RIG_ECANCELLED, "%s: simulation: stopped by the user",
                            c->scenario->path);
        const double look_s = rig_dealing_next_look_s(c);
        const double event_s = rig_earlier_s(rig_calendar_next_s(c->calendar), look_s);
        const bool is_arrival = a.at_s < event_s;
        const double next_s = is_arrival ? a.at_s : event_s;
        if (next_s > end_s)
            break;
        if (next_s >= c->interval_end_s)
            rig_statistics_pass(c, fmin(next_s, c->scenario->traffic.duration_s));
        if (isinf(next_s))
            break;
        c->now_s = next_s;
        if (c->n_circuits_in_use > MOST_NEAR)
            look_ahead(c);
        if (is_arrival) {
            rig_centre_call_arrive(c, a.caller, 0);
            next_arrival(c, &a);
        } else if (event_s < look_s) { /* else it is looked at the queue, below */
            wake(c, rig_calendar_pop(c->calendar));
        }
        if (c->rules != NULL)
            rig_dealing_settle(c);
    }
    return c->status;
}

rig_status rig_centre_simulate(rig_centre *c, const rig_centre_input *input,
                               rig_centre_output *output, rig_error *err)
{
    begin(c, input, output, err);
    const size_t n_fates =
        output->fates != NULL && input->schedule != NULL ? input->schedule->n : 0;
    for (size_t k = 0; k < n_fates; k++)
        output->fates[k] = RIG_OUTCOME_NOT_PLACED; /* until it arrives */
    rig_status status = run(c);
    if (status != RIG_OK)
        return status;
    rig_races_end(c);
    if (is_cut(c)) {
        rig_centre_call_cut_short(c);
        rig_statistics_cut(c, input->end_s);
        rig_statistics_end(c);
        return RIG_OK;
    }
    rig_callback_give_up(c);
    for (size_t k = 0; input->arrival_s != NULL && k < rig_schedule_n_first(input->schedule); k++) {
        if (isnan(input->arrival_s[k]))
            rig_statistics_outcome(c, (uint32_t)k, 0, RIG_NONE, 0, RIG_OUTCOME_NOT_PLACED,
                                   RIG_STAGE_TRUNK);
    }
    rig_statistics_end(c);
    return RIG_OK;
}

bool rig_centre_is_idle(const rig_centre *c)
{
    const rig_orbit *o = &c->outside;
    bool is_idle = c->n_circuits_in_use == 0 && c->n_free_ports == (int64_t)c->n_ports &&
                   c->n_free_slots == c->n_used_slots && c->port_waiters.n == 0 &&
                   c->n_waiting == 0 && c->n_places == 0 && o->n_free == o->n_used;
    for (uint32_t i = 0; i < c->n_trunks; i++)
        is_idle = is_idle && c->trunks[i].n_in_use == 0 && c->trunks[i].n_down == 0;
    for (uint32_t i = 0; i < c->n_groups; i++)
        is_idle = is_idle && c->groups[i].busy.level == 0.0 &&
                  c->groups[i].n_idle == c->groups[i].n_on_duty;
    for (uint32_t i = 0; i < c->n_pools; i++)
        is_idle = is_idle && c->pools[i].n_in == c->pools[i].target;
    return is_idle;
}
