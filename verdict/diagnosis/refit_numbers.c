/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of circuits and agents over time, in terms that a scenario has: groups of trunks that are
 * out of service for a time, and shifts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/diagnosis/refit_impl.h"

/* Later than any call. */
#define LONG_S 1e6

rig_status rig_refit_add_spans(rig_refit_spans *spans, const rig_finding_span *added, size_t n)
{
    rig_finding_span *more = reallocarray(spans->items, spans->n + n + 1, sizeof *more);
    if (more == NULL)
        return RIG_ENOMEM;
    memcpy(more + spans->n, added, n * sizeof *more);
    spans->items = more;
    spans->n += n;
    return RIG_OK;
}

/* So many from an instant on. */
typedef struct step {
    double at_s;
    uint32_t n;
} step;

static int by_instant(const void *a, const void *b)
{
    const step *x = a, *y = b;
    return (x->at_s > y->at_s) - (x->at_s < y->at_s);
}

/* What is said of the whole time replaces the scenario's number; of several numbers for a time the
 * least holds; and those who are away are missing from it. */
static uint32_t number_at(const rig_refit_spans *spans, uint32_t expected, double t_s)
{
    double n = (double)expected, n_away = 0.0;
    for (size_t i = 0; i < spans->n; i++) {
        const rig_finding_span *s = &spans->items[i];
        const bool is_whole = s->from_s <= 0.0 && isinf(s->to_s);
        if (t_s < s->from_s || t_s >= s->to_s)
            continue;
        if (s->value < 0.0)
            n_away -= s->value;
        else if (is_whole || s->value < n)
            n = s->value;
    }
    return (uint32_t)fmax(0.0, n - n_away);
}

/* @param[out] steps  Of which the first is at 0; the caller frees them. */
static rig_status make_steps(const rig_refit_spans *spans, uint32_t expected, step **steps,
                             size_t *n_steps)
{
    step *made = malloc((2 * spans->n + 1) * sizeof *made);
    size_t n = 0, n_kept = 0;
    if (made == NULL)
        return RIG_ENOMEM;
    made[n++].at_s = 0.0;
    for (size_t i = 0; i < spans->n; i++) {
        made[n++].at_s = fmax(0.0, spans->items[i].from_s);
        if (isfinite(spans->items[i].to_s))
            made[n++].at_s = spans->items[i].to_s;
    }
    qsort(made, n, sizeof *made, by_instant);
    for (size_t i = 0; i < n; i++) {
        const step now = {made[i].at_s, number_at(spans, expected, made[i].at_s)};
        if (n_kept == 0 || now.n != made[n_kept - 1].n)
            made[n_kept++] = now;
    }
    *steps = made;
    *n_steps = n_kept;
    return RIG_OK;
}

rig_status rig_refit_set_agents(rig_refit *r)
{
    const rig_agent_group *given = &r->base->scenario->agents[0];
    step *steps = NULL;
    size_t n = 0;
    rig_status status = make_steps(&r->n_agents, given->n_agents, &steps, &n);
    if (status != RIG_OK)
        return status;
    rig_shift *shifts = reallocarray(r->shifts, n, sizeof *shifts);
    if (shifts == NULL) {
        free(steps);
        return RIG_ENOMEM;
    }
    r->shifts = shifts;
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++) {
        shifts[i] = (rig_shift){.at_s = steps[i].at_s, .n_agents = steps[i].n};
        most = steps[i].n > most ? steps[i].n : most;
    }
    r->agents[0].n_agents = most > 0 ? most : 1;
    r->agents[0].shifts = shifts;
    r->agents[0].n_shifts = n;
    free(steps);
    return RIG_OK;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The different numbers, ascending. @return how many. */
static size_t list_levels(const step *steps, size_t n, uint32_t *levels)
{
    size_t n_levels = 0;
    for (size_t i = 0; i < n; i++)
        levels[i] = steps[i].n;
    qsort(levels, n, sizeof *levels, by_number);
    for (size_t i = 0; i < n; i++) {
        if (n_levels == 0 || levels[i] != levels[n_levels - 1])
            levels[n_levels++] = levels[i];
    }
    return n_levels;
}

/* A group of circuits is out of service while there are fewer than `level`. */
static void add_faults(rig_refit *r, const step *steps, size_t n, uint32_t level, uint32_t group)
{
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && steps[end].n < level)
            end++;
        if (end > i) {
            const double to_s = end < n ? steps[end].at_s : steps[i].at_s + LONG_S;
            r->faults[r->scenario.n_faults++] = (rig_fault){.kind = RIG_FAULT_TRUNK,
                                                            .trunk = group,
                                                            .at_s = steps[i].at_s,
                                                            .for_s = to_s - steps[i].at_s};
        }
        i = end + 1;
    }
}

