/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/board/counts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "verdict/cut_by_rig.h"

void rig_board_counts_init(rig_board_counts *counts, const rig_scenario *scenario,
                           double interval_s, size_t n_intervals)
{
    memset(counts, 0, sizeof *counts);
    counts->scenario = scenario;
    counts->interval_s = interval_s;
    counts->n_intervals = n_intervals;
    counts->measured.waits = counts->wait;
    counts->measured.setup_s = counts->setup_s;
}

/* Instant of a call's INVITE, scenario time. */
static double arrival_s(const rig_board_counts *counts, const rig_call *call)
{
    if (counts->start_epoch_ns == 0)
        return 0.0;
    return rig_clock_s_of_ns(call->t_invite_ns - counts->start_epoch_ns) *
           counts->scenario->time_scale;
}

static rig_board_counts_interval *interval_of(rig_board_counts *counts, const rig_call *call)
{
    const double at = floor(arrival_s(counts, call) / counts->interval_s);
    const double last = (double)counts->n_intervals;
    return &counts->intervals[at <= 0.0 ? 0 : at >= last ? counts->n_intervals : (size_t)at];
}

/* The stages at which a call may still be lost: where it is, and those that it has before it. Who
 * is rung can come back to the queue. */
static bool is_open_at(const rig_call_step *step, rig_stage stage)
{
    if (step->place == RIG_CALL_OVER || step->place == RIG_CALL_TALKING)
        return false;
    return stage >= step->stage || stage == RIG_STAGE_QUEUE;
}

static bool is_lost_at(const rig_call_step *step, rig_stage stage)
{
    return step->outcome == rig_outcome_lost_at(stage);
}

/* Calls of the warm-up are shown where they are, and are in no figure. */
static bool is_counted(const rig_board_counts *c, const rig_call *call)
{
    return !(arrival_s(c, call) < rig_scenario_counted_from_s(c->scenario));
}

/* by: 1 adds the step, -1 takes it back. Unsigned counts wrap round and back again.
 * @param interval  NULL: a call of the warm-up. */
static void count(rig_board_counts *c, rig_board_counts_interval *interval,
                  const rig_call_step *step, int by)
{
    const uint64_t d = (uint64_t)(int64_t)by;
    const bool is_over = step->place == RIG_CALL_OVER;
    c->n_at[step->place] += d;
    c->n_outcome[step->outcome] += d;
    if (interval == NULL)
        return;
    c->n_counted[step->outcome] += d;
    c->n_over += is_over ? d : 0;
    c->n_in_stage[step->stage] += d;
    c->n_ended[step->stage] += is_over ? d : 0;
    c->n_open[step->stage] += is_open_at(step, step->stage) ? d : 0;
    interval->n_in_stage[step->stage] += (uint32_t)d;
    for (int s = 0; s < RIG_N_STAGES; s++) {
        interval->n_lost[s] += is_lost_at(step, (rig_stage)s) ? (uint32_t)d : 0;
        interval->n_open[s] += is_open_at(step, (rig_stage)s) ? (uint32_t)d : 0;
    }
}

/* Its times, once it is over. They are not taken back: what goes on after its end was refused, and
 * had none. */
static void measure(rig_board_counts *c, const rig_call *call, const rig_call_step *step)
{
    rig_call ended = *call;
    ended.outcome = step->outcome;
    rig_measured_add(&ended, c->scenario, &c->measured);
    c->n_centre_answered += c->measured.n_setup;
    c->measured.n_setup = c->measured.n_waits = 0;
}

static void note_lost(rig_board_counts *c, const rig_call_news *news)
{
    rig_board_lost *to = &c->lost[c->lost_from++ % RIG_BOARD_MAX_LOST];
    *to = (rig_board_lost){.order = news->order,
                           .at_s = arrival_s(c, news->call),
                           .t_invite_ns = news->call->t_invite_ns,
                           .t_end_ns = news->call->t_end_ns,
                           .outcome = news->is.outcome};
    (void)snprintf(to->call_id, sizeof to->call_id, "%s",
                   news->call->call_id != NULL ? news->call->call_id : "");
    (void)snprintf(to->reason, sizeof to->reason, "%s", news->call->reason);
    if (c->n_lost < RIG_BOARD_MAX_LOST)
        c->n_lost++;
}

/* It is not lost, after all, or in another way. */
static void forget_lost(rig_board_counts *c, uint64_t order)
{
    for (size_t i = 0; i < c->n_lost; i++) {
        if (c->lost[i].order == order)
            c->lost[i].call_id[0] = '\0';
    }
}

