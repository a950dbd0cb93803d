/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/board.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/metric.h"
#include "live/board/counts.h"
#include "scenarios/scope.h"

/* Samples are this far apart at first, wire time; twice as far each time that there are too many.
 */
#define SAMPLE_PERIOD_S 1.0

/* Until what was sent is captured, and in order (analyzer/ordered_feed.h), wire time. */
#define SETTLE_S 2.0

enum { N_SECONDS = RIG_BOARD_RATE_S + 1 };

/* How many calls had come, at an instant. */
typedef struct past {
    double elapsed_s;
    uint64_t n_offered, n_due;
} past;

struct rig_board {
    const rig_scenario *scenario;
    pthread_mutex_t counting; /* `counts`: of the capture thread and of who publishes */
    rig_board_counts counts;
    size_t n_together; /* intervals of the scenario in one of the view */
    rig_band *circuits, *queue,
        *on_duty; /* predicted, by interval of the scenario; NULL: not yet */
    size_t n_bands;
    past seconds[N_SECONDS]; /* a ring */
    uint64_t n_seconds;
    double sample_period_s, next_sample_s;
    rig_board_view draft;    /* of who publishes */
    pthread_mutex_t reading; /* `view` */
    rig_board_view view;
    atomic_uint_fast64_t number;
    atomic_bool is_over;
};

const char *rig_board_phase_name(rig_board_phase phase)
{
    static const char *const names[RIG_N_BOARD_PHASES] = {
        [RIG_BOARD_STARTING] = "starting", [RIG_BOARD_LEAD] = "lead",
        [RIG_BOARD_PLACING] = "placing",   [RIG_BOARD_DRAINING] = "draining",
        [RIG_BOARD_STOPPING] = "stopping", [RIG_BOARD_JUDGING] = "judging",
        [RIG_BOARD_OVER] = "over"};
    return (unsigned)phase < RIG_N_BOARD_PHASES ? names[phase] : "?";
}

const char *rig_board_place_name(rig_call_place place)
{
    static const char *const names[RIG_N_CALL_PLACES] = {
        [RIG_CALL_UNANSWERED] = "unanswered", [RIG_CALL_IN_MENU] = "menu",
        [RIG_CALL_IN_QUEUE] = "queue",        [RIG_CALL_RINGING] = "ringing",
        [RIG_CALL_TALKING] = "talking",       [RIG_CALL_OVER] = "over"};
    return (unsigned)place < RIG_N_CALL_PLACES ? names[place] : "?";
}

/* ---- what does not change ---- */

static void set_intervals(rig_board *board)
{
    const rig_scenario *scenario = board->scenario;
    const size_t n = rig_centre_n_intervals(scenario);
    const rig_band unknown = {(double)NAN, (double)NAN, (double)NAN};
    rig_board_view *draft = &board->draft;
    board->n_together = (n + RIG_BOARD_MAX_INTERVALS - 1) / RIG_BOARD_MAX_INTERVALS;
    draft->n_intervals = (n + board->n_together - 1) / board->n_together;
    const double interval_s = scenario->interval_s * (double)board->n_together;
    for (size_t i = 0; i < draft->n_intervals; i++) {
        rig_board_interval *to = &draft->intervals[i];
        to->end_s = fmin(interval_s * (double)(i + 1), scenario->traffic.duration_s);
        for (int s = 0; s < RIG_N_STAGES; s++)
            to->lost[s] = to->so_far[s] = unknown;
    }
    for (int s = 0; s < RIG_N_STAGES; s++)
        draft->stages[s].predicted = unknown;
    draft->circuits = draft->queue = draft->on_duty = unknown;
    rig_board_counts_init(&board->counts, scenario, interval_s, draft->n_intervals);
}

static void set_levels(rig_board *board)
{
    const rig_gate *gate = &board->scenario->gate;
    rig_board_view *draft = &board->draft;
    for (size_t i = 0; i < gate->n_levels && i < RIG_BOARD_MAX_LEVELS; i++) {
        const rig_level *level = &gate->levels[i];
        rig_board_level *to = &draft->levels[draft->n_levels++];
        rig_scope_write(board->scenario, level->metric, to->metric, sizeof to->metric);
        to->unit = rig_metric_describe(level->metric.metric)->unit;
        to->is_minimum = level->is_minimum;
        to->limit = level->limit;
        to->value = (double)NAN;
    }
}

