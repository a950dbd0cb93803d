/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wallboard: what steps of calls make of it, and what readers see. */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/test.h"

#include "tests/live_run.h"

static const rig_call_step UP = {RIG_CALL_UNANSWERED, RIG_STAGE_TRUNK, RIG_OUTCOME_IN_PROGRESS};
static const rig_call_step MENU = {RIG_CALL_IN_MENU, RIG_STAGE_IVR, RIG_OUTCOME_IN_PROGRESS};
static const rig_call_step QUEUE = {RIG_CALL_IN_QUEUE, RIG_STAGE_QUEUE, RIG_OUTCOME_IN_PROGRESS};
static const rig_call_step RINGS = {RIG_CALL_RINGING, RIG_STAGE_AGENT, RIG_OUTCOME_IN_PROGRESS};
static const rig_call_step TALKS = {RIG_CALL_TALKING, RIG_STAGE_AGENT, RIG_OUTCOME_IN_PROGRESS};
static const rig_call_step SERVED = {RIG_CALL_OVER, RIG_STAGE_AGENT, RIG_OUTCOME_SERVED};
static const rig_call_step REFUSED = {RIG_CALL_OVER, RIG_STAGE_TRUNK, RIG_OUTCOME_LOST_TRUNK};

static rig_board_view view; /* large */

static void read_at(live_run *run, double at_s)
{
    live_run_publish(run, RIG_BOARD_PLACING, at_s);
    rig_board_read(run->board, &view);
}

static uint64_t sum(const uint64_t *n, size_t n_of)
{
    uint64_t all = 0;
    for (size_t i = 0; i < n_of; i++)
        all += n[i];
    return all;
}

static void test_a_call_goes_through_all_stages(void **state)
{
    (void)state;
    live_run run;
    live_run_start(&run);
    rig_call call = live_run_call(1.0, (char *)"a");
    const rig_call_step *steps[] = {&UP, &MENU, &QUEUE, &RINGS, &QUEUE, &RINGS, &TALKS};
    static const uint64_t entered[][RIG_N_STAGES] = {{1, 0, 0, 0}, {1, 1, 0, 0}, {1, 1, 1, 0},
                                                     {1, 1, 1, 1}, {1, 1, 1, 0}, {1, 1, 1, 1},
                                                     {1, 1, 1, 1}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        live_run_step(&run, &call, 0, i > 0 ? steps[i - 1] : NULL, *steps[i]);
        read_at(&run, 2.0);
        assert_int_equal(view.n_offered, 1);
        assert_int_equal(view.n_up, 1);
        assert_int_equal(view.n_at[steps[i]->place], 1);
        assert_int_equal(sum(view.n_at, RIG_N_CALL_PLACES), 1);
        assert_int_equal(view.n_busy, i == 3 || i >= 5);
        for (int s = 0; s < RIG_N_STAGES; s++)
            assert_int_equal(view.stages[s].n_entered, entered[i][s]);
    }
    call.answered = true;
    call.t_answer_ns = call.t_invite_ns;
    call.t_queue_ns = call.t_invite_ns + RIG_NS_PER_S;
    call.t_agent_ring_ns = call.t_agent_answer_ns = call.t_queue_ns + 2 * RIG_NS_PER_S;
    call.t_end_ns = call.t_agent_answer_ns + RIG_NS_PER_S;
    call.outcome = RIG_OUTCOME_SERVED;
    live_run_step(&run, &call, 0, &TALKS, SERVED);
    read_at(&run, 6.0);
    assert_int_equal(view.n_up, 0);
    assert_int_equal(view.n_outcome[RIG_OUTCOME_SERVED], 1);
    assert_true(view.figures[RIG_METRIC_CONNECT_RATE] == 1.0);
    assert_true(view.figures[RIG_METRIC_ASR_OFFERED] == 1.0);
    assert_true(view.levels[0].value == 1.0);
    assert_true(isnan(view.levels[1].value)); /* a percentile is the verdict's */
    rig_board_free(run.board);
}