/* A step as it counts: a call that the run itself hung up is lost nowhere. */
static rig_call_step judged(const rig_board_counts *c, const rig_call *call, rig_call_step step)
{
    rig_call copy = *call;
    rig_calls one = {.items = &copy, .n = 1};
    if (c->stop_epoch_ns == 0 || step.place != RIG_CALL_OVER)
        return step;
    copy.outcome = step.outcome;
    rig_cut_by_rig(&one, c->stop_epoch_ns);
    if (copy.outcome != step.outcome)
        step = (rig_call_step){RIG_CALL_OVER, rig_call_stage(&copy), copy.outcome};
    return step;
}

static void begin_or_withdraw(rig_board_counts *c, rig_board_counts_interval *interval,
                              const rig_call_news *news)
{
    if (!news->is_first && !news->is_withdrawn)
        return;
    c->n_offered += news->is_first ? 1u : UINT64_MAX;
    if (interval != NULL)
        interval->n_offered += news->is_first ? 1u : UINT32_MAX;
}

void rig_board_counts_step(rig_board_counts *c, const rig_call_news *news)
{
    rig_board_counts_interval *interval =
        is_counted(c, news->call) ? interval_of(c, news->call) : NULL;
    begin_or_withdraw(c, interval, news);
    if (!news->is_first) {
        const rig_call_step was = judged(c, news->call, news->was);
        count(c, interval, &was, -1);
        if (rig_outcome_is_lost(was.outcome))
            forget_lost(c, news->order);
    }
    if (news->is_withdrawn)
        return;
    const rig_call_step is = judged(c, news->call, news->is);
    count(c, interval, &is, 1);
    if (is.place != RIG_CALL_OVER)
        return;
    if (interval != NULL && (news->is_first || news->was.place != RIG_CALL_OVER))
        measure(c, news->call, &is);
    if (rig_outcome_is_lost(is.outcome))
        note_lost(c, news);
}

/* ---- showing ---- */

static void show_stage(const rig_board_counts *c, rig_stage s, rig_board_stage *to)
{
    uint64_t n_decided = 0;
    to->n_entered = 0;
    for (int k = (int)s; k < RIG_N_STAGES; k++)
        to->n_entered += c->n_in_stage[k];
    to->n_lost = c->n_counted[rig_outcome_lost_at(s)];
    n_decided = to->n_entered - c->n_open[s];
    to->p_lost = n_decided > 0 ? (double)to->n_lost / (double)n_decided : (double)NAN;
}

static void show_figures(const rig_board_counts *c, double figures[RIG_N_METRICS])
{
    rig_tally tally = {.n_offered = c->n_over};
    rig_metric_counts counts = c->measured.counts;
    counts.n_centre_answered = c->n_centre_answered;
    memcpy(tally.n_outcome, c->n_counted, sizeof tally.n_outcome);
    tally.n_outcome[RIG_OUTCOME_IN_PROGRESS] = 0;
    memcpy(tally.n_ended, c->n_ended, sizeof tally.n_ended);
    rig_metrics_of_counts(&tally, &counts, figures);
    for (int m = 0; m < RIG_N_METRICS && tally.n_offered == 0; m++)
        figures[m] = (double)NAN;
}

static void show_lost(const rig_board_counts *c, rig_board_view *view)
{
    view->n_lost = 0;
    for (size_t i = 0; i < c->n_lost; i++) {
        const rig_board_lost *lost = &c->lost[(c->lost_from - 1 - i) % RIG_BOARD_MAX_LOST];
        if (lost->call_id[0] != '\0')
            view->lost[view->n_lost++] = *lost;
    }
}

void rig_board_counts_show(const rig_board_counts *c, rig_board_view *view)
{
    view->n_offered = c->n_offered;
    memcpy(view->n_at, c->n_at, sizeof view->n_at);
    memcpy(view->n_outcome, c->n_outcome, sizeof view->n_outcome);
    view->n_up = c->n_outcome[RIG_OUTCOME_IN_PROGRESS];
    view->n_busy = c->n_at[RIG_CALL_RINGING] + c->n_at[RIG_CALL_TALKING];
    for (int s = 0; s < RIG_N_STAGES; s++)
        show_stage(c, (rig_stage)s, &view->stages[s]);
    show_figures(c, view->figures);
    show_lost(c, view);
    for (size_t i = 0; i < view->n_intervals; i++) {
        rig_board_interval *to = &view->intervals[i];
        uint32_t n_entered = 0;
        for (int s = RIG_N_STAGES - 1; s >= 0; s--)
            to->n_entered[s] = n_entered += c->intervals[i].n_in_stage[s];
        to->n_offered = c->intervals[i].n_offered;
        memcpy(to->n_lost, c->intervals[i].n_lost, sizeof to->n_lost);
        memcpy(to->n_open, c->intervals[i].n_open, sizeof to->n_open);
    }
}
