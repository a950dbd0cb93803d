/* models/: schedule, calendar, simulated call centre, figures, prediction. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "models/centre.h"
#include "models/erlang.h"
#include "models/event_heap.h"
#include "models/prediction.h"
#include "tests/small_scenario.h"

static void test_erlang_b(void **state)
{
    (void)state;
    static const struct {
        double offered_erl;
        uint32_t n_circuits;
        double p_block, tolerance;
        rig_status status;
    } rows[] = {
        {1, 1, 0.5, 1e-15, RIG_OK},
        {1, 2, 0.2, 1e-15, RIG_OK},
        {10, 16, 0.022302, 5e-7, RIG_OK},
        {10, 17, 0.012949, 5e-7, RIG_OK},
        {8.108, 15, 0.01, 5e-6, RIG_OK},
        {25, 30, 0.0526032, 5e-8, RIG_OK},
        {95, 100, 0.0488, 5e-5, RIG_OK},
        {0, 0, 1, 0, RIG_OK},
        {0, 5, 0, 0, RIG_OK},
        {5, 0, 1, 0, RIG_OK},
        {1e-300, 1000, 0, 0, RIG_OK},
        {1e6, 1000000, 0.0007973, 1e-6, RIG_OK}, /* about sqrt(2 / (pi A)) */
        {-1, 5, -1, 0, RIG_EDOM},
        {(double)NAN, 5, -1, 0, RIG_EDOM},
        {(double)INFINITY, 5, -1, 0, RIG_EDOM},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double p = -1.0;
        assert_int_equal(rig_erlang_b(rows[i].offered_erl, rows[i].n_circuits, &p), rows[i].status);
        if (!(fabs(p - rows[i].p_block) <= rows[i].tolerance))
            fail_msg("row %zu: %.9g, expected %.9g", i, p, rows[i].p_block);
    }
}

/* Against a plain search for the earliest, through random sets, moves and removals. */
static void test_event_heap(void **state)
{
    (void)state;
    enum { N = 50 };
    rig_event_heap *heap = NULL;
    double at_s[N];
    unsigned random = 1;
    assert_int_equal(rig_event_heap_new(N, &heap), RIG_OK);
    assert_true(isinf(rig_event_heap_next_s(heap)));
    for (int i = 0; i < N; i++)
        at_s[i] = INFINITY;
    for (int step = 0; step < 20000; step++) {
        random = random * 1103515245u + 12345u;
        uint32_t actor = (random >> 16) % N;
        if (step % 3 == 2) {
            rig_event_heap_unset(heap, actor);
            at_s[actor] = INFINITY;
        } else {
            at_s[actor] = (double)((random >> 8) % 64); /* many equal instants */
            rig_event_heap_set(heap, actor, at_s[actor]);
        }
        uint32_t first = 0;
        for (uint32_t i = 1; i < N; i++) {
            if (at_s[i] < at_s[first])
                first = i;
        }
        assert_true(rig_event_heap_next_s(heap) == at_s[first]);
        if (step % 7 == 0 && isfinite(at_s[first])) {
            assert_int_equal(rig_event_heap_pop(heap), first);
            at_s[first] = INFINITY;
        }
    }
    rig_event_heap_clear(heap);
    assert_true(isinf(rig_event_heap_next_s(heap)));
    rig_event_heap_free(heap);
    rig_event_heap_free(NULL);
}

static void test_schedule_regular(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_schedule *schedule = NULL;
    rig_error err = {0};
    s->traffic.arrivals = RIG_ARRIVALS_REGULAR;
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, &err), RIG_OK);
    assert_int_equal(schedule->n, 60);
    for (size_t i = 0; i < 60; i++)
        assert_true(fabs(schedule->calls[i].t_s - ((double)i + 0.5)) < 1e-6);
    rig_schedule_free(schedule);
    s->limits.max_calls = 59;
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "limits.max_calls = 59"));
}

