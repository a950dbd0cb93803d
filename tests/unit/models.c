/* SPDX-License-Identifier: GPL-3.0-or-later */
/* models/: formula, schedule, figures, prediction. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "models/erlang_b.h"
#include "models/centre/histogram.h"
#include "core/microseconds.h"
#include "models/prediction.h"
#include "models/replications.h"
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
        assert_int_equal(rig_erlang_b(rows[i].offered_erl, rows[i].n_circuits, &p, NULL),
                         rows[i].status);
        if (!(fabs(p - rows[i].p_block) <= rows[i].tolerance))
            fail_msg("row %zu: %.9g, expected %.9g", i, p, rows[i].p_block);
    }
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
    assert_memory_equal(a->trunks, b->trunks, RIG_N_TRUNK_METRICS * sizeof *a->trunks);
    assert_memory_equal(a->groups, b->groups, RIG_N_GROUP_METRICS * sizeof *a->groups);
    /* the only groups say what all of them say */
    assert_true(a->trunks[RIG_TRUNK_MEAN_CIRCUITS].mean ==
                a->metrics[RIG_METRIC_MEAN_CIRCUITS].mean);
    assert_true(a->groups[RIG_GROUP_OCCUPANCY].high == a->metrics[RIG_METRIC_OCCUPANCY].high);
    assert_true(a->trunks[RIG_TRUNK_N_OFFERED].ci_low == a->metrics[RIG_METRIC_N_OFFERED].ci_low);
    assert_true(a->n_trunks == 1 && a->n_groups == 1);
    assert_true(a->metrics[RIG_METRIC_P_LOST_PER_ENTRANT].sd > 0.0);
    rig_prediction_free(a);
    rig_prediction_free(b);
}

/* A team that deals the replications backwards, one after the other. */
static rig_status simulate_backwards(void *ctx, rig_replications *replications, rig_error *err)
{
    const uint32_t n = rig_replications_of(replications)->n;
    uint32_t *n_rounds = ctx;
    for (uint32_t r = n; r-- > 0;) {
        uint32_t n_done = n - 1 - r;
        rig_replications_give(replications, r, 1);
        while (!rig_replications_are_done(replications, r, 1)) {
            rig_status status = rig_replications_wait(replications, 1.0, &n_done, err);
            if (status != RIG_OK)
                return status;
        }
    }
    ++*n_rounds;
    return RIG_OK;
}

static void test_prediction_is_the_same_by_any_team(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_prediction *a = NULL, *b = NULL;
    rig_error err = {0};
    uint32_t n_rounds = 0;
    const rig_team team = {simulate_backwards, &n_rounds, 1};
    s->callers.talk = (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 12};
    const rig_predict_options alone = {.n_replications = 17, .n_before = 3};
    rig_predict_options shared = {.n_replications = 17, .n_before = 3, .team = &team};
    assert_int_equal(rig_predict(s, &alone, &a, NULL), RIG_OK);
    assert_int_equal(rig_predict(s, &shared, &b, NULL), RIG_OK);
    assert_int_equal(n_rounds, 1);
    assert_memory_equal(a->samples, b->samples, RIG_N_METRICS * 17 * sizeof *a->samples);
    assert_memory_equal(a->bands, b->bands, RIG_N_SERIES * a->n_intervals * sizeof *a->bands);
    rig_prediction_free(a);
    rig_prediction_free(b);
    b = NULL;
    s->limits.max_calls = 3; /* what fails here is the team's to return */
    assert_int_equal(rig_predict(s, &shared, &b, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "limits.max_calls"));
    assert_null(b);
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
    rig_stop stop = {.is_set = 1};
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

/* A band is the summary's mean and interval, and leaves out what is not defined. */
static void test_band(void **state)
{
    (void)state;
    double values[1000];
    rig_summary summary;
    for (int i = 0; i < 1000; i++)
        values[i] = i % 10 == 3 ? (double)NAN : (double)((i * 577) % 1009);
    assert_int_equal(rig_summarize(values, 1000, &summary), RIG_OK);
    rig_band band = rig_band_of(values, 1000);
    assert_int_equal(summary.n, 900);
    assert_true(fabs(band.mean - summary.mean) < 1e-9);
    assert_true(band.low == summary.low && band.high == summary.high);
    values[0] = (double)NAN;
    assert_true(isnan(rig_band_of(values, 1).mean) && isnan(rig_band_of(values, 0).low));
}

static void test_histogram(void **state)
{
    (void)state;
    static const double p[] = {0.001, 0.5, 0.95, 1.0};
    static const struct {
        uint32_t bits;
        double relative;
    } rows[] = {{RIG_HISTOGRAM_BITS_FINE, 0.0005}, {RIG_HISTOGRAM_BITS_COARSE, 0.008}};
    for (size_t row = 0; row < 2; row++) {
        rig_histogram h;
        double q[4];
        uint32_t *bins = calloc(rig_histogram_n_bins(rows[row].bits), sizeof *bins);
        assert_non_null(bins);
        rig_histogram_make(rows[row].bits, bins, &h);
        /* one value alone, at each size: its bin is narrow, and its mean and maximum exact */
        for (double s = 1e-5; s < 1e9; s *= 1.37) {
            double least = 0.0;
            rig_histogram_clear(&h);
            rig_histogram_add(&h, s);
            rig_histogram_add(&h, 2.0 * s);
            rig_histogram_quantiles_s(&h, p, 4, q);
            least = q[0];
            if (fabs(least - s) > fmax(rows[row].relative * s, 0x1p-14))
                fail_msg("%g s in a bin of %g s", s, least);
            assert_true(q[3] == 2.0 * s && h.max_s == 2.0 * s);
            assert_true(rig_histogram_mean_s(&h) == 1.5 * s);
        }
        /* nearest ranks of 0, 1 .. 999 s in some order */
        rig_histogram_clear(&h);
        for (int i = 0; i < 1000; i++)
            rig_histogram_add(&h, (double)((i * 577) % 1000));
        rig_histogram_quantiles_s(&h, p, 4, q);
        assert_true(q[0] == 0.0);
        assert_true(fabs(q[1] - 499.0) <= 499.0 * rows[row].relative);
        assert_true(fabs(q[2] - 949.0) <= 949.0 * rows[row].relative);
        assert_true(q[3] == 999.0 && h.n == 1000);
        /* beyond the range: the last bin; mean and maximum stay exact */
        rig_histogram_clear(&h);
        rig_histogram_add(&h, 1e300);
        rig_histogram_add(&h, INFINITY);
        assert_true(isinf(h.max_s) && bins[rig_histogram_n_bins(rows[row].bits) - 1] == 2);
        rig_histogram_clear(&h);
        rig_histogram_quantiles_s(&h, p, 1, q);
        assert_true(isnan(q[0]) && isnan(rig_histogram_mean_s(&h)));
        for (uint32_t i = 0; i < rig_histogram_n_bins(rows[row].bits); i++)
            assert_int_equal(bins[i], 0);
        free(bins);
    }
}

static void test_microseconds(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        double s = ldexp((double)((i * 7919LL) % 1000003), i % 60 - 40);
        assert_true(rig_round_to_us(s) == round(s * 1e6) / 1e6);
    }
    static const double edges[] = {0.0, 0.49999999999999994e-6, 0.5e-6, 1.5e-6, 2.5e-6, 1e9, 1e300};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        assert_true(rig_round_to_us(edges[i]) == round(edges[i] * 1e6) / 1e6);
    assert_true(isinf(rig_round_to_us(INFINITY)));
}

