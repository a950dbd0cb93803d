/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/diagnosis/refit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scope.h"
#include "verdict/diagnosis/refit_impl.h"

#define NEVER_S 1e6 /* a ring time-out that never comes */

/* The circuits over time are simulated as groups of a hunting list. */
static bool can_set_circuits(const rig_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_trunks; i++) {
        if (scenario->trunks[i].p_share > 0.0)
            return false;
    }
    for (size_t i = 0; i < scenario->n_faults; i++) {
        if (scenario->faults[i].kind == RIG_FAULT_TRUNK)
            return false;
    }
    return true;
}

static bool can_set_rules(const rig_scenario *scenario)
{
    const rig_queue *queue = &scenario->queue;
    return scenario->n_agents == 1 && scenario->n_reserves == 0 &&
           !(queue->deflection.p_accept > 0.0) && !(queue->keep_place.p_accept > 0.0);
}

static bool can_set_agents(const rig_scenario *scenario)
{
    return scenario->n_agents == 1 && !rig_scenario_staff_changes(scenario);
}

static bool is_of_carrier(const rig_finding *f)
{
    return f->trunk > 0;
}

bool rig_refit_can(const rig_scenario *scenario, const rig_finding *f)
{
    switch (f->kind) {
    case RIG_FINDING_CIRCUITS:
    case RIG_FINDING_CIRCUITS_WINDOW:
    case RIG_FINDING_CIRCUITS_LEAK:
        return is_of_carrier(f) || can_set_circuits(scenario);
    case RIG_FINDING_AGENTS:
    case RIG_FINDING_AGENTS_WINDOW:
    case RIG_FINDING_AGENTS_LEAK:
    case RIG_FINDING_AGENTS_STUCK:
        return can_set_agents(scenario);
    case RIG_FINDING_QUEUE_LIMIT:
        return f->estimate >= 1.0; /* a capacity of 0 is none */
    case RIG_FINDING_QUEUE_RINGING:
    case RIG_FINDING_RINGING_CUT:
    case RIG_FINDING_ONE_AT_A_TIME:
    case RIG_FINDING_RING_ALL:
    case RIG_FINDING_PUSHED_OUT:
        return can_set_rules(scenario);
    case RIG_FINDING_QUEUE_POLL:
        return f->n_spans > 0 || can_set_rules(scenario);
    case RIG_FINDING_SILENCE:
    case RIG_FINDING_UNANSWERED:
    case RIG_FINDING_REFUSED:
    case RIG_FINDING_RESPONSE_DELAY:
    case RIG_FINDING_PORTS:
    case RIG_FINDING_IVR_DELAY:
    case RIG_FINDING_MENU:
    case RIG_FINDING_QUEUE_TIMEOUT:
    case RIG_FINDING_QUEUE_CUT:
    case RIG_FINDING_RING_TIMEOUT:
    case RIG_FINDING_WRAP_UP:
    case RIG_FINDING_DROPPED:
    case RIG_FINDING_NO_OVERFLOW:
    case RIG_FINDING_MISROUTED:
    case RIG_FINDING_PRIORITY:
    case RIG_FINDING_WRONG_SKILL:
    case RIG_FINDING_NO_QUEUE_OVERFLOW:
    case RIG_FINDING_DEFLECTION_SHARE:
    case RIG_FINDING_ANNOUNCEMENT:
    case RIG_FINDING_ON_DUTY:
    case RIG_FINDING_NO_RESERVES:
    case RIG_FINDING_CALL_BACKS_FORGOTTEN:
    case RIG_FINDING_CALL_BACKS_DOUBLED:
    case RIG_FINDING_CALL_BACKS_EARLY:
    case RIG_FINDING_CALL_BACKS_FIRST:
    case RIG_FINDING_OUTAGE:
        return true;
    case RIG_FINDING_EMERGENCY: /* nobody is told: of a few is not simulated */
        return f->estimate > 0.9;
    case RIG_FINDING_DEFLECTION:
        return !(f->from_s > 0.0); /* of a part of the run is not simulated */
    case RIG_FINDING_PORTS_WINDOW:
    case RIG_FINDING_QUEUE_ORDER:
    case RIG_N_FINDING_KINDS:
        break;
    }
    return false;
}

