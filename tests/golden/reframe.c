/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metamorphic tests: what must not change the calls. The packets of one capture, framed anew for
 * each link layer, captured twice, moved in time, padded or cut behind the headers, or carried by
 * tunnels, fragments, streams and copies (carriers.h), give the same calls. */
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
#include "tests/golden/carriers.h"
#include "tests/golden/compare.h"

enum { ETHERNET_HEADER = 14, MAX_PACKETS = 4096, MAX_FRAME = 4096 };

/* The IPv4 packets of an Ethernet fixture. */
typedef struct ip_packet {
    int64_t t_ns;
    size_t n;
    uint8_t *data;
} ip_packet;

static ip_packet packets[MAX_PACKETS];
static size_t n_packets;

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
        ip_packet *p = &packets[n_packets++];
        p->t_ns = header->ts.tv_sec * RIG_NS_PER_S + header->ts.tv_usec;
        p->n = header->caplen - ETHERNET_HEADER;
        p->data = malloc(p->n);
        memcpy(p->data, data + ETHERNET_HEADER, p->n);
    }
    pcap_close(pcap);
    return n_packets > 0 ? 0 : -1;
}

/* Without what pads short Ethernet frames. */
static size_t ip_length(const ip_packet *p)
{
    return (size_t)(p->data[2] << 8 | p->data[3]);
}

static int unload(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_packets; i++)
        free(packets[i].data);
    n_packets = 0;
    return 0;
}

static int load_embedded(void **state)
{
    (void)state;
    return load("embedded_centre");
}

static int load_crossings(void **state)
{
    (void)state;
    return load("crossings");
}

static int load_pbx(void **state)
{
    (void)state;
    return load("plain_pbx");
}

/* How to play the packets. */
typedef struct framing {
    const char *name;
    int linktype;
    size_t n_head;
    uint8_t head[40];
    size_t n_tail;     /* bytes of padding behind */
    int n_times;       /* 1, or 2: each packet captured twice */
    int64_t shift_ns;  /* added to each time */
    size_t n_body_cut; /* bytes cut from what is captured of each frame, as far as its body goes */
} framing;

static rig_calls *play(const framing *how)
{
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    uint8_t frame[MAX_FRAME];
    assert_int_equal(rig_analyzer_new_with(&(rig_analyzer_options){.with_redials = true}, &analyzer, NULL), RIG_OK);
    memcpy(frame, how->head, how->n_head);
    for (size_t i = 0; i < n_packets; i++) {
        size_t n = how->n_head + packets[i].n;
        assert_true(n + how->n_tail <= sizeof frame);
        memcpy(frame + how->n_head, packets[i].data, packets[i].n);
        memset(frame + n, 0xaa, how->n_tail);
        size_t n_captured = n + how->n_tail;
        const uint8_t *body = memmem(frame, n, "\r\n\r\n", 4);
        if (how->n_body_cut > 0 && body != NULL) {
            size_t n_body = (size_t)(frame + n - body) - 4;
            n_captured = n - (how->n_body_cut < n_body ? how->n_body_cut : n_body);
        }
        for (int k = 0; k < how->n_times; k++) {
            rig_error err = {.text = ""};
            if (rig_analyzer_packet(analyzer, how->linktype,
                                    packets[i].t_ns + how->shift_ns + k * 40000, frame, n_captured,
                                    n + how->n_tail, &err) != RIG_OK)
                fail_msg("%s", err.text);
        }
    }
    assert_int_equal(rig_analyzer_finish(analyzer, &calls, NULL), RIG_OK);
    rig_analyzer_free(analyzer);
    return calls;
}

#define IP4 0x08, 0x00

