/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agents' phones that refuse calls: which draw leads to what, what the model makes of it, how long
 * a call to a phone lasts in vain, and what the phones are told. */
#include <stdlib.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/random.h"
#include "generator/play/injection.h"
#include "tests/unit/centre_run.h"

static void test_draws_in_order(void **state)
{
    (void)state;
    static const struct {
        double u;
        rig_refusal expected;
    } rows[] = {{0.0, RIG_REFUSAL_BUSY},
                {0.1249, RIG_REFUSAL_BUSY},
                {0.125, RIG_REFUSAL_DO_NOT_DISTURB},
                {0.3749, RIG_REFUSAL_DO_NOT_DISTURB},
                {0.375, RIG_REFUSAL_REJECT},
                {0.6249, RIG_REFUSAL_REJECT},
                {0.625, RIG_REFUSAL_NONE},
                {0.9999, RIG_REFUSAL_NONE}};
    const rig_agent_group group = {.p_busy = 0.125, .p_do_not_disturb = 0.25, .p_reject = 0.25};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(rig_scenario_refusal(&group, rows[i].u), rows[i].expected);
    assert_true(rig_scenario_refuses(&group));
    assert_false(rig_scenario_refuses(&(rig_agent_group){.p_busy = 0.0}));
}

/* 0.1 busy, 0.2 not disturbed, 0.3 rejected after 4 s, and of the others none, or all, too late. */
static void test_how_long_in_vain(void **state)
{
    (void)state;
    rig_agent_group group = {.ring = constant(4), .ring_timeout_s = 5, .n_agents = 3};
    assert_true(rig_scenario_vain_s(&group) == 5.0);
    group.p_busy = 0.1;
    group.p_do_not_disturb = 0.2;
    group.p_reject = 0.3;
    assert_true(fabs(rig_scenario_vain_s(&group) - 0.3 * 4.0 / 0.6) < 1e-9);
    group.ring_timeout_s = 3;
    assert_true(fabs(rig_scenario_vain_s(&group) - (0.3 * 3.0 + 0.4 * 3.0)) < 1e-9);
    rig_agent_group groups[] = {group, {.ring = constant(4), .ring_timeout_s = 9, .n_agents = 1}};
    const rig_scenario two = {.agents = groups, .n_agents = 2};
    assert_true(fabs(rig_scenario_any_vain_s(&two, groups) - (3 * 2.1 + 9) / 4) < 1e-9);
    groups[0].p_busy = groups[0].p_do_not_disturb = groups[0].p_reject = 0.0;
    assert_true(rig_scenario_any_vain_s(&two, groups) == 3.0);
}

/* Make the seed one by which the first caller's calls to phones end so: a letter each. */
static void find_refusals(rig_scenario *scenario, const char *ends)
{
    static const char letters[] = "-BDR";
    for (;; scenario->seed++) {
        const rig_callers_source from = {.scenario = scenario, .replication = 1};
        uint32_t k = 0;
        while (ends[k] != '\0' && letters[rig_callers_refusal(&from, 0, 0, 0, k)] == ends[k])
            k++;
        if (ends[k] == '\0')
            return;
    }
}

typedef struct outcome {
    rig_outcome fate;
    rig_call_instants instants;
    double occupancy;
} outcome;

