/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a capture takes and what not, asked of libpcap packet by packet. */
#include "tests/test.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "generator/recorder/filter.h"

enum { SIP = 5061, MEDIA = 6001, CENTRE = 5060, OWN = 7000, UDP = 17, ICMP = 1, ICMPV6 = 58 };

static const rig_recorder_end ends[] = {{.host = "192.0.2.1", .port = SIP},
                                        {.host = "192.0.2.1", .port = MEDIA, .is_media = true},
                                        {.host = "fd00::1", .port = SIP}};

typedef struct packet {
    uint8_t data[120];
    size_t n;
} packet;

static void put(packet *p, const void *data, size_t n)
{
    memcpy(p->data + p->n, data, n);
    p->n += n;
}

/* From 192.0.2.9 to 192.0.2.1, or the other way round. */
static void put_ipv4(packet *p, uint8_t protocol, bool is_to_us)
{
    const uint8_t from = is_to_us ? 9 : 1, to = is_to_us ? 1 : 9;
    const uint8_t header[20] = {0x45, 0, 0,   60, 0, 0,    0,   0, 64, protocol,
                                0,    0, 192, 0,  2, from, 192, 0, 2,  to};
    put(p, header, sizeof header);
}

/* To fd00::1, or to another one. */
static void put_ipv6(packet *p, uint8_t protocol, bool is_to_us)
{
    const uint8_t header[40] = {
        0x60, [6] = protocol, [7] = 64, [8] = 0xfd, [24] = 0xfd, [39] = is_to_us ? 1 : 9};
    put(p, header, sizeof header);
}

static void put_udp(packet *p, uint16_t from, uint16_t to)
{
    const uint8_t header[8] = {
        (uint8_t)(from >> 8), (uint8_t)from, (uint8_t)(to >> 8), (uint8_t)to, 0, 8};
    put(p, header, sizeof header);
}

/* An ICMP message of a type that quotes a datagram to a port of our host, or of another one. */
static packet quoting(bool is_ipv6, uint8_t type, uint16_t port, bool is_to_us)
{
    packet p = {.n = 0};
    const uint8_t message[8] = {type, 3};
    if (is_ipv6)
        put_ipv6(&p, ICMPV6, false);
    else
        put_ipv4(&p, ICMP, false);
    put(&p, message, sizeof message);
    if (is_ipv6)
        put_ipv6(&p, UDP, is_to_us);
    else
        put_ipv4(&p, UDP, is_to_us);
    put_udp(&p, port == CENTRE ? SIP : CENTRE, port);
    return p;
}

static packet datagram(uint16_t from, uint16_t to, bool is_to_us)
{
    packet p = {.n = 0};
    put_ipv4(&p, UDP, is_to_us);
    put_udp(&p, from, to);
    return p;
}

static bool takes(const rig_recorder_spec *spec, packet p)
{
    struct bpf_program program;
    char *text = NULL;
    const struct pcap_pkthdr header = {.caplen = (bpf_u_int32)p.n, .len = (bpf_u_int32)p.n};
    pcap_t *dead = pcap_open_dead(DLT_RAW, 65535);
    assert_non_null(dead);
    assert_int_equal(rig_recorder_filter(spec, &text, NULL), RIG_OK);
    if (pcap_compile(dead, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
        fail_msg("%s: %s", text, pcap_geterr(dead));
    const bool is_taken = pcap_offline_filter(&program, &header, p.data) != 0;
    pcap_freecode(&program);
    pcap_close(dead);
    free(text);
    return is_taken;
}

static void test_own_traffic_alone(void **state)
{
    (void)state;
    const rig_recorder_spec spec = {.ends = ends, .n_ends = 2, .own_port = OWN};
    assert_true(takes(&spec, datagram(CENTRE, SIP, true)));
    assert_true(takes(&spec, datagram(SIP, CENTRE, false)));
    assert_true(takes(&spec, datagram(9000, MEDIA, true)));
    assert_false(takes(&spec, datagram(CENTRE, SIP, false))); /* their port of that number */
    assert_false(takes(&spec, datagram(OWN, SIP, true)));
    assert_false(takes(&spec, datagram(CENTRE, 5062, true)));
}

static void test_ports_that_cannot_be_reached(void **state)
{
    (void)state;
    static const struct {
        bool is_ipv6, is_taken;
        uint8_t type;
        uint16_t port;
        bool is_to_us;
    } rows[] = {
        {false, true, 3, SIP, true},
        {true, true, 1, SIP, true},
        {false, false, 3, MEDIA, true},
        {true, false, 1, MEDIA, true},
        {false, false, 3, CENTRE, false}, /* what we sent to a port of theirs */
        {true, false, 1, CENTRE, false},
        {false, false, 3, SIP, false}, /* to a port of theirs that has the number of ours */
        {true, false, 1, SIP, false},
        {false, false, 11, SIP, true}, /* time exceeded */
        {true, false, 3, SIP, true}};
    const rig_recorder_spec spec = {.ends = ends, .n_ends = 3};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (takes(&spec, quoting(rows[i].is_ipv6, rows[i].type, rows[i].port, rows[i].is_to_us)) !=
            rows[i].is_taken)
            fail_msg("row %zu", i);
    static const rig_recorder_end anywhere[] = {{.port = SIP}};
    const rig_recorder_spec any = {.ends = anywhere, .n_ends = 1};
    assert_true(takes(&any, quoting(false, 3, SIP, false)));
    assert_true(takes(&any, quoting(true, 1, SIP, false)));
    const rig_recorder_spec media = {.ends = ends + 1, .n_ends = 1}; /* of no end at all */
    assert_false(takes(&media, quoting(false, 3, MEDIA, true)));
    assert_true(takes(&media, datagram(9000, MEDIA, true)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_traffic_alone),
        cmocka_unit_test(test_ports_that_cannot_be_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