/* Groups that are hunted one after the other, each as large as from one number to the next. */
static void make_groups(rig_refit *r, const step *steps, size_t n, const uint32_t *levels,
                        size_t n_levels)
{
    for (size_t k = 0; k < n_levels; k++) {
        r->trunks[k] = (rig_trunk_group){.name = r->base->scenario->trunks[0].name,
                                         .n_circuits = levels[k] - (k > 0 ? levels[k - 1] : 0)};
        if (k > 0) {
            r->overflow[k - 1] = (uint32_t)k;
            add_faults(r, steps, n, levels[k], (uint32_t)k);
        }
    }
    r->trunks[0].overflow = r->overflow;
    r->trunks[0].n_overflow = n_levels - 1;
    r->scenario.trunks = r->trunks;
    r->scenario.n_trunks = n_levels;
}

static bool is_of_trunk(const rig_fault *fault)
{
    return fault->kind == RIG_FAULT_TRUNK;
}

/* Those of an earlier call of this: the scenario has none of its own (rig_refit_can). */
static void remove_trunk_faults(rig_refit *r)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < r->scenario.n_faults; i++) {
        if (!is_of_trunk(&r->faults[i]))
            r->faults[n_kept++] = r->faults[i];
    }
    r->scenario.n_faults = n_kept;
}

rig_status rig_refit_set_circuits(rig_refit *r)
{
    step *steps = NULL;
    size_t n = 0;
    rig_status status =
        make_steps(&r->circuits, rig_scenario_n_circuits(r->base->scenario), &steps, &n);
    if (status != RIG_OK)
        return status;
    uint32_t *levels = malloc(n * sizeof *levels);
    const size_t n_levels = levels != NULL ? list_levels(steps, n, levels) : 0;
    remove_trunk_faults(r);
    free(r->trunks);
    free(r->overflow);
    r->trunks = calloc(n_levels + 1, sizeof *r->trunks);
    r->overflow = calloc(n_levels + 1, sizeof *r->overflow);
    rig_fault *faults =
        reallocarray(r->faults, r->scenario.n_faults + n_levels * n + 1, sizeof *faults);
    if (faults != NULL)
        r->scenario.faults = r->faults = faults;
    status = RIG_ENOMEM;
    if (levels != NULL && r->trunks != NULL && r->overflow != NULL && faults != NULL) {
        make_groups(r, steps, n, levels, n_levels);
        status = RIG_OK;
    }
    free(levels);
    free(steps);
    return status;
}

/* The fault of the centre lasts for another time; the others may have been left out since. */
static void put_outage(rig_refit *r, const rig_finding *f)
{
    const rig_fault *said = &r->base->scenario->faults[f->fault - 1];
    for (size_t i = 0; i < r->scenario.n_faults; i++)
        if (r->faults[i].kind == said->kind && r->faults[i].at_s == said->at_s)
            r->faults[i].for_s = isfinite(f->high) ? f->estimate : LONG_S;
}

/* A number of the scenario, or by how much what is announced is wrong. */
void rig_refit_put_number(rig_refit *r, const rig_finding *f)
{
    rig_deflection *deflection = &r->scenario.queue.deflection;
    if (f->kind == RIG_FINDING_RESPONSE_DELAY)
        rig_refit_slow_down(r, f->estimate);
    else if (f->kind == RIG_FINDING_PORTS)
        r->scenario.ivr.n_ports = (uint32_t)f->estimate;
    else if (f->kind == RIG_FINDING_QUEUE_LIMIT)
        r->scenario.queue.capacity = (uint32_t)rint(f->estimate);
    else if (f->kind == RIG_FINDING_DEFLECTION)
        deflection->queue_from = isfinite(f->estimate) ? (uint32_t)f->estimate : UINT32_MAX;
    else if (f->kind == RIG_FINDING_EMERGENCY)
        r->scenario.emergency = (rig_emergency){.talk_factor = 1.0};
    else if (f->kind == RIG_FINDING_ANNOUNCEMENT)
        r->rules.announced_factor = f->estimate;
    else if (f->kind == RIG_FINDING_CALL_BACKS_EARLY)
        r->scenario.call_back.start_s = f->estimate;
    else if (f->kind == RIG_FINDING_OUTAGE)
        put_outage(r, f);
    else
        deflection->p_accept += (1.0 - deflection->p_accept) * f->estimate;
}