/* A rate that climbs: the integral at the k-th regular instant is k + 1/2. */
static void test_schedule_follows_the_rate(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_rate_point climb[] = {{5, 0}, {20, 600}, {30, 600}, {40, 0}};
    rig_schedule *schedule = NULL;
    s->traffic.arrivals = RIG_ARRIVALS_REGULAR;
    s->traffic.rate = climb;
    s->traffic.n_rate = 4;
    for (int mode = 0; mode < 2; mode++) {
        s->traffic.interpolation = (rig_interpolation)mode;
        assert_int_equal(rig_schedule_draw(s, 0, &schedule, NULL), RIG_OK);
        double n_expected = rig_traffic_expected_calls(&s->traffic, 60.0);
        assert_int_equal(schedule->n, (size_t)(n_expected + 0.5));
        for (size_t i = 0; i < schedule->n; i++) {
            double integral = rig_traffic_expected_calls(&s->traffic, schedule->calls[i].t_s);
            if (fabs(integral - ((double)i + 0.5)) > 1e-4)
                fail_msg("mode %d call %zu: integral %.6f", mode, i, integral);
        }
        rig_schedule_free(schedule);
    }
}

/* Field by field: a struct's padding says nothing. */
static bool is_same_call(const rig_planned_call *a, const rig_planned_call *b)
{
    bool is_same = a->t_s == b->t_s && a->number == b->number &&
                   a->patience_answer_s == b->patience_answer_s &&
                   a->patience_queue_s == b->patience_queue_s &&
                   a->patience_ringing_s == b->patience_ringing_s &&
                   a->self_service_s == b->self_service_s && a->talk_s == b->talk_s &&
                   a->caller_hangs_up == b->caller_hangs_up;
    for (size_t k = 0; k < RIG_N_RING_ATTEMPTS; k++)
        is_same = is_same && a->ring_s[k] == b->ring_s[k];
    return is_same;
}

/* Poisson: 10,000 calls expected; count within 4 sigma, gaps of cv 1. */
static void test_schedule_poisson(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    s->traffic.duration_s = 10000.0;
    rig_schedule *a = NULL, *b = NULL, *c = NULL;
    assert_int_equal(rig_schedule_draw(s, 0, &a, NULL), RIG_OK);
    assert_int_equal(rig_schedule_draw(s, 0, &b, NULL), RIG_OK);
    assert_int_equal(rig_schedule_draw(s, 1, &c, NULL), RIG_OK);
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++)
        assert_true(is_same_call(&a->calls[i], &b->calls[i]));
    assert_true(a->calls[0].t_s != c->calls[0].t_s);
    assert_true(fabs((double)a->n - 10000.0) < 400.0);
    double sum = 0.0, squares = 0.0;
    for (size_t i = 1; i < a->n; i++) {
        double gap_s = a->calls[i].t_s - a->calls[i - 1].t_s;
        assert_true(gap_s >= 0.0);
        sum += gap_s;
        squares += gap_s * gap_s;
    }
    double mean = sum / (double)(a->n - 1);
    double cv = sqrt(squares / (double)(a->n - 1) - mean * mean) / mean;
    assert_true(fabs(cv - 1.0) < 0.05);
    rig_schedule_free(a);
    rig_schedule_free(b);
    rig_schedule_free(c);
}

/* More trunks, the same callers: what a call is does not depend on the centre. */
static void test_schedule_is_common_to_all_centres(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_schedule *a = NULL, *b = NULL;
    s->callers.talk = (rig_dist){.kind = RIG_DIST_LOGNORMAL, .mean_s = 30, .cv = 0.5};
    assert_int_equal(rig_schedule_draw(s, 0, &a, NULL), RIG_OK);
    room.trunks[0].n_circuits = 999;
    room.agents[0].n_agents = 3;
    s->ivr.p_self_service = 0.5;
    assert_int_equal(rig_schedule_draw(s, 0, &b, NULL), RIG_OK);
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++)
        assert_true(a->calls[i].talk_s == b->calls[i].talk_s);
    rig_schedule_free(a);
    rig_schedule_free(b);
}

