/* Every capture of tests/fixtures against its truth: the calls, and the counts that its
 * expected.csv names in its stamps. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/rules/rules.h"
#include "core/csv.h"
#include "core/tally.h"
#include "tests/golden/compare.h"

/* Fewer than this, and fixtures have gone missing. */
enum { MIN_FIXTURES = 35, MAX_FIXTURES = 200 };

static const char truth_suffix[] = ".expected.csv";

static int check_counts(const char *name, const char *truth_path, const rig_capture_counts *got)
{
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = {
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
#undef BELOW
#undef COUNT
    };
    int n_differences = 0;
    size_t n_known = 0;
    rig_csv *csv = NULL;
    rig_error err = {.text = ""};
    if (rig_csv_read(truth_path, &csv, &err) != RIG_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const char *expected = rig_csv_stamp(csv, counts[i].name);
        if (expected == NULL)
            continue;
        n_known++;
        if (strtoull(expected, NULL, 10) != counts[i].value) {
            fprintf(stderr, "%s: %s is %llu; expected %s\n", name, counts[i].name,
                    (unsigned long long)counts[i].value, expected);
            n_differences++;
        }
    }
    rig_csv_free(csv);
    assert_true(n_known > 0); /* a truth without counts would check nothing here */
    return n_differences;
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
    snprintf(truth_path, sizeof truth_path, "%s/%s%s", PEAKRIG_FIXTURES, name, truth_suffix);
    rig_error err = {.text = ""};
    rig_analyzer *analyzer = NULL;
    rig_calls *got = NULL;
    rig_calls *expected = NULL;
    rig_capture_counts counts;
    rig_live_counts live;
    rig_rules *rules = rules_of(truth_path);
    const rig_analyzer_options options = {.rules = rules};
    if (rig_analyzer_new_with(&options, &analyzer, &err) != RIG_OK ||
        rig_analyze_file(capture_path, analyzer, &err) != RIG_OK ||
        rig_analyzer_finish(analyzer, &got, &err) != RIG_OK ||
        rig_calls_read(truth_path, &expected, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_analyzer_counts(analyzer, &counts);
    rig_analyzer_live(analyzer, &live);
    check_always(got, &counts, &live);
    int n_differences = compare_calls(name, got, expected, 0);
    n_differences += check_counts(name, truth_path, &counts);
    rig_calls_free(got);
    rig_calls_free(expected);
    rig_analyzer_free(analyzer);
    rig_rules_free(rules);
    assert_int_equal(n_differences, 0);
}

static int is_truth(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    size_t n_suffix = strlen(truth_suffix);
    return n > n_suffix && strcmp(entry->d_name + n - n_suffix, truth_suffix) == 0;
}

int main(void)
{
    static struct CMUnitTest tests[MAX_FIXTURES];
    struct dirent **entries = NULL;
    int n = scandir(PEAKRIG_FIXTURES, &entries, is_truth, alphasort);
    if (n < MIN_FIXTURES || n > MAX_FIXTURES) {
        fprintf(stderr, "%s: %d fixtures; expected %d to %d\n", PEAKRIG_FIXTURES, n, MIN_FIXTURES,
                MAX_FIXTURES);
        return 1;
    }
    for (int i = 0; i < n; i++) {
        entries[i]->d_name[strlen(entries[i]->d_name) - strlen(truth_suffix)] = '\0';
        tests[i] = (struct CMUnitTest){.name = entries[i]->d_name,
                                       .test_func = check_fixture,
                                       .initial_state = entries[i]->d_name};
    }
    int n_failed = _cmocka_run_group_tests("golden", tests, (size_t)n, NULL, NULL);
    for (int i = 0; i < n; i++)
        free(entries[i]);
    free(entries);
    return n_failed;
}
