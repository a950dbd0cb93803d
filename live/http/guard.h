/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose requests are answered. Internal to the room. */
#ifndef RIG_LIVE_HTTP_GUARD_H
#define RIG_LIVE_HTTP_GUARD_H

#include <stdbool.h>

#include "core/status.h"

/** Hexadecimal digits of a token: 128 bits. */
#define RIG_BOARD_TOKEN_DIGITS 32

/** A token. */
typedef struct rig_board_token {
    char text[RIG_BOARD_TOKEN_DIGITS + 1];
} rig_board_token;

/** A new one, of the kernel's random numbers. @return RIG_OK, or RIG_EENV. */
rig_status rig_board_token_make(rig_board_token *token, rig_error *err);

/** Whether a text is the token. Takes as long for every text of a length. @param text NULL: no. */
bool rig_board_token_is(const rig_board_token *token, const char *text);

/** The token of an Authorization header, "Bearer ..", or NULL. Borrowed. */
const char *rig_board_bearer(const char *authorization);

/**
 * Whether a Host header (RFC 9110, 7.2) names no name of the DNS, but an IP address or localhost:
 * only then can no page of somebody else's have sent the browser here. Its port is not looked at:
 * it may have been forwarded. @param host  NULL: no.
 */
bool rig_board_host_is_safe(const char *host);

#endif
