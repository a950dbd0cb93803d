/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/join.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/own_durations.h"
#include "scenarios/registration.h"

#define ODD_WIRE_S 0.5
/* Our callers and phones act some ms late, never so early: another clock of theirs ended it. */
#define EARLY_WIRE_S   0.010
#define AT_ONCE_WIRE_S 0.025

void rig_join_free(rig_join *join)
{
    if (join == NULL)
        return;
    free(join->observed);
    free(join->arrival_s);
    free(join->back);
    free(join);
}

rig_join_back rig_join_back_of(const rig_join *join, size_t row)
{
    return join->back != NULL ? join->back[row]
                              : (rig_join_back){.first_s = (double)NAN,
                                                .delay_s = (double)NAN,
                                                .end_s = (double)NAN};
}

static double scenario_s(int64_t from_ns, int64_t to_ns, double time_scale)
{
    return rig_clock_s_of_ns(to_ns - from_ns) * time_scale;
}

static void join_backs(const rig_calls *calls, int64_t start_epoch_ns, double time_scale,
                       rig_join *join)
{
    join->calls_back = calls->backs;
    join->n_calls_back = calls->n_backs;
    for (size_t i = 0; i < join->n_planned; i++)
        join->back[i].first_s = join->back[i].delay_s = join->back[i].end_s = (double)NAN;
    for (size_t i = 0; i < calls->n_backs; i++) {
        const rig_call *call = &calls->backs[i];
        if (call->planned_index < 0 || (uint64_t)call->planned_index >= join->n_planned)
            continue; /* to the caller of a foreign call, which G1 counts */
        rig_join_back *back = &join->back[call->planned_index];
        const rig_call *own = join->observed[call->planned_index];
        if (back->n_dials++ == 0)
            back->first_s = scenario_s(start_epoch_ns, call->t_invite_ns, time_scale);
        if (back->n_dials == 1 && own != NULL && own->t_end_ns != RIG_NO_TIME)
            back->delay_s = scenario_s(own->t_end_ns, call->t_invite_ns, time_scale);
        back->is_reached |= call->t_agent_answer_ns != RIG_NO_TIME;
        back->is_served |= call->outcome == RIG_OUTCOME_SERVED;
        if (call->t_end_ns != RIG_NO_TIME)
            back->end_s = fmax(back->end_s, scenario_s(start_epoch_ns, call->t_end_ns, time_scale));
    }
}

rig_status rig_join_new(const rig_schedule *schedule, const rig_calls *calls,
                        int64_t start_epoch_ns, double time_scale, rig_join **join)
{
    rig_join *made = calloc(1, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    made->n_planned = schedule->n;
    made->n_redials = schedule->n_redials;
    made->n_due = rig_join_n_first(made);
    made->observed = calloc(schedule->n + 1, sizeof *made->observed);
    made->arrival_s = malloc((schedule->n + 1) * sizeof *made->arrival_s);
    made->back = calloc(schedule->n + 1, sizeof *made->back);
    if (made->observed == NULL || made->arrival_s == NULL || made->back == NULL) {
        rig_join_free(made);
        return RIG_ENOMEM;
    }
    for (size_t i = 0; i < schedule->n; i++)
        made->arrival_s[i] = (double)NAN;
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        if (call->planned_index < 0 || (uint64_t)call->planned_index >= schedule->n) {
            made->n_foreign++;
            continue;
        }
        size_t at = (size_t)call->planned_index;
        if (made->observed[at] != NULL) {
            made->n_doubled++;
            continue;
        }
        made->observed[at] = call;
        made->n_due += at >= rig_join_n_first(made);
        made->arrival_s[at] = scenario_s(start_epoch_ns, call->t_invite_ns, time_scale);
    }
    for (size_t i = 0; i < rig_join_n_first(made); i++)
        made->n_not_placed += made->observed[i] == NULL;
    join_backs(calls, start_epoch_ns, time_scale, made);
    *join = made;
    return RIG_OK;
}

void rig_join_leave_warm_up(rig_join *join, double counted_from_s)
{
    join->counted_from_s = counted_from_s;
    for (size_t i = 0; i < join->n_planned; i++)
        join->n_warm_up += !rig_join_counts(join, i);
    join->n_due -= join->n_warm_up;
}

