/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metamorphic test: the clocks of two taps differ. All packets from one address of a capture are
 * stamped earlier or later, by up to half a second, and put in the order of their new times. Each
 * call keeps its outcome, or the counts say how many calls are not certain, and the losses that
 * these leave room for hold the true ones. Never silence. */
#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyzer/analyzer.h"
#include "analyzer/rules.h"
#include "core/csv.h"
#include "core/tally.h"

enum { ETHERNET_HEADER = 14, MAX_PACKETS = 4096 };

typedef struct packet {
    int64_t t_ns;
    size_t n, at; /* place in the file, to sort equal times */
    uint8_t *data;
} packet;

static packet packets[MAX_PACKETS];
static size_t n_packets;

static const char *const fixtures[] = {
    "embedded_centre",
    "embedded_centre_callers_only",
    "crossings",
    "plain_pbx",
    "early_menu",
    "early_queue",
    "quiet_exchange",
    "marks_of_all_kinds",
    "challenges",
    "forked_side_by_side",
    "forked_one_by_one",
    "forked_two_answers",
    "queue_marks_alone",
    "through_a_border_controller",
    "controller_changes_from",
    "agent_drops_the_call",
    "connections_not_accepted",
};

static const double shifts_ms[] = {0.1, 1, 4, 20, 100, 250, 500};

static int load(const char *name)
{
    char path[4096], why[PCAP_ERRBUF_SIZE];
    snprintf(path, sizeof path, "%s/%s.pcap", PEAKRIG_FIXTURES, name);
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
    if (pcap == NULL || pcap_datalink(pcap) != DLT_EN10MB)
        return -1;
    struct pcap_pkthdr *header;
    const u_char *data;
    n_packets = 0;
    while (pcap_next_ex(pcap, &header, &data) == 1 && n_packets < MAX_PACKETS) {
        packet *p = &packets[n_packets];
        p->t_ns = header->ts.tv_sec * RIG_NS_PER_S + header->ts.tv_usec;
        p->n = header->caplen;
        p->at = n_packets++;
        p->data = malloc(p->n);
        assert_non_null(p->data);
        memcpy(p->data, data, p->n);
    }
    pcap_close(pcap);
    return n_packets > 0 ? 0 : -1;
}

static void unload(void)
{
    for (size_t i = 0; i < n_packets; i++)
        free(packets[i].data);
    n_packets = 0;
}