void rig_refit_free(rig_refit *r)
{
    if (r == NULL)
        return;
    free(r->trunks);
    free(r->overflow);
    free(r->faults);
    free(r->agents);
    free(r->classes);
    free(r->levels);
    free(r->queue_overflow);
    free(r->shifts);
    for (size_t g = 0; g < r->scenario.n_agents && r->duty != NULL; g++)
        free(r->duty[g]);
    free(r->duty);
    free(r->reserves);
    free(r->schedule.calls);
    free(r->arrival_s);
    for (int k = 0; k < RIG_N_DELAY_KINDS; k++)
        free(r->own_delay_s[k]);
    free(r->own);
    free(r->circuits.items);
    free(r->n_agents.items);
    free(r);
}

void *rig_refit_copy(const void *items, size_t n, size_t size)
{
    void *copy = malloc((n + 1) * size);
    if (copy != NULL && n > 0)
        memcpy(copy, items, n * size);
    return copy;
}

rig_status rig_refit_new(const rig_refit_base *base, rig_refit **refit)
{
    const rig_schedule *schedule = base->how->schedule;
    rig_refit *r = calloc(1, sizeof *r);
    if (r == NULL)
        return RIG_ENOMEM;
    r->base = base;
    r->scenario = *base->scenario;
    r->schedule = *schedule;
    r->schedule.calls = rig_refit_copy(schedule->calls, schedule->n, sizeof *schedule->calls);
    r->arrival_s = rig_refit_copy(base->how->arrival_s, schedule->n, sizeof *r->arrival_s);
    r->faults = rig_refit_copy(r->scenario.faults, r->scenario.n_faults, sizeof *r->faults);
    r->agents = rig_refit_copy(r->scenario.agents, r->scenario.n_agents, sizeof *r->agents);
    if (base->how->delays != NULL)
        r->delays = *base->how->delays;
    if (r->schedule.calls == NULL || r->arrival_s == NULL || r->faults == NULL ||
        r->agents == NULL) {
        rig_refit_free(r);
        return RIG_ENOMEM;
    }
    r->scenario.faults = r->faults;
    r->scenario.agents = r->agents;
    *refit = r;
    return RIG_OK;
}

/* Calls have no delays of their own of a kind that a finding says otherwise. */
static rig_status forget_own(rig_refit *r, rig_delay_kind kind)
{
    if (r->delays.own == NULL)
        return RIG_OK;
    if (r->own == NULL)
        r->own = rig_refit_copy(r->delays.own, r->schedule.n, sizeof *r->own);
    if (r->own == NULL)
        return RIG_ENOMEM;
    r->delays.own = r->own;
    for (size_t i = 0; i < r->schedule.n; i++)
        r->own[i].late_s[kind] = NAN;
    return RIG_OK;
}

/* Delays of one kind, other than measured. */
static rig_status set_delays(rig_refit *r, rig_delay_kind kind, const double *delay_s, size_t n)
{
    double *copy = rig_refit_copy(delay_s, n, sizeof *copy);
    if (copy == NULL)
        return RIG_ENOMEM;
    free(r->own_delay_s[kind]);
    r->own_delay_s[kind] = copy;
    r->delays.kind[kind] = (rig_delay_sample){copy, n};
    return forget_own(r, kind);
}

static rig_status put_ivr_delay(rig_refit *r, double delay_s)
{
    rig_status status = set_delays(r, RIG_DELAY_CENTRE_ANSWERS, &delay_s, 1);
    return status == RIG_OK ? set_delays(r, RIG_DELAY_CENTRE_NEXT_CALLER, &delay_s, 1) : status;
}