/* One call's contribution to the delays: what ended it, when its clock began, and its plan. */
typedef struct timed {
    rig_delay_kind kind;
    int64_t from_ns, to_ns;
    double planned_s;
} timed;

/* What a call is held against. */
typedef struct planned {
    const rig_schedule *schedule;
    const rig_scenario *scenario;
    size_t index;
} planned;

static uint32_t group_of(const rig_call *call, const rig_scenario *scenario)
{
    return (uint32_t)(rig_scenario_group_of_call(scenario, call) - scenario->agents);
}

static double planned_talk_s(const rig_call *call, const planned *plan)
{
    const double talk_s = rig_schedule_talk_s(plan->schedule, plan->scenario, plan->index,
                                              group_of(call, plan->scenario));
    return call->is_emergency ? rig_scenario_emergency_talk_s(plan->scenario, talk_s) : talk_s;
}

/* By the plan; a talk that is kept short is ended by the agent. */
static bool does_caller_hang_up(const rig_call *call, const planned *plan)
{
    const rig_planned_call *row = &plan->schedule->calls[plan->index];
    return row->caller_hangs_up && !(planned_talk_s(call, plan) < row->talk_s);
}

/* The end of a call, where a planned duration of the rig ended it. */
static bool timed_end(const rig_call *call, const planned *of, timed *t)
{
    const rig_planned_call *plan = &of->schedule->calls[of->index];
    const bool by_caller = rig_call_is_ended_by_caller(call);
    const bool is_self_server = plan->self_service_s >= 0.0;
    t->to_ns = call->t_end_ns;
    switch (call->outcome) {
    case RIG_OUTCOME_LOST_IVR:
        *t = (timed){RIG_DELAY_PATIENCE_ANSWER, call->t_invite_ns, t->to_ns,
                     plan->patience_answer_s};
        return call->cancelled && !call->answered;
    case RIG_OUTCOME_SELF_SERVED:
        *t = (timed){RIG_DELAY_SELF_SERVICE, rig_call_port_ns(call, call->t_menu_ns != RIG_NO_TIME),
                     t->to_ns, plan->self_service_s};
        return by_caller && is_self_server;
    case RIG_OUTCOME_LOST_QUEUE:
        *t = (timed){RIG_DELAY_PATIENCE_QUEUE, call->t_queue_ns, t->to_ns, plan->patience_queue_s};
        return by_caller && !is_self_server && !call->is_balked &&
               call->n_legs == 1; /* else he may have left when he came back to it */
    case RIG_OUTCOME_LOST_AGENT:
        *t = (timed){RIG_DELAY_PATIENCE_RINGING, call->t_agent_ring_ns, t->to_ns,
                     plan->patience_ringing_s};
        return by_caller && !is_self_server;
    case RIG_OUTCOME_SERVED:
        *t = (timed){by_caller ? RIG_DELAY_TALK_CALLER : RIG_DELAY_TALK_AGENT,
                     call->t_agent_answer_ns, t->to_ns, planned_talk_s(call, of)};
        return !is_self_server && by_caller == does_caller_hang_up(call, of);
    case RIG_OUTCOME_LOST_TRUNK:
    case RIG_OUTCOME_DEFLECTED:
    case RIG_OUTCOME_DROPPED:
    case RIG_OUTCOME_IN_PROGRESS:
    case RIG_OUTCOME_UNCLASSIFIED:
    case RIG_OUTCOME_CUT_BY_RIG:
    case RIG_OUTCOME_NOT_PLACED:
    case RIG_N_OUTCOMES:
        break;
    }
    return false;
}

/* An agent's answer: the ring time of the attempt that the number of legs tells. */
static bool timed_ring(const rig_call *call, const planned *of, timed *t)
{
    if (call->t_agent_answer_ns == RIG_NO_TIME || call->n_legs < 2)
        return false;
    const double ring_s =
        rig_schedule_ring_s(of->schedule, of->scenario, of->index, group_of(call, of->scenario),
                            call->n_legs - 2);
    *t = (timed){RIG_DELAY_RING, call->t_agent_ring_ns, call->t_agent_answer_ns, ring_s};
    return true;
}

