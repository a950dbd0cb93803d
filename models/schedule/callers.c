/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/schedule/callers.h"

#include "core/microseconds.h"
#include "scenarios/backup.h"
#include "scenarios/own_durations.h"

/* Draws of one cause in one attempt: `sub` counts on from here for the next attempt. */
#define SELF_SERVICE_STRIDE 2u
#define REDIAL_STRIDE       2u
#define DIALS_AN_ATTEMPT    256u
#define DRAWS_A_DIAL        4u

/* What is drawn together, by its place: the numbers; or what they mean, where that is known then
 * and looked up in no time. */
enum {
    DRAWN_SELF_SERVICE = 0,
    DRAWN_SELF_SERVICE_TIME,
    DRAWN_PATIENCE_ANSWER,
    DRAWN_PATIENCE_QUEUE,
    DRAWN_PATIENCE_RINGING,
    DRAWN_TALK,
    DRAWN_RING, /* the first */
    DRAWN_WRAP_UP
};

/* The distribution by which a place holds a duration; NULL: it holds the number. Whose talk or
 * patience it is is not known yet where callers differ in it. */
static const rig_dist *meaning_of(const rig_scenario *scenario, int place)
{
    const rig_dist *dist = NULL;
    switch (place) {
    case DRAWN_SELF_SERVICE_TIME:
        dist = &scenario->ivr.self_service;
        break;
    case DRAWN_PATIENCE_ANSWER:
        dist = &scenario->callers.patience_answer;
        break;
    case DRAWN_PATIENCE_QUEUE:
        if (!rig_scenario_has_own_patience(scenario))
            dist = &scenario->callers.patience_queue;
        break;
    case DRAWN_PATIENCE_RINGING:
        dist = &scenario->callers.patience_ringing;
        break;
    case DRAWN_TALK:
        if (!rig_scenario_has_own_talks(scenario))
            dist = &scenario->callers.talk;
        break;
    case DRAWN_RING: /* whose phone it is is not known yet */
        dist = scenario->n_agents == 1 ? &scenario->agents[0].ring : NULL;
        break;
    default: /* a share; a wrap-up is not rounded */
        break;
    }
    return dist != NULL && rig_dist_is_quick(dist) ? dist : NULL;
}

static uint32_t purpose_of(int place, uint32_t attempt)
{
    switch (place) {
    case DRAWN_SELF_SERVICE:
        return rig_random_purpose(RIG_CAUSE_SELF_SERVICE, 0);
    case DRAWN_SELF_SERVICE_TIME:
        return rig_random_purpose(RIG_CAUSE_SELF_SERVICE, attempt * SELF_SERVICE_STRIDE + 1);
    case DRAWN_PATIENCE_ANSWER:
        return rig_random_purpose(RIG_CAUSE_PATIENCE_ANSWER, attempt);
    case DRAWN_PATIENCE_QUEUE:
        return rig_random_purpose(RIG_CAUSE_PATIENCE_QUEUE, attempt);
    case DRAWN_PATIENCE_RINGING:
        return rig_random_purpose(RIG_CAUSE_PATIENCE_RINGING, attempt);
    case DRAWN_TALK:
        return rig_random_purpose(RIG_CAUSE_TALK, attempt);
    case DRAWN_RING:
        return rig_random_purpose(RIG_CAUSE_RING, attempt * RIG_N_RING_ATTEMPTS);
    default:
        return rig_random_purpose(RIG_CAUSE_WRAP_UP, attempt);
    }
}

/* Whether anybody asks for the number of a place. */
static bool is_asked_for(const rig_scenario *scenario, int place)
{
    const rig_dist *dist = meaning_of(scenario, place);
    if (place == DRAWN_SELF_SERVICE || place == DRAWN_SELF_SERVICE_TIME)
        return scenario->ivr.p_self_service > 0.0;
    if (place == DRAWN_WRAP_UP && scenario->n_agents == 1)
        return scenario->agents[0].wrap_up.kind != RIG_DIST_CONSTANT;
    return dist == NULL || dist->kind != RIG_DIST_CONSTANT;
}

