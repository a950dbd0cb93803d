/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metamorphic test: the clocks of two taps differ. All packets from one address of a capture, or all
 * of one direction, are stamped earlier or later, by up to half a second, and put in the order of
 * their new times; then with packets captured twice, up to half a second later, and datagrams in
 * fragments that come late or never as well, drawn by a seed. Each call keeps its outcome, or the counts say how many calls are not certain, and the losses that
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
#include "tests/golden/outcomes.h"

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
    "early_by_the_time",
    "early_queue",
    "quiet_exchange",
    "marks_of_all_kinds",
    "challenges",
    "forked_side_by_side",
    "forked_one_by_one",
    "forked_two_answers",
    "queue_marks_alone",
    "through_a_border_controller",
    "behind_a_proxy",
    "controller_changes_both",
    "controller_changes_from",
    "controller_is_named",
    "agent_drops_the_call",
    "connections_not_accepted",
    "agent_drops_while_others_ring",
    "agent_consults_a_colleague",
    "attempts_after_refusals",
    "attempts_side_by_side",
    "caller_shown_elsewhere",
    "failures_of_all_kinds",
    "forked_at_an_agent",
    "forked_eight_ways",
    "forked_elsewhere",
    "join_by_bye",
    "join_by_header_or_session",
    "numbers_with_other_prefixes",
    "numbers_written_otherwise",
    "outcomes_of_a_file",
    "place_in_the_queue",
    "rung_by_another_request_uri",
    "session_refresh_in_queue",
    "someone_listens_in",
    "through_a_proxy",
    "transferred",
    "tried_again_under_another_call_id",
    "two_carriers_over_hours",
    "agent_dialled_too_late",
    "another_port_of_the_centre",
    "answer_after_refusal",
    "call_id_used_again",
    "called_back",
    "callers_wait_already",
    "controller_changes_the_number",
    "controller_is_busy",
    "controller_shows_no_agents",
    "early_by_the_time_or_told",
    "marks_come_late",
    "not_an_answer",
    "numbers_that_are_others",
    "one_number_for_all",
    "orphans",
    "other_methods",
    "refuses_everything",
    "retransmissions",
    "run_again_after_a_while",
};

/* One ACK that is lost makes two calls of its Call-ID one: more than is said to be uncertain. */
static const char *const only_shifted = "run_again_at_once";

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

static rig_calls *analyze(const rig_rules *rules, packet *all, size_t n, rig_capture_counts *counts)
{
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    const rig_analyzer_options how = {.rules = rules};
    qsort(all, n, sizeof all[0], compare_times);
    assert_int_equal(rig_analyzer_new_with(&how, &analyzer, NULL), RIG_OK);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(rig_analyzer_packet(analyzer, DLT_EN10MB, all[i].t_ns, all[i].data,
                                             all[i].n, all[i].n, NULL),
                         RIG_OK);
    assert_int_equal(rig_analyzer_finish(analyzer, &calls, NULL), RIG_OK);
    rig_analyzer_counts(analyzer, counts);
    rig_analyzer_free(analyzer);
    return calls;
}

/* In place of an address: all that goes from a lower one to a higher one, as on one fibre of a tap
 * between two networks. */
#define ONE_DIRECTION UINT32_MAX

static bool is_of(const packet *p, uint32_t source)
{
    const uint8_t *at = p->data + ETHERNET_HEADER + 12;
    return source == ONE_DIRECTION ? memcmp(at, at + 4, 4) < 0 : source_of(p) == source;
}

static rig_calls *play(const rig_rules *rules, uint32_t source, int64_t shift_ns,
                       rig_capture_counts *counts)
{
    static packet moved[MAX_PACKETS];
    memcpy(moved, packets, n_packets * sizeof moved[0]);
    for (size_t i = 0; i < n_packets; i++)
        moved[i].t_ns += is_of(&moved[i], source) ? shift_ns : 0;
    return analyze(rules, moved, n_packets, counts);
}

/* ---- all of it at once, drawn by a seed ---- */

enum { N_DRAWN = 24, MAX_DRAWN = 3 * MAX_PACKETS, PIECE = 2048 };

typedef struct drawing {
    uint64_t x;
    packet all[MAX_DRAWN];
    uint8_t room[MAX_DRAWN][PIECE]; /* of fragments */
    size_t n, n_rooms;
} drawing;

/* xorshift64 (Marsaglia, J. Stat. Softw. 8(14), 2003). @return in [0, n). */
static uint64_t draw(drawing *d, uint64_t n)
{
    d->x ^= d->x << 13, d->x ^= d->x >> 7, d->x ^= d->x << 17;
    return (d->x >> 11) % n;
}

static void add_packet(drawing *d, packet p)
{
    assert_true(d->n < MAX_DRAWN);
    p.at = d->n;
    d->all[d->n++] = p;
}