static void set_faults(rig_board *board)
{
    const rig_scenario *scenario = board->scenario;
    rig_board_view *draft = &board->draft;
    for (size_t i = 0; i < scenario->n_faults && i < RIG_BOARD_MAX_FAULTS; i++) {
        const rig_fault *fault = &scenario->faults[i];
        rig_board_fault *to = &draft->faults[draft->n_faults++];
        const char *name = fault->kind == RIG_FAULT_TRUNK && fault->trunk < scenario->n_trunks
                               ? scenario->trunks[fault->trunk].name
                           : fault->kind == RIG_FAULT_AGENTS && fault->has_group
                               ? scenario->agents[fault->group].name
                               : NULL;
        (void)snprintf(to->what, sizeof to->what, "%s%s%s", rig_fault_kind_name(fault->kind),
                       name != NULL ? " " : "", name != NULL ? name : "");
        to->from_s = fault->at_s;
        to->until_s = fault->at_s + fault->for_s;
    }
}

static uint32_t first_agents(const rig_scenario *scenario)
{
    uint32_t n = 0;
    for (size_t i = 0; i < scenario->n_agents; i++)
        n += rig_scenario_first_agents(&scenario->agents[i]);
    return n;
}

rig_status rig_board_new(const rig_scenario *scenario, const char *target, rig_board **board,
                         rig_error *err)
{
    rig_board *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "wallboard: out of memory");
    rig_board_view *draft = &made->draft;
    made->scenario = scenario;
    made->sample_period_s = SAMPLE_PERIOD_S;
    (void)snprintf(draft->name, sizeof draft->name, "%s", scenario->name);
    (void)snprintf(draft->target, sizeof draft->target, "%s", target);
    draft->time_scale = scenario->time_scale;
    draft->duration_s = scenario->traffic.duration_s;
    draft->left_wire_s = (double)NAN;
    draft->n_circuits = rig_scenario_n_circuits(scenario);
    draft->n_ports = scenario->ivr.n_ports;
    draft->n_agents = first_agents(scenario);
    set_intervals(made);
    set_levels(made);
    set_faults(made);
    rig_board_counts_show(&made->counts, draft);
    made->view = *draft;
    pthread_mutex_init(&made->counting, NULL);
    pthread_mutex_init(&made->reading, NULL);
    *board = made;
    return RIG_OK;
}

void rig_board_free(rig_board *board)
{
    if (board == NULL)
        return;
    pthread_mutex_destroy(&board->counting);
    pthread_mutex_destroy(&board->reading);
    free(board->circuits);
    free(board);
}

void rig_board_predict(rig_board *board, const rig_prediction *p)
{
    const size_t n = p->n_intervals, n_together = board->n_together;
    for (size_t i = 0; i < board->draft.n_intervals; i++) {
        const size_t last = n_together * (i + 1) < n ? n_together * (i + 1) - 1 : n - 1;
        for (size_t s = 0; s < RIG_N_STAGES; s++) {
            rig_board_interval *to = &board->draft.intervals[i];
            to->so_far[s] = p->so_far[s * n + last];
            if (n_together == 1)
                to->lost[s] = rig_prediction_band(p, (rig_series)(RIG_SERIES_LOST + s), i);
        }
    }
    rig_band *bands = malloc(3 * n * sizeof *bands);
    if (bands == NULL)
        return; /* a wallboard without these is one all the same */
    free(board->circuits);
    board->circuits = bands;
    board->queue = bands + n;
    board->on_duty = bands + 2 * n;
    board->n_bands = n;
    for (size_t i = 0; i < n; i++) {
        board->circuits[i] = rig_prediction_band(p, RIG_SERIES_CIRCUITS, i);
        board->queue[i] = rig_prediction_band(p, RIG_SERIES_QUEUE, i);
        board->on_duty[i] = rig_prediction_band(p, RIG_SERIES_ON_DUTY, i);
    }
}

/* ---- the capture thread ---- */

