/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge/reactions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/registration.h"

/* Seconds on the wire between two marks; beyond all bounds when one is missing. */
static double wire_s(int64_t from_ns, int64_t to_ns)
{
    if (from_ns == RIG_NO_TIME || to_ns == RIG_NO_TIME)
        return 1e9;
    return rig_clock_s_of_ns(to_ns - from_ns);
}

static bool is_reaction(double s)
{
    return s >= 0.0 && s <= RIG_REACTION_MOST_WIRE_S;
}

static double race_wire_s(double time_scale)
{
    const double most_s = fmin(RIG_RACE_STALL_WIRE_S, RIG_RACE_MOST_S / time_scale);
    return fmax(most_s, RIG_RACE_MOST_WIRE_S);
}

/* Of the others an instant is seen, no delay. */
static bool has_delay(rig_delay_kind kind)
{
    return kind != RIG_DELAY_CENTRE_NEXT_CALLER && kind != RIG_DELAY_CENTRE_RINGS;
}

/* @param i  The call whose reaction it is. */
static void add(rig_delays *delays, size_t i, rig_delay_kind kind, double late_wire_s,
                double time_scale)
{
    rig_delay_sample *sample = &delays->kind[kind];
    if (is_reaction(late_wire_s))
        sample->delay_s[sample->n++] = late_wire_s * time_scale;
    if (late_wire_s < 0.0 || late_wire_s > race_wire_s(time_scale))
        return;
    if (has_delay(kind))
        delays->own[i].late_s[kind] = (float)(late_wire_s * time_scale);
}

/* Of one call, s on the wire since the first call. */
typedef struct instant {
    double t_s;
    size_t call;
} instant;

typedef struct instants {
    instant *items;
    size_t n;
} instants;

static void note(instants *list, size_t call, int64_t base_ns, int64_t t_ns, double later_s)
{
    if (t_ns != RIG_NO_TIME)
        list->items[list->n++] = (instant){rig_clock_s_of_ns(t_ns - base_ns) + later_s, call};
}

static int by_time(const void *a, const void *b)
{
    const instant *x = a, *y = b;
    if (x->t_s != y->t_s)
        return x->t_s < y->t_s ? -1 : 1;
    return x->call < y->call ? -1 : x->call > y->call;
}

/* What became free, and who was let in after a wait: each took the first that was free. The
 * reaction is told of who was let in to a port, and of the call after which an agent wrapped up. */
static void match(const instants *freed, const instants *let_in, rig_delay_kind kind,
                  double time_scale, rig_delays *delays)
{
    size_t at = 0;
    qsort(freed->items, freed->n, sizeof *freed->items, by_time);
    qsort(let_in->items, let_in->n, sizeof *let_in->items, by_time);
    for (size_t i = 0; i < let_in->n; i++) {
        const instant *in = &let_in->items[i];
        while (at < freed->n && freed->items[at].t_s < in->t_s - RIG_REACTION_MOST_WIRE_S)
            at++; /* nobody waited for it */
        if (at == freed->n || freed->items[at].t_s > in->t_s)
            continue;
        const instant *from = &freed->items[at++];
        add(delays, kind == RIG_DELAY_CENTRE_WRAP_UP ? from->call : in->call, kind,
            in->t_s - from->t_s, time_scale);
    }
}

static int64_t port_end_ns(const rig_call *call, bool hold_while_queued)
{
    int64_t given_back_ns = hold_while_queued ? call->t_agent_answer_ns : call->t_queue_ns;
    return given_back_ns == RIG_NO_TIME ? call->t_end_ns : given_back_ns;
}

static void measure_ports(const rig_join *join, const rig_scenario *scenario, int64_t base_ns,
                          instants *freed, instants *let_in, rig_delays *delays)
{
    const rig_ivr *ivr = &scenario->ivr;
    const bool is_early = scenario->target.marks == RIG_MARK_EARLY;
    freed->n = let_in->n = 0;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        int64_t port_ns = call != NULL ? rig_call_port_ns(call, is_early) : RIG_NO_TIME;
        if (port_ns == RIG_NO_TIME)
            continue;
        double answer_s = wire_s(call->t_invite_ns, port_ns);
        add(delays, i, RIG_DELAY_CENTRE_ANSWERS, answer_s, scenario->time_scale);
        note(freed, i, base_ns, port_end_ns(call, ivr->hold_while_queued), 0.0);
        if (!is_reaction(answer_s))
            note(let_in, i, base_ns, port_ns, 0.0);
        if (ivr->menu.kind == RIG_DIST_CONSTANT)
            add(delays, i, RIG_DELAY_CENTRE_MENU,
                wire_s(port_ns, call->t_queue_ns) - ivr->menu.mean_s / scenario->time_scale,
                scenario->time_scale);
    }
    match(freed, let_in, RIG_DELAY_CENTRE_NEXT_CALLER, scenario->time_scale, delays);
}