static void test_what_is_taken_back_leaves_nothing(void **state)
{
    (void)state;
    live_run run;
    live_run_start(&run);
    live_run_refuse(&run, 1.0, 0, "401");
    live_run_refuse(&run, 1.5, 1, "503");
    rig_call call = live_run_call(1.0, (char *)"call-0");
    live_run_step(&run, &call, 0, &REFUSED, MENU); /* goes on after the refusal */
    read_at(&run, 4.0);
    assert_int_equal(view.n_offered, 2);
    assert_int_equal(view.n_outcome[RIG_OUTCOME_LOST_TRUNK], 1);
    assert_int_equal(view.stages[RIG_STAGE_TRUNK].n_lost, 1);
    assert_int_equal(view.n_lost, 1);
    assert_string_equal(view.lost[0].call_id, "call-1");
    const rig_call_news gone = {.call = &call, .order = 0, .is_withdrawn = true, .was = MENU};
    run.watch.step(run.watch.ctx, &gone);
    read_at(&run, 5.0);
    assert_int_equal(view.n_offered, 1);
    assert_int_equal(view.n_up, 0);
    assert_int_equal(sum(view.n_outcome, RIG_N_OUTCOMES), 1);
    assert_int_equal(view.intervals[0].n_offered, 1);
    assert_int_equal(view.intervals[0].n_open[RIG_STAGE_AGENT], 0);
    rig_board_free(run.board);
}

static void test_what_the_run_hangs_up_is_lost_nowhere(void **state)
{
    (void)state;
    static const rig_call_step hung_up = {RIG_CALL_OVER, RIG_STAGE_QUEUE, RIG_OUTCOME_LOST_QUEUE};
    live_run run;
    live_run_start(&run);
    rig_call calls[2] = {live_run_call(1.0, (char *)"before"), live_run_call(2.0, (char *)"after")};
    for (uint64_t i = 0; i < 2; i++) {
        calls[i].planned_index = (int64_t)i;
        calls[i].bye = RIG_BYE_CALLER;
        calls[i].t_end_ns = LIVE_RUN_START_NS + (int64_t)(9 + 2 * i) * RIG_NS_PER_S;
        live_run_step(&run, &calls[i], i, NULL, QUEUE);
    }
    rig_board_publish(run.board,
                      &(rig_board_progress){.phase = RIG_BOARD_STOPPING,
                                            .start_epoch_ns = LIVE_RUN_START_NS,
                                            .stop_epoch_ns = LIVE_RUN_START_NS + 10 * RIG_NS_PER_S,
                                            .elapsed_wire_s = 10.0});
    for (uint64_t i = 0; i < 2; i++)
        live_run_step(&run, &calls[i], i, &QUEUE, hung_up);
    live_run_refuse(&run, 10.5, 2, "503"); /* that was the centre */
    rig_board_publish(run.board,
                      &(rig_board_progress){.phase = RIG_BOARD_STOPPING,
                                            .start_epoch_ns = LIVE_RUN_START_NS,
                                            .stop_epoch_ns = LIVE_RUN_START_NS + 10 * RIG_NS_PER_S,
                                            .elapsed_wire_s = 12.0});
    rig_board_read(run.board, &view);
    assert_int_equal(view.n_outcome[RIG_OUTCOME_LOST_QUEUE], 1);
    assert_int_equal(view.n_outcome[RIG_OUTCOME_CUT_BY_RIG], 1);
    assert_int_equal(view.n_outcome[RIG_OUTCOME_LOST_TRUNK], 1);
    assert_int_equal(view.n_offered, sum(view.n_outcome, RIG_N_OUTCOMES));
    assert_int_equal(view.intervals[0].n_lost[RIG_STAGE_QUEUE], 1);
    assert_int_equal(view.n_lost, 2);
    assert_string_equal(view.lost[1].call_id, "before");
    rig_board_free(run.board);
}

