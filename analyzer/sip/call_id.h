/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A budget for what is kept of a Call-ID. Internal to the room.
 *
 * RFC 3261 sets no bound, and a Call-ID is the one text of a message that is kept as long as its
 * call: some thousand messages of 60 kB each would take a gigabyte. */
#ifndef RIG_ANALYZER_SIP_CALL_ID_H
#define RIG_ANALYZER_SIP_CALL_ID_H

#include <stdbool.h>

#include "analyzer/sip.h"
#include "core/digest.h"

/** Bytes of the beginning of a long Call-ID that are kept, and what comes behind them. */
#define RIG_CALL_ID_KEPT    256
#define RIG_CALL_ID_BETWEEN "~sha256:"

/** Room for the name of a long Call-ID. */
typedef struct rig_long_call_id {
    char text[RIG_CALL_ID_KEPT + sizeof RIG_CALL_ID_BETWEEN + RIG_SHA256_TEXT_SIZE];
} rig_long_call_id;

/** Name it so; its Call-ID has more than RIG_CALL_ID_KEPT bytes. */
void rig_sip_shorten_call_id(rig_sip *sip, rig_long_call_id *room);

/**
 * Name a message with a Call-ID of more than RIG_SIP_MAX_CALL_ID bytes by its beginning and the
 * SHA-256 of all of it: still one name for one Call-ID, and the same in every output.
 * @param room  Holds the name; lives as long as `sip` is used.
 * @return Whether it was so long.
 */
static inline bool rig_sip_bound_call_id(rig_sip *sip, rig_long_call_id *room)
{
    if (sip->call_id.n <= RIG_SIP_MAX_CALL_ID)
        return false;
    rig_sip_shorten_call_id(sip, room);
    return true;
}

#endif