/* Of one group: who is freed there is given the next one there. */
static void measure_agents(const rig_join *join, const rig_scenario *scenario,
                           const rig_agent_group *group, int64_t base_ns, instants *freed,
                           instants *let_in, rig_delays *delays)
{
    const rig_dist *wrap_up = &group->wrap_up;
    freed->n = let_in->n = 0;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        /* of a call that was rung again only the last ringing is known */
        if (call == NULL || call->t_agent_ring_ns == RIG_NO_TIME ||
            rig_scenario_group_of_call(scenario, call) != group)
            continue;
        if (call->t_agent_answer_ns != RIG_NO_TIME)
            note(freed, i, base_ns, call->t_end_ns, wrap_up->mean_s / scenario->time_scale);
        if (call->n_legs > 2)
            continue;
        double ring_s = wire_s(call->t_queue_ns, call->t_agent_ring_ns);
        add(delays, i, RIG_DELAY_CENTRE_RINGS, ring_s, scenario->time_scale);
        if (!is_reaction(ring_s))
            note(let_in, i, base_ns, call->t_agent_ring_ns, 0.0);
    }
    if (wrap_up->kind == RIG_DIST_CONSTANT)
        match(freed, let_in, RIG_DELAY_CENTRE_WRAP_UP, scenario->time_scale, delays);
}

static double instant_s(const rig_join *join, size_t i, int64_t t_ns, double time_scale)
{
    if (t_ns == RIG_NO_TIME)
        return (double)NAN;
    return join->arrival_s[i] +
           rig_clock_s_of_ns(t_ns - join->observed[i]->t_invite_ns) * time_scale;
}

/* When ports answered and phones rang: the replay decides whether that was at once. */
static void note_instants(const rig_join *join, const rig_scenario *scenario, rig_delays *delays)
{
    const bool is_early = scenario->target.marks == RIG_MARK_EARLY;
    delays->most_lateness_s = RIG_LATENESS_MOST_WIRE_S * scenario->time_scale;
    delays->most_race_s = race_wire_s(scenario->time_scale) * scenario->time_scale;
    delays->most_reaction_s = RIG_REACTION_MOST_WIRE_S * scenario->time_scale;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call == NULL)
            continue;
        delays->own[i].port_s =
            instant_s(join, i, rig_call_port_ns(call, is_early), scenario->time_scale);
        delays->own[i].fate = call->outcome;
        delays->own[i].end_s = instant_s(join, i, call->t_end_ns, scenario->time_scale);
        if (call->outcome == RIG_OUTCOME_LOST_QUEUE || call->outcome == RIG_OUTCOME_LOST_AGENT ||
            call->outcome == RIG_OUTCOME_LOST_IVR)
            delays->own[i].leave_s =
                rig_call_is_ended_by_caller(call) ? delays->own[i].end_s : (double)NAN;
        delays->own[i].ring_s = instant_s(join, i, call->t_agent_ring_ns, scenario->time_scale);
    }
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The centre acts on a message as much later than it is on the wire as its answers come later. */
static rig_status measure_jitter(const rig_scenario *scenario, rig_delays *delays)
{
    const rig_delay_sample *answers = &delays->kind[RIG_DELAY_CENTRE_ANSWERS];
    const double unknown_s = RIG_JITTER_UNKNOWN_WIRE_S * scenario->time_scale;
    delays->p_stalled = RIG_STALLED_SHARE;
    delays->most_stalled_s = 1e-3 * scenario->gate.max_lateness_p99_ms * scenario->time_scale;
    const size_t n = answers->n > 0 ? answers->n : 2;
    double *values = malloc(n * sizeof *values);
    if (values == NULL)
        return RIG_ENOMEM;
    if (answers->n > 0) {
        memcpy(values, answers->delay_s, n * sizeof *values);
        qsort(values, n, sizeof *values, by_value);
        const double median_s = values[n / 2];
        for (size_t i = 0; i < n; i++)
            values[i] -= median_s;
    } else {
        values[0] = -unknown_s;
        values[1] = unknown_s;
    }
    delays->jitter = (rig_delay_sample){values, n};
    return RIG_OK;
}

rig_status rig_reactions_measure(const rig_join *join, const rig_scenario *scenario,
                                 rig_delays *delays)
{
    rig_status status = RIG_ENOMEM;
    int64_t base_ns = RIG_NO_TIME;
    instants freed = {.items = malloc((join->n_planned + 1) * sizeof(instant))};
    instants let_in = {.items = malloc((join->n_planned + 1) * sizeof(instant))};
    if (freed.items == NULL || let_in.items == NULL)
        goto out;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call != NULL && (base_ns == RIG_NO_TIME || call->t_invite_ns < base_ns))
            base_ns = call->t_invite_ns;
    }
    measure_ports(join, scenario, base_ns, &freed, &let_in, delays);
    for (size_t g = 0; g < scenario->n_agents; g++)
        measure_agents(join, scenario, &scenario->agents[g], base_ns, &freed, &let_in, delays);
    note_instants(join, scenario, delays);
    status = measure_jitter(scenario, delays);
out:
    free(freed.items);
    free(let_in.items);
    return status;
}

rig_status rig_reactions_assume(const rig_scenario *scenario, size_t n, rig_delays *delays)
{
    rig_delays made = {.most_reaction_s = RIG_REACTION_MOST_WIRE_S * scenario->time_scale,
                       .own = malloc((n + 1) * sizeof *made.own)};
    rig_status status = made.own == NULL ? RIG_ENOMEM : measure_jitter(scenario, &made);
    for (size_t i = 0; i < n && status == RIG_OK; i++) {
        made.own[i] = rig_delays_unseen();
        for (int k = 0; k < RIG_N_DELAY_KINDS; k++)
            if (has_delay((rig_delay_kind)k))
                made.own[i].late_s[k] = 0.0F;
    }
    if (status == RIG_OK)
        *delays = made;
    else
        rig_delays_clear(&made);
    return status;
}