rig_call_delays rig_delays_unseen(void)
{
    rig_call_delays own = {.fate = RIG_N_OUTCOMES,
                           .port_s = (double)NAN,
                           .end_s = (double)NAN,
                           .ring_s = (double)NAN,
                           .leave_s = (double)NAN};
    for (int k = 0; k < RIG_N_DELAY_KINDS; k++)
        own.late_s[k] = NAN;
    return own;
}

static rig_call_delays *own_delays_new(size_t n)
{
    rig_call_delays *own = malloc((n + 1) * sizeof *own);
    for (size_t i = 0; own != NULL && i < n; i++)
        own[i] = rig_delays_unseen();
    return own;
}

static void add(rig_delays *delays, size_t i, size_t *n_odd, const timed *t, double time_scale)
{
    if (t->from_ns == RIG_NO_TIME || t->to_ns == RIG_NO_TIME)
        return;
    const double took_s = scenario_s(t->from_ns, t->to_ns, time_scale);
    const double late_s = took_s - t->planned_s;
    const bool is_early = late_s < -EARLY_WIRE_S * time_scale;
    const bool is_race = is_early && took_s <= AT_ONCE_WIRE_S * time_scale;
    const bool is_odd = is_early || late_s > ODD_WIRE_S * time_scale;
    rig_delay_sample *sample = &delays->kind[t->kind];
    if (is_odd)
        (*n_odd)++;
    else
        sample->delay_s[sample->n++] = late_s;
    if (!is_odd || is_race)
        delays->own[i].late_s[t->kind] = (float)late_s;
}

/* From the end of the lost call to the redial: as it was placed, however late. A call that got no
 * circuit was over for the replay when it came. */
static void add_redial(rig_delays *delays, const rig_join *join, const rig_schedule *schedule,
                       size_t i, const rig_scenario *scenario)
{
    const double time_scale = scenario->time_scale;
    const rig_planned_call *plan = &schedule->calls[i];
    const rig_call *lost = join->observed[plan->attempt > 1 ? i - 1 : plan->first];
    if (plan->attempt == 0 || lost == NULL)
        return;
    const bool is_refused = lost->outcome == RIG_OUTCOME_LOST_TRUNK;
    const int64_t from_ns = is_refused ? lost->t_invite_ns : lost->t_end_ns;
    if (from_ns == RIG_NO_TIME)
        return;
    const double planned_s =
        fmax(plan->redial_s, is_refused ? rig_scenario_retry_floor_s(scenario) : 0.0);
    const double late_s =
        scenario_s(from_ns, join->observed[i]->t_invite_ns, time_scale) - planned_s;
    rig_delay_sample *sample = &delays->kind[RIG_DELAY_REDIAL];
    delays->own[i].late_s[RIG_DELAY_REDIAL] = (float)late_s;
    if (late_s >= 0.0 && late_s <= ODD_WIRE_S * time_scale)
        sample->delay_s[sample->n++] = late_s;
}

rig_status rig_join_measure_delays(const rig_join *join, const rig_schedule *schedule,
                                   const rig_scenario *scenario, rig_delays *delays, size_t *n_odd)
{
    const double time_scale = scenario->time_scale;
    rig_delays made = {0};
    size_t odd = 0;
    made.own = own_delays_new(join->n_planned);
    if (made.own == NULL)
        return RIG_ENOMEM;
    for (int k = 0; k < RIG_N_DELAY_KINDS; k++) {
        made.kind[k].delay_s = malloc((join->n_planned + 1) * sizeof *made.kind[k].delay_s);
        if (made.kind[k].delay_s == NULL) {
            rig_delays_clear(&made);
            return RIG_ENOMEM;
        }
    }
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        timed t = {0};
        if (call == NULL)
            continue;
        made.own[i].ring = call->n_legs > 2 ? call->n_legs - 2 : 0;
        add_redial(&made, join, schedule, i, scenario);
        const planned of = {schedule, scenario, i};
        if (timed_end(call, &of, &t))
            add(&made, i, &odd, &t, time_scale);
        if (timed_ring(call, &of, &t))
            add(&made, i, &odd, &t, time_scale);
    }
    *delays = made;
    *n_odd = odd;
    return RIG_OK;
}