static uint32_t source_of(const packet *p)
{
    const uint8_t *at = p->data + ETHERNET_HEADER + 12;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int compare_times(const void *a, const void *b)
{
    const packet *x = a, *y = b;
    if (x->t_ns != y->t_ns)
        return x->t_ns < y->t_ns ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* The rules that a fixture names. */
static rig_rules *rules_of(const char *name)
{
    char path[4096];
    rig_csv *csv = NULL;
    rig_rules *rules = NULL;
    snprintf(path, sizeof path, "%s/%s.expected.csv", PEAKRIG_FIXTURES, name);
    assert_int_equal(rig_csv_read(path, &csv, NULL), RIG_OK);
    const char *named = rig_csv_stamp(csv, "rules");
    snprintf(path, sizeof path, "%s/%s", PEAKRIG_SOURCE,
             named != NULL ? named : "scenarios/rules/embedded.cfg");
    assert_int_equal(rig_rules_read(path, &rules, NULL), RIG_OK);
    rig_csv_free(csv);
    return rules;
}

static rig_calls *play(const rig_rules *rules, uint32_t source, int64_t shift_ns,
                       rig_capture_counts *counts)
{
    static packet moved[MAX_PACKETS];
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    const rig_analyzer_options how = {.rules = rules};
    memcpy(moved, packets, n_packets * sizeof moved[0]);
    for (size_t i = 0; i < n_packets; i++)
        moved[i].t_ns += source_of(&moved[i]) == source ? shift_ns : 0;
    qsort(moved, n_packets, sizeof moved[0], compare_times);
    assert_int_equal(rig_analyzer_new_with(&how, &analyzer, NULL), RIG_OK);
    for (size_t i = 0; i < n_packets; i++)
        assert_int_equal(rig_analyzer_packet(analyzer, DLT_EN10MB, moved[i].t_ns, moved[i].data,
                                             moved[i].n, moved[i].n, NULL),
                         RIG_OK);
    assert_int_equal(rig_analyzer_finish(analyzer, &calls, NULL), RIG_OK);
    rig_analyzer_counts(analyzer, counts);
    rig_analyzer_free(analyzer);
    return calls;
}

/* A call of the same Call-ID; those of one Call-ID in their order. */
static const rig_call *find(const rig_calls *calls, const rig_calls *all, size_t at)
{
    size_t n_before = 0;
    for (size_t i = 0; i < at; i++)
        n_before += strcmp(all->items[i].call_id, all->items[at].call_id) == 0;
    for (size_t i = 0; i < calls->n; i++) {
        if (strcmp(calls->items[i].call_id, all->items[at].call_id) == 0 && n_before-- == 0)
            return &calls->items[i];
    }
    return NULL;
}

static rig_tally tally_of(const rig_calls *calls)
{
    rig_tally tally = {0};
    for (size_t i = 0; i < calls->n; i++)
        rig_tally_add(&tally, calls->items[i].outcome, rig_call_stage(&calls->items[i]));
    return tally;
}

/* Whether the true losses lie in what the calls that are not certain leave room for. */
static bool are_in_bounds(const rig_calls *got, const rig_calls *truth, double n_uncertain)
{
    const rig_tally have = tally_of(got), want = tally_of(truth);
    bool is_in = true;
    for (int s = 0; s < RIG_N_STAGES; s++) {
        double n_want = (double)rig_tally_entered(&want, (rig_stage)s);
        double p = n_want > 0 ? (double)rig_tally_lost(&want, (rig_stage)s) / n_want : 0.0;
        double n_entered = (double)rig_tally_entered(&have, (rig_stage)s);
        double n_lost = (double)rig_tally_lost(&have, (rig_stage)s);
        double n_most = n_entered + n_uncertain;
        double low = n_most > 0 ? (n_lost - n_uncertain) / n_most : 0.0;
        double high = n_entered > 0 ? (n_lost + n_uncertain) / n_entered : 1.0;
        is_in = is_in && p >= low - 1e-12 && p <= high + 1e-12;
    }
    return is_in;
}

/* @return whether the outcomes are as they were, or said to be uncertain. */
static bool is_right(const char *name, const rig_rules *rules, const rig_calls *truth,
                     uint32_t source, double shift_ms)
{
    rig_capture_counts counts;
    rig_calls *got = play(rules, source, (int64_t)(shift_ms * 1e6), &counts);
    uint64_t n_other = 0, n_uncertain = counts.n_crossed + counts.n_backwards + counts.n_leg_pairs;
    for (size_t i = 0; i < truth->n; i++) {
        const rig_call *call = find(got, truth, i);
        n_other += call == NULL || call->outcome != truth->items[i].outcome;
        if (getenv("SHIFT_VERBOSE") != NULL &&
            (call == NULL || call->outcome != truth->items[i].outcome))
            fprintf(stderr, "   %s %g ms of %08x: %s: %s (%s); was %s (%s)\n", name, shift_ms,
                    source, truth->items[i].call_id, call ? rig_outcome_name(call->outcome) : "-",
                    call ? call->reason : "", rig_outcome_name(truth->items[i].outcome),
                    truth->items[i].reason);
    }
    if (got->n > truth->n)
        n_other += got->n - truth->n;
    bool is_fine =
        n_other == 0 || (n_other <= n_uncertain && are_in_bounds(got, truth, (double)n_uncertain));
    if (!is_fine)
        fprintf(stderr, "%s: %g ms of %08x: %llu of %zu calls end otherwise, %llu are uncertain\n",
                name, shift_ms, source, (unsigned long long)n_other, truth->n,
                (unsigned long long)n_uncertain);
    rig_calls_free(got);
    return is_fine;
}

static void test_shifted(void **state)
{
    const char *name = *state;
    rig_capture_counts counts;
    int n_wrong = 0;
    assert_int_equal(load(name), 0);
    rig_rules *rules = rules_of(name);
    rig_calls *truth = play(rules, 0, 0, &counts);
    uint32_t seen[16];
    size_t n_seen = 0;
    for (size_t i = 0; i < n_packets; i++) {
        uint32_t source = source_of(&packets[i]);
        bool is_new = n_seen < 16;
        for (size_t k = 0; k < n_seen; k++)
            is_new = is_new && seen[k] != source;
        if (!is_new)
            continue;
        seen[n_seen++] = source;
        for (size_t k = 0; k < sizeof shifts_ms / sizeof shifts_ms[0]; k++) {
            n_wrong += !is_right(name, rules, truth, source, shifts_ms[k]);
            n_wrong += !is_right(name, rules, truth, source, -shifts_ms[k]);
        }
    }
    rig_calls_free(truth);
    rig_rules_free(rules);
    unload();
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    enum { N = sizeof fixtures / sizeof fixtures[0] };
    struct CMUnitTest tests[N];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){fixtures[i], test_shifted, NULL, NULL, (void *)fixtures[i]};
    return cmocka_run_group_tests_name("shift", tests, NULL, NULL);
}