/* A menu that scatters is longer by the same time for all. */
static rig_status put_menu(rig_refit *r, double menu_s)
{
    rig_dist *menu = &r->scenario.ivr.menu;
    const double longer_s = menu_s - menu->mean_s;
    if (menu->kind != RIG_DIST_CONSTANT)
        return set_delays(r, RIG_DELAY_CENTRE_MENU, &longer_s, 1);
    menu->mean_s = menu_s;
    return forget_own(r, RIG_DELAY_CENTRE_MENU);
}

/* The queue is looked at so often; or for so long each free agent was left idle beside one who
 * waited. */
static rig_status put_poll(rig_refit *r, const rig_finding *f)
{
    if (f->n_spans == 0) {
        r->rules.look_every_s = f->estimate;
        return RIG_OK;
    }
    double *idle_s = malloc((f->n_spans + 1) * sizeof *idle_s);
    if (idle_s == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < f->n_spans; i++)
        idle_s[i] = f->spans[i].value;
    rig_status status = set_delays(r, RIG_DELAY_CENTRE_WRAP_UP, idle_s, f->n_spans);
    free(idle_s);
    return status;
}

static rig_status put_spans(rig_refit_spans *spans, const rig_finding *f)
{
    const bool is_whole = f->kind == RIG_FINDING_CIRCUITS || f->kind == RIG_FINDING_AGENTS;
    const rig_finding_span one = {is_whole ? 0.0 : f->from_s, is_whole ? INFINITY : f->to_s,
                                  rint(f->estimate)};
    return f->n_spans > 0 ? rig_refit_add_spans(spans, f->spans, f->n_spans)
                          : rig_refit_add_spans(spans, &one, 1);
}

static rig_status put_queue_cuts(rig_refit *r, const rig_finding *f)
{
    if (f->n_touched == 0)
        r->scenario.queue.timeout_s = 0.0; /* nobody is ever hung up on */
    return f->n_touched > 0 ? rig_refit_cut_waiting(r, f) : RIG_OK;
}

/* What is otherwise about one carrier. */
static rig_status put_carrier(rig_refit *r, const rig_finding *f)
{
    const uint32_t trunk = f->trunk - 1;
    if (r->trunks == NULL)
        r->trunks =
            rig_refit_copy(r->scenario.trunks, r->scenario.n_trunks, sizeof *r->scenario.trunks);
    if (r->trunks == NULL)
        return RIG_ENOMEM;
    r->scenario.trunks = r->trunks;
    if (f->kind == RIG_FINDING_CIRCUITS)
        r->trunks[trunk].n_circuits = (uint32_t)f->estimate;
    else if (f->kind == RIG_FINDING_NO_OVERFLOW)
        r->trunks[trunk].n_overflow = 0;
    for (size_t i = 0; f->kind == RIG_FINDING_MISROUTED && i < r->schedule.n; i++) {
        if (r->base->how->schedule->calls[i].trunk == trunk)
            r->schedule.calls[i].trunk = (uint16_t)(f->other_trunk - 1);
    }
    return RIG_OK;
}

static rig_status put_servers(rig_refit *r, const rig_finding *f)
{
    if (f->kind == RIG_FINDING_ON_DUTY || f->kind == RIG_FINDING_NO_RESERVES)
        return rig_refit_set_duty(r, f);
    if (is_of_carrier(f)) /* those of overflow and routing are */
        return put_carrier(r, f);
    const bool are_circuits = f->stage == RIG_STAGE_TRUNK;
    rig_status status = put_spans(are_circuits ? &r->circuits : &r->n_agents, f);
    if (status != RIG_OK)
        return status;
    return are_circuits ? rig_refit_set_circuits(r) : rig_refit_set_agents(r);
}