static void test_schedule_csv(void **state)
{
    (void)state;
    char path[] = "/tmp/peakrig-schedule-XXXXXX";
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_schedule *a = NULL, *b = NULL;
    rig_error err = {0};
    char *text = NULL;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    s->ivr.p_self_service = 0.3;
    s->ivr.self_service = (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 4};
    s->callers.talk = (rig_dist){.kind = RIG_DIST_LOGNORMAL, .mean_s = 30, .cv = 0.5};
    room.agents[0].ring = (rig_dist){.kind = RIG_DIST_GAMMA, .mean_s = 3, .cv = 0.7};
    assert_int_equal(rig_schedule_draw(s, 3, &a, NULL), RIG_OK);
    assert_int_equal(rig_schedule_write(a, path, "ab", &err), RIG_OK);
    assert_int_equal(rig_schedule_read(path, &b, &err), RIG_OK);
    assert_int_equal(b->n, a->n);
    assert_int_equal(b->replication, 3);
    for (size_t i = 0; i < a->n; i++)
        assert_true(is_same_call(&a->calls[i], &b->calls[i]));
    rig_schedule_free(b);
    /* one broken row each */
    assert_int_equal(rig_file_read(path, &text, NULL, &err), RIG_OK);
    static const struct {
        const char *from, *to, *message;
    } rows[] = {{"# format: peakrig schedule 1", "# format: peakrig schedule 9", ":1: format"},
                {"\n0,", "\n1,", ":7: planned_index: \"1\"; expected 0"},
                {",caller,", ",nobody,", "hangs_up: \"nobody\""},
                {"\n2,1002", "\n2,x1002", "number: \"x1002\""},
                {"t_s,", "when,", "no column \"t_s\""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *at = strstr(text, rows[i].from);
        assert_non_null(at);
        char broken[200000];
        (void)snprintf(broken, sizeof broken, "%.*s%s%s", (int)(at - text), text, rows[i].to,
                       at + strlen(rows[i].from));
        assert_int_equal(rig_atomic_file_write(path, broken, strlen(broken), &err), RIG_OK);
        assert_int_equal(rig_schedule_read(path, &b, &err), RIG_EINPUT);
        if (strstr(err.text, rows[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].message);
    }
    free(text);
    rig_schedule_free(a);
    assert_int_equal(unlink(path), 0);
}

/* A hand-made call: arrival, then the durations that matter. */
static rig_planned_call call_at(double t_s)
{
    return (rig_planned_call){.t_s = t_s,
                              .patience_answer_s = 1000,
                              .patience_queue_s = 1000,
                              .patience_ringing_s = 1000,
                              .self_service_s = -1,
                              .talk_s = 10,
                              .caller_hangs_up = true,
                              .ring_s = {1, 1, 1, 1}};
}

/* Simulate hand-made calls; compare the fates with letters: T I Q A lost, S served, M self-served.
 */
static void expect_fates(const rig_scenario *scenario, rig_planned_call *calls, size_t n,
                         const char *expected, double metrics[RIG_N_METRICS])
{
    static const char letters[] = "TIQASM"; /* as below */
    static const rig_outcome outcomes[] = {RIG_OUTCOME_LOST_TRUNK, RIG_OUTCOME_LOST_IVR,
                                           RIG_OUTCOME_LOST_QUEUE, RIG_OUTCOME_LOST_AGENT,
                                           RIG_OUTCOME_SERVED,     RIG_OUTCOME_SELF_SERVED};
    rig_centre *centre = NULL;
    rig_outcome fates[16];
    rig_schedule schedule = {.calls = calls, .n = n};
    rig_centre_input input = {.schedule = &schedule, .replication = 1};
    rig_centre_output output = {.fates = fates};
    assert_int_equal(rig_centre_new(scenario, &centre), RIG_OK);
    for (int again = 0; again < 2; again++) { /* a simulator leaves nothing behind */
        assert_int_equal(rig_centre_simulate(centre, &input, &output), RIG_OK);
        assert_true(rig_tally_conserved(&output.tally, n));
        for (size_t i = 0; i < n; i++) {
            rig_outcome outcome = outcomes[strchr(letters, expected[i]) - letters];
            if (fates[i] != outcome)
                fail_msg("call %zu: %s, expected %s", i, rig_outcome_name(fates[i]),
                         rig_outcome_name(outcome));
        }
    }
    if (metrics != NULL)
        memcpy(metrics, output.metrics, sizeof output.metrics);
    rig_centre_free(centre);
}

static void test_centre_trunk(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    double metrics[RIG_N_METRICS];
    room.trunks[0].n_circuits = 2;
    /* calls hold 11 s (ring 1, talk 10): the third finds both circuits busy, the fourth a free one
     */
    rig_planned_call calls[] = {call_at(0), call_at(5), call_at(10.9), call_at(11.5)};
    expect_fates(s, calls, 4, "SSTS", metrics);
    assert_true(metrics[RIG_METRIC_PEAK_CIRCUITS] == 2.0);
    assert_true(metrics[RIG_METRIC_N_OFFERED] == 4.0);
    assert_true(metrics[RIG_METRIC_P_LOST_PER_ENTRANT] == 0.25);
    assert_true(metrics[RIG_METRIC_WAIT_MEAN_S] == 1.0);
}

static void test_centre_ivr(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    double metrics[RIG_N_METRICS];
    s->ivr.n_ports = 1;
    s->ivr.menu = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = 4};
    /* the port is held for the menu: 0..4, 4..8; the second waits 3 s for it, the third gives up */
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    calls[2].patience_answer_s = 4.5;
    expect_fates(s, calls, 3, "SSI", metrics);
    assert_true(metrics[RIG_METRIC_SETUP_P95_S] == 3.0);
    /* held through queue and ringing, too (1 s): the second is answered at 5, not at 4 */
    s->ivr.hold_while_queued = true;
    expect_fates(s, calls, 3, "SSI", metrics);
    assert_true(metrics[RIG_METRIC_SETUP_P95_S] == 4.0);
    /* a self-server leaves the menu after 3 s and frees the port */
    s->ivr.hold_while_queued = false;
    calls[0].self_service_s = 3;
    expect_fates(s, calls, 3, "MSI", metrics);
    assert_true(metrics[RIG_METRIC_SETUP_P95_S] == 2.0);
}

/* A self-server whom the menu does not hold long enough hangs up at his instant all the same. */
static void test_centre_slow_self_servers(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    s->ivr.menu = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = 4};
    room.agents[0].n_agents = 1;
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(20), call_at(40)};
    calls[0].talk_s = 10;
    calls[1].self_service_s = 6; /* answered at 1, in the queue at 5, leaves at 7 */
    calls[2].self_service_s =
        4.5; /* queue at 24 with an idle agent, rings until 25: leaves at 24.5 */
    calls[3].self_service_s = 7; /* talks from 45, hangs up at 47 */
    expect_fates(s, calls, 4, "SQAS", NULL);
    /* that hang-up ends the talk: the only circuit is free again at 7, not at 15 */
    rig_planned_call two[] = {call_at(0), call_at(7.5)};
    two[0].self_service_s = 7;
    room.trunks[0].n_circuits = 1;
    expect_fates(s, two, 2, "SS", NULL);
}

