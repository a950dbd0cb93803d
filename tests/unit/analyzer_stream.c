/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that come one by one: calls.csv is the same as if they had come together, and so are the
 * circuits in use. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test.h"

#include "analyzer/calls_csv.h"
#include "analyzer/usage_meter.h"
#include "core/atomic_file.h"
#include "core/random.h"

#define S(seconds) ((int64_t)((seconds)*1000) * 1000000)

enum { N = 3000 };

static char folder[] = "/tmp/peakrig-stream-XXXXXX";
static char path_a[64], path_b[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path_a, sizeof path_a, "%s/a.csv", folder);
    snprintf(path_b, sizeof path_b, "%s/b.csv", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    (void)unlink(path_a);
    (void)unlink(path_b);
    return rmdir(folder);
}

/* Calls of a busy hour: some refused, some never answered, some not over. */
static void draw_calls(rig_call *calls, char (*ids)[32], size_t n)
{
    int64_t t_ns = S(1000);
    for (size_t i = 0; i < n; i++) {
        double draw = rig_random_uniform(4711, RIG_CAUSE_TALK, i, 0, 1);
        t_ns += (int64_t)(rig_random_uniform(4711, RIG_CAUSE_TALK, i, 0, 2) * 1e9);
        snprintf(ids[i], sizeof ids[i], "%s%zu", i % 100 == 0 ? "#\"" : "call-", i);
        calls[i] = (rig_call){.call_id = ids[i],
                              .planned_index = (int64_t)i - 1,
                              .t_invite_ns = t_ns,
                              .t_provisional_ns = RIG_NO_TIME,
                              .t_answer_ns = RIG_NO_TIME,
                              .t_queue_ns = RIG_NO_TIME,
                              .t_agent_ring_ns = RIG_NO_TIME,
                              .t_agent_answer_ns = RIG_NO_TIME,
                              .t_end_ns = t_ns + S(0.004),
                              .final_code = 503,
                              .n_messages = 4,
                              .n_legs = 1,
                              .outcome = RIG_OUTCOME_LOST_TRUNK,
                              .reason = "503"};
        if (draw < 0.1)
            continue;
        calls[i].final_code = 0;
        calls[i].t_end_ns = t_ns + S(5 + 200 * rig_random_uniform(4711, RIG_CAUSE_TALK, i, 0, 3));
        calls[i].outcome = RIG_OUTCOME_LOST_IVR;
        strcpy(calls[i].reason, "caller CANCEL");
        if (draw < 0.2)
            continue;
        calls[i].answered = true;
        calls[i].t_answer_ns = t_ns + S(0.01);
        calls[i].final_code = 200;
        calls[i].outcome = RIG_OUTCOME_UNCLASSIFIED;
        strcpy(calls[i].reason, "left after the answer, who knows why");
        if (draw > 0.98) {
            calls[i].t_end_ns = RIG_NO_TIME;
            calls[i].outcome = RIG_OUTCOME_IN_PROGRESS;
        }
    }
}

/* When a call is handed out: 64 s after its end. */
static const rig_call *sorted_calls;

static int by_end(const void *a, const void *b)
{
    const rig_call *x = &sorted_calls[*(const size_t *)a];
    const rig_call *y = &sorted_calls[*(const size_t *)b];
    int64_t x_ns = x->t_end_ns == RIG_NO_TIME ? INT64_MAX : x->t_end_ns;
    int64_t y_ns = y->t_end_ns == RIG_NO_TIME ? INT64_MAX : y->t_end_ns;
    return (x_ns > y_ns) - (x_ns < y_ns);
}

static rig_finished_call finished(const rig_call *calls, size_t at)
{
    bool is_open = calls[at].outcome == RIG_OUTCOME_UNCLASSIFIED;
    return (rig_finished_call){.call = &calls[at],
                               .order = at,
                               .is_open = is_open,
                               .outcome_if_marks =
                                   is_open ? RIG_OUTCOME_SELF_SERVED : calls[at].outcome,
                               .reason_if_marks = is_open ? "caller BYE" : calls[at].reason,
                               .t_bye_done_ns = RIG_NO_TIME};
}

static void assert_same_files(void)
{
    char *a = NULL, *b = NULL;
    size_t n_a, n_b;
    assert_int_equal(rig_file_read(path_a, &a, &n_a, NULL), RIG_OK);
    assert_int_equal(rig_file_read(path_b, &b, &n_b, NULL), RIG_OK);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(a, b, n_a);
    free(a);
    free(b);
}

static void assert_near(double got, double expected)
{
    if (fabs(got - expected) > 1e-9 * (1 + fabs(expected)))
        fail_msg("%.17g; expected %.17g", got, expected);
}

