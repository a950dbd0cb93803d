/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/carriers.h"

#include <stdbool.h>
#include <string.h>

#include "core/clock.h"

enum { RAW = 101, ETHERNET = 1, IP = 20, UDP = 8 };

static void put16(uint8_t *p, size_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static void put32(uint8_t *p, uint32_t value)
{
    put16(p, value >> 16);
    put16(p + 2, value & 0xffff);
}

static size_t get16(const uint8_t *p)
{
    return (size_t)(p[0] << 8 | p[1]);
}

/* The next frame, with room for n bytes. */
static uint8_t *frame_of(carried *out, size_t n)
{
    out->frames[out->n].n = n;
    return out->frames[out->n++].data;
}

static void put_outer_ipv4(uint8_t *p, uint8_t protocol, size_t n_payload)
{
    static const uint8_t ends[8] = {10, 9, 0, 1, 10, 9, 0, 2};
    memset(p, 0, IP);
    p[0] = 0x45;
    put16(p + 2, IP + n_payload);
    p[8] = 64;
    p[9] = protocol;
    memcpy(p + 12, ends, 8);
}

static void put_ipv6(uint8_t *p, const uint8_t *ip, uint8_t protocol, size_t n_payload)
{
    static const uint8_t prefix[12] = {0x20, 1, 0x0d, 0xb8};
    memset(p, 0, 40);
    p[0] = 0x60;
    put16(p + 4, n_payload);
    p[6] = protocol;
    p[7] = 64;
    memcpy(p + 8, prefix, 12);
    memcpy(p + 20, ip + 12, 4);
    memcpy(p + 24, prefix, 12);
    memcpy(p + 36, ip + 16, 4);
}

/* IPv6 in place of IPv4. */
static void carry_ipv6(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                       carried *out)
{
    (void)state;
    (void)t_ns;
    uint8_t *p = frame_of(out, n - IP + 40);
    put_ipv6(p, ip, 17, n - IP);
    memcpy(p + 40, ip + IP, n - IP);
}

/* A head of n_head bytes between an outer IPv4 header and the packet. */
static void wrap(const uint8_t *head, size_t n_head, uint8_t protocol, const uint8_t *ip, size_t n,
                 carried *out)
{
    uint8_t *p = frame_of(out, IP + n_head + n);
    put_outer_ipv4(p, protocol, n_head + n);
    if (n_head > 0)
        memcpy(p + IP, head, n_head);
    memcpy(p + IP + n_head, ip, n);
}

/* The same over UDP. */
static void wrap_udp(const uint8_t *head, size_t n_head, uint16_t port, const uint8_t *ip, size_t n,
                     carried *out)
{
    uint8_t all[64] = {0};
    put16(all, 40000);
    put16(all + 2, port);
    put16(all + 4, UDP + n_head + n);
    memcpy(all + UDP, head, n_head);
    wrap(all, UDP + n_head, 17, ip, n, out);
}

static void carry_ipip(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                       carried *out)
{
    (void)state;
    (void)t_ns;
    wrap(NULL, 0, 4, ip, n, out);
}

static void carry_gre(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n, carried *out)
{
    static const uint8_t head[8] = {0x20, 0, 0x08, 0, 1, 2, 3, 4};
    (void)state;
    (void)t_ns;
    wrap(head, sizeof head, 47, ip, n, out);
}

static void carry_erspan(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                         carried *out)
{
    static const uint8_t head[30] = {0x10, 0, 0x88, 0xbe, [8] = 0x10, [28] = 0x08};
    (void)state;
    (void)t_ns;
    wrap(head, sizeof head, 47, ip, n, out);
}

static void carry_gtp_u(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                        carried *out)
{
    /* With a PDU session container: one extension header. */
    uint8_t head[16] = {0x34, 255, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0x85, 1, 0x10, 9, 0};
    (void)state;
    (void)t_ns;
    put16(head + 2, sizeof head - 8 + n);
    wrap_udp(head, sizeof head, 2152, ip, n, out);
}

static void carry_vxlan(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                        carried *out)
{
    static const uint8_t head[22] = {0x08, [6] = 7, [20] = 0x08};
    (void)state;
    (void)t_ns;
    wrap_udp(head, sizeof head, 4789, ip, n, out);
}

static void carry_mpls(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                       carried *out)
{
    static const uint8_t head[22] = {[12] = 0x88, 0x47, 0, 0x10, 0, 64, 0, 0x20, 1, 64};
    (void)state;
    (void)t_ns;
    uint8_t *p = frame_of(out, sizeof head + n);
    memcpy(p, head, sizeof head);
    memcpy(p + sizeof head, ip, n);
}

static void carry_pppoe(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                        carried *out)
{
    uint8_t head[22] = {[12] = 0x88, 0x64, 0x11, [20] = 0, 0x21};
    (void)state;
    (void)t_ns;
    put16(head + 18, 2 + n);
    uint8_t *p = frame_of(out, sizeof head + n);
    memcpy(p, head, sizeof head);
    memcpy(p + sizeof head, ip, n);
}

/* Fragments of `step` bytes; the last ones first. */
static void carry_fragments(carrier_state *state, const uint8_t *ip, size_t n, size_t step,
                            carried *out)
{
    size_t n_payload = n - IP;
    state->n_packets++;
    for (size_t at = (n_payload - 1) / step * step;; at -= step) {
        size_t n_piece = n_payload - at < step ? n_payload - at : step;
        uint8_t *p = frame_of(out, IP + n_piece);
        memcpy(p, ip, IP);
        memcpy(p + IP, ip + IP + at, n_piece);
        put16(p + 2, IP + n_piece);
        put16(p + 4, state->n_packets);
        put16(p + 6, (at + n_piece < n_payload ? 0x2000u : 0) | at / 8);
        if (at == 0)
            return;
    }
}

static void carry_two_fragments(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                                carried *out)
{
    (void)t_ns;
    carry_fragments(state, ip, n, (n - IP) / 2 / 8 * 8 + 8, out);
}

static void carry_five_fragments(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                                 carried *out)
{
    (void)t_ns;
    carry_fragments(state, ip, n, (n - IP) / 5 / 8 * 8 + 8, out);
}

/* The flow between two ends: addresses, then ports. */
static uint32_t *seq_of(carrier_state *state, const uint8_t ends[12])
{
    size_t i = 0;
    while (i < state->n_flows && memcmp(state->flows[i].ends, ends, 12) != 0)
        i++;
    if (i == state->n_flows) {
        memcpy(state->flows[state->n_flows++].ends, ends, 12);
        state->flows[i].seq = UINT32_MAX - 3000; /* wraps soon */
    }
    return &state->flows[i].seq;
}

/* What has come the other way, which a segment acknowledges. */
static uint32_t ack_of(carrier_state *state, const uint8_t *ip)
{
    uint8_t ends[12];
    memcpy(ends, ip + 16, 4);
    memcpy(ends + 4, ip + 12, 4);
    memcpy(ends + 8, ip + 22, 2);
    memcpy(ends + 10, ip + 20, 2);
    return *seq_of(state, ends);
}

/* One segment of `n` bytes of a packet's payload. */
static void put_segment(const uint8_t *ip, const uint8_t *data, size_t n, uint32_t seq,
                        uint32_t ack, carried *out)
{
    uint8_t *p = frame_of(out, IP + 20 + n);
    memcpy(p, ip, IP);
    memset(p + IP, 0, 20);
    memcpy(p + IP, ip + IP, 4);
    p[9] = 6;
    put16(p + 2, IP + 20 + n);
    put32(p + IP + 4, seq);
    put32(p + IP + 8, ack);
    p[IP + 12] = 0x50;
    p[IP + 13] = 16;
    memcpy(p + IP + 20, data, n);
}

static void carry_tcp(carrier_state *state, const uint8_t *ip, size_t n, size_t n_pieces,
                      bool is_swapped, carried *out)
{
    const uint8_t *data = ip + IP + UDP;
    size_t n_data = n - IP - UDP;
    uint32_t ack = ack_of(state, ip);
    uint32_t *seq = seq_of(state, ip + 12);
    bool is_first = *seq == UINT32_MAX - 3000;
    size_t step = n_data / n_pieces + 1;
    for (size_t at = 0; at < n_data; at += step) {
        size_t n_piece = n_data - at < step ? n_data - at : step;
        put_segment(ip, data + at, n_piece, *seq + (uint32_t)at, ack, out);
    }
    if (is_swapped && !is_first && out->n >= 2) {
        carried swapped = {.n = out->n};
        for (size_t i = 0; i < out->n; i++)
            swapped.frames[i] = out->frames[out->n - 1 - i];
        *out = swapped;
    }
    *seq += (uint32_t)n_data;
}

static void carry_tcp_whole(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                            carried *out)
{
    (void)t_ns;
    carry_tcp(state, ip, n, 1, false, out);
}

static void carry_tcp_pieces(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                             carried *out)
{
    (void)t_ns;
    carry_tcp(state, ip, n, 7, false, out);
}

static void carry_tcp_reversed(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                               carried *out)
{
    (void)t_ns;
    carry_tcp(state, ip, n, 4, true, out);
}

static void carry_sctp(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n,
                       carried *out)
{
    size_t n_data = n - IP - UDP;
    size_t n_padded = (n_data + 3) & ~(size_t)3;
    (void)t_ns;
    uint8_t *p = frame_of(out, IP + 28 + n_padded);
    memcpy(p, ip, IP);
    memset(p + IP, 0, 28 + n_padded);
    memcpy(p + IP, ip + IP, 4);
    p[9] = 132;
    put16(p + 2, IP + 28 + n_padded);
    p[IP + 13] = 3;
    put16(p + IP + 14, 16 + n_data);
    put32(p + IP + 16, state->n_packets++);
    memcpy(p + IP + 28, ip + IP + UDP, n_data);
}

static uint8_t *put_chunk(uint8_t *p, unsigned type, const void *data, size_t n)
{
    memset(p, 0, 2);
    put16(p + 2, type);
    put16(p + 4, 6 + n);
    memcpy(p + 6, data, n);
    return p + 6 + n;
}

/* A copy sent to a collector; addresses, ports and (to the microsecond) time are in it. */
static void carry_hep(carrier_state *state, int64_t t_ns, const uint8_t *ip, size_t n, carried *out)
{
    uint8_t seconds[4], microseconds[4];
    (void)state;
    put32(seconds, (uint32_t)(t_ns / RIG_NS_PER_S));
    put32(microseconds, (uint32_t)(t_ns % RIG_NS_PER_S / 1000));
    uint8_t *p = frame_of(out, 0);
    uint8_t *hep = p + IP + UDP;
    memcpy(hep, "HEP3", 4);
    uint8_t *end = put_chunk(hep + 6, 1, "\x02", 1);
    end = put_chunk(end, 2, "\x11", 1);
    end = put_chunk(end, 3, ip + 12, 4);
    end = put_chunk(end, 4, ip + 16, 4);
    end = put_chunk(end, 7, ip + IP, 2);
    end = put_chunk(end, 8, ip + IP + 2, 2);
    end = put_chunk(end, 9, seconds, 4);
    end = put_chunk(end, 10, microseconds, 4);
    end = put_chunk(end, 11, "\x01", 1);
    end = put_chunk(end, 15, ip + IP + UDP, get16(ip + IP + 4) - UDP);
    size_t n_hep = (size_t)(end - hep);
    put16(hep + 4, n_hep);
    put_outer_ipv4(p, 17, UDP + n_hep);
    memset(p + IP, 0, UDP);
    put16(p + IP, 40000);
    put16(p + IP + 2, 9060);
    put16(p + IP + 4, UDP + n_hep);
    out->frames[0].n = IP + UDP + n_hep;
    (void)n;
}

const carrier carriers[] = {
    {"ipv6", RAW, carry_ipv6},
    {"ip in ip", RAW, carry_ipip},
    {"gre", RAW, carry_gre},
    {"erspan", RAW, carry_erspan},
    {"gtp-u", RAW, carry_gtp_u},
    {"vxlan", RAW, carry_vxlan},
    {"mpls", ETHERNET, carry_mpls},
    {"pppoe", ETHERNET, carry_pppoe},
    {"two fragments", RAW, carry_two_fragments},
    {"five fragments", RAW, carry_five_fragments},
    {"tcp", RAW, carry_tcp_whole},
    {"tcp in pieces", RAW, carry_tcp_pieces},
    {"tcp reversed", RAW, carry_tcp_reversed},
    {"sctp", RAW, carry_sctp},
    {"hep", RAW, carry_hep},
};
const size_t n_carriers = sizeof carriers / sizeof carriers[0];
