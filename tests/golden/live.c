/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run decides as its file does: packets of a live capture that come out of order, as from several
 * queues of a card, give the calls that the file gives that was written meanwhile; and those that
 * the packets would have given in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

#include "analyzer/analyzer.h"
#include "analyzer/ordered_feed.h"
#include "analyzer/packets/capture.h"
#include "core/clock.h"
#include "tests/golden/compare.h"

enum { MAX_PACKETS = 8192 };

#define MS INT64_C(1000000)

static const char *const fixtures[] = {
    "embedded_centre",    "embedded_centre_callers_only",
    "crossings",          "plain_pbx",
    "early_queue",        "marks_of_all_kinds",
    "forked_two_answers", "through_a_border_controller",
    "fragments",
};

static char written[] = "/tmp/peakrig-live-XXXXXX";

/* A packet and when it comes. */
typedef struct arrival {
    rig_frame frame;
    int64_t comes_ns;
} arrival;

static arrival arrivals[MAX_PACKETS];
static size_t n_arrivals;

static void load(const char *name)
{
    char path[4096];
    const char *paths[1] = {path};
    rig_capture_reader *reader = NULL;
    rig_frame frame;
    bool is_end = false;
    snprintf(path, sizeof path, "%s/%s.pcap", PEAKRIG_FIXTURES, name);
    n_arrivals = 0;
    assert_int_equal(rig_capture_open(paths, 1, &reader, NULL), RIG_OK);
    while (rig_capture_next(reader, &frame, &is_end, NULL) == RIG_OK && !is_end) {
        assert_in_range(n_arrivals, 0, MAX_PACKETS - 1);
        uint8_t *data = malloc(frame.caplen);
        assert_non_null(data);
        memcpy(data, frame.data, frame.caplen);
        frame.data = data;
        arrivals[n_arrivals++] = (arrival){.frame = frame, .comes_ns = frame.t_ns};
    }
    rig_capture_close(reader);
    assert_true(n_arrivals > 0);
}

static void unload(void)
{
    for (size_t i = 0; i < n_arrivals; i++)
        free((uint8_t *)arrivals[i].frame.data);
}

static int compare_arrivals(const void *a, const void *b)
{
    const arrival *x = a, *y = b;
    if (x->comes_ns != y->comes_ns)
        return x->comes_ns < y->comes_ns ? -1 : 1;
    return (x->frame.number > y->frame.number) - (x->frame.number < y->frame.number);
}

/* Each comes late by up to so much. */
static void shake(int64_t late_ns)
{
    uint64_t state = 88172645463325252u; /* xorshift64 */
    for (size_t i = 0; i < n_arrivals; i++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        arrivals[i].comes_ns =
            arrivals[i].frame.t_ns + (late_ns > 0 ? (int64_t)(state % (uint64_t)late_ns) : 0);
    }
    qsort(arrivals, n_arrivals, sizeof arrivals[0], compare_arrivals);
}

static rig_calls *live(const rig_capture_order *order, rig_capture_counts *counts)
{
    rig_analyzer *analyzer = NULL;
    rig_ordered_feed *feed = NULL;
    rig_calls *calls = NULL;
    assert_int_equal(rig_analyzer_new_with(&(rig_analyzer_options){.with_redials = true}, &analyzer, NULL), RIG_OK);
    assert_int_equal(rig_ordered_feed_new(order, analyzer, &feed, NULL), RIG_OK);
    for (size_t i = 0; i < n_arrivals; i++) {
        const rig_frame *f = &arrivals[i].frame;
        uint8_t *passing = malloc(f->caplen); /* the capture's own buffer is gone afterwards */
        assert_non_null(passing);
        memcpy(passing, f->data, f->caplen);
        assert_int_equal(
            rig_ordered_feed_packet(feed, f->linktype, f->t_ns, passing, f->caplen, f->len, NULL),
            RIG_OK);
        free(passing);
    }
    assert_int_equal(rig_ordered_feed_end(feed, NULL), RIG_OK);
    rig_ordered_feed_free(feed);
    assert_int_equal(rig_analyzer_finish(analyzer, &calls, NULL), RIG_OK);
    rig_analyzer_counts(analyzer, counts);
    rig_analyzer_free(analyzer);
    return calls;
}

/* The file that holds the packets as they came. */
static rig_calls *from_file(rig_capture_counts *counts)
{
    rig_capture_writer *writer = NULL;
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    assert_int_equal(rig_capture_writer_new(written, &writer, NULL), RIG_OK);
    for (size_t i = 0; i < n_arrivals; i++)
        assert_int_equal(rig_capture_writer_add(writer, &arrivals[i].frame, NULL), RIG_OK);
    assert_int_equal(rig_capture_writer_commit(writer, NULL), RIG_OK);
    assert_int_equal(rig_analyzer_new_with(&(rig_analyzer_options){.with_redials = true}, &analyzer, NULL), RIG_OK);
    assert_int_equal(rig_analyze_file(written, analyzer, NULL), RIG_OK);
    assert_int_equal(rig_analyzer_finish(analyzer, &calls, NULL), RIG_OK);
    rig_analyzer_counts(analyzer, counts);
    rig_analyzer_free(analyzer);
    return calls;
}