static void assert_same_usage(const rig_usage *got, const rig_usage *expected)
{
    assert_memory_equal(&got->tally, &expected->tally, sizeof got->tally);
    assert_int_equal(got->t_first_ns, expected->t_first_ns);
    assert_int_equal(got->t_last_ns, expected->t_last_ns);
    assert_int_equal(got->peak_in_use, expected->peak_in_use);
    assert_int_equal(got->t_peak_ns, expected->t_peak_ns);
    assert_int_equal(got->n_refusals, expected->n_refusals);
    assert_int_equal(got->min_in_use_at_refusal, expected->min_in_use_at_refusal);
    assert_int_equal(got->max_in_use_at_refusal, expected->max_in_use_at_refusal);
    assert_int_equal(got->p05_in_use_at_refusal, expected->p05_in_use_at_refusal);
    assert_int_equal(got->p95_in_use_at_refusal, expected->p95_in_use_at_refusal);
    assert_near(got->median_in_use_at_refusal, expected->median_in_use_at_refusal);
    assert_near(got->carried_erl, expected->carried_erl);
    assert_near(got->offered_erl, expected->offered_erl);
    assert_near(got->variance_in_use, expected->variance_in_use);
    assert_near(got->peakedness, expected->peakedness);
    assert_int_equal(got->n_late, 0);
}

static void compare_all(bool has_marks)
{
    static rig_call calls[N];
    static char ids[N][32];
    static size_t at[N];
    draw_calls(calls, ids, N);
    for (size_t i = 0; i < N; i++)
        at[i] = i;
    sorted_calls = calls;
    qsort(at, N, sizeof at[0], by_end);
    rig_cdr_writer *writer = NULL;
    rig_usage_meter *meter = NULL;
    assert_int_equal(rig_cdr_writer_new(path_b, &writer, NULL), RIG_OK);
    assert_int_equal(rig_usage_meter_new(&meter, NULL), RIG_OK);
    /* Answers are told as they come, calls as they are over: two streams, merged by time. */
    size_t next = 0;
    for (size_t i = 0; i < N; i++) {
        const rig_call *over = &calls[at[i]];
        int64_t t_told_ns = over->t_end_ns == RIG_NO_TIME ? INT64_MAX : over->t_end_ns + S(64);
        for (; next < N && calls[next].t_invite_ns <= t_told_ns; next++) {
            if (calls[next].answered)
                rig_usage_meter_answered(meter, calls[next].t_invite_ns);
        }
        const rig_finished_call told = finished(calls, at[i]);
        assert_int_equal(rig_cdr_writer_take(writer, &told, NULL), RIG_OK);
        assert_int_equal(rig_usage_meter_take(meter, &told, NULL), RIG_OK);
    }
    const rig_cdr_stamp stamps[] = {{"peakrig", "0"}};
    rig_usage *streamed = NULL, *together = NULL;
    assert_int_equal(rig_cdr_writer_commit(writer, has_marks, stamps, 1, NULL), RIG_OK);
    assert_int_equal(rig_usage_meter_finish(meter, has_marks, &streamed, NULL), RIG_OK);
    for (size_t i = 0; has_marks && i < N; i++) {
        if (calls[i].outcome != RIG_OUTCOME_UNCLASSIFIED)
            continue;
        calls[i].outcome = RIG_OUTCOME_SELF_SERVED;
        strcpy(calls[i].reason, "caller BYE");
    }
    const rig_calls all = {.items = calls, .n = N};
    assert_int_equal(rig_cdr_write(&all, path_a, stamps, 1, NULL), RIG_OK);
    assert_int_equal(rig_usage_measure(&all, RIG_NO_TIME, 0, &together, NULL), RIG_OK);
    assert_same_files();
    assert_same_usage(streamed, together);
    assert_true(streamed->n_refusals > 200);
    rig_usage_free(streamed);
    rig_usage_free(together);
    rig_usage_meter_free(meter);
}

static void test_without_marks(void **state)
{
    (void)state;
    compare_all(false);
}

static void test_with_marks(void **state)
{
    (void)state;
    compare_all(true);
}

static void test_no_calls(void **state)
{
    (void)state;
    rig_cdr_writer *writer = NULL;
    rig_usage_meter *meter = NULL;
    rig_usage *usage = NULL;
    const rig_calls none = {.n = 0};
    assert_int_equal(rig_cdr_writer_new(path_b, &writer, NULL), RIG_OK);
    assert_int_equal(rig_cdr_writer_commit(writer, true, NULL, 0, NULL), RIG_OK);
    assert_int_equal(rig_cdr_write(&none, path_a, NULL, 0, NULL), RIG_OK);
    assert_same_files();
    assert_int_equal(rig_usage_meter_new(&meter, NULL), RIG_OK);
    assert_int_equal(rig_usage_meter_finish(meter, false, &usage, NULL), RIG_OK);
    assert_int_equal(usage->tally.n_offered, 0);
    assert_int_equal(usage->t_first_ns, RIG_NO_TIME);
    rig_usage_free(usage);
    rig_usage_meter_free(meter);
    rig_usage_meter_free(NULL);
}