static void test_percentile_is_nearest_rank(void **state)
{
    (void)state;
    double metrics[RIG_N_METRICS];
    for (size_t n = 1; n < 200; n++) {
        rig_wait waits[200];
        float setup_s[200];
        for (size_t i = 0; i < n; i++) {
            setup_s[i] = (float)((i * 7919) % n); /* 0 .. n-1, n < 7919 prime */
            waits[i] = (rig_wait){.s = setup_s[i], .is_answered = true};
        }
        rig_metrics_of_waits(waits, n, metrics);
        rig_metrics_of_setups(setup_s, n, metrics);
        assert_true(metrics[RIG_METRIC_WAIT_P95_S] == ceil(0.95 * (double)n) - 1.0);
        assert_true(metrics[RIG_METRIC_WAIT_P50_S] == ceil(0.5 * (double)n) - 1.0);
        assert_true(metrics[RIG_METRIC_WAIT_MAX_S] == (double)n - 1.0);
        assert_true(metrics[RIG_METRIC_ANSWERED_WAIT_P95_S] == metrics[RIG_METRIC_WAIT_P95_S]);
        assert_true(metrics[RIG_METRIC_SETUP_P95_S] == metrics[RIG_METRIC_WAIT_P95_S]);
    }
    rig_metrics_of_waits(NULL, 0, metrics);
    rig_metrics_of_setups(NULL, 0, metrics);
    assert_true(isnan(metrics[RIG_METRIC_SETUP_P95_S]));
    assert_true(isnan(metrics[RIG_METRIC_WAIT_P95_S]) && isnan(metrics[RIG_METRIC_WAIT_MEAN_S]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_erlang_b),
        cmocka_unit_test(test_schedule_regular),
        cmocka_unit_test(test_schedule_follows_the_rate),
        cmocka_unit_test(test_schedule_poisson),
        cmocka_unit_test(test_schedule_is_common_to_all_centres),
        cmocka_unit_test(test_schedule_csv),
        cmocka_unit_test(test_prediction_is_the_same_with_any_threads),
        cmocka_unit_test(test_prediction_is_the_same_by_any_team),
        cmocka_unit_test(test_replays_redraw_the_centre),
        cmocka_unit_test(test_prediction_refuses_and_stops),
        cmocka_unit_test(test_summarize),
        cmocka_unit_test(test_band),
        cmocka_unit_test(test_histogram),
        cmocka_unit_test(test_microseconds),
        cmocka_unit_test(test_percentile_is_nearest_rank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
