/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What callers key in a menu, as SIP INFO tells it. Internal to the room. */
#ifndef RIG_ANALYZER_CALLS_KEYED_H
#define RIG_ANALYZER_CALLS_KEYED_H

#include "analyzer/sip.h"

/**
 * The key of an INFO: application/dtmf-relay ("Signal=5", further lines), or application/dtmf (the
 * key alone, or such lines). Neither is a standard; both come from Cisco's gateways, and Asterisk
 * 20 (chan_sip, handle_request_info) and FreeSWITCH 1.10 (mod_sofia) read them so. The events of
 * RFC 4733 stand for keys, too: 10 is '*', 11 is '#', 12 to 15 are A to D.
 * @param type  Value of Content-Type; its parameters are passed over.
 * @param body  Of the INFO.
 * @return the key, of 0-9 * # A B C D; NUL where it names none (a hook flash is none).
 */
char rig_keyed_of(rig_slice type, rig_slice body);

/** The key of an INFO that was read through. Its Content-Type is looked for anew, as no other
 * message is read for it. */
char rig_keyed_of_info(const rig_sip *sip);

#endif
