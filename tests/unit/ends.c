/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends of calls and of their callers: of each simulated run they add up to its calls and callers. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/small_scenario.h"
#include "verdict/ends.h"

enum { N_RUNS = 60 };

/* 3 calls a second at 20 circuits and agents who take 10 s. */
static rig_scenario *busy(small_scenario *room)
{
    rig_scenario *s = small_scenario_make(room);
    room->rate[0].rate_per_min = 180.0;
    room->trunks[0].n_circuits = s->ivr.n_ports = 20;
    s->limits.max_outside = 100000;
    return s;
}

static rig_prediction *predicted(const rig_scenario *s)
{
    rig_prediction *p = NULL;
    rig_error err = {.text = ""};
    const rig_predict_options how = {.n_replications = N_RUNS, .n_threads = 1};
    if (rig_predict(s, &how, &p, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return p;
}

/* The figures of one of the runs: as if it had been seen. */
static void figures_of(const rig_prediction *p, uint32_t run, double figures[RIG_N_METRICS])
{
    for (int m = 0; m < RIG_N_METRICS; m++)
        figures[m] = rig_prediction_samples(p, (rig_metric)m)[run];
}

static const rig_ends_row *end_of(const rig_ends_row *ends, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ends[i].name, name) == 0)
            return &ends[i];
    fail_msg("no end %s", name);
    return NULL;
}

static void check_sums(const rig_scenario *s, const rig_prediction *p, size_t n_ends_of_callers)
{
    rig_ends_row calls[RIG_ENDS_MOST], callers[RIG_ENDS_MOST];
    double figures[RIG_N_METRICS];
    size_t n;
    for (uint32_t run = 0; run < N_RUNS; run++) {
        double n_calls = 0.0, n_callers = 0.0;
        figures_of(p, run, figures);
        const size_t n_of_calls = rig_ends_of_calls(p, figures, calls);
        for (size_t i = 0; i < n_of_calls; i++)
            n_calls += calls[i].observed;
        assert_true(n_calls == figures[RIG_METRIC_N_OFFERED]);
        assert_int_equal(rig_ends_of_callers(s, p, figures, callers, &n), RIG_OK);
        assert_int_equal(n, n_ends_of_callers);
        for (size_t i = 0; i < n; i++) {
            assert_true(callers[i].observed >= 0.0);
            n_callers += callers[i].observed;
        }
        assert_true(n == 0 || n_callers == figures[RIG_METRIC_N_CALLERS]);
    }
    for (size_t i = 0; i < n; i++) {
        const rig_band b = callers[i].replayed;
        assert_true(b.low <= b.mean && b.mean <= b.high);
        assert_true(rig_ends_words(callers[i].name) != callers[i].name);
    }
}

static void test_callers_who_dial_again(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = busy(&room);
    s->callers.redial = (rig_redial){
        .p_redial = 0.6, .delay = {.kind = RIG_DIST_EXPONENTIAL, .mean_s = 5.0}, .max_redials = 3};
    rig_prediction *p = predicted(s);
    rig_ends_row ends[RIG_ENDS_MOST];
    double figures[RIG_N_METRICS];
    size_t n;
    check_sums(s, p, 2);
    figures_of(p, 0, figures);
    assert_int_equal(rig_ends_of_callers(s, p, figures, ends, &n), RIG_OK);
    const rig_ends_row *served = end_of(ends, n, "served_in_a_call");
    assert_true(served->observed == figures[RIG_METRIC_N_SERVED]);
    assert_true(end_of(ends, n, "not_served")->observed > 0.0);
    s->traffic.warm_up_s = 20.0; /* calls that count are those of others, too */
    assert_int_equal(rig_ends_of_callers(s, p, figures, ends, &n), RIG_OK);
    assert_int_equal(n, 0);
    rig_prediction_free(p);
}

static void test_callers_who_are_called_back(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = busy(&room);
    s->queue.deflection.p_accept = 0.5;
    room.agents[0].n_agents = 8;
    s->call_back = (rig_call_back){.start_s = 60.0,
                                   .idle_agents = 1,
                                   .n_attempts = 2,
                                   .p_reached = 0.6,
                                   .answer = {.kind = RIG_DIST_CONSTANT, .mean_s = 3.0},
                                   .no_answer_s = 20.0,
                                   .retry_delay = {.kind = RIG_DIST_CONSTANT, .mean_s = 30.0}};
    rig_prediction *p = predicted(s);
    rig_ends_row ends[RIG_ENDS_MOST];
    double figures[RIG_N_METRICS];
    size_t n;
    check_sums(s, p, 4);
    figures_of(p, 0, figures);
    assert_int_equal(rig_ends_of_callers(s, p, figures, ends, &n), RIG_OK);
    assert_true(end_of(ends, n, "called_back")->observed == figures[RIG_METRIC_N_CALLED_BACK]);
    assert_true(end_of(ends, n, "never_reached")->observed > 0.0);
    rig_prediction_free(p);
}

/* One call each: its end is the caller's. */
static void test_callers_of_one_call(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = busy(&room);
    rig_prediction *p = predicted(s);
    check_sums(s, p, 0);
    rig_prediction_free(p);
    assert_string_equal(rig_ends_words("of a later version"), "of a later version");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_callers_who_dial_again),
        cmocka_unit_test(test_callers_who_are_called_back),
        cmocka_unit_test(test_callers_of_one_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