static const framing framings[] = {
    {"ethernet", DLT_EN10MB, 14, {[12] = IP4}, .n_times = 1},
    {"ethernet, padded", DLT_EN10MB, 14, {[12] = IP4}, .n_tail = 40, .n_times = 1},
    {"vlan", DLT_EN10MB, 18, {[12] = 0x81, 0, 0, 42, IP4}, .n_times = 1},
    {"qinq", DLT_EN10MB, 22, {[12] = 0x88, 0xa8, 0, 7, 0x81, 0, 0, 42, IP4}, .n_times = 1},
    {"four tags",
     DLT_EN10MB,
     30,
     {[12] = 0x91, 0, 0, 7, 0x88, 0xa8, 0, 7, 0x81, 0, 0, 42, 0x81, 0, 0, 43, IP4},
     .n_times = 1},
    {"sll", DLT_LINUX_SLL, 16, {[14] = IP4}, .n_times = 1},
    {"sll, with vlan", DLT_LINUX_SLL, 20, {[14] = 0x81, 0, 0, 42, IP4}, .n_times = 1},
    {"sll2", DLT_LINUX_SLL2, 20, {IP4}, .n_times = 1},
    {"null, little", DLT_NULL, 4, {2, 0, 0, 0}, .n_times = 1},
    {"null, big", DLT_NULL, 4, {0, 0, 0, 2}, .n_times = 1},
    {"loop", DLT_LOOP, 4, {0, 0, 0, 2}, .n_times = 1},
    {"raw", DLT_RAW, 0, {0}, .n_times = 1},
    {"ipv4", DLT_IPV4, 0, {0}, .n_times = 1},
    {"captured twice", DLT_RAW, 0, {0}, .n_times = 2},
    {"a year later", DLT_RAW, 0, {0}, .n_times = 1, .shift_ns = 31536000 * RIG_NS_PER_S},
    {"at the epoch", DLT_RAW, 0, {0}, .n_times = 1, .shift_ns = -1767225601 * RIG_NS_PER_S},
    {"body cut by one", DLT_RAW, 0, {0}, .n_times = 1, .n_body_cut = 1},
    {"no body captured", DLT_RAW, 0, {0}, .n_times = 1, .n_body_cut = 100000},
};

static void test_same_calls(void **state)
{
    (void)state;
    rig_calls *expected = play(&framings[0]);
    assert_true(expected->n >= 8);
    int n_differences = 0;
    for (size_t i = 1; i < sizeof framings / sizeof framings[0]; i++) {
        rig_calls *got = play(&framings[i]);
        n_differences += compare_calls(framings[i].name, got, expected, -framings[i].shift_ns);
        rig_calls_free(got);
    }
    rig_calls_free(expected);
    assert_int_equal(n_differences, 0);
}

/* The calls when each packet is carried so. */
static rig_calls *play_carried(const carrier *how)
{
    static carried frames;
    carrier_state state = {.n_flows = 0};
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_analyzer_new_with(&(rig_analyzer_options){.with_redials = true}, &analyzer, NULL), RIG_OK);
    for (size_t i = 0; i < n_packets; i++) {
        frames.n = 0;
        how->carry(&state, packets[i].t_ns, packets[i].data, ip_length(&packets[i]), &frames);
        for (size_t k = 0; k < frames.n; k++) {
            if (rig_analyzer_packet(analyzer, how->linktype, packets[i].t_ns, frames.frames[k].data,
                                    frames.frames[k].n, frames.frames[k].n, &err) != RIG_OK)
                fail_msg("%s", err.text);
        }
    }
    assert_int_equal(rig_analyzer_finish(analyzer, &calls, NULL), RIG_OK);
    rig_analyzer_free(analyzer);
    return calls;
}

static void test_same_calls_carried(void **state)
{
    (void)state;
    rig_calls *expected = play(&framings[0]);
    assert_true(expected->n >= 8);
    int n_differences = 0;
    for (size_t i = 0; i < n_carriers; i++) {
        rig_calls *got = play_carried(&carriers[i]);
        n_differences += compare_calls(carriers[i].name, got, expected, 0);
        rig_calls_free(got);
    }
    rig_calls_free(expected);
    assert_int_equal(n_differences, 0);
}

/* The other way round: a framing that hides the packets hides the calls. */
static void test_no_calls_behind_other_types(void **state)
{
    (void)state;
    static const framing hidden[] = {
        {"macsec", DLT_EN10MB, 14, {[12] = 0x88, 0xe5}, .n_times = 1},
        {"vlan of macsec", DLT_EN10MB, 18, {[12] = 0x81, 0, 0, 42, 0x88, 0xe5}, .n_times = 1},
        {"arp", DLT_EN10MB, 14, {[12] = 0x08, 0x06}, .n_times = 1},
        {"family 7", DLT_NULL, 4, {7, 0, 0, 0}, .n_times = 1},
        {"sll2, ipx", DLT_LINUX_SLL2, 20, {0x81, 0x37}, .n_times = 1},
    };
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        rig_calls *got = play(&hidden[i]);
        assert_int_equal(got->n, 0);
        rig_calls_free(got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"same calls: embedded centre", test_same_calls, load_embedded, unload, NULL},
        {"same calls: crossings", test_same_calls, load_crossings, unload, NULL},
        {"same calls: plain PBX", test_same_calls, load_pbx, unload, NULL},
        {"same calls, carried: embedded centre", test_same_calls_carried, load_embedded, unload,
         NULL},
        {"same calls, carried: crossings", test_same_calls_carried, load_crossings, unload, NULL},
        {"same calls, carried: plain PBX", test_same_calls_carried, load_pbx, unload, NULL},
        {"no calls behind other types", test_no_calls_behind_other_types, load_embedded, unload,
         NULL},
    };
    return cmocka_run_group_tests_name("reframe", tests, NULL, NULL);
}
