/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of classes and skills, of calls on the wire: a simulated run, made calls of, is counted
 * as the simulation counted itself. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/centre.h"
#include "scenarios/scope.h"
#include "verdict/observed.h"
#include "tests/unit/simulated_call.h"

static const char *folder; /* of scenarios */

/* A run of a scenario and what the simulation says of it. */
typedef struct run {
    rig_scenario *scenario;
    rig_schedule *schedule;
    rig_call *calls;
    const rig_call **observed;
    rig_join join;
    double *parts;
    uint32_t n_parts;
} run;

static void run_make(const char *name, const char *const *set, size_t n_set, run *r)
{
    rig_error err;
    rig_centre *centre = NULL;
    *r = (run){.scenario = NULL};
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s.cfg", folder, name);
    if (rig_scenario_read(path, set, n_set, &r->scenario, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(rig_schedule_draw(r->scenario, 0, &r->schedule, &err), RIG_OK);
    const size_t n = r->schedule->n;
    r->n_parts = rig_scope_n_parts(r->scenario);
    r->parts = calloc(r->n_parts * (size_t)RIG_N_METRICS, sizeof *r->parts);
    r->calls = calloc(n, sizeof *r->calls);
    r->observed = calloc(n, sizeof *r->observed);
    rig_outcome *fates = calloc(n, sizeof *fates);
    rig_call_instants *instants = calloc(n, sizeof *instants);
    const rig_centre_input input = {.schedule = r->schedule,
                                    .replication = r->schedule->replication};
    rig_centre_output output = {.fates = fates, .instants = instants, .parts = r->parts};
    assert_int_equal(rig_centre_new(r->scenario, &centre), RIG_OK);
    assert_int_equal(rig_centre_simulate(centre, &input, &output, &err), RIG_OK);
    for (size_t i = 0; i < n; i++) {
        r->calls[i] = simulated_call(i, r->schedule->calls[i].t_s, fates[i], &instants[i]);
        r->observed[i] = &r->calls[i];
    }
    r->join = (rig_join){.n_planned = n, .observed = r->observed, .n_due = n};
    rig_centre_free(centre);
    free(fates);
    free(instants);
}

static void run_clear(run *r)
{
    free(r->parts);
    free(r->calls);
    free(r->observed);
    rig_schedule_free(r->schedule);
    rig_scenario_free(r->scenario);
}

static bool is_near(rig_metric metric, double a, double b)
{
    const double slack = rig_metric_is_time(metric) ? 0.02 + 0.03 * fabs(b) : 1e-9;
    return (isnan(a) && isnan(b)) || fabs(a - b) <= slack;
}

static void test_as_the_simulation(void **state)
{
    (void)state;
    run r;
    rig_observed observed = {.n_parts = 0};
    run_make("skills-vip", NULL, 0, &r);
    assert_int_equal(rig_observed_add_parts(&r.join, r.schedule, r.scenario, 0, &observed), RIG_OK);
    assert_int_equal(observed.n_parts, r.n_parts);
    size_t n_compared = 0, n_skills = 0;
    for (uint32_t part = 1; part <= r.n_parts; part++) {
        const rig_observed_part *o = &observed.parts[part - 1];
        const rig_scope_kind kind = rig_scope_part_of(r.scenario, part).kind;
        assert_int_equal(o->is_seen, kind != RIG_SCOPE_AGENTS);
        for (int m = 0; m < RIG_N_METRICS; m++) {
            const double predicted = r.parts[(part - 1) * (size_t)RIG_N_METRICS + (size_t)m];
            if (!o->is_seen || !rig_scope_has(r.scenario, part, (rig_metric)m)) {
                assert_true(isnan(o->metrics[m]));
                continue;
            }
            n_compared++;
            if (!is_near((rig_metric)m, o->metrics[m], predicted))
                fail_msg("%s of %s: %g; the simulation says %g",
                         rig_metric_describe((rig_metric)m)->name,
                         rig_scope_part_name(r.scenario, part), o->metrics[m], predicted);
        }
        n_skills += kind == RIG_SCOPE_SKILLS;
        assert_true(!o->is_seen || o->metrics[RIG_METRIC_N_SERVED] > 20.0);
    }
    assert_int_equal(n_skills, 2);
    assert_true(n_compared > 80);
    free(observed.parts);
    run_clear(&r);
}

/* Whose circuits a call holds is known where no carrier overflows into another one. */
static void test_circuits_of_a_carrier(void **state)
{
    (void)state;
    static const rig_metric rows[] = {RIG_METRIC_MEAN_CIRCUITS, RIG_METRIC_PEAK_CIRCUITS,
                                      RIG_METRIC_UTILISATION, RIG_METRIC_PEAK_UTILISATION};
    static const char *const set[] = {"trunks[0].overflow=()", "trunks[1].overflow=()"};
    for (size_t k = 0; k < 2; k++) {
        run r;
        rig_observed observed = {.n_parts = 0};
        run_make("two-carriers", set, k == 0 ? 2 : 0, &r);
        assert_int_equal(rig_observed_add_parts(&r.join, r.schedule, r.scenario, 0, &observed),
                         RIG_OK);
        const uint32_t first = rig_scope_first(r.scenario, RIG_SCOPE_TRUNKS);
        for (uint32_t t = 0; t < 2; t++) {
            for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                const double seen = observed.parts[first - 1 + t].metrics[rows[i]];
                const double is =
                    r.parts[(first - 1 + t) * (size_t)RIG_N_METRICS + (size_t)rows[i]];
                if (k == 0 ? !(fabs(seen - is) <= 0.01 * is) : !isnan(seen))
                    fail_msg("%s of carrier %u: %g; the simulation says %g",
                             rig_metric_describe(rows[i])->name, t, seen, is);
            }
            assert_true(observed.parts[first - 1 + t].is_seen);
        }
        free(observed.parts);
        run_clear(&r);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    folder = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_the_simulation),
        cmocka_unit_test(test_circuits_of_a_carrier),
    };
    return cmocka_run_group_tests_name("observed_parts", tests, NULL, NULL);
}
