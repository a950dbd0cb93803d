/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge/reactions.h"

#include <gsl/gsl_sort.h>
#include <stdlib.h>

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

static void add(rig_delays *delays, rig_delay_kind kind, double late_wire_s, double time_scale)
{
    rig_delay_sample *sample = &delays->kind[kind];
    if (is_reaction(late_wire_s))
        sample->delay_s[sample->n++] = late_wire_s * time_scale;
}

/* Instants on the wire, s since the first call. */
typedef struct instants {
    double *t_s;
    size_t n;
} instants;

static void note(instants *list, int64_t base_ns, int64_t t_ns, double later_s)
{
    if (t_ns != RIG_NO_TIME)
        list->t_s[list->n++] = rig_clock_s_of_ns(t_ns - base_ns) + later_s;
}

/* What became free, and who was let in after a wait: each took the first that was free. */
static void match(const instants *freed, const instants *let_in, rig_delay_kind kind,
                  double time_scale, rig_delays *delays)
{
    size_t at = 0;
    gsl_sort(freed->t_s, 1, freed->n);
    gsl_sort(let_in->t_s, 1, let_in->n);
    for (size_t i = 0; i < let_in->n; i++) {
        while (at < freed->n && freed->t_s[at] < let_in->t_s[i] - RIG_REACTION_MOST_WIRE_S)
            at++; /* nobody waited for it */
        if (at < freed->n && freed->t_s[at] <= let_in->t_s[i])
            add(delays, kind, let_in->t_s[i] - freed->t_s[at++], time_scale);
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
        add(delays, RIG_DELAY_CENTRE_ANSWERS, answer_s, scenario->time_scale);
        note(freed, base_ns, port_end_ns(call, ivr->hold_while_queued), 0.0);
        if (!is_reaction(answer_s))
            note(let_in, base_ns, port_ns, 0.0);
        if (ivr->menu.kind == RIG_DIST_CONSTANT)
            add(delays, RIG_DELAY_CENTRE_MENU,
                wire_s(port_ns, call->t_queue_ns) - ivr->menu.mean_s / scenario->time_scale,
                scenario->time_scale);
    }
    match(freed, let_in, RIG_DELAY_CENTRE_NEXT_CALLER, scenario->time_scale, delays);
}

static void measure_agents(const rig_join *join, const rig_scenario *scenario, int64_t base_ns,
                           instants *freed, instants *let_in, rig_delays *delays)
{
    const rig_dist *wrap_up = &scenario->agents[0].wrap_up;
    freed->n = let_in->n = 0;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        /* of a call that was rung again only the last ringing is known */
        if (call == NULL || call->t_agent_ring_ns == RIG_NO_TIME || call->n_legs > 2)
            continue;
        double ring_s = wire_s(call->t_queue_ns, call->t_agent_ring_ns);
        add(delays, RIG_DELAY_CENTRE_RINGS, ring_s, scenario->time_scale);
        if (!is_reaction(ring_s))
            note(let_in, base_ns, call->t_agent_ring_ns, 0.0);
        if (call->t_agent_answer_ns != RIG_NO_TIME)
            note(freed, base_ns, call->t_end_ns, wrap_up->mean_s / scenario->time_scale);
    }
    if (wrap_up->kind == RIG_DIST_CONSTANT)
        match(freed, let_in, RIG_DELAY_CENTRE_WRAP_UP, scenario->time_scale, delays);
}

rig_status rig_reactions_measure(const rig_join *join, const rig_scenario *scenario,
                                 rig_delays *delays)
{
    rig_status status = RIG_ENOMEM;
    int64_t base_ns = RIG_NO_TIME;
    instants freed = {.t_s = malloc((join->n_planned + 1) * sizeof(double))};
    instants let_in = {.t_s = malloc((join->n_planned + 1) * sizeof(double))};
    if (freed.t_s == NULL || let_in.t_s == NULL)
        goto out;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call != NULL && (base_ns == RIG_NO_TIME || call->t_invite_ns < base_ns))
            base_ns = call->t_invite_ns;
    }
    measure_ports(join, scenario, base_ns, &freed, &let_in, delays);
    measure_agents(join, scenario, base_ns, &freed, &let_in, delays);
    status = RIG_OK;
out:
    free(freed.t_s);
    free(let_in.t_s);
    return status;
}