static rig_status put_rule(rig_refit *r, const rig_finding *f)
{
    const rig_finding_kind kind = f->kind;
    r->rules.ringing_takes_places |= kind == RIG_FINDING_QUEUE_RINGING;
    r->rules.timeout_cuts_ringing |= kind == RIG_FINDING_RINGING_CUT;
    r->rules.one_at_a_time |= kind == RIG_FINDING_ONE_AT_A_TIME;
    r->rules.ring_all |= kind == RIG_FINDING_RING_ALL;
    r->rules.pushes_out |= kind == RIG_FINDING_PUSHED_OUT;
    r->rules.call_backs_first |= kind == RIG_FINDING_CALL_BACKS_FIRST;
    if (kind == RIG_FINDING_CALL_BACKS_FORGOTTEN)
        r->rules.p_forgotten = f->estimate;
    if (kind == RIG_FINDING_CALL_BACKS_DOUBLED)
        r->rules.p_called_again = f->estimate;
    return kind == RIG_FINDING_QUEUE_POLL ? put_poll(r, f) : RIG_OK;
}

static rig_status put_wrap_up(rig_refit *r, double wrap_up_s)
{
    r->agents[0].wrap_up = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = wrap_up_s};
    return forget_own(r, RIG_DELAY_CENTRE_WRAP_UP);
}

static rig_status put_ring_timeout(rig_refit *r, double timeout_s)
{
    for (size_t g = 0; g < r->scenario.n_agents; g++)
        r->agents[g].ring_timeout_s = timeout_s;
    return RIG_OK;
}

/* How long a step takes. */
static rig_status put_time(rig_refit *r, const rig_finding *f)
{
    if (f->kind == RIG_FINDING_RING_TIMEOUT)
        return put_ring_timeout(r, isfinite(f->high) ? f->estimate : NEVER_S);
    if (f->kind == RIG_FINDING_WRAP_UP)
        return put_wrap_up(r, f->estimate);
    return (f->kind == RIG_FINDING_MENU ? put_menu : put_ivr_delay)(r, f->estimate);
}

static rig_status put_lost(rig_refit *r, const rig_finding *f)
{
    if (f->kind == RIG_FINDING_SILENCE)
        return rig_refit_silence(r, f);
    rig_refit_lose_touched(r, f);
    return RIG_OK;
}

/* Who is served first, and by whom. */
static rig_status put_who(rig_refit *r, const rig_finding *f)
{
    return f->kind == RIG_FINDING_PRIORITY ? rig_refit_set_priority(r, f)
                                           : rig_refit_set_skill(r, f);
}

rig_status rig_refit_put(rig_refit *r, const rig_finding *f)
{
    switch (f->kind) {
    case RIG_FINDING_CIRCUITS:
    case RIG_FINDING_CIRCUITS_WINDOW:
    case RIG_FINDING_CIRCUITS_LEAK:
    case RIG_FINDING_AGENTS:
    case RIG_FINDING_AGENTS_WINDOW:
    case RIG_FINDING_AGENTS_LEAK:
    case RIG_FINDING_AGENTS_STUCK:
    case RIG_FINDING_NO_OVERFLOW:
    case RIG_FINDING_MISROUTED:
    case RIG_FINDING_NO_RESERVES:
    case RIG_FINDING_ON_DUTY:
        return put_servers(r, f);
    case RIG_FINDING_SILENCE:
    case RIG_FINDING_UNANSWERED:
    case RIG_FINDING_REFUSED:
        return put_lost(r, f);
    case RIG_FINDING_IVR_DELAY:
    case RIG_FINDING_MENU:
    case RIG_FINDING_RING_TIMEOUT:
    case RIG_FINDING_WRAP_UP:
        return put_time(r, f);
    case RIG_FINDING_RESPONSE_DELAY:
    case RIG_FINDING_PORTS:
    case RIG_FINDING_QUEUE_LIMIT:
    case RIG_FINDING_DEFLECTION:
    case RIG_FINDING_DEFLECTION_SHARE:
    case RIG_FINDING_ANNOUNCEMENT:
    case RIG_FINDING_EMERGENCY:
    case RIG_FINDING_CALL_BACKS_EARLY:
    case RIG_FINDING_OUTAGE:
        rig_refit_put_number(r, f);
        break;
    case RIG_FINDING_QUEUE_RINGING:
    case RIG_FINDING_RINGING_CUT:
    case RIG_FINDING_ONE_AT_A_TIME:
    case RIG_FINDING_RING_ALL:
    case RIG_FINDING_PUSHED_OUT:
    case RIG_FINDING_QUEUE_POLL:
    case RIG_FINDING_CALL_BACKS_FORGOTTEN:
    case RIG_FINDING_CALL_BACKS_DOUBLED:
    case RIG_FINDING_CALL_BACKS_FIRST:
        return put_rule(r, f);
    case RIG_FINDING_QUEUE_TIMEOUT:
    case RIG_FINDING_QUEUE_CUT:
        return put_queue_cuts(r, f);
    case RIG_FINDING_DROPPED:
        return rig_refit_cut_talks(r, f);
    case RIG_FINDING_PRIORITY:
    case RIG_FINDING_WRONG_SKILL:
    case RIG_FINDING_NO_QUEUE_OVERFLOW:
        return put_who(r, f);
    case RIG_FINDING_PORTS_WINDOW:
    case RIG_FINDING_QUEUE_ORDER:
    case RIG_N_FINDING_KINDS:
        break;
    }
    return RIG_OK;
}