static void play(const rig_scenario *scenario, rig_planned_call *call, outcome *o)
{
    rig_centre *centre = NULL;
    rig_schedule schedule = {.calls = call, .n = 1, .replication = 1};
    rig_centre_input input = {.schedule = &schedule, .replication = 1};
    rig_error err = {.text = ""};
    rig_centre_output output = {.fates = &o->fate, .instants = &o->instants};
    assert_int_equal(rig_centre_new(scenario, &centre), RIG_OK);
    if (rig_centre_simulate(centre, &input, &output, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_true(rig_centre_is_idle(centre));
    o->occupancy = output.metrics[RIG_METRIC_OCCUPANCY];
    rig_centre_free(centre);
}

/* One call at 2 s, two agents who ring for 4 s and rest for 3 s, a talk of 10 s; 60 s in all. */
static void test_what_a_refusal_costs(void **state)
{
    (void)state;
    static const struct {
        const char *ends;
        uint32_t n_agents;
        double ring_s, talk_s; /* the last ringing's beginning, and its end */
        double busy_s;
    } rows[] = {
        {"-", 2, 2, 6, 14},       /* nobody refuses */
        {"B-", 2, 2, 6, 14},      /* at once, and the other's phone rings at once */
        {"D-", 2, 2, 6, 14},      /* the same */
        {"R-", 2, 6, 10, 18},     /* the ringing is lost, too */
        {"B-", 1, 5, 9, 14},      /* the only one rests */
        {"R-", 1, 9, 13, 18},     /* rings to 6, rests to 9 */
        {"BD-", 2, 5, 9, 14},     /* both rest; the first is back at 5 */
        {"RB-", 2, 9, 13, 18},    /* rings to 6; the other is busy, rests to 9, as the first */
        {"BRD-", 1, 15, 19, 18},  /* silent at 2, rings 5 to 9, silent at 12, rings 15 to 19 */
        {"RRRRR", 1, 30, NAN, 0}, /* rings at 2, 9, 16, 23 and 30, to 34: his patience is over */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        outcome o;
        rig_planned_call call = call_at(2);
        for (int k = 0; k < 4; k++)
            call.ring_s[k] = 4;
        call.patience_queue_s = 30;
        room.agents[0].n_agents = rows[i].n_agents;
        room.agents[0].rest_s = room.agents[0].busy_rest_s = room.agents[0].reject_rest_s = 3;
        room.agents[0].p_busy = room.agents[0].p_do_not_disturb = room.agents[0].p_reject = 0.25;
        find_refusals(s, rows[i].ends);
        play(s, &call, &o);
        const bool is_lost = isnan(rows[i].talk_s);
        assert_int_equal(o.fate, is_lost ? RIG_OUTCOME_LOST_QUEUE : RIG_OUTCOME_SERVED);
        if (!(fabs(o.instants.ring_s - rows[i].ring_s) < 1e-9) ||
            !(is_lost || fabs(o.instants.talk_s - rows[i].talk_s) < 1e-9))
            fail_msg("%s: rings at %g, answered at %g", rows[i].ends, o.instants.ring_s,
                     o.instants.talk_s);
        assert_true(is_lost ||
                    fabs(o.occupancy - rows[i].busy_s / (60.0 * rows[i].n_agents)) < 1e-9);
    }
}

/* One call at 2 s, one agent who rings for 4 s: he rests for 3 s after a ringing in vain or a 480,
 * for 5 s after a 486, for 7 s after a 603, and after two calls that he missed for 20 s. */
static void test_rests_and_breaks(void **state)
{
    (void)state;
    static const struct {
        const char *ends;
        uint32_t n_most;
        double ring_s; /* the last ringing's beginning */
    } rows[] = {
        {"B-", 0, 7},    /* 2 + 5 */
        {"D-", 0, 5},    /* 2 + 3 */
        {"R-", 0, 13},   /* rings to 6; + 7 */
        {"DD-", 0, 8},   /* 2 + 3 + 3 */
        {"DD-", 2, 25},  /* silent at 2 and 5; + 20 */
        {"DBD-", 2, 30}, /* 2, 5, 10: he said no to the second one, missed the others; + 20 */
        {"RRR-", 2, 35}, /* said no: 2 to 6, 13 to 17, 24 to 28; + 7 */
        {"DDD-", 2, 28}, /* the count begins anew: 2, 5, 25; + 3 */
        {"D-", 1, 22},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        rig_agent_group *group = &room.agents[0];
        outcome o;
        rig_planned_call call = call_at(2);
        for (int k = 0; k < 4; k++)
            call.ring_s[k] = 4;
        group->n_agents = 1;
        group->rest_s = 3;
        group->busy_rest_s = 5;
        group->reject_rest_s = 7;
        group->n_most_missed = rows[i].n_most;
        group->break_s = 20;
        group->p_busy = group->p_do_not_disturb = group->p_reject = 0.25;
        find_refusals(s, rows[i].ends);
        play(s, &call, &o);
        assert_int_equal(o.fate, RIG_OUTCOME_SERVED);
        if (!(fabs(o.instants.ring_s - rows[i].ring_s) < 1e-9))
            fail_msg("%s, %u: rings at %g", rows[i].ends, rows[i].n_most, o.instants.ring_s);
    }
}

/* Of a run and all its replays the refusals are the same; of another replication others. */
static void test_replays_refuse_alike(void **state)
{
    (void)state;
    enum { N = 400 };
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    static rig_planned_call calls[N];
    const rig_schedule schedule = {.seed = s->seed, .calls = calls, .n = N};
    size_t n_refused = 0, n_other = 0;
    room.agents[0].p_busy = 0.1;
    room.agents[0].p_reject = 0.2;
    const rig_callers_source replay = {
        .scenario = s, .planned = calls, .replication = 7, .planned_replication = 0};
    const rig_callers_source other = {.scenario = s, .replication = 7};
    for (uint32_t i = 0; i < N; i++) {
        const rig_refusal planned = rig_schedule_refusal(&schedule, s, i, 0, 1);
        const double u = rig_random_uniform(s->seed, RIG_CAUSE_REFUSAL, i, 0, 1);
        assert_int_equal(planned, u < 0.1   ? RIG_REFUSAL_BUSY
                                  : u < 0.3 ? RIG_REFUSAL_REJECT
                                            : RIG_REFUSAL_NONE);
        assert_int_equal(planned, rig_callers_refusal(&replay, i, 0, 0, 1));
        assert_int_equal(planned, rig_schedule_refusal(&schedule, s, i, 0, 17)); /* in turn */
        n_refused += planned != RIG_REFUSAL_NONE;
        n_other += planned != rig_callers_refusal(&other, i, 0, 0, 1);
    }
    assert_in_range(n_refused, 84, 156); /* 400 * 0.3 and four standard deviations */
    assert_in_range(n_other, 100, 300);
}

static char *written(rig_status (*write)(const char *path))
{
    char path[] = "/tmp/rig-refusals-XXXXXX";
    char *text = NULL;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(write(path), RIG_OK);
    assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
    unlink(path);
    return text;
}

static rig_scenario *told;
static rig_planned_call told_calls[1];

static rig_schedule schedule_of_one(void)
{
    return (rig_schedule){.seed = told->seed, .calls = told_calls, .n = 1, .replication = 1};
}

static rig_status write_agents(const char *path)
{
    const rig_schedule schedule = schedule_of_one();
    return rig_injection_write_agents(&schedule, told, path, NULL);
}

/* One group that does not refuse: times in the agents' file. One that does: the numbers of lines of
 * rings.csv, and there what comes of each, of the sentinel first. */
static void test_what_the_phones_are_told(void **state)
{
    (void)state;
    small_scenario room;
    char folder[] = "/tmp/rig-refusals-XXXXXX", path[80], *text;
    told = small_scenario_make(&room);
    const rig_schedule schedule = schedule_of_one();
    told_calls[0] = call_at(0);
    told_calls[0].number = 1000;
    told_calls[0].ring_s[1] = 2;
    text = written(write_agents);
    assert_string_equal(text, "SEQUENTIAL\n-;0;0;0;0;0\n"
                              "1000;40000.000;1000.000;2000.000;1000.000;1000.000\n");
    free(text);
    assert_false(rig_injection_has_rings(told));
    room.agents[0].p_busy = room.agents[0].p_do_not_disturb = room.agents[0].p_reject = 0.25;
    find_refusals(told, "BR-D");
    text = written(write_agents);
    assert_string_equal(text, "SEQUENTIAL\n-;0;0;0;0;0;0\n1000;40000.000;0;1;2;3;1\n");
    free(text);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(rig_injection_write_groups(&schedule, told, folder, NULL), RIG_OK);
    (void)snprintf(path, sizeof path, "%s/phones.csv", folder);
    assert_int_not_equal(access(path, F_OK), 0); /* one group needs none */
    (void)snprintf(path, sizeof path, "%s/rings.csv", folder);
    assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
    const char *lines = text + strlen("SEQUENTIAL\n") + RIG_N_REFUSALS * strlen("0.000\n");
    static const char expected[] = "1000.000x2\n2000.000x1\n1000.000x0\n1000.000x3\n";
    assert_memory_equal(lines, expected, sizeof expected - 1);
    assert_int_equal(strlen(lines), RIG_N_REFUSALS * strlen("1000.000x0\n"));
    free(text);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draws_in_order),
        cmocka_unit_test(test_how_long_in_vain),
        cmocka_unit_test(test_what_a_refusal_costs),
        cmocka_unit_test(test_rests_and_breaks),
        cmocka_unit_test(test_replays_refuse_alike),
        cmocka_unit_test(test_what_the_phones_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
