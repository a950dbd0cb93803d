/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Out of memory at the first, the second, the third .. allocation: an error each time, nothing
 * leaks (under a leak checker), and what was begun stays usable.  */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/oom.h"

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/usage_meter.h"
#include "analyzer/rules.h"

static rig_status analyze(rig_calls **calls)
{
    rig_analyzer *analyzer = NULL;
    rig_error err = {.text = ""};
    rig_status status = rig_analyzer_new(&analyzer, &err);
    if (status != RIG_OK) {
        assert_null(analyzer);
        return status;
    }
    /* The fixture has more calls and messages than the first size of every table. */
    status = rig_analyze_file(PEAKRIG_FIXTURES "/captured_twice.pcap", analyzer, &err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(analyzer, calls, &err);
    if (status != RIG_OK) {
        assert_null(*calls);
        assert_true(err.text[0] != '\0');
    }
    rig_analyzer_free(analyzer);
    return status;
}

static void test_analyze(void **state)
{
    (void)state;
    long n = 0;
    for (;; n++) {
        rig_calls *calls = NULL;
        oom_allow(OOM_FROM, n);
        rig_status status = analyze(&calls);
        (void)oom_end();
        if (status == RIG_OK) {
            assert_int_equal(calls->n, 14);
            rig_calls_free(calls);
            break;
        }
        /* libpcap allocates too, and reports its failure as a file that cannot be read. */
        assert_true(status == RIG_ENOMEM || status == RIG_EINPUT || status == RIG_EIO);
    }
    assert_true(n > 50); /* 22 legs and 14 calls at the least */
}

/* After a packet was lost for want of memory the analysis goes on. */
static void test_goes_on(void **state)
{
    (void)state;
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    assert_int_equal(rig_analyzer_new(&analyzer, NULL), RIG_OK);
    oom_allow(OOM_FROM, 9);
    rig_status status = rig_analyze_file(PEAKRIG_FIXTURES "/crossings.pcap", analyzer, NULL);
    (void)oom_end();
    assert_int_not_equal(status, RIG_OK);
    assert_int_equal(rig_analyze_file(PEAKRIG_FIXTURES "/link_raw.pcap", analyzer, NULL), RIG_OK);
    oom_allow(OOM_FROM, 0);
    assert_int_equal(rig_analyzer_finish(analyzer, &calls, NULL), RIG_ENOMEM);
    assert_null(calls);
    (void)oom_end();
    assert_int_equal(rig_analyzer_finish(analyzer, &calls, NULL), RIG_OK);
    assert_true(calls->n >= 3);
    rig_calls_free(calls);
    rig_analyzer_free(analyzer);
}

static void count_one(void *ctx, const rig_registration *registration)
{
    (void)registration;
    ++*(size_t *)ctx;
}

static void test_registrations(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        size_t n_told = 0;
        const rig_analyzer_options options = {.registrations = {.take = count_one, .ctx = &n_told}};
        rig_analyzer *analyzer = NULL;
        rig_calls *calls = NULL;
        rig_error err = {.text = ""};
        oom_allow(OOM_FROM, n);
        rig_status status = rig_analyzer_new_with(&options, &analyzer, &err);
        if (status == RIG_OK)
            status = rig_analyze_file(PEAKRIG_FIXTURES "/registrations.pcap", analyzer, &err);
        if (status == RIG_OK)
            status = rig_analyzer_finish(analyzer, &calls, &err);
        (void)oom_end();
        rig_calls_free(calls);
        rig_analyzer_free(analyzer);
        if (status == RIG_OK) {
            assert_int_equal(n_told, 12);
            assert_true(n > 20); /* 11 Call-IDs that register, and the analyzer itself */
            break;
        }
        assert_true(status == RIG_ENOMEM || status == RIG_EINPUT || status == RIG_EIO);
        assert_true(err.text[0] != '\0');
    }
}