void rig_callers_draw(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                      double drawn[RIG_RANDOM_BLOCK])
{
    uint32_t purpose[RIG_RANDOM_BLOCK];
    for (int place = 0; place < (int)RIG_RANDOM_BLOCK; place++)
        purpose[place] = purpose_of(place, attempt);
    rig_random_uniforms(from->scenario->seed, caller, from->replication, purpose, drawn);
    for (int place = 0; place < (int)RIG_RANDOM_BLOCK; place++) {
        const rig_dist *dist = meaning_of(from->scenario, place);
        if (dist != NULL)
            drawn[place] = rig_dist_rounded_quantile_s(dist, drawn[place]);
    }
}

void rig_callers_draw_block(const rig_callers_source *from, uint32_t first,
                            double drawn[RIG_RANDOM_BLOCK][RIG_RANDOM_BLOCK])
{
    const rig_scenario *scenario = from->scenario;
    for (int place = 0; place < (int)RIG_RANDOM_BLOCK; place++) {
        const rig_dist *dist = meaning_of(scenario, place);
        const bool is_random = is_asked_for(scenario, place);
        double of[RIG_RANDOM_BLOCK] = {0.0};
        if (is_random)
            rig_random_uniforms_from(scenario->seed, purpose_of(place, 0), first, from->replication,
                                     of);
        if (dist != NULL && (is_random || dist->kind == RIG_DIST_CONSTANT))
            rig_dist_rounded_quantiles_s(dist, RIG_RANDOM_BLOCK, of);
        for (uint32_t k = 0; k < RIG_RANDOM_BLOCK; k++)
            drawn[k][place] = of[k];
    }
}

uint32_t rig_callers_n_drawn(const rig_scenario *scenario)
{
    uint32_t n = 0;
    for (int place = 0; place < (int)RIG_RANDOM_BLOCK; place++)
        n += place != DRAWN_SELF_SERVICE_TIME && is_asked_for(scenario, place);
    return n;
}

double rig_callers_uniform(const rig_callers_source *from, rig_cause cause, uint32_t caller,
                           uint32_t sub)
{
    return rig_random_uniform(from->scenario->seed, cause, caller, from->replication, sub);
}

/* @param drawn  What was drawn already; NULL = nothing. */
static double draw_s(const rig_callers_source *from, const rig_dist *dist, rig_cause cause,
                     uint32_t caller, uint32_t sub, const double *drawn)
{
    if (drawn != NULL && rig_dist_is_quick(dist))
        return *drawn;
    if (dist->kind == RIG_DIST_CONSTANT)
        return rig_round_to_us(dist->mean_s);
    return rig_dist_rounded_quantile_s(
        dist, drawn != NULL ? *drawn : rig_callers_uniform(from, cause, caller, sub));
}

/* The same where callers differ: what was drawn is the number. */
static double draw_own_s(const rig_callers_source *from, const rig_dist *dist, rig_cause cause,
                         uint32_t caller, uint32_t sub, const double *drawn)
{
    if (drawn == NULL || dist->kind == RIG_DIST_CONSTANT)
        return draw_s(from, dist, cause, caller, sub, NULL);
    return rig_dist_rounded_quantile_s(dist, *drawn);
}

static const double *at(const double *drawn, int place)
{
    return drawn != NULL ? drawn + place : NULL;
}

rig_callers_source rig_callers_of(const rig_schedule *schedule, const rig_scenario *scenario)
{
    return (rig_callers_source){.scenario = scenario,
                                .planned = schedule->calls,
                                .has_redials = schedule->n_redials > 0,
                                .replication = schedule->replication,
                                .planned_replication = schedule->replication};
}

uint32_t rig_callers_row(const rig_callers_source *from, uint32_t caller, uint32_t attempt)
{
    if (attempt == 0)
        return caller;
    if (from->planned == NULL || !from->has_redials || from->planned[caller].next == 0)
        return RIG_NO_ROW;
    return from->planned[caller].next + attempt - 1;
}

/* The schedule's row of an attempt; NULL when it has none. */
static const rig_planned_call *row_of(const rig_callers_source *from, uint32_t caller,
                                      uint32_t attempt)
{
    const uint32_t row =
        from->planned != NULL ? rig_callers_row(from, caller, attempt) : RIG_NO_ROW;
    return row != RIG_NO_ROW ? &from->planned[row] : NULL;
}

