/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose requests are answered. Internal to the room. */
#ifndef RIG_LIVE_HTTP_GUARD_H
#define RIG_LIVE_HTTP_GUARD_H

#include <stdbool.h>

#include "core/secret.h"

/** Whether a text is the token. Takes as long for every text of a length. @param text NULL: no. */
bool rig_board_token_is(const rig_secret *token, const char *text);

/** The token of an Authorization header, "Bearer ..", or NULL. Borrowed. */
const char *rig_board_bearer(const char *authorization);

/**
 * Whether a Host header (RFC 9110, 7.2) names no name of the DNS, but an IP address or localhost:
 * only then can no page of somebody else's have sent the browser here. Its port is not looked at:
 * it may have been forwarded. @param host  NULL: no.
 */
bool rig_board_host_is_safe(const char *host);

#endif
