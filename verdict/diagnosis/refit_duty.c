/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fewer agents on duty, in terms that a scenario has: other shifts of a group for a time, reserves
 * whom nobody calls. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/diagnosis/refit_impl.h"

static bool is_of_group(const rig_fault *fault, uint32_t group)
{
    return fault->kind == RIG_FAULT_AGENTS && fault->has_group && fault->group == group;
}

static const rig_finding_span *span_at(const rig_finding *f, double t_s)
{
    for (size_t i = 0; i < f->n_spans; i++)
        if (f->spans[i].from_s <= t_s && t_s < f->spans[i].to_s)
            return &f->spans[i];
    return NULL;
}

/* Whether no more were there than a fault leaves: so nobody went. */
static bool hits_nobody(const rig_scenario *scenario, const rig_finding *f, const rig_fault *fault)
{
    const rig_finding_span *before = span_at(f, nextafter(fault->at_s, 0.0));
    return before != NULL &&
           before->value <= (double)rig_scenario_staff_wanted(scenario, f->group - 1, fault->at_s);
}

static void remove_faults(rig_refit *r, const rig_finding *f)
{
    size_t n = 0;
    for (size_t i = 0; i < r->scenario.n_faults; i++)
        if (!is_of_group(&r->faults[i], f->group - 1) ||
            !hits_nobody(r->base->scenario, f, &r->faults[i]))
            r->faults[n++] = r->faults[i];
    r->scenario.n_faults = n;
}

/* By the shifts of the scenario, without those whom a fault that is left out keeps away; but in a
 * span as many as were seen. */
static uint32_t number_at(const rig_refit *r, const rig_finding *f, double t_s)
{
    const rig_finding_span *span = span_at(f, t_s);
    const uint32_t group = f->group - 1;
    rig_scenario said = *r->base->scenario;
    if (span != NULL)
        return (uint32_t)fmax(0.0, rint(span->value));
    for (size_t i = 0; i < said.n_faults; i++) {
        const rig_fault *fault = &said.faults[i];
        if (is_of_group(fault, group) && hits_nobody(r->base->scenario, f, fault) &&
            fault->at_s <= t_s && t_s < fault->at_s + fault->for_s)
            return rig_scenario_staff_wanted(r->base->scenario, group, t_s);
    }
    said.n_faults = 0;
    return rig_scenario_staff_wanted(&said, group, t_s);
}

/* The next instant at which that number may change. */
static double next_s(const rig_refit *r, const rig_finding *f, double after_s)
{
    double next = rig_scenario_staff_next_s(r->base->scenario, f->group - 1, after_s);
    for (size_t i = 0; i < f->n_spans; i++) {
        if (f->spans[i].from_s > after_s)
            next = fmin(next, f->spans[i].from_s);
        if (f->spans[i].to_s > after_s)
            next = fmin(next, f->spans[i].to_s);
    }
    return next;
}

/* Never called: there is no reason to. */
static rig_status forget_reserves(rig_refit *r, uint32_t tier)
{
    const size_t n = r->scenario.n_reserves;
    if (r->reserves == NULL) {
        r->reserves = calloc(n, sizeof *r->reserves);
        if (r->reserves == NULL)
            return RIG_ENOMEM;
        memcpy(r->reserves, r->scenario.reserves, n * sizeof *r->reserves);
    }
    r->scenario.reserves = r->reserves;
    r->reserves[tier].ignores_queue = true;
    r->reserves[tier].connect_rate_below = 0.0;
    r->reserves[tier].agents_below = 0;
    return RIG_OK;
}

rig_status rig_refit_set_duty(rig_refit *r, const rig_finding *f)
{
    if (f->kind == RIG_FINDING_NO_RESERVES)
        return forget_reserves(r, f->reserve - 1);
    rig_agent_group *group = &r->agents[f->group - 1];
    size_t n_most = 1, n = 0;
    if (r->duty == NULL)
        r->duty = calloc(r->scenario.n_agents, sizeof *r->duty);
    for (double t_s = 0.0; isfinite(t_s); t_s = next_s(r, f, t_s))
        n_most++;
    rig_shift *shifts = calloc(n_most, sizeof *shifts);
    if (r->duty == NULL || shifts == NULL) {
        free(shifts);
        return RIG_ENOMEM;
    }
    group->n_agents = 1;
    for (double t_s = 0.0; isfinite(t_s); t_s = next_s(r, f, t_s)) {
        const rig_shift shift = {.at_s = t_s, .n_agents = number_at(r, f, t_s)};
        if (n == 0 || shifts[n - 1].n_agents != shift.n_agents)
            shifts[n++] = shift;
        if (shift.n_agents > group->n_agents)
            group->n_agents = shift.n_agents;
    }
    free(r->duty[f->group - 1]);
    r->duty[f->group - 1] = shifts;
    group->shifts = shifts;
    group->n_shifts = n;
    remove_faults(r, f);
    return RIG_OK;
}