static void take_step(void *ctx, const rig_call_news *news)
{
    rig_board *board = ctx;
    pthread_mutex_lock(&board->counting);
    rig_board_counts_step(&board->counts, news);
    pthread_mutex_unlock(&board->counting);
}

rig_call_watch rig_board_watch(rig_board *board)
{
    return (rig_call_watch){.step = take_step, .ctx = board};
}

/* ---- who publishes ---- */

static void take_counts(rig_board *board, const rig_board_progress *progress)
{
    pthread_mutex_lock(&board->counting);
    board->counts.start_epoch_ns = progress->start_epoch_ns;
    board->counts.stop_epoch_ns = progress->stop_epoch_ns;
    rig_board_counts_show(&board->counts, &board->draft);
    pthread_mutex_unlock(&board->counting);
}

/* Over the last seconds, from what was noted once a second. */
static void take_rates(rig_board *board, double elapsed_s)
{
    rig_board_view *v = &board->draft;
    const past now = {elapsed_s, v->n_offered, v->n_due};
    const past *newest = &board->seconds[(board->n_seconds + N_SECONDS - 1) % N_SECONDS];
    if (board->n_seconds == 0 || elapsed_s - newest->elapsed_s >= 1.0)
        board->seconds[board->n_seconds++ % N_SECONDS] = now;
    const past *then =
        &board->seconds[board->n_seconds > N_SECONDS ? board->n_seconds % N_SECONDS : 0];
    const double s = elapsed_s - then->elapsed_s;
    v->rate_per_s = v->due_per_s = 0.0;
    if (s < 0.5)
        return;
    v->rate_per_s = fmax(0.0, (double)(int64_t)(v->n_offered - then->n_offered) / s);
    v->due_per_s = (double)(v->n_due - then->n_due) / s;
}

static void take_sample(rig_board *board, double elapsed_s)
{
    rig_board_view *v = &board->draft;
    if (elapsed_s < board->next_sample_s || v->phase >= RIG_BOARD_JUDGING)
        return;
    if (v->n_samples == RIG_BOARD_MAX_SAMPLES) {
        for (size_t i = 0; i < RIG_BOARD_MAX_SAMPLES / 2; i++)
            v->samples[i] = v->samples[2 * i];
        v->n_samples = RIG_BOARD_MAX_SAMPLES / 2;
        board->sample_period_s *= 2.0;
    }
    v->samples[v->n_samples++] = (rig_board_sample){.at_s = (float)v->at_s,
                                                    .rate_per_s = (float)v->rate_per_s,
                                                    .due_per_s = (float)v->due_per_s,
                                                    .n_up = (uint32_t)v->n_up,
                                                    .n_queue = (uint32_t)v->n_at[RIG_CALL_IN_QUEUE],
                                                    .n_busy = (uint32_t)v->n_busy};
    board->next_sample_s = elapsed_s + board->sample_period_s;
}

/* So many calls more or fewer than the band are no deviation: the stage's margin, and what two runs
 * of the same centre differ by that lose calls independently (Fleiss, Levin & Paik, Statistical
 * Methods for Rates and Proportions, 3rd edition, section 3.2; 1 %, two-sided), whichever is more.
 * The prediction of a run is one history of its calls, and knows little scatter where calls
 * compete. */
static double margin_of(const rig_margin *margin, double mean, double n_entered)
{
    static const double Z_1_PERCENT = 2.5758;
    if (n_entered <= 0.0 || isnan(mean))
        return 0.0;
    const double p = fmin(1.0, mean / n_entered);
    return fmax(rig_scenario_margin(margin, p) * n_entered,
                Z_1_PERCENT * sqrt(fmax(1.0, 2.0 * n_entered * p * (1.0 - p))));
}

static void compare_stage(rig_board *board, size_t n, rig_stage s)
{
    rig_board_view *v = &board->draft;
    rig_board_stage *stage = &v->stages[s];
    uint64_t n_entered = 0;
    stage->n_lost_by = stage->n_open_by = 0;
    for (size_t i = 0; i < n; i++) {
        n_entered += v->intervals[i].n_entered[s];
        stage->n_lost_by += v->intervals[i].n_lost[s];
        stage->n_open_by += v->intervals[i].n_open[s];
    }
    const rig_band band = stage->predicted = v->intervals[n - 1].so_far[s];
    const double low = (double)stage->n_lost_by, high = low + (double)stage->n_open_by;
    const double margin = stage->margin =
        margin_of(&board->scenario->gate.margin[s], band.mean, (double)n_entered);
    stage->side = low > band.high + margin ? 1 : high < band.low - margin ? -1 : 0;
}

