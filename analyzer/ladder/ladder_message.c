/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/ladder/build.h"

/* Copy what is printable; the bytes of UTF-8 are, controls are not. */
static void copy_text(char *to, size_t size, rig_slice text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n && n + 1 < size; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool is_blank = c < ' ' || c == 0x7f;
        if (!is_blank || (n > 0 && to[n - 1] != ' '))
            to[n++] = is_blank ? ' ' : (char)c;
    }
    /* A character that was cut in its middle goes. */
    size_t k = n;
    while (k > 0 && ((unsigned char)to[k - 1] & 0xc0) == 0x80)
        k--;
    if (k > 0 && (unsigned char)to[k - 1] >= 0xc0) {
        unsigned char lead = (unsigned char)to[k - 1];
        size_t n_bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        n = n - (k - 1) < n_bytes ? k - 1 : n;
    }
    to[n] = '\0';
}

/* "SIP/2.0 486 Busy Here": what follows the code. */
static rig_slice phrase_of(rig_slice payload)
{
    while (payload.n > 0 && (payload.p[0] == '\r' || payload.p[0] == '\n'))
        payload = rig_slice_skip(payload, 1);
    payload.n = rig_slice_find(payload, '\n');
    for (int i = 0; i < 2; i++) {
        payload = rig_slice_skip(payload, rig_slice_find(payload, ' '));
        payload = rig_slice_trim(payload);
    }
    return payload;
}

static bool has_text(rig_slice in, const char *text)
{
    return in.n > 0 && memmem(in.p, in.n, text, strlen(text)) != NULL;
}

/* A session description begins with "v=0" (RFC 8866, section 5.1), alone or as a part. */
static bool has_sdp(rig_slice body)
{
    return (body.n >= 3 && memcmp(body.p, "v=0", 3) == 0) || has_text(body, "\nv=0\r") ||
           has_text(body, "\nv=0\n");
}

/* Which leg of the call this is; a new one when it has not been seen. */
static rig_status find_leg(rig_ladder_build *build, uint64_t number, unsigned *index, bool *is_new,
                           rig_error *err)
{
    rig_ladder *ladder = &build->ladder;
    *is_new = false;
    for (unsigned i = 0; i < ladder->n_legs; i++) {
        if (build->legs[i] == number) {
            *index = i;
            return RIG_OK;
        }
    }
    if (ladder->n_legs == build->n_legs_allocated) {
        size_t n = build->n_legs_allocated * 2 > 8 ? build->n_legs_allocated * 2 : 8;
        uint64_t *legs = reallocarray(build->legs, n, sizeof *legs);
        if (legs == NULL)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        build->legs = legs;
        build->n_legs_allocated = n;
    }
    build->legs[ladder->n_legs] = number;
    *index = ladder->n_legs++;
    *is_new = true;
    return RIG_OK;
}

static rig_status find_ends(rig_ladder_build *build, const rig_tapped_message *tapped,
                            rig_ladder_message *m, bool is_new_leg, rig_error *err)
{
    rig_ladder_role from = RIG_LADDER_PEER, to = RIG_LADDER_PEER;
    if (is_new_leg && rig_sip_is_initial_invite(tapped->sip)) {
        from = m->leg == 0 ? RIG_LADDER_CALLER : RIG_LADDER_CENTRE;
        to = m->leg == 0 ? RIG_LADDER_CENTRE : RIG_LADDER_AGENT;
    }
    rig_status status = rig_ladder_find_peer(build, tapped->packet->src, from, &m->from, err);
    return status == RIG_OK ? rig_ladder_find_peer(build, tapped->packet->dst, to, &m->to, err)
                            : status;
}

static rig_status push(rig_ladder_build *build, const rig_ladder_message *m, rig_error *err)
{
    rig_ladder *ladder = &build->ladder;
    if (ladder->n_messages == RIG_LADDER_MAX_MESSAGES) {
        ladder->n_left_out++;
        return RIG_OK;
    }
    if (ladder->n_messages == build->n_messages_allocated) {
        size_t n = build->n_messages_allocated * 2 > 32 ? build->n_messages_allocated * 2 : 32;
        rig_ladder_message *messages = reallocarray(ladder->messages, n, sizeof *messages);
        if (messages == NULL)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        ladder->messages = messages;
        build->n_messages_allocated = n;
    }
    ladder->messages[ladder->n_messages++] = *m;
    return RIG_OK;
}

rig_status rig_ladder_take(rig_ladder_build *build, const rig_tapped_message *tapped,
                           rig_error *err)
{
    rig_ladder *ladder = &build->ladder;
    rig_sip sip;
    if (tapped->kind == RIG_TAPPED_DUPLICATE) {
        ladder->n_duplicates++;
        return RIG_OK;
    }
    /* Once more, and all of it: the analysis stops reading where it knows enough. */
    const rig_packet *packet = tapped->packet;
    if (rig_sip_parse(packet->payload, packet->is_truncated, NULL, &sip) != RIG_SIP_OK)
        return RIG_OK; /* cannot be: it has been read before */
    rig_ladder_message m = {
        .t_ns = packet->t_ns,
        .frame = packet->frame,
        .transport = packet->transport,
        .is_request = sip.is_request,
        .is_retransmission = tapped->kind == RIG_TAPPED_RETRANSMISSION,
        .has_sdp = has_sdp(sip.body),
        .method = sip.method,
        .code = sip.code,
        .cseq = sip.cseq,
        .q850_cause = sip.q850_cause,
    };
    if (!sip.is_request)
        copy_text(m.phrase, sizeof m.phrase, phrase_of(packet->payload));
    copy_text(m.reason, sizeof m.reason, sip.q850_text);
    if (ladder->n_legs == 0)
        copy_text(ladder->caller, sizeof ladder->caller, rig_sip_from_user(&sip));
    bool is_new_leg;
    rig_status status = find_leg(build, tapped->leg, &m.leg, &is_new_leg, err);
    if (status == RIG_OK)
        status = find_ends(build, tapped, &m, is_new_leg, err);
    return status == RIG_OK ? push(build, &m, err) : status;
}

rig_status rig_ladder_add_note(rig_ladder_build *build, int64_t t_ns, rig_ladder_stage stage,
                               const char *text, rig_error *err)
{
    rig_ladder *ladder = &build->ladder;
    if (ladder->n_notes == build->n_notes_allocated) {
        size_t n = build->n_notes_allocated * 2 > 8 ? build->n_notes_allocated * 2 : 8;
        rig_ladder_note *notes = reallocarray(ladder->notes, n, sizeof *notes);
        if (notes == NULL)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        ladder->notes = notes;
        build->n_notes_allocated = n;
    }
    rig_ladder_note note = {.t_ns = t_ns, .stage = stage};
    copy_text(note.text, sizeof note.text, rig_slice_of(text));
    ladder->notes[ladder->n_notes++] = note;
    return RIG_OK;
}