double rig_callers_patience_answer_s(const rig_callers_source *from, uint32_t caller,
                                     uint32_t attempt, const double *drawn)
{
    const rig_planned_call *row = row_of(from, caller, attempt);
    if (row != NULL)
        return row->patience_answer_s;
    return draw_s(from, &from->scenario->callers.patience_answer, RIG_CAUSE_PATIENCE_ANSWER, caller,
                  attempt, at(drawn, DRAWN_PATIENCE_ANSWER));
}

double rig_callers_patience_queue_s(const rig_callers_source *from, uint32_t caller,
                                    uint32_t attempt, const double *drawn)
{
    const rig_planned_call *row = row_of(from, caller, attempt);
    if (row != NULL)
        return row->patience_queue_s;
    if (rig_scenario_has_own_patience(from->scenario))
        return draw_own_s(
            from, rig_scenario_patience_of(from->scenario, rig_callers_class(from, caller)),
            RIG_CAUSE_PATIENCE_QUEUE, caller, attempt, at(drawn, DRAWN_PATIENCE_QUEUE));
    return draw_s(from, &from->scenario->callers.patience_queue, RIG_CAUSE_PATIENCE_QUEUE, caller,
                  attempt, at(drawn, DRAWN_PATIENCE_QUEUE));
}

double rig_callers_patience_ringing_s(const rig_callers_source *from, uint32_t caller,
                                      uint32_t attempt, const double *drawn)
{
    const rig_planned_call *row = row_of(from, caller, attempt);
    if (row != NULL)
        return row->patience_ringing_s;
    return draw_s(from, &from->scenario->callers.patience_ringing, RIG_CAUSE_PATIENCE_RINGING,
                  caller, attempt, at(drawn, DRAWN_PATIENCE_RINGING));
}

/* For what no row of a schedule says: its own replication, where there is one. */
static rig_callers_source as_planned(const rig_callers_source *from)
{
    rig_callers_source made = *from;
    if (from->planned != NULL)
        made.replication = from->planned_replication;
    return made;
}

/* Of the schedule's own replication where there is one, as ring times: a run's phones talk as long
 * as those of its replays. */
static double talk_at_s(const rig_callers_source *from, const rig_dist *dist, uint32_t caller,
                        uint32_t attempt, const double *drawn)
{
    const rig_callers_source planned = as_planned(from);
    if (planned.replication != from->replication)
        drawn = NULL;
    return draw_own_s(&planned, dist, RIG_CAUSE_TALK, caller, attempt, at(drawn, DRAWN_TALK));
}

double rig_callers_talk_s(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                          uint32_t group, const double *drawn)
{
    const rig_planned_call *row = row_of(from, caller, attempt);
    const rig_dist *at_group =
        group != RIG_NO_GROUP && rig_dist_is_given(&from->scenario->agents[group].talk)
            ? rig_scenario_talk_at(from->scenario, rig_callers_class(from, caller), group)
            : NULL;
    if (at_group != NULL)
        return talk_at_s(from, at_group, caller, attempt, drawn);
    if (row != NULL)
        return row->talk_s;
    if (rig_scenario_has_own_talks(from->scenario))
        return draw_own_s(from,
                          rig_scenario_talk_of(from->scenario, rig_callers_class(from, caller),
                                               rig_callers_choice(from, caller)),
                          RIG_CAUSE_TALK, caller, attempt, at(drawn, DRAWN_TALK));
    return draw_s(from, &from->scenario->callers.talk, RIG_CAUSE_TALK, caller, attempt,
                  at(drawn, DRAWN_TALK));
}

