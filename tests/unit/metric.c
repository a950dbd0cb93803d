/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vocabulary of figures: every definition, on calls counted by hand, and the parts of a
 * scenario. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/centre.h"
#include "models/centre/account.h"
#include "models/rare.h"
#include "scenarios/scope.h"

static void expect(const double *metrics, rig_metric metric, double value)
{
    const double got = metrics[metric];
    if (isnan(value) ? !isnan(got) : !(got == value || fabs(got - value) < 1e-9))
        fail_msg("%s: %.12g, expected %.12g", rig_metric_describe(metric)->name, got, value);
}

static void test_table(void **state)
{
    (void)state;
    for (int m = 0; m < RIG_N_METRICS; m++) {
        const rig_metric_info *info = rig_metric_describe((rig_metric)m);
        rig_metric found = RIG_N_METRICS;
        if (info->name == NULL || info->description == NULL || info->unit == NULL ||
            info->numerator == NULL || info->source == NULL)
            fail_msg("figure %d is not described", m);
        assert_true(rig_metric_find(info->name, strlen(info->name), &found) && (int)found == m);
        const rig_metric_name brief = rig_metric_short_name((rig_metric)m);
        assert_true(rig_metric_find(brief.text, strlen(brief.text), &found) && (int)found == m);
        if (rig_metric_is_share((rig_metric)m))
            assert_non_null(info->denominator);
    }
    static const struct {
        const char *name;
        int metric;
    } rows[] = {{"served_in_the_end", RIG_METRIC_SERVED_IN_THE_END},
                {"p_callers_served", RIG_METRIC_SERVED_IN_THE_END},
                {"callers_served", RIG_METRIC_SERVED_IN_THE_END},
                {"service_level_included", RIG_METRIC_SERVICE_LEVEL},
                {"lost_agent", RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_AGENT},
                {"lost_agent_per_offered", RIG_METRIC_P_LOST_PER_OFFERED + RIG_STAGE_AGENT},
                {"lost_agents", -1},
                {"", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_metric found = RIG_N_METRICS;
        bool is_found = rig_metric_find(rows[i].name, strlen(rows[i].name), &found);
        assert_int_equal(is_found ? (int)found : -1, rows[i].metric);
    }
}

/* 20 calls: 3 find no circuit (1 of them because the centre is dead), 2 give up before any answer,
 * 2 are satisfied in the menu, 1 is cut there. 12 enter the queue: 6 are answered (waits 1, 2, 3,
 * 8, 9, 30 s), of which 2 are cut in the talk; 4 give up (at 2, 4, 10 s, and at 12 s while a phone
 * rings), 1 is refused at 0 s, 1 is promised a call back at 5 s. In time: 10 s; short: 3 s. */
static void test_definitions(void **state)
{
    (void)state;
    static const struct {
        rig_outcome outcome;
        rig_stage stage;
        int n;
    } ended[] = {
        {RIG_OUTCOME_LOST_TRUNK, RIG_STAGE_TRUNK, 3}, {RIG_OUTCOME_LOST_IVR, RIG_STAGE_IVR, 2},
        {RIG_OUTCOME_SELF_SERVED, RIG_STAGE_IVR, 2},  {RIG_OUTCOME_DROPPED, RIG_STAGE_IVR, 1},
        {RIG_OUTCOME_SERVED, RIG_STAGE_AGENT, 4},     {RIG_OUTCOME_DROPPED, RIG_STAGE_AGENT, 2},
        {RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE, 4}, {RIG_OUTCOME_LOST_AGENT, RIG_STAGE_AGENT, 1},
        {RIG_OUTCOME_DEFLECTED, RIG_STAGE_QUEUE, 1}};
    static const struct {
        int s;
        bool is_answered, is_abandoned;
    } waits[] = {{1, true, false},  {2, true, false},  {3, true, false},  {8, true, false},
                 {9, true, false},  {30, true, false}, {2, false, true},  {4, false, true},
                 {10, false, true}, {12, false, true}, {0, false, false}, {5, false, false}};
    const rig_queue queue = {.service_level_s = 10, .short_abandon_s = 3};
    rig_tally tally = {0};
    rig_metric_counts counts = {.n_cut = 2, .n_failed = 1, .n_centre_answered = 15};
    double m[RIG_N_METRICS];
    for (size_t i = 0; i < sizeof ended / sizeof *ended; i++) {
        for (int k = 0; k < ended[i].n; k++)
            rig_tally_add(&tally, ended[i].outcome, ended[i].stage);
    }
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        rig_metrics_count_wait(&counts, (double)waits[i].s, waits[i].is_answered,
                               waits[i].is_abandoned, &queue);
    rig_metrics_of_counts(&tally, &counts, m);
    expect(m, RIG_METRIC_N_OFFERED, 20);
    expect(m, RIG_METRIC_CONNECT_RATE, 6.0 / 20); /* 4 served, 2 in the menu */
    expect(m, RIG_METRIC_AGENT_CONNECT_RATE, 4.0 / 12);
    expect(m, RIG_METRIC_FAILURE_RATE, 1.0 / 20);
    expect(m, RIG_METRIC_N_FAILED, 1);
    expect(m, RIG_METRIC_DROP_RATE,
           2.0 / 6); /* the one cut in the menu was not answered by an agent */
    expect(m, RIG_METRIC_N_DROPPED, 3);
    expect(m, RIG_METRIC_ABANDON_RATE, 4.0 / 12);
    expect(m, RIG_METRIC_SERVICE_LEVEL, 5.0 / 12);
    expect(m, RIG_METRIC_SERVICE_LEVEL_EXCLUDED, 5.0 / 6);
    expect(m, RIG_METRIC_SERVICE_LEVEL_SHORT_EXCLUDED, 5.0 / 11);
    expect(m, RIG_METRIC_SERVICE_LEVEL_AS_ANSWERED, 8.0 / 12);
    expect(m, RIG_METRIC_ASR_OFFERED, 15.0 / 20);
    expect(m, RIG_METRIC_ASR_SEIZED, 15.0 / 17);
    expect(m, (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE), 4.0 / 12);
    expect(m, (rig_metric)(RIG_METRIC_P_LOST_PER_OFFERED + RIG_STAGE_QUEUE), 4.0 / 20);
    rig_metrics_of_counts(&(rig_tally){0}, NULL, m); /* of nothing */
    expect(m, RIG_METRIC_CONNECT_RATE, 0.0);
    expect(m, RIG_METRIC_DROP_RATE, (double)NAN);
    expect(m, RIG_METRIC_AGENT_CONNECT_RATE, (double)NAN);
}

/* Answered after 1 and 3 s, given up after 2 and 4: not answered yet are 3/4 from 1 s on and 3/4 *
 * 1/2 from 3 s on; the area under that is 1 + 2 * 3/4 + 1 * 3/8. */
static void test_waits_of_all(void **state)
{
    (void)state;
    rig_wait waits[] = {{4, false}, {3, true}, {1, true}, {2, false}};
    double m[RIG_N_METRICS];
    rig_metrics_of_waits(waits, 4, m);
    expect(m, RIG_METRIC_WAIT_MEAN_S, 2.875);
    expect(m, RIG_METRIC_WAIT_P50_S, 3);
    expect(m, RIG_METRIC_WAIT_P95_S, INFINITY);
    expect(m, RIG_METRIC_WAIT_MAX_S, 4);
    expect(m, RIG_METRIC_ANSWERED_WAIT_MEAN_S, 2);
    expect(m, RIG_METRIC_ANSWERED_WAIT_P95_S, 3);
    rig_wait tie[] = {{2, false}, {2, true}}; /* of equal times answers come first */
    rig_metrics_of_waits(tie, 2, m);
    expect(m, RIG_METRIC_WAIT_P50_S, 2);
    rig_wait nobody[] = {{2, false}};
    rig_metrics_of_waits(nobody, 1, m);
    expect(m, RIG_METRIC_WAIT_P50_S, INFINITY);
    expect(m, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (double)NAN);
    /* three quarters give up, the quarter that is answered waits for little: the limit is not met
     */
    rig_wait many[400];
    for (size_t i = 0; i < 400; i++)
        many[i] = (rig_wait){(float)(i % 4 == 0 ? 20 : 60), i % 4 == 0};
    rig_metrics_of_waits(many, 400, m);
    expect(m, RIG_METRIC_ANSWERED_WAIT_P95_S, 20);
    expect(m, RIG_METRIC_WAIT_P95_S, INFINITY);
}

static double draw(uint64_t *x)
{
    *x = *x * 6364136223846793005u + 1442695040888963407u;
    return (double)(*x >> 11) * 0x1p-53;
}

/* The model's histograms give what the sorted waits give, within the width of a bin. */
static void test_account_agrees_with_waits(void **state)
{
    (void)state;
    enum { N_WAITS = 500 };
    uint64_t x = 7;
    for (int trial = 0; trial < 20; trial++) {
        rig_account account;
        rig_wait waits[N_WAITS];
        double binned[RIG_N_METRICS], sorted[RIG_N_METRICS];
        uint32_t *bins =
            calloc(RIG_ACCOUNT_N_HISTOGRAMS * (size_t)rig_histogram_n_bins(11), sizeof *bins);
        assert_non_null(bins);
        rig_account_make(11, bins, &account);
        for (size_t i = 0; i < N_WAITS; i++) {
            bool is_answered = draw(&x) * 20.0 > (double)trial;
            double s = -30.0 * log(1.0 - draw(&x));
            waits[i] = (rig_wait){(float)s, is_answered};
            rig_histogram_add(is_answered ? &account.answered : &account.left, s);
        }
        rig_account_fill(&account, binned);
        rig_metrics_of_waits(waits, N_WAITS, sorted);
        for (int m = 0; m < RIG_N_METRICS; m++) {
            if (!rig_metric_is_time((rig_metric)m) || isnan(sorted[m]))
                continue;
            if (isinf(sorted[m]) ? !isinf(binned[m])
                                 : fabs(binned[m] - sorted[m]) > 1e-3 * sorted[m] + 1e-3)
                fail_msg("%s: %g, %g", rig_metric_describe((rig_metric)m)->name, binned[m],
                         sorted[m]);
        }
        free(bins);
    }
}

static const char *scenarios; /* the folder */

static rig_scenario *read_scenario(const char *name)
{
    char path[512];
    rig_scenario *scenario = NULL;
    rig_error err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", scenarios, name);
    if (rig_scenario_read(path, NULL, 0, &scenario, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return scenario;
}

static void test_names_of_parts(void **state)
{
    (void)state;
    rig_scenario *s = read_scenario("everything.cfg");
    char why[900], text[RIG_SCOPE_TEXT_SIZE];
    const uint32_t n = rig_scope_n_parts(s);
    assert_true(n > 0);
    for (uint32_t part = 1; part <= n; part++) { /* each reads as it is written */
        for (int m = 0; m < RIG_N_METRICS; m++) {
            rig_metric_ref ref = {(rig_metric)m, part}, got = {RIG_METRIC_N_OFFERED, 0};
            if (!rig_scope_has(s, part, ref.metric))
                continue;
            rig_scope_write(s, ref, text, sizeof text);
            if (rig_scope_read(s, text, strlen(text), &got, why, sizeof why) != RIG_OK)
                fail_msg("%s: %s", text, why);
            assert_true(got.metric == ref.metric && got.part == ref.part);
        }
    }
    static const struct {
        const char *text, *why;
    } wrong[] = {{"lost_trunk[nobody]", "no carrier, group of agents, class or skill"},
                 {"lost_trunk[", "expected METRIC or METRIC[NAME]"},
                 {"lost_trunk[]", "expected METRIC or METRIC[NAME]"},
                 {"lost_tronk", "unknown metric \"lost_tronk\"; expected one of lost_trunk, "},
                 {"peak_queue[trunks.mobile]", "peak_queue is not told apart by trunks"},
                 {"occupancy[trunks.mobile]", "occupancy is not told apart by trunks"}};
    free(s->trunks[0].name);
    s->trunks[0].name = strdup("mobile");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        rig_metric_ref ref = {RIG_METRIC_N_OFFERED, 77};
        assert_int_equal(
            rig_scope_read(s, wrong[i].text, strlen(wrong[i].text), &ref, why, sizeof why),
            RIG_EINPUT);
        assert_true(ref.part == 77);
        if (strstr(why, wrong[i].why) == NULL)
            fail_msg("%s: %s", wrong[i].text, why);
    }
    free(s->agents[0].name); /* a name that two kinds have needs its key */
    s->agents[0].name = strdup("mobile");
    rig_metric_ref ref;
    assert_int_equal(rig_scope_read(s, "n_served[mobile]", 16, &ref, why, sizeof why), RIG_EINPUT);
    assert_non_null(strstr(why, "several parts"));
    assert_int_equal(rig_scope_read(s, "n_served[agents.mobile]", 23, &ref, why, sizeof why),
                     RIG_OK);
    rig_scope_write(s, ref, text, sizeof text);
    assert_string_equal(text, "n_served[agents.mobile]");
    rig_scenario_free(s);
}

/* What is counted of the whole is counted of each part, once: counts of calls add up over carriers
 * and classes; those behind the queue over skills; talks over groups of agents. */
static void test_parts_add_up(void **state)
{
    (void)state;
    static const char *const files[] = {"two-carriers.cfg", "skills-vip.cfg", "everything.cfg"};
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        rig_scenario *s = read_scenario(files[f]);
        const uint32_t n = rig_scope_n_parts(s);
        double *parts = calloc((n + 1) * RIG_N_METRICS, sizeof *parts);
        rig_centre *centre = NULL;
        rig_centre_output output = {.parts = parts};
        rig_error err = {0};
        assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
        assert_int_equal(
            rig_centre_simulate(centre, &(rig_centre_input){.replication = 1}, &output, &err),
            RIG_OK);
        for (int k = 0; k < RIG_N_SCOPE_KINDS; k++) {
            const uint32_t first = rig_scope_first(s, (rig_scope_kind)k);
            for (int m = 0; m < RIG_N_METRICS && first != RIG_METRIC_WHOLE; m++) {
                double sum = 0.0;
                if (strcmp(rig_metric_describe((rig_metric)m)->unit, "calls") != 0 ||
                    !rig_scope_has(s, first, (rig_metric)m))
                    continue;
                for (uint32_t part = first; part <= n; part++) {
                    if (rig_scope_part_of(s, part).kind == (rig_scope_kind)k)
                        sum += parts[(part - 1) * RIG_N_METRICS + (size_t)m];
                }
                if (sum != output.metrics[m])
                    fail_msg("%s: %s over %s: %g, the whole %g", files[f],
                             rig_metric_describe((rig_metric)m)->name,
                             rig_scope_kind_name((rig_scope_kind)k), sum, output.metrics[m]);
            }
        }
        rig_centre_free(centre);
        free(parts);
        rig_scenario_free(s);
    }
}

/* Bounds of a rare share: exact where the hits are independent and of many runs. */
static void test_rare_bounds(void **state)
{
    (void)state;
    double hits[400], trials[400], low = 7.0, high = 7.0;
    for (size_t i = 0; i < 400; i++) {
        hits[i] = i < 4 ? 1.0 : 0.0;
        trials[i] = 1000.0;
    }
    assert_true(rig_rare_bounds(hits, trials, 400, 0.025, &low, &high));
    /* 4 of 400,000: Garwood's interval is 1.0899 to 10.2416 events; it is widened */
    assert_true(low > 0.4 / 400000 && low < 1.0899 / 400000);
    assert_true(high > 10.2416 / 400000 && high < 14.0 / 400000);
    for (size_t i = 0; i < 400; i++)
        hits[i] = 0.0;
    assert_true(rig_rare_bounds(hits, trials, 400, 0.025, &low, &high));
    assert_true(low == 0.0 && fabs(high - 3.6889 / 400000) < 0.0001 / 400000); /* -ln 0.025 */
    /* one run in 400 had all of 30 hits: less than an event. P(x; shape) is about
     * x^shape / gamma(shape + 1) so near to 0, where GSL's inverse does not converge */
    hits[7] = 30.0;
    assert_true(rig_rare_bounds(hits, trials, 400, 0.025, &low, &high));
    assert_true(low >= 0.0 && low < 1e-6 && high > 30.0 / 400000 && high < 1e-3);
    for (size_t i = 0; i < 400; i++)
        hits[i] = 200.0;
    low = high = 7.0;
    assert_false(rig_rare_bounds(hits, trials, 400, 0.025, &low, &high)); /* not rare */
    assert_false(rig_rare_bounds(hits, trials, 1, 0.025, &low, &high));
    assert_true(low == 7.0 && high == 7.0);
}

/* docs/figures.md names every figure. */
static void test_document(void **state)
{
    (void)state;
    char path[512], line[4000];
    bool is_named[RIG_N_METRICS] = {false};
    (void)snprintf(path, sizeof path, "%s/../docs/figures.md", scenarios);
    FILE *page = fopen(path, "r");
    assert_non_null(page);
    while (fgets(line, sizeof line, page) != NULL) {
        for (int m = 0; m < RIG_N_METRICS; m++) {
            char cell[80];
            (void)snprintf(cell, sizeof cell, "| `%s`", rig_metric_describe((rig_metric)m)->name);
            is_named[m] = is_named[m] || strncmp(line, cell, strlen(cell)) == 0;
        }
    }
    (void)fclose(page);
    for (int m = 0; m < RIG_N_METRICS; m++) {
        if (!is_named[m])
            fail_msg("docs/figures.md has no row of %s", rig_metric_describe((rig_metric)m)->name);
    }
}

int main(int argc, char **argv)
{
    assert_int_equal(argc, 2);
    scenarios = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),          cmocka_unit_test(test_definitions),
        cmocka_unit_test(test_waits_of_all),   cmocka_unit_test(test_account_agrees_with_waits),
        cmocka_unit_test(test_names_of_parts), cmocka_unit_test(test_parts_add_up),
        cmocka_unit_test(test_rare_bounds),    cmocka_unit_test(test_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
