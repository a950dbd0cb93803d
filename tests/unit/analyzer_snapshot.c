/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls in mid-capture are those that a capture which ended there would have shown. */
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/analyzer.h"
#include "analyzer/rules.h"

static const char *fixtures;

/* A capture, packet by packet. @return how many there are. */
static size_t feed(const char *path, size_t n_most, rig_analyzer *analyzer, int64_t *t_last_ns)
{
    char why[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *head;
    const u_char *data;
    size_t n = 0;
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
    if (pcap == NULL)
        fail_msg("%s", why);
    while (n < n_most && pcap_next_ex(pcap, &head, &data) == 1) {
        *t_last_ns = (int64_t)head->ts.tv_sec * RIG_NS_PER_S + head->ts.tv_usec;
        assert_int_equal(rig_analyzer_packet(analyzer, pcap_datalink(pcap), *t_last_ns, data,
                                             head->caplen, head->len, NULL),
                         RIG_OK);
        n++;
    }
    pcap_close(pcap);
    return n;
}

static void expect_same(const rig_call *got, const rig_call *ended, size_t i)
{
    assert_null(got->call_id);
    assert_null(got->carrier);
    assert_int_equal(got->planned_index, ended->planned_index);
    assert_int_equal(got->t_invite_ns, ended->t_invite_ns);
    assert_int_equal(got->t_provisional_ns, ended->t_provisional_ns);
    assert_int_equal(got->t_answer_ns, ended->t_answer_ns);
    assert_int_equal(got->t_queue_ns, ended->t_queue_ns);
    assert_int_equal(got->t_agent_ring_ns, ended->t_agent_ring_ns);
    assert_int_equal(got->t_agent_answer_ns, ended->t_agent_answer_ns);
    assert_int_equal(got->t_end_ns, ended->t_end_ns);
    assert_int_equal(got->answered, ended->answered);
    assert_int_equal(got->bye, ended->bye);
    if (got->outcome != ended->outcome)
        fail_msg("call %zu: %s, in the capture that ends %s", i, rig_outcome_name(got->outcome),
                 rig_outcome_name(ended->outcome));
}

/* @param rules  NULL: the built-in ones. @return how many calls back were seen in all. */
static size_t compare(const char *name, size_t step, const rig_rules *rules)
{
    const rig_analyzer_options options = {.rules = rules};
    char path[512];
    int64_t t_ns = 0;
    rig_analyzer *whole = NULL, *part = NULL;
    snprintf(path, sizeof path, "%s/%s.pcap", fixtures, name);
    assert_int_equal(rig_analyzer_new(&whole, NULL), RIG_OK);
    const size_t n_packets = feed(path, SIZE_MAX, whole, &t_ns);
    rig_analyzer_free(whole);
    size_t n_in_progress = 0, n_over = 0, n_backs = 0;
    for (size_t n = step; n < n_packets; n += step) {
        rig_calls *calls = NULL, *ended = NULL;
        assert_int_equal(rig_analyzer_new_with(&options, &part, NULL), RIG_OK);
        assert_int_equal(feed(path, n, part, &t_ns), n);
        assert_int_equal(rig_analyzer_snapshot(part, &calls, NULL), RIG_OK);
        assert_int_equal(rig_analyzer_finish(part, &ended, NULL), RIG_OK);
        assert_int_equal(calls->n, ended->n);
        for (size_t i = 0; i < calls->n; i++) {
            expect_same(&calls->items[i], &ended->items[i], i);
            if (calls->items[i].outcome == RIG_OUTCOME_IN_PROGRESS)
                n_in_progress++;
            else
                n_over++;
        }
        assert_int_equal(calls->n_backs, ended->n_backs);
        for (size_t i = 0; i < calls->n_backs; i++)
            expect_same(&calls->backs[i], &ended->backs[i], i);
        n_backs += calls->n_backs;
        rig_calls_free(calls);
        rig_calls_free(ended);
        rig_analyzer_free(part);
    }
    assert_true(n_in_progress > 0 && n_over > 0);
    return n_backs;
}

static void test_as_if_it_had_ended(void **state)
{
    (void)state;
    assert_int_equal(compare("embedded_centre", 23, NULL), 0);
    (void)compare("early_queue", 3, NULL);
    assert_true(compare("called_back", 3, NULL) > 20);
}

/* A mark that is no message but a time is there as soon as the time has come. */
static void test_marks_by_the_time(void **state)
{
    (void)state;
    static const char text[] = "format = \"peakrig rules 1\";\n"
                               "marks = ( { after_answer_s = 0.05; means = \"queue\"; } );\n";
    rig_rules *rules = NULL;
    assert_int_equal(rig_rules_read_text(text, "test", &rules, NULL), RIG_OK);
    (void)compare("embedded_centre", 23, rules);
    rig_rules_free(rules);
}

/* A call that is not over has its carrier from the rules: a snapshot owns nothing of theirs. */
static void test_carriers(void **state)
{
    (void)state;
    static const char text[] = "format = \"peakrig rules 1\";\n"
                               "carriers = ( { name = \"A\"; called = \"*\"; } );\n";
    rig_rules *rules = NULL;
    assert_int_equal(rig_rules_read_text(text, "test", &rules, NULL), RIG_OK);
    (void)compare("embedded_centre", 23, rules);
    rig_rules_free(rules);
}

/* Calls that have been handed to the collector (64 s after their ends) are there, too; taking a
 * snapshot changes nothing. */
static void test_changes_nothing(void **state)
{
    (void)state;
    char path[512];
    int64_t t_ns = 0;
    rig_analyzer *looked = NULL, *left = NULL;
    rig_calls *calls = NULL, *a = NULL, *b = NULL;
    rig_capture_counts counts;
    snprintf(path, sizeof path, "%s/embedded_centre.pcap", fixtures);
    assert_int_equal(rig_analyzer_new(&looked, NULL), RIG_OK);
    assert_int_equal(rig_analyzer_new(&left, NULL), RIG_OK);
    for (int again = 0; again < 2; again++) { /* the same calls, with the same Call-IDs, later */
        (void)feed(path, SIZE_MAX, looked, &t_ns);
        assert_int_equal(rig_analyzer_snapshot(looked, &calls, NULL), RIG_OK);
        rig_analyzer_counts(looked, &counts);
        assert_int_equal(calls->n, counts.n_calls);
        rig_calls_free(calls);
        (void)feed(path, SIZE_MAX, left, &t_ns);
    }
    /* any SIP message 100 s later hands out what is over */
    static const char options[] =
        "E\0\0\0\0\0\0\0@\x11\0\0\x0a\0\0\1\x0a\0\0\2\x13\xc4\x13\xc4\0\0\0\0"
        "OPTIONS sip:c SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKo\r\n"
        "From: <sip:a@h>;tag=o\r\nTo: <sip:c@h>\r\nCall-ID: o\r\n"
        "CSeq: 1 OPTIONS\r\n\r\n";
    uint8_t frame[sizeof options - 1];
    memcpy(frame, options, sizeof frame);
    frame[2] = (uint8_t)(sizeof frame >> 8);
    frame[3] = (uint8_t)sizeof frame;
    frame[24] = (uint8_t)((sizeof frame - 20) >> 8);
    frame[25] = (uint8_t)(sizeof frame - 20);
    rig_analyzer *both[] = {looked, left};
    for (int i = 0; i < 2; i++) {
        for (int k = 1; k < 3; k++)
            assert_int_equal(rig_analyzer_packet(both[i], DLT_RAW, t_ns + k * 100 * RIG_NS_PER_S,
                                                 frame, sizeof frame, sizeof frame, NULL),
                             RIG_OK);
    }
    assert_int_equal(rig_analyzer_snapshot(looked, &calls, NULL), RIG_OK);
    assert_int_equal(rig_analyzer_finish(looked, &a, NULL), RIG_OK);
    assert_int_equal(rig_analyzer_finish(left, &b, NULL), RIG_OK);
    assert_true(a->n > 10 && a->n == b->n && a->n == calls->n);
    for (size_t i = 0; i < a->n; i++) {
        assert_string_equal(a->items[i].call_id, b->items[i].call_id);
        assert_string_equal(a->items[i].reason, b->items[i].reason);
        assert_int_equal(a->items[i].outcome, b->items[i].outcome);
        expect_same(&calls->items[i], &a->items[i], i);
    }
    rig_error err;
    rig_calls *none = NULL;
    assert_int_equal(rig_analyzer_snapshot(looked, &none, &err), RIG_EDOM);
    assert_null(none);
    rig_calls_free(calls);
    rig_calls_free(a);
    rig_calls_free(b);
    rig_analyzer_free(looked);
    rig_analyzer_free(left);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: analyzer_snapshot FIXTURES\n");
        return 2;
    }
    fixtures = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_if_it_had_ended),
        cmocka_unit_test(test_marks_by_the_time),
        cmocka_unit_test(test_carriers),
        cmocka_unit_test(test_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
