/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of the menu, as the body of an INFO tells them. */
#ifndef RIG_CALLCENTRE_CALL_KEY_H
#define RIG_CALLCENTRE_CALL_KEY_H

#include <stddef.h>

/**
 * The key of a body of application/dtmf-relay ("Signal=5", further lines) or application/dtmf ("5",
 * or such lines). Neither is a standard; both come from Cisco's gateways. The events of RFC 4733
 * (3.2) stand for keys, too: 10 is '*', 11 is '#', 12 to 15 are A to D.
 * @return one of 0-9 * # A B C D; NUL: it names none.
 */
char rig_callcentre_key_of(const char *body, size_t n);

#endif
