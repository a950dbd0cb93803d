/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wallboard of a fabricated run: no packet, no clock. */
#ifndef RIG_TESTS_LIVE_RUN_H
#define RIG_TESTS_LIVE_RUN_H

#include <string.h>

#include "core/clock.h"
#include "live/board.h"
#include "tests/small_scenario.h"

/** The run began then. */
#define LIVE_RUN_START_NS (1000 * RIG_NS_PER_S)

/** Room for one. Do not move. */
typedef struct live_run {
    small_scenario room;
    rig_level levels[2];
    rig_fault faults[1];
    rig_board *board;
    rig_call_watch watch;
} live_run;

/** The small scenario (60 s, intervals of 10 s) with two levels and an outage from 20 s to 30 s. */
static inline void live_run_make(live_run *run)
{
    rig_scenario *scenario = small_scenario_make(&run->room);
    run->levels[0] = (rig_level){
        .metric = {.metric = RIG_METRIC_CONNECT_RATE}, .is_minimum = true, .limit = 0.9};
    run->levels[1] = (rig_level){.metric = {.metric = RIG_METRIC_WAIT_P95_S}, .limit = 10.0};
    run->faults[0] = (rig_fault){.kind = RIG_FAULT_IVR, .at_s = 20.0, .for_s = 10.0};
    scenario->gate.levels = run->levels;
    scenario->gate.n_levels = 2;
    scenario->faults = run->faults;
    scenario->n_faults = 1;
    assert_int_equal(rig_board_new(scenario, "192.0.2.1", &run->board, NULL), RIG_OK);
    run->watch = rig_board_watch(run->board);
}

/** A call that came at an instant of the run. */
static inline rig_call live_run_call(double at_s, char *call_id)
{
    return (rig_call){.call_id = call_id,
                      .planned_index = -1,
                      .t_invite_ns = LIVE_RUN_START_NS + rig_clock_ns_of_s(at_s),
                      .t_provisional_ns = RIG_NO_TIME,
                      .t_menu_ns = RIG_NO_TIME,
                      .t_answer_ns = RIG_NO_TIME,
                      .t_queue_ns = RIG_NO_TIME,
                      .t_first_ring_ns = RIG_NO_TIME,
                      .t_agent_ring_ns = RIG_NO_TIME,
                      .t_agent_answer_ns = RIG_NO_TIME,
                      .t_end_ns = RIG_NO_TIME};
}

/** Tell a step; the call is where it was told to be before. @param was  NULL: it begins. */
static inline void live_run_step(live_run *run, const rig_call *call, uint64_t order,
                                 const rig_call_step *was, rig_call_step is)
{
    const rig_call_news news = {.call = call,
                                .order = order,
                                .is_first = was == NULL,
                                .was = was != NULL ? *was : (rig_call_step){.place = 0},
                                .is = is};
    run->watch.step(run->watch.ctx, &news);
}

/** A call that is refused at once. */
static inline void live_run_refuse(live_run *run, double at_s, uint64_t order, const char *reason)
{
    char call_id[40];
    (void)snprintf(call_id, sizeof call_id, "call-%llu", (unsigned long long)order);
    rig_call call = live_run_call(at_s, call_id);
    const rig_call_step up = {RIG_CALL_UNANSWERED, RIG_STAGE_TRUNK, RIG_OUTCOME_IN_PROGRESS};
    live_run_step(run, &call, order, NULL, up);
    call.outcome = RIG_OUTCOME_LOST_TRUNK;
    call.final_code = 503;
    call.t_end_ns = call.t_invite_ns + 1000000;
    (void)snprintf(call.reason, sizeof call.reason, "%s", reason);
    live_run_step(run, &call, order, &up,
                  (rig_call_step){RIG_CALL_OVER, RIG_STAGE_TRUNK, RIG_OUTCOME_LOST_TRUNK});
}

/** Publish what the run looks like at an instant. */
static inline void live_run_publish(live_run *run, rig_board_phase phase, double at_s)
{
    rig_board_publish(run->board, &(rig_board_progress){.phase = phase,
                                                        .start_epoch_ns = LIVE_RUN_START_NS,
                                                        .elapsed_wire_s = at_s,
                                                        .duration_wire_s = 60.0,
                                                        .n_planned = 60,
                                                        .n_due = (uint64_t)at_s,
                                                        .n_packets = 100,
                                                        .n_kernel_dropped = 1});
}

/** live_run_make, and the run's first instant is known. */
static inline void live_run_start(live_run *run)
{
    live_run_make(run);
    live_run_publish(run, RIG_BOARD_LEAD, -1.0);
}

/** A prediction of one loss a stage and interval, 0 to 2. */
static inline void live_run_predict(live_run *run)
{
    enum { N = 6 };
    static rig_band bands[RIG_N_SERIES * N], so_far[RIG_N_STAGES * N];
    for (size_t i = 0; i < RIG_N_SERIES * N; i++)
        bands[i] = (rig_band){1.0, 0.0, 2.0};
    for (size_t i = 0; i < RIG_N_STAGES * N; i++)
        so_far[i] = (rig_band){(double)(i % N + 1), 0.0, 2.0 * (double)(i % N + 1)};
    rig_board_predict(
        run->board,
        &(rig_prediction){.n_intervals = N, .interval_s = 10.0, .bands = bands, .so_far = so_far});
}

#endif