/* Of the calls that came up to the end of the last interval that is over, and seen. */
static void compare(rig_board *board)
{
    rig_board_view *v = &board->draft;
    size_t n = 0;
    while (n < v->n_intervals && v->intervals[n].end_s <= v->at_s - SETTLE_S * v->time_scale)
        n++;
    if (n == 0)
        return;
    v->compared_s = v->intervals[n - 1].end_s;
    for (int s = 0; s < RIG_N_STAGES; s++)
        compare_stage(board, n, (rig_stage)s);
}

static void take_bands(rig_board *board)
{
    rig_board_view *v = &board->draft;
    if (board->circuits == NULL || v->at_s < 0.0 || v->at_s >= v->duration_s)
        return;
    size_t i = (size_t)(v->at_s / board->scenario->interval_s);
    i = i < board->n_bands ? i : board->n_bands - 1;
    v->circuits = board->circuits[i];
    v->queue = board->queue[i];
    v->on_duty = board->on_duty[i];
}

static void take_levels(rig_board *board)
{
    rig_board_view *v = &board->draft;
    const rig_gate *gate = &board->scenario->gate;
    for (size_t i = 0; i < v->n_levels; i++) {
        if (gate->levels[i].metric.part == RIG_METRIC_WHOLE)
            v->levels[i].value = v->figures[gate->levels[i].metric.metric];
    }
    for (size_t i = 0; i < v->n_faults; i++)
        v->faults[i].is_on = v->phase < RIG_BOARD_JUDGING && v->at_s >= v->faults[i].from_s &&
                             v->at_s < v->faults[i].until_s;
}

static void show(rig_board *board)
{
    board->draft.number++;
    board->view = board->draft;
    atomic_store(&board->number, board->draft.number);
    pthread_mutex_unlock(&board->reading);
}

void rig_board_publish(rig_board *board, const rig_board_progress *progress)
{
    rig_board_view *v = &board->draft;
    const double elapsed_s = progress->elapsed_wire_s;
    v->phase = progress->phase;
    v->is_blind = progress->is_blind;
    v->n_planned = progress->n_planned;
    v->n_due = progress->n_due;
    v->n_packets = progress->n_packets;
    v->n_kernel_dropped = progress->n_kernel_dropped;
    take_counts(board, progress);
    if (progress->start_epoch_ns != 0) {
        v->at_s = elapsed_s * v->time_scale;
        v->left_wire_s = fmax(0.0, progress->duration_wire_s - elapsed_s);
        take_rates(board, elapsed_s);
        take_sample(board, elapsed_s);
        take_bands(board);
        compare(board);
    }
    take_levels(board);
    if (pthread_mutex_trylock(&board->reading) == 0)
        show(board);
}

void rig_board_finish(rig_board *board, const rig_board_end *end)
{
    rig_board_view *v = &board->draft;
    v->phase = RIG_BOARD_OVER;
    v->left_wire_s = 0.0;
    v->has_judgement = end->has_judgement;
    v->judgement = end->judgement;
    v->exit_code = end->exit_code;
    (void)snprintf(v->verdict, sizeof v->verdict, "%s", end->verdict);
    (void)snprintf(v->told, sizeof v->told, "%s", end->told != NULL ? end->told : end->verdict);
    (void)snprintf(v->report, sizeof v->report, "%s", end->report != NULL ? end->report : "");
    pthread_mutex_lock(&board->reading);
    show(board);
    atomic_store(&board->is_over, true);
}

/* ---- readers ---- */

void rig_board_read(rig_board *board, rig_board_view *view)
{
    pthread_mutex_lock(&board->reading);
    *view = board->view;
    pthread_mutex_unlock(&board->reading);
}

uint64_t rig_board_number(const rig_board *board)
{
    return atomic_load(&board->number);
}

bool rig_board_is_over(const rig_board *board)
{
    return atomic_load(&board->is_over);
}
