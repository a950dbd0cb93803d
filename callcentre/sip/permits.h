/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the call centre may send: to who calls it, to its agents, and where the scenario allows.
 *
 * Requests in a dialog go where the other side says (Contact, Record-Route; RFC 3261, 12.2.1.1), so
 * that whoever calls could aim them at others. */
#ifndef RIG_CALLCENTRE_SIP_PERMITS_H
#define RIG_CALLCENTRE_SIP_PERMITS_H

#include <sofia-sip/sip.h>
#include <stdbool.h>

#include "callcentre/centre/centre.h"

/**
 * Whether a host may be sent to: loopback (where we are on it), ourselves, the agents, or one of
 * target.allow and --allow, by its address or as written.
 */
bool rig_callcentre_permits_host(const rig_callcentre_centre *centre, const char *host);

/** The same, without what the agents' host has for being theirs. */
bool rig_callcentre_permits_other(const rig_callcentre_centre *centre, const char *host);

/**
 * Whether what a message of another makes us send to may be: the first of Record-Route, else
 * Contact. One without both makes us send nowhere.
 * @param source  The address that the message came from, which may always be sent to; NULL: none.
 */
bool rig_callcentre_permits_answer(const rig_callcentre_centre *centre, const sip_t *sip,
                                   const char *source);

/** The address that a request came from: Via (RFC 3261, 18.2.1). NULL when it says none. */
const char *rig_callcentre_source(const sip_t *sip);

#endif
