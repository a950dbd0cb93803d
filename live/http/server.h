/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server from within. Internal to the room. */
#ifndef RIG_LIVE_HTTP_SERVER_H
#define RIG_LIVE_HTTP_SERVER_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "live/board_server.h"
#include "live/http/guard.h"
#include "live/http/page.h"

struct rig_board_server {
    rig_board_server_spec spec;
    rig_secret token;
    rig_board_page page;
    char url[160];
    bool is_loopback;
    int fd; /* listens; the daemon's once it runs */
    struct MHD_Daemon *daemon;
    atomic_bool is_ending;
    atomic_int n_streams; /* of events */
};

/* MHD_AccessHandlerCallback; ctx is the server. */
enum MHD_Result rig_board_answer(void *ctx, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *n_upload, void **of_request);

/* A stream of events; NULL: out of memory. */
struct MHD_Response *rig_board_events(rig_board_server *server);

#endif