static void test_centre_queue(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    double metrics[RIG_N_METRICS];
    room.agents[0].n_agents = 1;
    room.agents[0].wrap_up = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = 2};
    /* the agent: rings 0..1, talks until 11, wraps up until 13; then the second, not the third */
    rig_planned_call calls[] = {call_at(0), call_at(3), call_at(4), call_at(5)};
    calls[2].patience_queue_s = 8.9; /* until 12.9 */
    calls[3].patience_queue_s = 30;
    expect_fates(s, calls, 4, "SSQS", metrics);
    assert_true(fabs(metrics[RIG_METRIC_WAIT_MEAN_S] - (1.0 + 11.0 + 22.0) / 3.0) < 1e-6);
    s->queue.timeout_s = 12; /* the second is rung at 13, the fourth is cut at 17 */
    expect_fates(s, calls, 4, "SSQQ", NULL);
    s->queue.timeout_s = 0;
    s->queue.capacity =
        1; /* the second waits; third and fourth, patient both, find the queue full */
    calls[2].patience_queue_s = 1000;
    calls[3].patience_queue_s = 1000;
    expect_fates(s, calls, 4, "SSQQ", NULL);
    s->queue.capacity = 2;
    expect_fates(s, calls, 4, "SSSQ", NULL);
}

static void test_centre_agent(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    double metrics[RIG_N_METRICS];
    room.agents[0].n_agents = 1;
    rig_planned_call calls[] = {call_at(0), call_at(2)};
    calls[0].ring_s[0] = 5;
    calls[0].patience_ringing_s = 4; /* hangs up at 4; the agent is free for the second at once */
    expect_fates(s, calls, 2, "AS", metrics);
    assert_true(metrics[RIG_METRIC_WAIT_MEAN_S] == 3.0);
    /* the first attempt times out at 3, the agent rests 1 s, the second attempt is answered at 5.5
     */
    room.agents[0].ring_timeout_s = 3;
    calls[0].patience_ringing_s = 4;
    calls[0].ring_s[1] = 1.5;
    expect_fates(s, calls, 2, "SS", metrics);
    assert_true(metrics[RIG_METRIC_WAIT_P95_S] == 14.5); /* 2 .. 15.5 + 1 */
    /* his patience in the queue has gone on meanwhile: back there at 3, he leaves */
    calls[0].patience_queue_s = 2.5;
    expect_fates(s, calls, 2, "QS", metrics);
    assert_true(metrics[RIG_METRIC_WAIT_P95_S] == 3.0); /* 2 .. 3 + rest 1 + ring 1 */
    /* the queue's time-out waits for the ringing to end, too */
    calls[0].patience_queue_s = 1000;
    s->queue.timeout_s = 2.5;
    calls[1].t_s = 2.9;
    expect_fates(s, calls, 2, "QS", metrics);
}

