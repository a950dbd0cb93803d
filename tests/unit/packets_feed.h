/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames built in tests, fed to a decoder, and what came out of it. */
#ifndef TESTS_UNIT_PACKETS_FEED_H
#define TESTS_UNIT_PACKETS_FEED_H

#include "analyzer/decoder.h"

enum {
    LINK_RAW = 101,
    FEED_MAX = 64,
    FEED_TEXT = 512,
    FEED_FRAME = 70000,
    /* TCP flags */
    T_FIN = 1,
    T_SYN = 2,
    T_RST = 4,
    T_ACK = 16
};

/** A packet that the sink got; of a long payload the beginning. */
typedef struct feed_packet {
    rig_packet packet;
    char text[FEED_TEXT]; /**< NUL-terminated */
} feed_packet;

typedef struct feed {
    rig_decoder *decoder;
    size_t n; /**< packets so far; the first FEED_MAX are kept */
    feed_packet got[FEED_MAX];
    int64_t t_ns;     /**< of the next frame; starts at 1,000 s */
    rig_status fails; /**< what the sink returns */
} feed;

/** Owned by the caller: feed_end. Aborts the test when out of memory. */
feed *feed_begin(void);
void feed_end(feed *f);

/** A raw IP frame. `n_captured` of its n bytes. */
void feed_ip(feed *f, const uint8_t *packet, size_t n, size_t n_captured);

/** Headers before a payload of n bytes; each returns the bytes written. Hosts are 10.0.0.1 (1) and
 * 10.0.0.2 (2). `fragment` as in the header: flags and offset. */
size_t put_ipv4(uint8_t *to, uint8_t protocol, unsigned from, unsigned id, unsigned fragment,
                const void *payload, size_t n);
size_t put_udp(uint8_t *to, uint16_t src, uint16_t dst, const void *payload, size_t n);
size_t put_tcp(uint8_t *to, uint16_t src, uint16_t dst, uint32_t seq, uint32_t ack, unsigned flags,
               const void *payload, size_t n);

/** A fragment of a datagram with identification `id` and protocol UDP. */
void feed_fragment(feed *f, unsigned id, size_t offset, bool has_more, const void *data, size_t n);

/** A segment between ports 5060 of both hosts, sent by host `from`. */
void feed_segment(feed *f, unsigned from, uint32_t seq, uint32_t ack, unsigned flags,
                  const char *text);
/** The same, of n bytes of which n_captured are there. */
void feed_segment_cut(feed *f, unsigned from, uint32_t seq, uint32_t ack, unsigned flags,
                      const char *text, size_t n, size_t n_captured);

/** The counts as they are. */
rig_decoder_counts feed_counts(const feed *f);

#endif