static void test_memory_is_bounded(void **state)
{
    (void)state;
    live_run run;
    live_run_start(&run);
    for (uint64_t i = 0; i < 10000; i++)
        live_run_refuse(&run, (double)i * 1e-2, i, "503");
    for (int i = 0; i < 5000; i++)
        read_at(&run, i);
    assert_int_equal(view.n_lost, RIG_BOARD_MAX_LOST);
    assert_string_equal(view.lost[0].call_id, "call-9999");
    assert_string_equal(view.lost[RIG_BOARD_MAX_LOST - 1].call_id, "call-9000");
    assert_true(view.n_samples > RIG_BOARD_MAX_SAMPLES / 4);
    assert_true(view.n_samples <= RIG_BOARD_MAX_SAMPLES);
    const float apart_s = view.samples[1].at_s - view.samples[0].at_s;
    for (size_t i = 1; i < view.n_samples; i++) /* as dense everywhere */
        assert_true(view.samples[i].at_s - view.samples[i - 1].at_s == apart_s);
    assert_true(view.samples[0].at_s == 0.0F);
    /* 6,000 came within the six intervals, and each interval has its own */
    assert_int_equal(view.n_intervals, 6);
    assert_int_equal(view.intervals[2].n_lost[RIG_STAGE_TRUNK], 1000);
    assert_int_equal(view.stages[RIG_STAGE_TRUNK].n_lost, 10000);
    rig_board_free(run.board);
}

static void test_many_intervals_are_taken_together(void **state)
{
    (void)state;
    live_run run;
    live_run_start(&run);
    rig_board_free(run.board);
    run.room.scenario.interval_s = 0.1; /* 600 of them */
    assert_int_equal(rig_board_new(&run.room.scenario, "", &run.board, NULL), RIG_OK);
    run.watch = rig_board_watch(run.board);
    live_run_publish(&run, RIG_BOARD_LEAD, -1.0);
    rig_band *bands = calloc((RIG_N_SERIES + RIG_N_STAGES) * 600, sizeof *bands);
    assert_non_null(bands);
    for (size_t i = 0; i < 600; i++)
        bands[RIG_N_SERIES * 600 + i].mean = (double)(i + 1);
    rig_board_predict(run.board, &(rig_prediction){.n_intervals = 600,
                                                   .interval_s = 0.1,
                                                   .bands = bands,
                                                   .so_far = bands + RIG_N_SERIES * 600});
    live_run_refuse(&run, 59.95, 1, "503");
    read_at(&run, 30.0);
    assert_int_equal(view.n_intervals, 300);
    assert_true(fabs(view.intervals[299].end_s - 60.0) < 1e-9);
    assert_int_equal(view.intervals[299].n_lost[RIG_STAGE_TRUNK], 1);
    assert_true(view.intervals[0].so_far[RIG_STAGE_TRUNK].mean == 2.0);
    assert_true(view.intervals[299].so_far[RIG_STAGE_TRUNK].mean == 600.0);
    assert_true(isnan(view.intervals[0].lost[RIG_STAGE_TRUNK].mean));
    free(bands);
    rig_board_free(run.board);
}

static void test_a_stage_beside_its_prediction(void **state)
{
    (void)state;
    live_run run;
    live_run_start(&run);
    live_run_predict(&run);
    read_at(&run, 11.0); /* the first interval is over, and not yet seen */
    assert_true(view.compared_s == 0.0);
    assert_true(view.circuits.mean == 1.0);
    for (uint64_t i = 0; i < 2; i++)
        live_run_refuse(&run, 1.0, i, "503");
    read_at(&run, 12.5);
    assert_true(view.compared_s == 10.0);
    assert_int_equal(view.stages[RIG_STAGE_TRUNK].n_lost_by, 2);
    assert_int_equal(view.stages[RIG_STAGE_TRUNK].side, 0);
    for (uint64_t i = 2; i < 60; i++)
        live_run_refuse(&run, 1.0, i, "503");
    live_run_refuse(&run, 11.0, 60, "503"); /* of the second: not compared */
    read_at(&run, 13.0);
    assert_int_equal(view.stages[RIG_STAGE_TRUNK].n_lost_by, 60);
    assert_int_equal(view.stages[RIG_STAGE_TRUNK].side, 1);
    assert_true(view.stages[RIG_STAGE_TRUNK].predicted.high == 2.0);
    assert_int_equal(view.stages[RIG_STAGE_IVR].side, 0);
    rig_board_free(run.board);
}

