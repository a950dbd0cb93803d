/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every capture of tests/fixtures against its truth: the calls, and the counts that its
 * expected.csv names in its stamps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/registrations.h"
#include "analyzer/rules.h"
#include "core/csv.h"
#include "core/tally.h"
#include "tests/golden/compare.h"
#include "tests/golden/suite.h"
#include "tests/golden/watched.h"

/* Fewer than this, and fixtures have gone missing. */
enum { MIN_FIXTURES = 80 };

/* What is not defined is no number that a truth could name. */
static uint64_t whole(double value)
{
    return isnan(value) ? UINT64_MAX : (uint64_t)llround(value);
}

static int check_counts(const char *name, const char *truth_path, const rig_capture_counts *got,
                        const rig_registrations *r)
{
    const suite_count counts[] = {
#define COUNT(field) {#field, got->field}
#define BELOW(field)                                                                               \
    {                                                                                              \
#field, got->packets.field                                                                 \
    }
        BELOW(n_frames),
        BELOW(n_udp),
        BELOW(n_tcp),
        BELOW(n_sctp),
        BELOW(n_fragments),
        BELOW(n_icmp),
        BELOW(n_other_ip),
        BELOW(n_other_link),
        BELOW(n_unread_link),
        BELOW(n_cut),
        BELOW(n_malformed),
        BELOW(n_truncated),
        BELOW(n_ipv6),
        BELOW(n_reassembled),
        BELOW(n_datagrams_incomplete),
        COUNT(n_messages),
        COUNT(n_messages_cut),
        /* clang-format off */
        COUNT(n_messages_part), COUNT(n_early), COUNT(n_unmatched), COUNT(n_limit_early),
        COUNT(n_doubtful), COUNT(n_backwards), COUNT(n_leg_pairs), COUNT(n_retargeted), COUNT(n_by_agents),
        COUNT(n_sent_on),
        /* clang-format on */
        COUNT(n_messages_malformed),
        COUNT(n_messages_too_long),
        COUNT(n_retransmissions),
        COUNT(n_duplicates),
        COUNT(n_outside),
        COUNT(n_not_followed),
        COUNT(n_calls),
        COUNT(n_agent_legs),
        COUNT(n_stray_legs),
        COUNT(n_orphan_legs),
        COUNT(n_silent_legs),
        COUNT(n_challenged),
        COUNT(n_redirected),
        COUNT(has_queue_marks),
        COUNT(is_file_cut),
        {"n_registrations", rig_registrations_n_attempts(r)},
        {"n_register_requests", r->n_requests},
        {"n_registered", r->n_end[RIG_REGISTERED]},
        {"n_registrations_failed", r->n_end[RIG_REGISTRATION_FAILED]},
        {"n_registrations_timed_out", r->n_end[RIG_REGISTRATION_TIMED_OUT]},
        {"n_registrations_challenged", r->n_end[RIG_REGISTRATION_CHALLENGED]},
        {"n_registrations_replaced", r->n_end[RIG_REGISTRATION_REPLACED]},
        {"n_registrations_pending", r->n_end[RIG_REGISTRATION_PENDING]},
        {"ira_ppm", whole(rig_registrations_ira(r) * 1e6)},
        {"rrd_mean_us", whole(rig_times_mean_s(&r->rrd) * 1e6)},
        {"rrd_max_us", whole(rig_times_max_s(&r->rrd) * 1e6)},
#undef BELOW
#undef COUNT
    };
    return suite_check_counts(name, truth_path, counts, sizeof counts / sizeof counts[0]);
}

/* What every capture must satisfy. */
static void check_always(const rig_calls *calls, const rig_capture_counts *counts,
                         const rig_live_counts *live)
{
    rig_tally tally = {0};
    for (size_t i = 0; i < calls->n; i++)
        rig_tally_add(&tally, calls->items[i].outcome, rig_call_stage(&calls->items[i]));
    assert_true(rig_tally_conserved(&tally, calls->n));
    assert_int_equal(calls->n, counts->n_calls);
    assert_int_equal(live->n_offered, counts->n_calls);
    const rig_decoder_counts *p = &counts->packets;
    assert_int_equal(p->n_frames, p->n_udp + p->n_tcp + p->n_sctp + p->n_fragments + p->n_icmp +
                                      p->n_other_ip + p->n_other_link + p->n_unread_link +
                                      p->n_encrypted + p->n_cut + p->n_malformed + p->n_too_nested);
    uint64_t n_live = 0;
    for (int i = 0; i < RIG_N_OUTCOMES; i++)
        n_live += live->n_outcome[i];
    assert_int_equal(n_live, live->n_offered);
    for (int i = 0; i < RIG_N_OUTCOMES; i++)
        assert_int_equal(live->n_outcome[i], tally.n_outcome[i]);
}

/* The rules that a fixture names in a stamp, by a path from the repository's root. Without one,
 * those of embedded.cfg: they are the built-in ones (unit.analyzer_rules), read from a file. */
static rig_rules *rules_of(const char *truth_path)
{
    rig_csv *csv = NULL;
    rig_rules *rules = NULL;
    rig_error err = {.text = ""};
    char path[4096];
    assert_int_equal(rig_csv_read(truth_path, &csv, NULL), RIG_OK);
    const char *name = rig_csv_stamp(csv, "rules");
    snprintf(path, sizeof path, "%s/%s", PEAKRIG_SOURCE,
             name != NULL ? name : "scenarios/rules/embedded.cfg");
    if (rig_rules_read(path, &rules, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_csv_free(csv);
    return rules;
}

static void check_fixture(void **state)
{
    const char *name = *state;
    char capture_path[4096], truth_path[4096];
    snprintf(capture_path, sizeof capture_path, "%s/%s.pcap", PEAKRIG_FIXTURES, name);
    snprintf(truth_path, sizeof truth_path, "%s/%s" SUITE_TRUTH_SUFFIX, PEAKRIG_FIXTURES, name);
    rig_error err = {.text = ""};
    rig_analyzer *analyzer = NULL;
    rig_calls *got = NULL;
    rig_calls *expected = NULL;
    rig_capture_counts counts;
    rig_live_counts live;
    rig_rules *rules = rules_of(truth_path);
    rig_registrations *registrations = calloc(1, sizeof *registrations);
    assert_non_null(registrations);
    const rig_analyzer_options options = {
        .rules = rules,
        .registrations = {.take = rig_registrations_add, .ctx = registrations},
        .with_redials = true};
    if (rig_analyzer_new_with(&options, &analyzer, &err) != RIG_OK ||
        rig_analyze_file(capture_path, analyzer, &err) != RIG_OK ||
        rig_analyzer_finish(analyzer, &got, &err) != RIG_OK ||
        rig_cdr_read(truth_path, &expected, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_analyzer_counts(analyzer, &counts);
    rig_analyzer_live(analyzer, &live);
    check_always(got, &counts, &live);
    watched_check(capture_path, rules);
    int n_differences = compare_calls(name, got, expected, 0);
    n_differences += check_counts(name, truth_path, &counts, registrations);
    free(registrations);
    rig_calls_free(got);
    rig_calls_free(expected);
    rig_analyzer_free(analyzer);
    rig_rules_free(rules);
    assert_int_equal(n_differences, 0);
}

int main(void)
{
    return suite_run("golden", PEAKRIG_FIXTURES, MIN_FIXTURES, check_fixture);
}