static void test_read_and_measure(void **state)
{
    (void)state;
    static const char path[] = PEAKRIG_FIXTURES "/embedded_centre.expected.csv";
    for (long n = 0;; n++) {
        rig_calls *calls = NULL;
        rig_usage *usage = NULL;
        oom_allow(OOM_FROM, n);
        rig_status status = rig_cdr_read(path, &calls, NULL);
        if (status == RIG_OK)
            status = rig_usage_measure(calls, RIG_NO_TIME, RIG_NS_PER_S, &usage, NULL);
        (void)oom_end();
        rig_calls_free(calls);
        if (status == RIG_OK) {
            assert_int_equal(usage->tally.n_offered, 14);
            rig_usage_free(usage);
            assert_true(n > 16);
            break;
        }
        assert_null(usage);
        assert_true(status == RIG_ENOMEM || status == RIG_EIO);
    }
}

/* Streamed: a writer and a meter as the sink, with rules of a file that join by every means. */
typedef struct streams {
    rig_cdr_writer *writer;
    rig_usage_meter *meter;
} streams;

static rig_status take(void *ctx, const rig_finished_call *call, rig_error *err)
{
    streams *s = ctx;
    rig_status status = rig_cdr_writer_take(s->writer, call, err);
    return status == RIG_OK ? rig_usage_meter_take(s->meter, call, err) : status;
}

static void answered(void *ctx, int64_t t_invite_ns)
{
    streams *s = ctx;
    rig_usage_meter_answered(s->meter, t_invite_ns);
}

static rig_status stream(const char *path, rig_usage **usage)
{
    rig_rules *rules = NULL;
    rig_analyzer *analyzer = NULL;
    streams s = {.writer = NULL};
    rig_error err = {.text = ""};
    rig_status status =
        rig_rules_read(PEAKRIG_SOURCE "/scenarios/rules/asterisk.cfg", &rules, &err);
    if (status == RIG_OK)
        status = rig_cdr_writer_new(path, &s.writer, &err);
    if (status == RIG_OK)
        status = rig_usage_meter_new(&s.meter, &err);
    const rig_analyzer_options options = {.rules = rules,
                                          .sink = {.take = take, .answered = answered, .ctx = &s}};
    if (status == RIG_OK)
        status = rig_analyzer_new_with(&options, &analyzer, &err);
    if (status == RIG_OK)
        status = rig_analyze_file(PEAKRIG_FIXTURES "/join_by_bye.pcap", analyzer, &err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(analyzer, NULL, &err);
    if (status == RIG_OK) {
        status = rig_cdr_writer_commit(s.writer, false, NULL, 0, &err);
        s.writer = NULL;
    }
    if (status == RIG_OK)
        status = rig_usage_meter_finish(s.meter, false, usage, &err);
    assert_true(status == RIG_OK || err.text[0] != '\0');
    rig_cdr_writer_abandon(s.writer);
    rig_usage_meter_free(s.meter);
    rig_analyzer_free(analyzer);
    rig_rules_free(rules);
    return status;
}

static void test_stream(void **state)
{
    (void)state;
    char path[] = "/tmp/peakrig-oom-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    for (long n = 0;; n++) {
        rig_usage *usage = NULL;
        oom_allow(OOM_FROM, n);
        rig_status status = stream(path, &usage);
        (void)oom_end();
        if (status == RIG_OK) {
            assert_int_equal(usage->tally.n_offered, 6);
            rig_usage_free(usage);
            assert_true(n > 40);
            break;
        }
        assert_null(usage);
        assert_true(status == RIG_ENOMEM || status == RIG_EIO || status == RIG_EINPUT);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_analyze),          cmocka_unit_test(test_goes_on),
        cmocka_unit_test(test_stream),           cmocka_unit_test(test_registrations),
        cmocka_unit_test(test_read_and_measure),
    };
    return cmocka_run_group_tests_name("analyzer_oom", tests, NULL, NULL);
}
