/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer target: any bytes as frames of any link layer, through every layer that is read.
 *
 * The first byte is the link layer; then come records of 2 bytes time step, 1 byte flags, 2 bytes
 * captured length, and the frame (the form of fuzz_packet.c). */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/decoder.h"
#include "core/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int linktypes[] = {1, 113, 276, 0,   108, 101, 228, 229,
                                9, 50,  51,  104, 219, 239, 12,  147};
static const int switch_linktypes[] = {281, 282, 283, 284};

static rig_status touch(void *ctx, const rig_packet *packet, rig_error *err)
{
    unsigned *sum = ctx;
    (void)err;
    if (packet->frame == 0)
        abort();
    for (size_t i = 0; i < packet->payload.n; i++)
        *sum += (uint8_t)packet->payload.p[i];
    return RIG_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rig_decoder *decoder = NULL;
    rig_decoder_counts c;
    unsigned sum = 0;
    int64_t t_ns = 1000 * RIG_NS_PER_S;
    if (size == 0 || rig_decoder_new(touch, &sum, &decoder) != RIG_OK)
        return 0;
    int linktype = data[0] < 240 ? linktypes[data[0] % (sizeof linktypes / sizeof linktypes[0])]
                                 : switch_linktypes[data[0] % 4];
    if (rig_decoder_link_is_read(linktype) != (linktype != 147))
        abort();
    size_t at = 1;
    while (size - at >= 5) {
        int64_t step = data[at] << 8 | data[at + 1];
        uint8_t flags = data[at + 2];
        size_t caplen = (size_t)(data[at + 3] << 8 | data[at + 4]);
        at += 5;
        if (caplen > size - at)
            caplen = size - at;
        step *= flags & 1 ? 1000 : flags & 2 ? RIG_NS_PER_S : RIG_NS_PER_S / 1000;
        t_ns += flags & 4 ? -step : step;
        if (t_ns < 0)
            t_ns = 0;
        uint8_t *copy = malloc(caplen > 0 ? caplen : 1); /* a read behind its end shows */
        if (copy == NULL)
            abort();
        memcpy(copy, data + at, caplen);
        if (rig_decoder_frame(decoder, linktype, t_ns, copy, caplen, caplen + (flags & 8 ? 100 : 0),
                              NULL) != RIG_OK)
            abort();
        free(copy);
        at += caplen;
    }
    if (rig_decoder_finish(decoder, NULL) != RIG_OK)
        abort();
    rig_decoder_count(decoder, &c);
    if (c.n_frames != c.n_udp + c.n_tcp + c.n_sctp + c.n_fragments + c.n_icmp + c.n_other_ip +
                          c.n_other_link + c.n_unread_link + c.n_encrypted + c.n_cut +
                          c.n_malformed + c.n_too_nested ||
        c.n_truncated > c.n_packets || (linktype == 147 && c.n_unread_link != c.n_frames))
        abort();
    rig_decoder_free(decoder);
    return 0;
}
