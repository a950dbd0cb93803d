/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wallboard for browsers and programs, over HTTP (docs/live.md):
 *
 *     GET  /            a page that needs nothing else
 *     GET  /events      server-sent events, one a second: a view as JSON
 *     GET  /api/state   the same, once
 *     GET  /metrics     for Prometheus
 *     GET  /ladder      ?call=CALL-ID: the messages of one of the last lost calls, as text
 *     POST /stop        asks the run to stop gracefully
 *
 * Every request needs the server's token, as a parameter (?token=..) or as "Authorization: Bearer
 * ..", and a Host that is an IP address or localhost, so that no name of somebody else's leads
 * here (DNS rebinding); all others get 403 and learn no more. No request may have a body. There is
 * no TLS. At most RIG_BOARD_SERVER_MAX_CONNECTIONS are served at once, each by a thread of the
 * least priority, which takes no signal. */
#ifndef RIG_LIVE_BOARD_SERVER_H
#define RIG_LIVE_BOARD_SERVER_H

#include "core/language.h"
#include "live/board.h"

/** Connections at once; further ones wait. */
#define RIG_BOARD_SERVER_MAX_CONNECTIONS 16

/** What is served, and where. */
typedef struct rig_board_server_spec {
    const char *host;             /**< one IP address of this machine, without brackets */
    uint16_t port;                /**< 0: any free one */
    rig_board *board;             /**< borrowed */
    const rig_language *language; /**< of the page; NULL: English */
    void (*stop)(void *ctx);      /**< somebody asks the run to stop; from any thread, any number of
                                       times */
    void *ctx;
    /** Draw the ladder of one of the board's last lost calls, from any thread; NULL: none are
     * drawn. `text` is the server's then, who frees it. On an error its words are the answer. */
    rig_status (*ladder)(void *ctx, const rig_board_lost *call, char **text, rig_error *err);
} rig_board_server_spec;

/** A server; opaque. */
typedef struct rig_board_server rig_board_server;

/**
 * Take the port, and make a token of 128 random bits. Nobody is answered yet; who connects waits.
 * @param[out] server  Owned by the caller: rig_board_server_end.
 * @return RIG_OK; RIG_EINPUT for a host that is no IP address, or all addresses at once; RIG_EENV
 *         when the port cannot be had; RIG_ENOMEM.
 */
rig_status rig_board_server_open(const rig_board_server_spec *spec, rig_board_server **server,
                                 rig_error *err);

/** Answer from now on. Its threads begin with the rights that the calling one has now.
 * @return RIG_OK, or RIG_EENV. */
rig_status rig_board_server_begin(rig_board_server *server, rig_error *err);

/** "http://127.0.0.1:8785/?token=..": the page; borrowed. */
const char *rig_board_server_url(const rig_board_server *server);

/** Whether nobody but this machine can connect. */
bool rig_board_server_is_loopback(const rig_board_server *server);

/** Give those who follow the events 2 s at most to see the board's end, and free. NULL-safe. */
void rig_board_server_end(rig_board_server *server);

#endif
