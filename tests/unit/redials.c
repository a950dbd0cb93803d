/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Redials: rows of the schedule, their file, who plays them, and what a run shows of callers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "generator/play/deal.h"
#include "generator/play/injection.h"
#include "generator/sipp_log.h"
#include "models/centre.h"
#include "models/schedule.h"
#include "reports/callers_csv.h"
#include "reports/differences_csv.h"
#include "verdict/redialled.h"
#include "tests/small_scenario.h"
#include "tests/test.h"

/* 60 callers on four circuits, 10 s each; who is lost tries again, at most three times. */
static rig_scenario *make_scenario(small_scenario *room)
{
    rig_scenario *s = small_scenario_make(room);
    room->trunks[0].n_circuits = 4;
    s->ivr.n_ports = 4;
    s->callers.redial = (rig_redial){.p_redial = 0.7, .max_redials = 3};
    assert_int_equal(rig_dist_make(RIG_DIST_EXPONENTIAL, 5.0, 0.0, &s->callers.redial.delay, NULL),
                     RIG_OK);
    assert_int_equal(rig_dist_make(RIG_DIST_EXPONENTIAL, 10.0, 0.0, &s->callers.talk, NULL),
                     RIG_OK);
    s->limits.max_outside = 1000;
    return s;
}

static rig_schedule *draw(const rig_scenario *s)
{
    rig_schedule *schedule = NULL;
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, NULL), RIG_OK);
    assert_true(schedule->n_redials > 20);
    return schedule;
}

/* Each caller's redials stand together, each with its own draws and what stays his. */
static void test_rows(void **state)
{
    (void)state;
    small_scenario room;
    const rig_scenario *s = make_scenario(&room);
    rig_schedule *schedule = draw(s);
    const size_t n_first = rig_schedule_n_first(schedule);
    size_t n_seen = 0, longest = 0;
    for (size_t i = 0; i < n_first; i++) {
        const rig_planned_call *call = &schedule->calls[i];
        assert_true(call->attempt == 0 && isfinite(call->t_s));
        for (uint32_t k = 1; call->next != 0; k++) {
            const rig_planned_call *next = &schedule->calls[call->next];
            if (k > 1)
                assert_true(next == call + 1);
            assert_true(call->next >= n_first && isnan(next->t_s) && next->redial_s > 0.0);
            assert_int_equal(next->attempt, k);
            assert_int_equal(next->first, i);
            assert_int_equal(next->number, schedule->calls[i].number);
            assert_true(next->talk_s != call->talk_s);
            assert_int_equal(rig_schedule_first_of(schedule, call->next), i);
            call = next;
            n_seen++;
            longest = k > longest ? k : longest;
        }
    }
    assert_int_equal(n_seen, schedule->n_redials);
    assert_int_equal(longest, 3);
    rig_schedule_free(schedule);
}

static void test_too_many(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = make_scenario(&room);
    rig_schedule *schedule = draw(s);
    rig_error err = {.text = ""};
    char callers[60];
    const size_t n_first = rig_schedule_n_first(schedule);
    s->limits.max_calls = schedule->n;
    rig_schedule_free(schedule);
    schedule = draw(s);
    s->limits.max_calls = schedule->n - 1;
    rig_schedule_free(schedule);
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "redials"));
    assert_non_null(strstr(err.text, "limits.max_calls"));
    s->limits.max_calls = n_first; /* not one redial has room */
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, &err), RIG_EINPUT);
    (void)snprintf(callers, sizeof callers, "traffic: %zu callers, and more redials", n_first);
    assert_non_null(strstr(err.text, callers));
}

static const char PATH[] = "redials-schedule.csv";

