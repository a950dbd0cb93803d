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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    rig_slice payload = {.p = (const char *)data + 1, .n = size - 1};
    rig_sip sip;
    rig_sip_verdict verdict = rig_sip_parse(payload, data[0] & 1, &sip);
    if (verdict != RIG_SIP_OK)
        return 0;
    check(sip.call_id, payload);
    check(sip.via_branch, payload);
    check(sip.from_tag, payload);
    check(sip.to_tag, payload);
    check(sip.from_user, payload);
    check(sip.q850_text, payload);
    check(sip.rig_stage, payload);
    check(sip.caller_call_id, payload);
    if (sip.call_id.n == 0 || sip.n_head > payload.n || sip.is_request != (sip.code == 0))
        abort();
    /* What follows the headers does not matter, nor does a cut behind them. */
    rig_sip again;
    memset(&again, 0, sizeof again);
    payload.n = sip.n_head;
    if (rig_sip_parse(payload, false, &again) != RIG_SIP_OK ||
        !rig_slice_eq(again.call_id, sip.call_id) || again.cseq != sip.cseq)
        abort();
    return 0;
}