static void test_a_run_decides_as_its_file(void **state)
{
    (void)state;
    static const int64_t late_ns[] = {0, MS, 40 * MS, 250 * MS};
    size_t n_reordered = 0;
    for (size_t i = 0; i < sizeof fixtures / sizeof fixtures[0]; i++) {
        rig_capture_counts as_it_was, counts, of_file;
        load(fixtures[i]);
        rig_calls *expected = live(NULL, &as_it_was);
        for (size_t k = 0; k < sizeof late_ns / sizeof late_ns[0]; k++) {
            shake(late_ns[k]);
            rig_calls *got = live(NULL, &counts), *filed = from_file(&of_file);
            assert_int_equal(compare_calls(fixtures[i], got, filed, 0), 0);
            assert_int_equal(compare_calls(fixtures[i], got, expected, 0), 0);
            assert_int_equal(counts.disorder.n_reordered, of_file.disorder.n_reordered);
            assert_int_equal(counts.disorder.n_late, 0);
            n_reordered += counts.disorder.n_reordered;
            rig_calls_free(got);
            rig_calls_free(filed);
        }
        rig_calls_free(expected);
        unload();
    }
    assert_in_range(n_reordered, 100, SIZE_MAX);
}

/* "PLACE STAGE, .." of the first call, as it goes on. */
typedef struct steps {
    char text[400];
    size_t n;
} steps;

static void note_step(void *ctx, const rig_call_news *news)
{
    static const char *const places[] = {"unanswered", "menu", "queue", "rings", "talks", "over"};
    steps *s = ctx;
    if (news->order == 0)
        s->n +=
            (size_t)snprintf(s->text + s->n, sizeof s->text - s->n, "%s%s %s", s->n > 0 ? ", " : "",
                             places[news->is.place], rig_stage_name(news->is.stage));
    if (news->order == 0 && news->is.place == RIG_CALL_OVER)
        s->n += (size_t)snprintf(s->text + s->n, sizeof s->text - s->n, ": %s (%s)",
                                 rig_outcome_name(news->is.outcome), news->call->reason);
}

static void test_steps_are_told(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"embedded_centre", "unanswered trunk, over trunk: lost_trunk (503 Q.850;cause=34)"},
        {"early_queue",
         "unanswered trunk, queue queue, rings agent, talks agent, over agent: served "
         "(caller BYE)"},
        {"crossings", /* the answer crosses the CANCEL: over, and on again */
         "unanswered trunk, unanswered ivr, over ivr: lost_ivr (caller CANCEL), menu ivr, over "
         "ivr: "
         "lost_ivr (answer crossed CANCEL)"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[4096];
        rig_analyzer *analyzer = NULL;
        rig_calls *calls = NULL;
        steps s = {.n = 0};
        const rig_call_watch watch = {.step = note_step, .ctx = &s};
        snprintf(path, sizeof path, "%s/%s.pcap", PEAKRIG_FIXTURES, cases[i][0]);
        assert_int_equal(rig_analyzer_new_with(&(rig_analyzer_options){.with_redials = true}, &analyzer, NULL), RIG_OK);
        rig_analyzer_watch(analyzer, &watch);
        assert_int_equal(rig_analyze_file(path, analyzer, NULL), RIG_OK);
        assert_int_equal(rig_analyzer_finish(analyzer, &calls, NULL), RIG_OK);
        rig_calls_free(calls);
        rig_analyzer_free(analyzer);
        assert_string_equal(s.text, cases[i][1]);
    }
}

static void test_it_is_the_window_that_does_it(void **state)
{
    (void)state;
    const rig_capture_order none = {.window_ns = -1}, small = {.max_packets = 2};
    rig_capture_counts counts;
    load("embedded_centre");
    shake(250 * MS);
    rig_calls *calls = live(&none, &counts);
    assert_int_equal(counts.disorder.n_reordered, 0); /* nobody looked */
    assert_true(counts.n_early > 0);
    rig_calls_free(calls);
    calls = live(&small, &counts);
    assert_true(counts.disorder.n_pushed_out > 0);
    assert_true(counts.disorder.n_late > 0);
    rig_calls_free(calls);
    unload();
}

static void test_bad_arguments_are_refused(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_analyzer *analyzer = NULL;
    rig_ordered_feed *feed = NULL;
    const uint8_t frame[1] = {0};
    assert_int_equal(rig_analyzer_new_with(&(rig_analyzer_options){.with_redials = true}, &analyzer, NULL), RIG_OK);
    const rig_capture_order bad = {.window_ns = -2};
    assert_int_equal(rig_ordered_feed_new(&bad, analyzer, &feed, &err), RIG_EDOM);
    assert_non_null(strstr(err.text, "window"));
    assert_null(feed);
    assert_int_equal(rig_ordered_feed_new(NULL, analyzer, &feed, &err), RIG_OK);
    assert_int_equal(rig_ordered_feed_packet(feed, 1, -1, frame, 1, 1, &err), RIG_EDOM);
    assert_int_equal(rig_ordered_feed_packet(feed, 1, INT64_MAX, frame, 1, 1, &err), RIG_EDOM);
    assert_int_equal(rig_ordered_feed_packet(feed, 1, 0, NULL, 0, 0, &err), RIG_OK);
    rig_ordered_feed_free(feed); /* with a packet that waits */
    rig_ordered_feed_free(NULL);
    rig_analyzer_free(analyzer);
}

int main(void)
{
    const int fd = mkstemp(written);
    if (fd < 0)
        return 1;
    (void)close(fd);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_run_decides_as_its_file),
        cmocka_unit_test(test_steps_are_told),
        cmocka_unit_test(test_it_is_the_window_that_does_it),
        cmocka_unit_test(test_bad_arguments_are_refused),
    };
    const int n_failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)unlink(written);
    return n_failed;
}