static void test_open_calls_may_still_be_lost(void **state)
{
    (void)state;
    live_run run;
    live_run_start(&run);
    enum { N = 6 };
    static rig_band bands[RIG_N_SERIES * N], so_far[RIG_N_STAGES * N];
    for (size_t i = 0; i < RIG_N_STAGES * N; i++)
        so_far[i] = (rig_band){100.0, 90.0, 110.0};
    rig_board_predict(run.board,
                      &(rig_prediction){.n_intervals = N, .bands = bands, .so_far = so_far});
    rig_call call = live_run_call(1.0, (char *)"a");
    for (uint64_t i = 0; i < 200; i++)
        live_run_step(&run, &call, i, NULL, QUEUE);
    read_at(&run, 13.0);
    assert_int_equal(view.stages[RIG_STAGE_QUEUE].n_open_by, 200);
    assert_int_equal(view.stages[RIG_STAGE_QUEUE].side, 0);
    assert_true(isnan(view.stages[RIG_STAGE_QUEUE].p_lost));
    assert_int_equal(view.stages[RIG_STAGE_IVR].n_open_by, 0);
    assert_int_equal(view.stages[RIG_STAGE_IVR].side, -1);
    for (uint64_t i = 0; i < 200; i++)
        live_run_step(&run, &call, i, &QUEUE, RINGS); /* and may come back */
    read_at(&run, 13.2);
    assert_int_equal(view.stages[RIG_STAGE_QUEUE].n_open_by, 200);
    assert_int_equal(view.stages[RIG_STAGE_AGENT].n_open_by, 200);
    for (uint64_t i = 0; i < 200; i++)
        live_run_step(&run, &call, i, &RINGS, TALKS);
    read_at(&run, 13.5);
    assert_int_equal(view.stages[RIG_STAGE_QUEUE].n_open_by, 0);
    assert_int_equal(view.stages[RIG_STAGE_QUEUE].side, -1);
    rig_board_free(run.board);
}

static void test_faults_rates_and_the_end(void **state)
{
    (void)state;
    live_run run;
    live_run_start(&run);
    for (int t = 0; t <= 25; t++) {
        for (uint64_t i = 0; i < 4; i++)
            live_run_refuse(&run, t, (uint64_t)t * 4 + i, "503");
        read_at(&run, t);
    }
    assert_true(fabs(view.rate_per_s - 4.0) < 0.01);
    assert_true(fabs(view.due_per_s - 1.0) < 0.01);
    assert_true(view.left_wire_s == 35.0);
    assert_true(view.faults[0].is_on);
    assert_string_equal(view.faults[0].what, "ivr");
    read_at(&run, 30.0);
    assert_false(view.faults[0].is_on);
    assert_false(rig_board_is_over(run.board));
    const uint64_t before = rig_board_number(run.board);
    rig_board_finish(run.board, &(rig_board_end){.has_judgement = true,
                                                 .judgement = RIG_JUDGEMENT_FAIL,
                                                 .exit_code = 1,
                                                 .verdict = "no"});
    rig_board_read(run.board, &view);
    assert_true(rig_board_is_over(run.board));
    assert_int_equal(rig_board_number(run.board), before + 1);
    assert_int_equal(view.phase, RIG_BOARD_OVER);
    assert_string_equal(view.verdict, "no");
    assert_string_equal(view.told, "no"); /* nothing was said of a language */
    assert_string_equal(view.report, "");
    rig_board_free(run.board);
}

/* Agents who are gone, of one group or of each; and the end in the reader's language. */
static void test_faults_of_agents(void **state)
{
    (void)state;
    live_run run;
    rig_fault faults[] = {{.kind = RIG_FAULT_AGENTS, .has_group = true, .group = 0},
                          {.kind = RIG_FAULT_AGENTS}};
    char desk[] = "desk";
    live_run_make(&run);
    rig_board_free(run.board);
    run.room.scenario.agents[0].name = desk;
    run.room.scenario.faults = faults;
    run.room.scenario.n_faults = 2;
    assert_int_equal(rig_board_new(&run.room.scenario, "192.0.2.1", &run.board, NULL), RIG_OK);
    rig_board_finish(run.board, &(rig_board_end){.verdict = "no", .told = "否"});
    rig_board_read(run.board, &view);
    assert_string_equal(view.faults[0].what, "agents desk");
    assert_string_equal(view.faults[1].what, "agents");
    assert_string_equal(view.verdict, "no");
    assert_string_equal(view.told, "否");
    rig_board_free(run.board);
}

