/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pcap files: draft-ietf-opsawg-pcap; Kuznetzov's variant has 8 more bytes before each packet. */
#include <string.h>

#include "analyzer/packets/capture_file.h"
#include "core/clock.h"

enum {
    RECORD_HEADER = 16,
    RECORD_HEADER_KUZNETZOV = 24,
    LINKTYPE_BITS = 0x03ffffff /* above: the length of a frame check sequence */
};

bool rig_pcap_begin(rig_capture_file *f)
{
    static const struct {
        uint32_t magic, ns_a_tick;
        size_t n_record_header;
    } forms[] = {{0xa1b2c3d4, 1000, RECORD_HEADER},
                 {0xa1b23c4d, 1, RECORD_HEADER},
                 {0xa1b2cd34, 1000, RECORD_HEADER_KUZNETZOV}};
    uint32_t magic;
    if (f->source.n < sizeof magic)
        return false;
    memcpy(&magic, f->source.p, sizeof magic);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        f->is_swapped = magic == __builtin_bswap32(forms[i].magic);
        if (magic != forms[i].magic && !f->is_swapped)
            continue;
        f->ns_a_tick = forms[i].ns_a_tick;
        f->n_record_header = forms[i].n_record_header;
        if (f->source.n >= 24)
            f->linktype = (int)(rig_capture_u32(f, f->source.p + 20) & LINKTYPE_BITS);
        return true;
    }
    return false;
}

rig_status rig_pcap_step(rig_capture_file *f, rig_frame *frame, rig_capture_step *step,
                         rig_error *err)
{
    rig_byte_source *s = &f->source;
    rig_status status = rig_byte_source_need(s, f->n_record_header, err);
    if (status != RIG_OK)
        return status;
    if (s->n < f->n_record_header) {
        *step = s->n == 0 ? RIG_CAPTURE_END : RIG_CAPTURE_CUT;
        return RIG_OK;
    }
    uint32_t caplen = rig_capture_u32(f, s->p + 8);
    uint32_t len = rig_capture_u32(f, s->p + 12);
    if (caplen > RIG_CAPTURE_MAX_RECORD) {
        *step =
            rig_capture_damaged(f,
                                "packet %llu, at byte %llu: its length is %u; expected at "
                                "most %u",
                                (unsigned long long)f->n_frames + 1,
                                (unsigned long long)s->n_before, caplen, RIG_CAPTURE_MAX_RECORD);
        return RIG_OK;
    }
    size_t n_record = f->n_record_header + caplen;
    status = rig_byte_source_need(s, n_record, err);
    if (status != RIG_OK)
        return status;
    if (s->n < n_record) {
        *step = RIG_CAPTURE_CUT;
        return RIG_OK;
    }
    frame->linktype = f->linktype;
    frame->interface = 0;
    frame->t_ns = rig_capture_u32(f, s->p) * RIG_NS_PER_S +
                  (int64_t)rig_capture_u32(f, s->p + 4) * f->ns_a_tick;
    frame->data = s->p + f->n_record_header;
    frame->caplen = caplen;
    frame->len = len > caplen ? len : caplen;
    f->n_to_consume = n_record;
    *step = RIG_CAPTURE_FRAME;
    return RIG_OK;
}