/* A run whose calls went out late or not at all is replayed as it was. */
static void test_centre_actual_instants(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    rig_schedule schedule = {.calls = calls, .n = 3};
    const double arrival_s[] = {20.0, (double)NAN, 2.0};
    const rig_predict_options how = {
        .n_replications = 2, .schedule = &schedule, .arrival_s = arrival_s};
    rig_prediction *p = NULL;
    room.trunks[0].n_circuits = 1;
    assert_int_equal(rig_predict(s, &how, &p, NULL), RIG_OK);
    assert_int_equal(p->fates[0], RIG_OUTCOME_SERVED);
    assert_int_equal(p->fates[1], RIG_OUTCOME_NOT_PLACED);
    assert_int_equal(p->fates[2], RIG_OUTCOME_SERVED);
    assert_true(p->metrics[RIG_METRIC_N_OFFERED].mean == 2.0);
    assert_true(rig_prediction_band(p, RIG_SERIES_OFFERED, 0).mean == 1.0);
    assert_true(rig_prediction_band(p, RIG_SERIES_OFFERED, 2).mean == 1.0);
    /* 2..13: 8 s of the first interval, 3 s of the second; 20..31 fills the third */
    assert_true(fabs(rig_prediction_band(p, RIG_SERIES_CIRCUITS, 0).mean - 0.8) < 1e-9);
    assert_true(fabs(rig_prediction_band(p, RIG_SERIES_CIRCUITS, 1).mean - 0.3) < 1e-9);
    assert_true(fabs(rig_prediction_band(p, RIG_SERIES_CIRCUITS, 2).mean - 1.0) < 1e-9);
    rig_prediction_free(p);
}

/* The rig's own delays move what they belong to. */
static void test_centre_delays(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_planned_call calls[] = {call_at(0), call_at(11.2)};
    rig_schedule schedule = {.calls = calls, .n = 2};
    double late_s[] = {0.5};
    rig_delays delays = {0};
    room.trunks[0].n_circuits = 1;
    expect_fates(s, calls, 2, "SS", NULL);
    delays.kind[RIG_DELAY_TALK_CALLER] = (rig_delay_sample){late_s, 1};
    const rig_predict_options how = {.n_replications = 2, .schedule = &schedule, .delays = &delays};
    rig_prediction *p = NULL;
    assert_int_equal(rig_predict(s, &how, &p, NULL), RIG_OK);
    assert_int_equal(p->fates[1], RIG_OUTCOME_LOST_TRUNK);
    rig_prediction_free(p);
}

static void test_prediction_is_the_same_with_any_threads(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_prediction *a = NULL, *b = NULL;
    s->callers.talk = (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 12};
    const rig_predict_options one = {.n_replications = 101, .n_threads = 1};
    const rig_predict_options two = {.n_replications = 101, .n_threads = 2};
    assert_int_equal(rig_predict(s, &one, &a, NULL), RIG_OK);
    assert_int_equal(rig_predict(s, &two, &b, NULL), RIG_OK);
    assert_memory_equal(a->samples, b->samples, RIG_N_METRICS * 101 * sizeof *a->samples);
    assert_memory_equal(a->bands, b->bands, RIG_N_SERIES * a->n_intervals * sizeof *a->bands);
    assert_true(a->metrics[RIG_METRIC_P_LOST_PER_ENTRANT].sd > 0.0);
    rig_prediction_free(a);
    rig_prediction_free(b);
}