double rig_callers_self_service_s(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                                  const double *drawn)
{
    const rig_ivr *ivr = &from->scenario->ivr;
    const rig_planned_call *row = row_of(from, caller, attempt);
    if (row != NULL)
        return row->self_service_s;
    if (ivr->p_self_service <= 0.0)
        return -1.0;
    const double u = drawn != NULL ? drawn[DRAWN_SELF_SERVICE]
                                   : rig_callers_uniform(from, RIG_CAUSE_SELF_SERVICE, caller, 0);
    if (u >= ivr->p_self_service)
        return -1.0;
    return draw_s(from, &ivr->self_service, RIG_CAUSE_SELF_SERVICE, caller,
                  attempt * SELF_SERVICE_STRIDE + 1, at(drawn, DRAWN_SELF_SERVICE_TIME));
}

double rig_callers_way_s(const rig_callers_source *from, const rig_dist *arrive_after,
                         uint32_t agent, uint32_t n_calls)
{
    const rig_callers_source planned = as_planned(from);
    return rig_dist_quantile_s(arrive_after,
                               rig_callers_uniform(&planned, RIG_CAUSE_RESERVE, agent, n_calls));
}

double rig_callers_ring_s(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                          uint32_t group, uint32_t n_rings, const double *drawn)
{
    const rig_planned_call *row = row_of(from, caller, attempt);
    uint32_t k = n_rings % RIG_N_RING_ATTEMPTS;
    if (row != NULL && group == 0)
        return row->ring_s[k];
    if (row != NULL && from->replication != from->planned_replication) {
        const rig_callers_source planned = as_planned(from);
        return draw_s(&planned, &from->scenario->agents[group].ring, RIG_CAUSE_RING, caller,
                      attempt * RIG_N_RING_ATTEMPTS + k, NULL);
    }
    const rig_dist *dist = &from->scenario->agents[group].ring;
    drawn = k == 0 ? at(drawn, DRAWN_RING) : NULL;
    if (drawn != NULL && from->scenario->n_agents > 1 && dist->kind != RIG_DIST_CONSTANT)
        return rig_dist_rounded_quantile_s(dist, *drawn); /* the number: it was of no group yet */
    return draw_s(from, dist, RIG_CAUSE_RING, caller, attempt * RIG_N_RING_ATTEMPTS + k,
                  from->scenario->n_agents > 1 ? NULL : drawn);
}

rig_refusal rig_callers_refusal(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                                uint32_t group, uint32_t n_rings)
{
    const rig_agent_group *given = &from->scenario->agents[group];
    const uint32_t k = n_rings % RIG_N_REFUSALS;
    if (!rig_scenario_refuses(given))
        return RIG_REFUSAL_NONE;
    const rig_callers_source planned = as_planned(from);
    return rig_scenario_refusal(given, rig_callers_uniform(&planned, RIG_CAUSE_REFUSAL, caller,
                                                           attempt * RIG_N_REFUSALS + k));
}

double rig_callers_wrap_up_u(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                             const double *drawn)
{
    return drawn != NULL ? drawn[DRAWN_WRAP_UP]
                         : rig_callers_uniform(from, RIG_CAUSE_WRAP_UP, caller, attempt);
}

bool rig_callers_hangs_up(const rig_callers_source *from, uint32_t caller, uint32_t attempt)
{
    const rig_planned_call *row = row_of(from, caller, attempt);
    if (row != NULL)
        return row->caller_hangs_up;
    return rig_callers_uniform(from, RIG_CAUSE_HANGUP, caller, attempt) <
           from->scenario->callers.p_caller_hangs_up;
}

uint32_t rig_callers_class(const rig_callers_source *from, uint32_t caller)
{
    const rig_callers *callers = &from->scenario->callers;
    const uint32_t n = (uint32_t)callers->n_classes;
    uint32_t i = 0;
    if (from->planned != NULL)
        return from->planned[caller].caller_class;
    if (n < 2)
        return 0;
    double u = rig_callers_uniform(from, RIG_CAUSE_CLASS, caller, 0);
    while (i + 1 < n && u >= callers->classes[i].p_share)
        u -= callers->classes[i++].p_share;
    return i;
}

uint32_t rig_callers_choice(const rig_callers_source *from, uint32_t caller)
{
    const rig_ivr *ivr = &from->scenario->ivr;
    const uint32_t n = (uint32_t)ivr->n_choices;
    uint32_t i = 0;
    if (from->planned != NULL)
        return from->planned[caller].choice;
    if (n < 2)
        return 0;
    double u = rig_callers_uniform(from, RIG_CAUSE_CHOICE, caller, 0);
    while (i + 1 < n && u >= ivr->choices[i].p_share)
        u -= ivr->choices[i++].p_share;
    return i;
}

