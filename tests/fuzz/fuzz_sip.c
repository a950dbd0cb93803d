/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer target: any bytes as a SIP message. The first byte tells whether the message is cut. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/sip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A slice lies within the payload, or is empty. */
static void check(rig_slice part, rig_slice payload)
{
    if (part.n > 0 && (part.p < payload.p || part.p + part.n > payload.p + payload.n))
        abort();
}

/* What every whole message must satisfy. */
static void check_all(const rig_sip *sip, rig_slice payload)
{
    check(sip->call_id, payload);
    check(sip->via_branch, payload);
    check(sip->from, payload);
    check(sip->from_tag, payload);
    check(sip->to_tag, payload);
    check(rig_sip_from_user(sip), sip->from);
    check(sip->q850_text, payload);
    check(sip->body, payload);
    for (unsigned i = 0; i < sip->n_extra; i++)
        check(sip->extra[i].value, payload);
    if (sip->call_id.n == 0 || sip->n_head > payload.n || sip->is_request != (sip->code == 0) ||
        sip->n_extra > RIG_SIP_MAX_EXTRA)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static rig_sip_wanted wanted; /* the same in every run */
    unsigned index;
    if (size == 0)
        return 0;
    if (rig_sip_want(&wanted, "X-Rig-Stage", &index) != RIG_OK ||
        rig_sip_want(&wanted, "Subject", &index) != RIG_OK)
        abort();
    wanted.on_requests = 1u << RIG_SIP_INFO;
    rig_slice payload = {.p = (const char *)data + 1, .n = size - 1};
    rig_sip sip, brief, again;
    rig_sip_verdict verdict = rig_sip_parse(payload, data[0] & 1, NULL, &sip);
    rig_sip_verdict brief_verdict = rig_sip_parse(payload, data[0] & 1, &wanted, &brief);
    if (brief_verdict == RIG_SIP_OK)
        check_all(&brief, payload);
    if (verdict != RIG_SIP_OK)
        return 0;
    check_all(&sip, payload);
    /* One who wants less reads the same of what both read. */
    if (brief_verdict != RIG_SIP_OK || brief.call_id_hash != sip.call_id_hash ||
        brief.cseq != sip.cseq || brief.method != sip.method ||
        brief.branch_hash != sip.branch_hash || brief.to_tag_hash != sip.to_tag_hash)
        abort();
    /* What follows the headers does not matter, nor does a cut behind them; one among them does. */
    const bool is_head_cut = (data[0] & 1) != 0 && sip.n_head == payload.n;
    payload.n = sip.n_head;
    if (rig_sip_parse(payload, is_head_cut, NULL, &again) != RIG_SIP_OK ||
        !rig_slice_eq(again.call_id, sip.call_id) || again.cseq != sip.cseq)
        abort();
    return 0;
}