static void test_file(void **state)
{
    (void)state;
    small_scenario room;
    rig_schedule *schedule = draw(make_scenario(&room)), *read = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_schedule_write(schedule, PATH, "0", &err), RIG_OK);
    if (rig_schedule_read(PATH, &read, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(read->n, schedule->n);
    assert_int_equal(read->n_redials, schedule->n_redials);
    for (size_t i = 0; i < read->n; i++) {
        const rig_planned_call *a = &read->calls[i], *b = &schedule->calls[i];
        assert_true(a->next == b->next && a->first == b->first && a->attempt == b->attempt);
        assert_true(fabs(a->redial_s - b->redial_s) < 1e-9);
        assert_true(isnan(a->t_s) == isnan(b->t_s));
    }
    rig_schedule_free(read);
    rig_schedule_free(schedule);
    (void)unlink(PATH);
}

/* Whose redial a row is must be sure. */
static void test_broken_files(void **state)
{
    (void)state;
#define HEAD                                                                                       \
    "# format: peakrig schedule 1\n# seed: 1\n# replication: 0\n"                                  \
    "planned_index,number,hangs_up,t_s,patience_answer_s,patience_queue_s,patience_ringing_s,"     \
    "self_service_s,talk_s,ring_0_s,ring_1_s,ring_2_s,ring_3_s,carrier,class,choice,caller,"       \
    "attempt,redial_s\n"
#define ROW(index, t, again) index ",1000,caller," t ",1,1,1,-1,1,1,1,1,1,0,0,0," again "\n"
    static const struct {
        const char *rows, *message;
    } cases[] = {
        {ROW("0", "0", "0,0,0") ROW("1", "", "0,2,1"), "attempt: \"2\""},
        {ROW("0", "0", "0,0,0") ROW("1", "", "1,1,1"), "caller: \"1\""},
        {ROW("0", "0", "0,0,0") ROW("1", "", "0,1,1") ROW("2", "1", "2,0,0"), "attempt: \"0\""},
        {ROW("0", "0", "0,0,0") ROW("1", "", "0,1,1") ROW("2", "", "0,1,1"), "caller: \"0\""},
        {ROW("0", "0", "0,0,0") ROW("1", "", "0,1,-1"), "redial_s: \"-1\""},
        {ROW("0", "0", "1,0,0"), "caller: \"1\""},
        {ROW("0", "", "0,0,0"), "t_s"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_schedule *read = NULL;
        rig_error err = {.text = ""};
        FILE *out = fopen(PATH, "w");
        assert_non_null(out);
        assert_true(fprintf(out, "%s%s", HEAD, cases[i].rows) > 0);
        assert_int_equal(fclose(out), 0);
        assert_int_equal(rig_schedule_read(PATH, &read, &err), RIG_EINPUT);
        if (strstr(err.text, cases[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, cases[i].message);
    }
    (void)unlink(PATH);
}

/* A caller's redials are of the SIPp that has his first call, and behind all first calls there. */
static void test_deal(void **state)
{
    (void)state;
    small_scenario room;
    rig_schedule *schedule = draw(make_scenario(&room));
    rig_deal deal;
    assert_int_equal(rig_deal_make(schedule, NULL, 3, &deal, NULL), RIG_OK);
    assert_int_equal(deal.n_workers, 3);
    assert_int_equal(deal.n_calls[0] + deal.n_calls[1] + deal.n_calls[2], schedule->n);
    for (size_t i = rig_schedule_n_first(schedule); i < schedule->n; i++) {
        const size_t first = schedule->calls[i].first;
        assert_int_equal(deal.worker[i], deal.worker[first]);
        assert_true(deal.row[i] > deal.row[first]);
    }
    rig_deal_clear(&deal);
    rig_schedule_free(schedule);
}

/* What the phones are told of an attempt is the row that the file would have. */
static void test_row_of_the_phones(void **state)
{
    (void)state;
    const rig_planned_call calls[] = {{.number = 1000, .talk_s = 10.0, .next = 1},
                                      {.number = 1000,
                                       .talk_s = 20.0,
                                       .ring_s = {1.0, 2.0, 3.0, 4.0},
                                       .t_s = (double)NAN,
                                       .attempt = 1}};
    const rig_schedule schedule = {
        .calls = (rig_planned_call *)(uintptr_t)calls, .n = 2, .n_redials = 1};
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    s->time_scale = 2.0;
    char *row = rig_injection_agents_row(&schedule, s, 1);
    assert_string_equal(row, "1000;10000.000;500.000;1000.000;1500.000;2000.000");
    free(row);
    s->n_agents = 2; /* which line of rings.csv */
    row = rig_injection_agents_row(&schedule, s, 1);
    assert_string_equal(row, "1000;10000.000;0;1;2;3;2");
    free(row);
}

/* What a redial may follow, as SIPp logs it. */
static void test_who_is_lost(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        rig_caller_end end;
        bool is_lost;
    } rows[] = {
        {"RIG;1;;;;;x", RIG_CALLER_NOT_PLACED, false},
        {"RIG;1;stopped;3;;1;x", RIG_CALLER_STOPPED, false},
        {"RIG;1;;1;503;1;x", RIG_CALLER_REJECTED, true},
        {"RIG;1;no_response;1;;1;x", RIG_CALLER_NO_RESPONSE, true},
        {"RIG;1;cancelled;1;;1;x", RIG_CALLER_CANCELLED, true},
        {"RIG;1;;2;200;1;x", RIG_CALLER_HUNG_UP_UNMARKED, true},
        {"RIG;1;;3;200;1;x", RIG_CALLER_HUNG_UP_QUEUE, true},
        {"RIG;1;;4;200;1;x", RIG_CALLER_HUNG_UP_RINGING, true},
        {"RIG;1;;5;200;1;x", RIG_CALLER_HUNG_UP_TALK, false},
        {"RIG;1;bye_unanswered;5;200;1;x", RIG_CALLER_BYE_UNANSWERED, false},
        {"RIG;1;bye_received -;3;200;1;x", RIG_CALLER_CENTRE_ENDED_QUEUE, true},
        {"RIG;1;bye_received deflected;3;200;1;x", RIG_CALLER_CENTRE_ENDED_QUEUE, false},
        {"RIG;1;deflected;3;480;1;x", RIG_CALLER_CENTRE_ENDED_QUEUE, false},
        {"RIG;1;bye_received -;5;200;1;x", RIG_CALLER_CENTRE_ENDED_TALK, false},
        {"RIG;1;bye_received cause=16;5;200;1;x", RIG_CALLER_CENTRE_ENDED_TALK, false},
        {"RIG;1;bye_received cause = 38;5;200;1;x", RIG_CALLER_CENTRE_ENDED_TALK, true},
        {"RIG;1;bye_received;5;200;1;x", RIG_CALLER_CENTRE_ENDED_TALK, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_caller_line read;
        if (!rig_caller_line_parse(rig_slice_of(rows[i].line), &read) || read.end != rows[i].end ||
            read.is_lost != rows[i].is_lost)
            fail_msg("%s", rows[i].line);
    }
    rig_caller_line read;
    assert_false(rig_caller_line_parse(rig_slice_of("RIG;1;bye_receivedx;5;200;1;x"), &read));
}

/* ---- what a run shows ---- */

#define START_NS (1000 * RIG_NS_PER_S)

/* Three callers: lost twice and then served; served; lost, and dials no more. */
typedef struct scene {
    rig_planned_call plan[6];
    rig_schedule schedule;
    rig_call seen[5];
    rig_calls calls;
} scene;

static rig_call call(int64_t row, double from_s, double to_s, rig_outcome outcome)
{
    return (rig_call){.planned_index = row,
                      .t_invite_ns = START_NS + rig_clock_ns_of_s(from_s),
                      .t_end_ns = START_NS + rig_clock_ns_of_s(to_s),
                      .t_provisional_ns = RIG_NO_TIME,
                      .t_answer_ns = RIG_NO_TIME,
                      .t_queue_ns = RIG_NO_TIME,
                      .t_menu_ns = RIG_NO_TIME,
                      .t_first_ring_ns = RIG_NO_TIME,
                      .t_agent_ring_ns = RIG_NO_TIME,
                      .t_agent_answer_ns = RIG_NO_TIME,
                      .outcome = outcome};
}

static void make_scene(scene *m)
{
    *m = (scene){.plan = {{.t_s = 0.0, .next = 3},
                          {.t_s = 1.0, .next = 5},
                          {.t_s = 2.0},
                          {.t_s = (double)NAN, .attempt = 1, .redial_s = 3.0, .next = 4},
                          {.t_s = (double)NAN, .attempt = 2, .redial_s = 2.0},
                          {.t_s = (double)NAN, .first = 1, .attempt = 1, .redial_s = 1.0}}};
    m->schedule = (rig_schedule){.calls = m->plan, .n = 6, .n_redials = 3};
    m->seen[0] = call(0, 0.0, 0.002, RIG_OUTCOME_LOST_TRUNK);
    m->seen[1] = call(1, 1.0, 9.0, RIG_OUTCOME_SERVED);
    m->seen[2] = call(2, 2.0, 4.0, RIG_OUTCOME_LOST_QUEUE);
    m->seen[3] = call(3, 3.01, 5.0, RIG_OUTCOME_LOST_QUEUE);
    m->seen[4] = call(4, 7.004, 12.0, RIG_OUTCOME_SERVED);
    m->calls = (rig_calls){.items = m->seen, .n = 5};
}

static void test_callers(void **state)
{
    (void)state;
    scene m;
    rig_join *join = NULL;
    rig_load_facts load = {.n_to_redial = 0};
    make_scene(&m);
    assert_int_equal(rig_join_new(&m.schedule, &m.calls, START_NS, 1.0, &join), RIG_OK);
    assert_int_equal(join->n_due, 5); /* the redial that nobody needed is none */
    assert_int_equal(join->n_not_placed, 0);
    const rig_persons all = rig_redialled_sum(join, &m.schedule, 0.0);
    assert_true(all.n == 3 && all.n_redials == 2 && all.n_served == 2 && all.n_promised == 0);
    rig_person p = rig_person_of(join, &m.schedule, 0, 1.0);
    assert_true(p.n_attempts == 3 && p.last == 4 && p.is_served && !p.is_given_up);
    assert_true(p.from_s == 0.0 && fabs(p.to_s - 12.0) < 1e-6);
    p = rig_person_of(join, &m.schedule, 2, 1.0);
    assert_true(p.n_attempts == 1 && !p.is_served && p.is_given_up);
    rig_redialled_count(join, &m.schedule, &load);
    assert_true(load.n_to_redial == 2 && load.n_not_redialled == 0 && load.n_needless == 0);
    char text[200];
    assert_true(rig_redialled_say(&load, text, sizeof text) && strstr(text, "of 2 callers"));
    rig_join_free(join);
    m.calls.n = 4; /* the last redial is missing */
    m.seen[1].planned_index = 1;
    m.seen[2] = call(5, 10.0, 11.0, RIG_OUTCOME_SERVED); /* and one who was served dials again */
    assert_int_equal(rig_join_new(&m.schedule, &m.calls, START_NS, 1.0, &join), RIG_OK);
    load = (rig_load_facts){.n_to_redial = 0};
    rig_redialled_count(join, &m.schedule, &load);
    assert_true(load.n_to_redial == 2 && load.n_not_redialled == 1 && load.n_needless == 1);
    assert_false(rig_redialled_say(&load, text, sizeof text));
    load = (rig_load_facts){.n_to_redial = 300, .n_not_redialled = 2, .n_needless = 1};
    assert_true(rig_redialled_say(&load, text, sizeof text));
    load.n_needless++;
    assert_false(rig_redialled_say(&load, text, sizeof text));
    load = (rig_load_facts){.n_to_redial = 0};
    assert_true(rig_redialled_say(&load, text, sizeof text) && text[0] == '\0');
    rig_join_free(join);
}

static void assert_rows(rig_status (*write)(const rig_result *, const char *, rig_error *),
                        const rig_result *r, const char *head, const char *rows)
{
    static const char file[] = "redials-rows.csv";
    char text[2000];
    assert_int_equal(write(r, file, NULL), RIG_OK);
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    assert_int_equal(fclose(in), 0);
    assert_int_equal(unlink(file), 0);
    const char *found = strstr(text, head);
    assert_non_null(found);
    assert_string_equal(found + strlen(head), rows);
}

/* callers.csv has a row a person; in differences.csv a redial has no instant to be late for. In the
 * replay the first caller was served by his first redial. */
static void test_files_of_callers(void **state)
{
    (void)state;
    scene m;
    rig_outcome fates[] = {RIG_OUTCOME_LOST_TRUNK, RIG_OUTCOME_SERVED,     RIG_OUTCOME_LOST_QUEUE,
                           RIG_OUTCOME_SERVED,     RIG_OUTCOME_NOT_PLACED, RIG_OUTCOME_NOT_PLACED};
    const rig_scenario scenario = {.time_scale = 1.0};
    const rig_prediction prediction = {.fates = fates, .n_fates = 6};
    const rig_play_facts play = {.start_epoch_ns = START_NS};
    const rig_result_inputs inputs = {.n_changed = 0};
    rig_join *join = NULL;
    make_scene(&m);
    m.plan[0].number = 1000;
    m.plan[3].is_backup = true;
    for (size_t i = 0; i < m.calls.n; i++)
        strcpy(m.seen[i].reason, "why");
    assert_int_equal(rig_join_new(&m.schedule, &m.calls, START_NS, 1.0, &join), RIG_OK);
    rig_result r = {.scenario = &scenario,
                    .inputs = &inputs,
                    .schedule = &m.schedule,
                    .play = &play,
                    .calls = &m.calls,
                    .join = join,
                    .prediction = &prediction};
    assert_rows(rig_report_callers_csv, &r,
                "replayed_attempts,replayed_fate,promised,call_backs,called_back,backup_calls\n",
                "0,1000,3,4,served,1,0.000000,12.000000,2,served,0,0,0,1\n"
                "1,0,1,1,served,1,1.000000,9.000000,1,served,0,0,0,0\n"
                "2,0,1,2,lost_queue,0,2.000000,4.000000,1,lost_queue,0,0,0,0\n");
    fates[2] = RIG_OUTCOME_SERVED;
    assert_rows(rig_report_differences_csv, &r, "reason,call_id\n",
                "2,2.000000,served,lost_queue,,queue,0.000,why,\n"
                "3,3.010000,served,lost_queue,,queue,,why,\n"
                "4,7.004000,not_placed,served,,,,why,\n");
    m.schedule.n_redials = 0; /* nobody redials by the plan: no file */
    assert_int_equal(rig_report_callers_csv(&r, "redials-rows.csv", NULL), RIG_OK);
    assert_int_not_equal(access("redials-rows.csv", F_OK), 0);
    rig_join_free(join);
}

/* The redial's delay is what was played: from the arrival of a call that got no circuit, from the
 * end of another. */
static void test_delays(void **state)
{
    (void)state;
    scene m;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_join *join = NULL;
    rig_delays delays;
    size_t n_odd;
    make_scene(&m);
    assert_int_equal(rig_join_new(&m.schedule, &m.calls, START_NS, 1.0, &join), RIG_OK);
    assert_int_equal(rig_join_measure_delays(join, &m.schedule, s, &delays, &n_odd), RIG_OK);
    assert_int_equal(delays.kind[RIG_DELAY_REDIAL].n, 2);
    assert_true(fabs((double)delays.own[3].late_s[RIG_DELAY_REDIAL] - 0.010) < 1e-6);
    assert_true(fabs((double)delays.own[4].late_s[RIG_DELAY_REDIAL] - 0.004) < 1e-6);
    assert_true(isnan(delays.own[0].late_s[RIG_DELAY_REDIAL]));
    rig_delays_clear(&delays);
    rig_join_free(join);
}

/* A redial that came in neither world is no call; one that came in one is a difference. */
static void test_fates(void **state)
{
    (void)state;
    scene m;
    rig_join *join = NULL;
    uint64_t confusion[RIG_N_OUTCOMES][RIG_N_OUTCOMES], n = 0;
    rig_outcome fates[] = {RIG_OUTCOME_LOST_TRUNK, RIG_OUTCOME_SERVED,     RIG_OUTCOME_LOST_QUEUE,
                           RIG_OUTCOME_SERVED,     RIG_OUTCOME_NOT_PLACED, RIG_OUTCOME_NOT_PLACED};
    make_scene(&m);
    assert_int_equal(rig_join_new(&m.schedule, &m.calls, START_NS, 1.0, &join), RIG_OK);
    rig_join_confusion(join, fates, confusion);
    for (int i = 0; i < RIG_N_OUTCOMES; i++)
        for (int k = 0; k < RIG_N_OUTCOMES; k++)
            n += confusion[i][k];
    assert_int_equal(n, 5);
    assert_int_equal(confusion[RIG_OUTCOME_NOT_PLACED][RIG_OUTCOME_SERVED], 1);
    assert_int_equal(confusion[RIG_OUTCOME_SERVED][RIG_OUTCOME_LOST_QUEUE], 1);
    const rig_call_diff diff = rig_join_diff(join, &m.schedule, fates);
    assert_int_equal(diff.n_different, 2);
    assert_true(fabs(diff.first[1].t_s - 7.004) < 1e-6);
    rig_join_free(join);
}

/* ---- and its replay ---- */

/* Replays of one schedule redo its redials with the same draws, and play those that were seen at
 * the instants at which they went out. */
static void test_replay(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = make_scenario(&room);
    rig_schedule *schedule = draw(s);
    rig_centre *centre = NULL;
    rig_outcome *fates[2];
    rig_call_instants *instants = calloc(schedule->n, sizeof *instants);
    rig_centre_output output = {.instants = instants};
    assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
    for (uint32_t r = 0; r < 2; r++) {
        rig_centre_input input = {.schedule = schedule, .replication = 7 * r};
        output.fates = fates[r] = calloc(schedule->n, sizeof *fates[r]);
        assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
    }
    assert_memory_equal(fates[0], fates[1], schedule->n * sizeof *fates[0]);
    assert_true(output.counts.n_redials > 10);
    size_t n_placed = 0, row = 0;
    for (size_t i = rig_schedule_n_first(schedule); i < schedule->n; i++) {
        n_placed += fates[0][i] != RIG_OUTCOME_NOT_PLACED;
        if (row == 0 && fates[0][i] == RIG_OUTCOME_SERVED && schedule->calls[i].attempt == 1)
            row = i;
    }
    assert_int_equal(n_placed, output.counts.n_redials);
    assert_true(row > 0);
    /* the redial was seen 0.5 s later than planned */
    const double before_s = instants[row].end_s;
    rig_call_delays *own = malloc(schedule->n * sizeof *own);
    double *arrival_s = calloc(schedule->n, sizeof *arrival_s);
    uint32_t *order = calloc(schedule->n, sizeof *order);
    for (size_t i = 0; i < schedule->n; i++) {
        own[i] = rig_delays_unseen();
        arrival_s[i] = schedule->calls[i].t_s;
        order[i] = (uint32_t)i;
    }
    own[row].late_s[RIG_DELAY_REDIAL] = 0.5F;
    const rig_delays delays = {.own = own};
    rig_centre_input input = {.schedule = schedule,
                              .arrival_s = arrival_s,
                              .order = order,
                              .n_order = rig_schedule_n_first(schedule),
                              .delays = &delays,
                              .mode = RIG_REPLAY_EXACT,
                              .replication = 1};
    assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
    if (output.fates[row] == RIG_OUTCOME_SERVED)
        assert_true(fabs(instants[row].end_s - before_s - 0.5) < 1e-6);
    free(own);
    free(arrival_s);
    free(order);
    free(fates[0]);
    free(fates[1]);
    free(instants);
    rig_centre_free(centre);
    rig_schedule_free(schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_file),        cmocka_unit_test(test_broken_files),
        cmocka_unit_test(test_deal),        cmocka_unit_test(test_row_of_the_phones),
        cmocka_unit_test(test_who_is_lost), cmocka_unit_test(test_callers),
        cmocka_unit_test(test_delays),      cmocka_unit_test(test_fates),
        cmocka_unit_test(test_replay),      cmocka_unit_test(test_files_of_callers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