/* A fragment of an IP packet: `n` bytes of what follows its header, from `from` on. */
static void add_fragment(drawing *d, const packet *p, size_t from, size_t n, bool is_last,
                         int64_t late_ns)
{
    uint8_t *room = d->room[d->n_rooms++];
    const size_t n_head = ETHERNET_HEADER + 20;
    assert_true(n_head + n <= PIECE);
    memcpy(room, p->data, n_head);
    memcpy(room + n_head, p->data + n_head + from, n);
    uint8_t *ip = room + ETHERNET_HEADER;
    const uint16_t id = (uint16_t)(p->at + 1); /* a sender gives each datagram its own */
    ip[2] = (uint8_t)((20 + n) >> 8), ip[3] = (uint8_t)(20 + n);
    ip[4] = (uint8_t)(id >> 8), ip[5] = (uint8_t)id;
    ip[6] = (uint8_t)((is_last ? 0 : 0x20) | from / 8 >> 8), ip[7] = (uint8_t)(from / 8);
    add_packet(d, (packet){.t_ns = p->t_ns + late_ns, .n = n_head + n, .data = room});
}

/* As two fragments, of which one may be missing. @return whether it can be cut. */
static bool add_in_fragments(drawing *d, const packet *p)
{
    const uint8_t *ip = p->data + ETHERNET_HEADER;
    const size_t n_ip = (size_t)(ip[2] << 8 | ip[3]);
    if (ip[0] != 0x45 || ip[9] != 17 || (ip[6] & 0x3f) != 0 || ip[7] != 0 || n_ip < 20 + 8 + 64 ||
        n_ip + ETHERNET_HEADER > p->n)
        return false;
    const size_t n = n_ip - 20;
    size_t n_first = (n - 1) / 8 * 8;
    if (draw(d, 2) == 0) /* anywhere behind the UDP header and the beginning of the first line */
        n_first = (24 + draw(d, n - 24)) / 8 * 8;
    const int64_t late_ns = draw(d, 2) == 0 ? (int64_t)draw(d, 200 * 1000000) : 0;
    const uint64_t which = draw(d, 8); /* 6: no tail; 7: no beginning */
    if (which != 7)
        add_fragment(d, p, 0, n_first, false, 0);
    if (which != 6)
        add_fragment(d, p, n_first, n - n_first, true, late_ns);
    return true;
}

/* What an address sends, or one direction, is shifted; a part of the packets is captured twice, by a
 * tap whose clock is off by another amount; a part of the datagrams is in fragments, which may be
 * missing or late. */
static rig_calls *play_drawn(drawing *d, const rig_rules *rules, rig_capture_counts *counts)
{
    const packet *any = &packets[draw(d, n_packets)];
    const uint32_t source = draw(d, 3) == 0 ? ONE_DIRECTION : source_of(any);
    const int64_t shift_ns = (int64_t)draw(d, 200 * 1000000) - 100 * 1000000;
    const int64_t twice_ns = (int64_t)draw(d, (draw(d, 2) == 0 ? 40 : 490) * 1000000);
    const uint64_t n_twice = draw(d, 3), n_cut = draw(d, 3); /* of 2, of 20 */
    d->n = d->n_rooms = 0;
    for (size_t i = 0; i < n_packets; i++) {
        packet p = packets[i];
        p.t_ns += is_of(&p, source) ? shift_ns : 0;
        if (draw(d, 20) >= n_cut || !add_in_fragments(d, &p))
            add_packet(d, p);
        p.t_ns += twice_ns;
        if (draw(d, 2) < n_twice)
            add_packet(d, p);
    }
    return analyze(rules, d->all, d->n, counts);
}

/* @return whether the outcomes are as they were, or said to be uncertain. */
static bool is_right(const char *name, const rig_rules *rules, const rig_calls *truth,
                     uint32_t source, double shift_ms)
{
    char what[160];
    rig_capture_counts counts;
    rig_calls *got = play(rules, source, (int64_t)(shift_ms * 1e6), &counts);
    (void)snprintf(what, sizeof what, "%s: %g ms of %08x", name, shift_ms, source);
    const bool holds = outcomes_hold(what, got, truth, &counts);
    rig_calls_free(got);
    return holds;
}

static void test_drawn(void **state)
{
    static drawing d;
    const char *name = *state;
    rig_capture_counts counts;
    int n_wrong = 0;
    assert_int_equal(load(name), 0);
    rig_rules *rules = rules_of(name);
    rig_calls *truth = play(rules, 0, 0, &counts);
    for (uint64_t seed = 1; seed <= N_DRAWN; seed++) {
        char what[160];
        d.x = seed * UINT64_C(0x9e3779b97f4a7c15);
        rig_calls *got = play_drawn(&d, rules, &counts);
        (void)snprintf(what, sizeof what, "%s: drawn by seed %d", name, (int)seed);
        n_wrong += !outcomes_hold(what, got, truth, &counts);
        rig_calls_free(got);
    }
    rig_calls_free(truth);
    rig_rules_free(rules);
    unload();
    assert_int_equal(n_wrong, 0);
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
    for (size_t i = 0; i <= n_packets; i++) {
        uint32_t source = i < n_packets ? source_of(&packets[i]) : ONE_DIRECTION;
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
    struct CMUnitTest tests[2 * N + 1] = {
        [2 * N] = {only_shifted, test_shifted, NULL, NULL, (void *)(uintptr_t)only_shifted}};
    for (size_t i = 0; i < N; i++) {
        void *name = (void *)(uintptr_t)fixtures[i];
        tests[2 * i] = (struct CMUnitTest){fixtures[i], test_shifted, NULL, NULL, name};
        tests[2 * i + 1] = (struct CMUnitTest){fixtures[i], test_drawn, NULL, NULL, name};
    }
    return cmocka_run_group_tests_name("shift", tests, NULL, NULL);
}