/* The calls that were not simulated, too. */
static void add_lost(const rig_refit *r, double *means)
{
    const double n_lost = (double)r->n_lost_trunk, n_simulated = means[RIG_METRIC_N_OFFERED];
    const double n_offered = n_simulated + n_lost + (double)r->n_unseen;
    if (!(n_offered > 0.0))
        return;
    means[RIG_METRIC_N_LOST + RIG_STAGE_TRUNK] += n_lost;
    means[RIG_METRIC_N_OFFERED] = n_offered;
    for (int s = 0; s < RIG_N_STAGES; s++)
        means[RIG_METRIC_P_LOST_PER_OFFERED + s] = means[RIG_METRIC_N_LOST + s] / n_offered;
    means[RIG_METRIC_CONNECT_RATE] *= n_simulated / n_offered;
}

static void add_dropped(const rig_refit *r, double *means)
{
    if (!(r->p_dropped > 0.0))
        return;
    means[RIG_METRIC_DROP_RATE] = r->p_dropped;
    means[RIG_METRIC_N_DROPPED] += r->p_dropped * means[RIG_METRIC_N_SERVED];
    means[RIG_METRIC_N_SERVED] *= 1.0 - r->p_dropped;
    means[RIG_METRIC_CONNECT_RATE] *= 1.0 - r->p_dropped;
}

static double mean_of(const double *sample)
{
    double sum = 0.0;
    for (size_t i = 0; i < RIG_REFIT_REPLAYS; i++)
        sum += sample[i];
    return sum / RIG_REFIT_REPLAYS;
}

/* Circuits over time are simulated by groups that the scenario has not: there no part is known. */
static void take_means(const rig_prediction *prediction, uint32_t n_parts, double *means)
{
    for (uint32_t part = 0; part <= n_parts; part++) {
        const bool is_known = part == RIG_METRIC_WHOLE || prediction->n_parts == n_parts;
        for (int m = 0; m < RIG_N_METRICS; m++) {
            const rig_metric_ref ref = {(rig_metric)m, part};
            means[part * (size_t)RIG_N_METRICS + (size_t)m] =
                is_known ? mean_of(rig_prediction_samples_of(prediction, ref)) : (double)NAN;
        }
    }
}

rig_status rig_refit_replay(rig_refit *r, double *means, rig_error *err)
{
    rig_predict_options how = *r->base->how;
    rig_prediction *prediction = NULL;
    how.n_replications = RIG_REFIT_REPLAYS;
    how.schedule = &r->schedule;
    how.arrival_s = r->arrival_s;
    how.delays = &r->delays;
    how.rules = &r->rules;
    how.progress = NULL;
    how.without_fates = true;
    rig_status status = rig_predict(&r->scenario, &how, &prediction, err);
    if (status != RIG_OK)
        return status;
    take_means(prediction, rig_scope_n_parts(r->base->scenario), means);
    rig_prediction_free(prediction);
    add_lost(r, means);
    add_dropped(r, means);
    return RIG_OK;
}