/* Nothing is to be seen before the commit, and nothing is left behind. */
static void test_abandoned(void **state)
{
    (void)state;
    rig_cdr_writer *writer = NULL;
    rig_call call = {.call_id = (char *)"x", .t_invite_ns = S(1), .t_end_ns = S(2)};
    const rig_finished_call told = {.call = &call, .reason_if_marks = call.reason};
    (void)unlink(path_b);
    assert_int_equal(rig_cdr_writer_new(path_b, &writer, NULL), RIG_OK);
    assert_int_equal(rig_cdr_writer_take(writer, &told, NULL), RIG_OK);
    assert_int_not_equal(access(path_b, F_OK), 0);
    rig_cdr_writer_abandon(writer);
    rig_cdr_writer_abandon(NULL);
    assert_int_not_equal(access(path_b, F_OK), 0);
    rig_error err = {.text = ""};
    writer = NULL;
    assert_int_equal(rig_cdr_writer_new("/nonexistent/x.csv", &writer, &err), RIG_EIO);
    assert_non_null(strstr(err.text, "/nonexistent/x.csv"));
    assert_null(writer);
}

/* A row longer than the buffer. */
static void test_long_call_id(void **state)
{
    (void)state;
    enum { LONG = 1 << 20 };
    char *id = malloc(LONG + 1);
    assert_non_null(id);
    memset(id, '"', LONG);
    id[LONG] = '\0';
    rig_call call = {.call_id = id,
                     .planned_index = -1,
                     .t_invite_ns = S(1),
                     .t_end_ns = S(2),
                     .outcome = RIG_OUTCOME_SERVED,
                     .reason = "caller BYE"};
    const rig_calls one = {.items = &call, .n = 1};
    const rig_finished_call told = {.call = &call, .reason_if_marks = call.reason};
    rig_cdr_writer *writer = NULL;
    assert_int_equal(rig_cdr_writer_new(path_b, &writer, NULL), RIG_OK);
    assert_int_equal(rig_cdr_writer_take(writer, &told, NULL), RIG_OK);
    assert_int_equal(rig_cdr_writer_commit(writer, false, NULL, 0, NULL), RIG_OK);
    assert_int_equal(rig_cdr_write(&one, path_a, NULL, 0, NULL), RIG_OK);
    assert_same_files();
    free(id);
}

/* A change that is told later than the meter waits counts where the meter is, and is counted. */
static void test_late(void **state)
{
    (void)state;
    rig_usage_meter *meter = NULL;
    rig_usage *usage = NULL;
    assert_int_equal(rig_usage_meter_new(&meter, NULL), RIG_OK);
    rig_call call = {.t_provisional_ns = RIG_NO_TIME,
                     .t_answer_ns = RIG_NO_TIME,
                     .t_queue_ns = RIG_NO_TIME,
                     .t_agent_ring_ns = RIG_NO_TIME,
                     .t_agent_answer_ns = RIG_NO_TIME,
                     .outcome = RIG_OUTCOME_LOST_IVR};
    const rig_finished_call told = {.call = &call, .outcome_if_marks = call.outcome};
    for (int i = 0; i < 40000; i++) {
        call.t_invite_ns = S(i);
        call.t_end_ns = S(i) + S(0.5);
        assert_int_equal(rig_usage_meter_take(meter, &told, NULL), RIG_OK);
    }
    call.t_invite_ns = S(1); /* rang for hours */
    call.t_end_ns = S(39000);
    assert_int_equal(rig_usage_meter_take(meter, &told, NULL), RIG_OK);
    assert_int_equal(rig_usage_meter_finish(meter, false, &usage, NULL), RIG_OK);
    assert_int_equal(usage->n_late, 1);
    assert_int_equal(usage->peak_in_use, 2);
    assert_int_equal(usage->tally.n_offered, 40001);
    rig_usage_free(usage);
    rig_usage_meter_free(meter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_marks), cmocka_unit_test(test_with_marks),
        cmocka_unit_test(test_no_calls),      cmocka_unit_test(test_abandoned),
        cmocka_unit_test(test_long_call_id),  cmocka_unit_test(test_late),
    };
    return cmocka_run_group_tests_name("analyzer_stream", tests, make_folder, drop_folder);
}