void rig_delays_clear(rig_delays *delays)
{
    if (delays == NULL)
        return;
    for (int k = 0; k < RIG_N_DELAY_KINDS; k++)
        free(delays->kind[k].delay_s);
    free(delays->own);
    free(delays->jitter.delay_s);
    *delays = (rig_delays){0};
}

void rig_join_confusion(const rig_join *join, const rig_outcome *fates,
                        uint64_t confusion[RIG_N_OUTCOMES][RIG_N_OUTCOMES])
{
    memset(confusion, 0, sizeof(uint64_t) * RIG_N_OUTCOMES * RIG_N_OUTCOMES);
    for (size_t i = 0; i < join->n_planned; i++) {
        if (!rig_join_counts(join, i))
            continue;
        rig_outcome observed =
            join->observed[i] == NULL ? RIG_OUTCOME_NOT_PLACED : join->observed[i]->outcome;
        if (i < rig_join_n_first(join) || fates[i] != observed ||
            observed != RIG_OUTCOME_NOT_PLACED)
            confusion[fates[i]][observed]++;
    }
    if (join->is_cut) /* calls that were not due have not arrived in the replay either */
        confusion[RIG_OUTCOME_NOT_PLACED][RIG_OUTCOME_NOT_PLACED] -= join->n_not_due;
}

rig_call_diff rig_join_diff(const rig_join *join, const rig_schedule *schedule,
                            const rig_outcome *fates)
{
    rig_call_diff made = {0};
    for (size_t i = 0; i < join->n_planned; i++) {
        if (!rig_join_counts(join, i))
            continue;
        const rig_call *call = join->observed[i];
        const rig_difference d = {.planned_index = i,
                                  .t_s = i < rig_join_n_first(join) ? schedule->calls[i].t_s
                                                                    : join->arrival_s[i],
                                  .replayed = fates[i],
                                  .observed = call == NULL ? RIG_OUTCOME_NOT_PLACED : call->outcome,
                                  .call_id = call == NULL ? NULL : call->call_id};
        for (int s = 0; s < RIG_N_STAGES; s++) {
            rig_outcome lost = rig_outcome_lost_at((rig_stage)s);
            rig_stage_agreement *stage = &made.stages[s];
            stage->n_both += d.replayed == lost && d.observed == lost;
            stage->n_replayed += d.replayed == lost && d.observed != lost;
            stage->n_observed += d.replayed != lost && d.observed == lost;
        }
        if (d.replayed == d.observed)
            continue;
        if (made.n_first < RIG_N_DIFFERENCES)
            made.first[made.n_first++] = d;
        made.n_different++;
    }
    return made;
}

rig_races rig_join_races(const rig_join *join, const rig_call_instants *instants)
{
    rig_races made = {.median_s = (double)NAN, .widest_s = (double)NAN};
    for (size_t i = 0; i < join->n_planned; i++) {
        const double gap_s = instants[i].race_s;
        if (join->observed[i] == NULL || isnan(gap_s) || !rig_join_counts(join, i))
            continue;
        made.n++;
        if (!(made.widest_s >= gap_s))
            made.widest_s = gap_s;
    }
    /* the k-th smallest, without memory: the races are few */
    for (size_t i = 0; i < join->n_planned && made.n > 0 && isnan(made.median_s); i++) {
        size_t n_less = 0, n_most = 0;
        const double gap_s = instants[i].race_s;
        if (join->observed[i] == NULL || isnan(gap_s) || !rig_join_counts(join, i))
            continue;
        for (size_t k = 0; k < join->n_planned; k++) {
            if (join->observed[k] == NULL || !rig_join_counts(join, k))
                continue;
            n_less += instants[k].race_s < gap_s ? 1 : 0;
            n_most += instants[k].race_s <= gap_s ? 1 : 0;
        }
        if (n_less <= made.n / 2 && made.n / 2 < n_most)
            made.median_s = gap_s;
    }
    return made;
}