/* A replay keeps the callers and redraws what the centre draws by itself. */
static void test_replays_redraw_the_centre(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_schedule *schedule = NULL;
    rig_prediction *p = NULL;
    s->ivr.menu = (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 5};
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, NULL), RIG_OK);
    const rig_predict_options how = {.n_replications = 20, .schedule = schedule};
    assert_int_equal(rig_predict(s, &how, &p, NULL), RIG_OK);
    assert_true(p->metrics[RIG_METRIC_N_OFFERED].sd == 0.0);
    assert_true(p->metrics[RIG_METRIC_N_LOST].sd > 0.0);
    rig_prediction_free(p);
    rig_schedule_free(schedule);
}

static void test_prediction_refuses_and_stops(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_prediction *p = NULL;
    rig_error err = {0};
    volatile sig_atomic_t stop = 1;
    rig_predict_options how = {.n_replications = 1};
    assert_int_equal(rig_predict(s, &how, &p, &err), RIG_EDOM);
    how.n_replications = 10;
    how.stop = &stop;
    assert_int_equal(rig_predict(s, &how, &p, &err), RIG_ECANCELLED);
    how.stop = NULL;
    s->limits.max_calls = 3;
    assert_int_equal(rig_predict(s, &how, &p, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "limits.max_calls"));
    assert_null(p);
}

static void test_summarize(void **state)
{
    (void)state;
    double values[1000];
    rig_summary summary;
    for (int i = 0; i < 999; i++)
        values[i] = (i * 577) % 999 + 1; /* 1 .. 999 in some order */
    values[999] = (double)NAN;
    assert_int_equal(rig_summarize(values, 1000, &summary), RIG_OK);
    assert_int_equal(summary.n, 999);
    assert_true(fabs(summary.mean - 500.0) < 1e-9);
    assert_true(summary.low == 25.0 && summary.high == 975.0); /* the 25th and the 975th */
    double half = 1.9623 * 288.5307 / sqrt(999.0);
    assert_true(fabs(summary.ci_high - summary.mean - half) < 0.01);
    assert_int_equal(rig_summarize(values + 999, 1, &summary), RIG_OK);
    assert_int_equal(summary.n, 0);
    assert_true(isnan(summary.mean));
}

static void test_percentile_is_nearest_rank(void **state)
{
    (void)state;
    double metrics[RIG_N_METRICS];
    for (size_t n = 1; n < 200; n++) {
        float wait_s[200], setup_s[1] = {2.5f};
        for (size_t i = 0; i < n; i++)
            wait_s[i] = (float)((i * 7919) % n); /* 0 .. n-1, n < 7919 prime */
        rig_metrics_of_times(wait_s, n, setup_s, 1, metrics);
        assert_true(metrics[RIG_METRIC_WAIT_P95_S] == ceil(0.95 * (double)n) - 1.0);
        assert_true(metrics[RIG_METRIC_SETUP_P95_S] == 2.5);
    }
    rig_metrics_of_times(NULL, 0, NULL, 0, metrics);
    assert_true(isnan(metrics[RIG_METRIC_WAIT_P95_S]) && isnan(metrics[RIG_METRIC_WAIT_MEAN_S]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_erlang_b),
        cmocka_unit_test(test_event_heap),
        cmocka_unit_test(test_schedule_regular),
        cmocka_unit_test(test_schedule_follows_the_rate),
        cmocka_unit_test(test_schedule_poisson),
        cmocka_unit_test(test_schedule_is_common_to_all_centres),
        cmocka_unit_test(test_schedule_csv),
        cmocka_unit_test(test_centre_trunk),
        cmocka_unit_test(test_centre_ivr),
        cmocka_unit_test(test_centre_slow_self_servers),
        cmocka_unit_test(test_centre_queue),
        cmocka_unit_test(test_centre_agent),
        cmocka_unit_test(test_centre_actual_instants),
        cmocka_unit_test(test_centre_delays),
        cmocka_unit_test(test_prediction_is_the_same_with_any_threads),
        cmocka_unit_test(test_replays_redraw_the_centre),
        cmocka_unit_test(test_prediction_refuses_and_stops),
        cmocka_unit_test(test_summarize),
        cmocka_unit_test(test_percentile_is_nearest_rank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