bool rig_callers_dials_backup(const rig_callers_source *from, uint32_t caller, uint32_t attempt)
{
    if (attempt == 0)
        return false;
    const rig_planned_call *row = row_of(from, caller, attempt);
    if (row != NULL)
        return row->is_backup;
    const double p_backup = rig_scenario_p_backup(from->scenario, rig_callers_class(from, caller));
    return p_backup > 0.0 &&
           rig_callers_uniform(from, RIG_CAUSE_BACKUP, caller, attempt) < p_backup;
}

uint32_t rig_callers_trunk(const rig_callers_source *from, uint32_t caller, uint32_t attempt)
{
    const rig_planned_call *row = attempt > 0 ? row_of(from, caller, attempt) : NULL;
    if (row != NULL)
        return row->trunk;
    if (rig_callers_dials_backup(from, caller, attempt))
        return (uint32_t)rig_scenario_backup_trunk(from->scenario);
    const rig_trunk_group *trunks = from->scenario->trunks;
    const uint32_t n = (uint32_t)from->scenario->n_trunks;
    uint32_t i = 0;
    if (from->planned != NULL)
        return from->planned[caller].trunk;
    if (!rig_scenario_has_carriers(from->scenario))
        return 0;
    double u = rig_callers_uniform(from, RIG_CAUSE_TRUNK, caller, 0);
    while (i + 1 < n && u >= trunks[i].p_share)
        u -= trunks[i++].p_share;
    return i;
}

bool rig_callers_takes_promise(const rig_callers_source *from, uint32_t caller, uint32_t attempt)
{
    const rig_callers_source planned = as_planned(from);
    return rig_callers_uniform(&planned, RIG_CAUSE_DEFLECTION, caller, attempt) <
           from->scenario->queue.deflection.p_accept;
}

bool rig_callers_keeps_place(const rig_callers_source *from, uint32_t caller, uint32_t attempt)
{
    const rig_callers_source planned = as_planned(from);
    return rig_callers_uniform(&planned, RIG_CAUSE_KEEP_PLACE, caller, attempt) <
           from->scenario->queue.keep_place.p_accept;
}

double rig_callers_call_back_u(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                               uint32_t n_dials, rig_callers_call_back which)
{
    const rig_callers_source planned = as_planned(from);
    return rig_callers_uniform(&planned, RIG_CAUSE_CALL_BACK, caller,
                               (attempt * DIALS_AN_ATTEMPT + n_dials) * DRAWS_A_DIAL +
                                   (uint32_t)which);
}

double rig_callers_answers_back_s(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                                  uint32_t n_dials)
{
    const rig_call_back *how = &from->scenario->call_back;
    if (rig_callers_call_back_u(from, caller, attempt, n_dials, RIG_CALLERS_IS_REACHED) >=
        how->p_reached)
        return -1.0;
    const double answers_s = rig_dist_quantile_s(
        &how->answer, rig_callers_call_back_u(from, caller, attempt, n_dials, RIG_CALLERS_ANSWERS));
    return answers_s < how->no_answer_s ? answers_s : -1.0;
}

bool rig_callers_redials(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                         double *delay_s)
{
    const rig_redial *redial = &from->scenario->callers.redial;
    if (from->planned != NULL && from->has_redials) {
        const uint32_t next = row_of(from, caller, attempt)->next;
        if (next == 0)
            return false;
        *delay_s = from->planned[next].redial_s;
        return true;
    }
    if (redial->p_redial <= 0.0 || attempt >= redial->max_redials)
        return false;
    uint32_t sub = attempt * REDIAL_STRIDE;
    if (rig_callers_uniform(from, RIG_CAUSE_REDIAL, caller, sub) >= redial->p_redial)
        return false;
    *delay_s = draw_s(from, &redial->delay, RIG_CAUSE_REDIAL, caller, sub + 1, NULL);
    return true;
}
