/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where calls come in: one address and port, or one for each carrier. A call is the carrier's at
 * whose port its INVITE has come, as at a gateway with a connection a carrier. */
#ifndef RIG_CALLCENTRE_SIP_ENTRANCES_H
#define RIG_CALLCENTRE_SIP_ENTRANCES_H

#include <stddef.h>
#include <stdint.h>

#include "callcentre/sip/sofia.h"
#include "core/status.h"

struct rig_callcentre_centre;

/** One of them. */
typedef struct rig_callcentre_entrance {
    uint16_t port;                /**< 0 until it is open for the first time; then it stays */
    tport_t *transport;           /**< the stack's; NULL while the centre is crashed */
    const sip_contact_t *contact; /**< what calls that come in here are shown */
    int black_hole;               /**< while crashed: its UDP port, which nobody reads; else -1 */
} rig_callcentre_entrance;

/**
 * Make room for those of the scenario: one a trunk group where these have shares, else one.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_callcentre_entrances_make(struct rig_callcentre_centre *centre, rig_error *err);

/**
 * Open all but the first, which the stack has opened with itself: at the ports that they had, or
 * else the first one's and those behind it, or any where it was to be any.
 * @param first_port  As asked for; 0: any.
 * @return RIG_OK; RIG_EENV; RIG_ENOMEM.
 */
rig_status rig_callcentre_entrances_open(struct rig_callcentre_centre *centre, uint16_t first_port,
                                         rig_error *err);

/** The stack is closed. */
void rig_callcentre_entrances_forget(struct rig_callcentre_centre *centre);

/** Occupy their UDP ports and hear nothing, or no longer. */
void rig_callcentre_entrances_mute(struct rig_callcentre_centre *centre);
void rig_callcentre_entrances_unmute(struct rig_callcentre_centre *centre);

/** At which an INVITE has come. */
size_t rig_callcentre_entrances_of(const struct rig_callcentre_centre *centre,
                                   nta_incoming_t *invite);

/** Free. */
void rig_callcentre_entrances_clear(struct rig_callcentre_centre *centre);

#endif
