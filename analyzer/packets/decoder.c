/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/decoder.h"

#include <stdlib.h>

#include "analyzer/packets/capture.h"
#include "analyzer/packets/decode.h"
#include "analyzer/packets/fragments.h"
#include "analyzer/packets/sctp.h"
#include "analyzer/packets/tcp.h"
#include "core/clock.h"

/* Nothing waits so long: what is due then came with a time that is no time. */
#define FAR_FUTURE_NS (1000 * RIG_NS_PER_S)

rig_status rig_decoder_new(rig_packet_sink sink, void *ctx, rig_decoder **decoder)
{
    rig_decoder *made = calloc(1, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    made->sink = sink;
    made->ctx = ctx;
    made->t_due_ns = INT64_MAX;
    made->fragments = rig_fragments_new(&made->counts);
    made->tcp = rig_tcp_new(&made->counts);
    made->sctp = rig_sctp_new(&made->counts);
    if (made->fragments == NULL || made->tcp == NULL || made->sctp == NULL) {
        rig_decoder_free(made);
        return RIG_ENOMEM;
    }
    made->n_beginnings = rig_fragments_n_messages(made->fragments);
    *decoder = made;
    return RIG_OK;
}

void rig_decoder_on_parts(rig_decoder *decoder, rig_frame_parts parts)
{
    decoder->parts = parts;
}

void rig_decoder_free(rig_decoder *decoder)
{
    if (decoder == NULL)
        return;
    rig_fragments_free(decoder->fragments);
    rig_tcp_free(decoder->tcp);
    rig_sctp_free(decoder->sctp);
    free(decoder);
}

void rig_decode_emit(rig_decode *d, const rig_packet *packet)
{
    rig_decoder *decoder = d->decoder;
    decoder->counts.n_packets++;
    decoder->counts.n_truncated += packet->is_truncated;
    if (d->status != RIG_OK)
        return;
    rig_packet whole = *packet;
    whole.first_frame = d->first_frame != 0 ? d->first_frame : packet->frame;
    whole.stream = d->stream;
    d->status = decoder->sink(decoder->ctx, &whole, d->err);
}

/* What has waited until now. */
static void tick(rig_decode *d, int64_t now_ns)
{
    rig_decoder *decoder = d->decoder;
    rig_decode late = *d;
    rig_decode_overdue_fragments(&late, now_ns);
    rig_tcp_expire(decoder->tcp, &late, now_ns);
    rig_sctp_expire(decoder->sctp, now_ns);
    d->status = late.status;
    decoder->t_due_ns = rig_fragments_due_ns(decoder->fragments);
    rig_decode_due(decoder, rig_tcp_due_ns(decoder->tcp));
    rig_decode_due(decoder, rig_sctp_due_ns(decoder->sctp));
}

rig_status rig_decoder_frame(rig_decoder *decoder, int linktype, int64_t t_ns, const uint8_t *data,
                             size_t caplen, size_t len, rig_error *err)
{
    if (t_ns < 0 || t_ns > RIG_CAPTURE_LATEST_NS)
        return rig_fail(err, RIG_EDOM, "packet time %lld ns is out of range", (long long)t_ns);
    rig_decode d = {.decoder = decoder,
                    .t_ns = t_ns,
                    .frame = (uint32_t)++decoder->counts.n_frames,
                    .begin = data,
                    .err = err};
    if (t_ns >= decoder->t_due_ns ||
        (decoder->t_due_ns != INT64_MAX && decoder->t_due_ns - t_ns > FAR_FUTURE_NS))
        tick(&d, t_ns);
    rig_cursor at = {.p = data, .n = caplen, .n_wire = len > caplen ? len : caplen};
    rig_frame_kind kind = rig_decode_link(&d, linktype, at);
    decoder->n_kind[kind]++;
    decoder->counts.n_ipv6 += d.has_ipv6;
    decoder->counts.n_tunnelled += d.is_tunnelled;
    return d.status;
}

rig_status rig_decoder_finish(rig_decoder *decoder, rig_error *err)
{
    rig_decode d = {.decoder = decoder, .frame = (uint32_t)decoder->counts.n_frames, .err = err};
    tick(&d, INT64_MAX);
    return d.status;
}

void rig_decoder_not_read(const rig_decoder *decoder, rig_not_read_all *all)
{
    rig_not_read_list(&decoder->not_read, all);
}

void rig_decoder_count(const rig_decoder *decoder, rig_decoder_counts *counts)
{
    const uint64_t *n = decoder->n_kind;
    *counts = decoder->counts;
    counts->n_udp = n[RIG_FRAME_UDP];
    counts->n_tcp = n[RIG_FRAME_TCP];
    counts->n_sctp = n[RIG_FRAME_SCTP];
    counts->n_fragments = n[RIG_FRAME_FRAGMENT];
    counts->n_icmp = n[RIG_FRAME_ICMP];
    counts->n_other_ip = n[RIG_FRAME_OTHER_IP];
    counts->n_other_link = n[RIG_FRAME_OTHER_LINK];
    counts->n_unread_link = n[RIG_FRAME_UNREAD_LINK];
    counts->n_encrypted = n[RIG_FRAME_ENCRYPTED];
    counts->n_cut = n[RIG_FRAME_CUT];
    counts->n_malformed = n[RIG_FRAME_MALFORMED];
    counts->n_too_nested = n[RIG_FRAME_TOO_NESTED];
}
