/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/sip/call_id.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/calls/hash.h"

void rig_sip_shorten_call_id(rig_sip *sip, rig_long_call_id *room)
{
    char digest[RIG_SHA256_TEXT_SIZE];
    rig_digest_bytes(sip->call_id.p, sip->call_id.n, digest);
    memcpy(room->text, sip->call_id.p, RIG_CALL_ID_KEPT);
    (void)snprintf(room->text + RIG_CALL_ID_KEPT, sizeof room->text - RIG_CALL_ID_KEPT, "%s%s",
                   RIG_CALL_ID_BETWEEN, digest);
    sip->call_id = rig_slice_of(room->text);
    sip->call_id_hash = rig_hash_slice(0, sip->call_id);
}