static void test_bands_of_a_prediction_add_up(void **state)
{
    (void)state;
    live_run run;
    rig_prediction *p = NULL;
    live_run_start(&run);
    run.room.trunks[0].n_circuits = 5; /* of ten erlang: many are lost */
    const rig_predict_options how = {.n_replications = 50, .n_threads = 1};
    assert_int_equal(rig_predict(&run.room.scenario, &how, &p, NULL), RIG_OK);
    rig_board_predict(run.board, p);
    read_at(&run, 1.0);
    double mean = 0.0;
    for (size_t i = 0; i < view.n_intervals; i++) {
        const rig_band so_far = view.intervals[i].so_far[RIG_STAGE_TRUNK];
        mean += view.intervals[i].lost[RIG_STAGE_TRUNK].mean;
        assert_true(fabs(so_far.mean - mean) < 1e-9);
        assert_true(so_far.low < so_far.mean && so_far.mean < so_far.high);
    }
    const rig_summary *lost = &p->metrics[RIG_METRIC_N_LOST + RIG_STAGE_TRUNK];
    assert_true(mean > 1.0 && fabs(mean - lost->mean) < 1e-9);
    assert_true(view.intervals[5].so_far[RIG_STAGE_TRUNK].high == lost->high);
    rig_prediction_free(p);
    rig_board_free(run.board);
}

/* ---- three threads ---- */

typedef struct readers {
    rig_board *board;
    atomic_bool is_over, is_torn;
} readers;

static void *read_on(void *arg)
{
    readers *r = arg;
    rig_board_view *mine = malloc(sizeof *mine);
    assert_non_null(mine);
    while (!atomic_load(&r->is_over)) {
        rig_board_read(r->board, mine);
        if (sum(mine->n_at, RIG_N_CALL_PLACES) != mine->n_offered ||
            sum(mine->n_outcome, RIG_N_OUTCOMES) != mine->n_offered)
            atomic_store(&r->is_torn, true);
    }
    free(mine);
    return NULL;
}

static void *tell_on(void *arg)
{
    live_run *run = arg;
    for (uint64_t i = 0; i < 20000; i++)
        live_run_refuse(run, (double)i * 1e-3, i, "503");
    return NULL;
}

static void test_threads_see_whole_views(void **state)
{
    (void)state;
    live_run run;
    pthread_t reader[2], teller;
    live_run_start(&run);
    live_run_predict(&run);
    readers r = {.board = run.board};
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&reader[i], NULL, read_on, &r), 0);
    assert_int_equal(pthread_create(&teller, NULL, tell_on, &run), 0);
    for (int i = 0; i < 500; i++)
        live_run_publish(&run, RIG_BOARD_PLACING, i * 0.1);
    pthread_join(teller, NULL);
    atomic_store(&r.is_over, true);
    for (int i = 0; i < 2; i++)
        pthread_join(reader[i], NULL);
    assert_false(atomic_load(&r.is_torn));
    read_at(&run, 60.0);
    assert_int_equal(view.n_offered, 20000);
    rig_board_free(run.board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_call_goes_through_all_stages),
        cmocka_unit_test(test_what_is_taken_back_leaves_nothing),
        cmocka_unit_test(test_what_the_run_hangs_up_is_lost_nowhere),
        cmocka_unit_test(test_memory_is_bounded),
        cmocka_unit_test(test_many_intervals_are_taken_together),
        cmocka_unit_test(test_a_stage_beside_its_prediction),
        cmocka_unit_test(test_open_calls_may_still_be_lost),
        cmocka_unit_test(test_faults_rates_and_the_end),
        cmocka_unit_test(test_faults_of_agents),
        cmocka_unit_test(test_bands_of_a_prediction_add_up),
        cmocka_unit_test(test_threads_see_whole_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
