/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "live/board_json.h"
#include "live/board_metrics.h"
#include "live/http/server.h"

static const char TEXT[] = "text/plain; charset=utf-8";
static const char NOTHING_ALLOWED[] = "default-src 'none'; frame-ancestors 'none'";

/* ---- sending ---- */

/* Whatever is sent is for the one who asked, and for now. */
static enum MHD_Result queue(struct MHD_Connection *connection, unsigned code, const char *type,
                             const char *policy, struct MHD_Response *response)
{
    if (response == NULL)
        return MHD_NO; /* out of memory: the connection is closed */
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)MHD_add_response_header(response, "Content-Security-Policy", policy);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    (void)MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    (void)MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
    if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD; /stop: POST");
    const enum MHD_Result result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result say(struct MHD_Connection *connection, unsigned code, const char *text)
{
    /* not written to: MHD's interface of this version has no const */
    return queue(connection, code, TEXT, NOTHING_ALLOWED,
                 MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
                                                 MHD_RESPMEM_PERSISTENT));
}

/* @param text  Is freed when it is sent. */
static enum MHD_Result give(struct MHD_Connection *connection, const char *type, char *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(text);
    return queue(connection, MHD_HTTP_OK, type, NOTHING_ALLOWED, response);
}

/* ---- what there is ---- */

static enum MHD_Result give_view(rig_board_server *server, struct MHD_Connection *connection,
                                 const char *type,
                                 rig_status (*write)(const rig_board_view *, char **))
{
    char *text = NULL;
    rig_board_view *view = malloc(sizeof *view);
    if (view == NULL)
        return MHD_NO;
    rig_board_read(server->spec.board, view);
    const rig_status status = write(view, &text);
    free(view);
    return status == RIG_OK ? give(connection, type, text) : MHD_NO;
}

static enum MHD_Result give_page(rig_board_server *server, struct MHD_Connection *connection)
{
    return queue(
        connection, MHD_HTTP_OK, "text/html; charset=utf-8", server->page.policy,
        MHD_create_response_from_buffer(server->page.n, server->page.html, MHD_RESPMEM_PERSISTENT));
}

static enum MHD_Result give_state(rig_board_server *server, struct MHD_Connection *connection)
{
    return give_view(server, connection, "application/json", rig_board_json);
}

static enum MHD_Result give_metrics(rig_board_server *server, struct MHD_Connection *connection)
{
    return give_view(server, connection, "text/plain; version=0.0.4; charset=utf-8",
                     rig_board_metrics);
}

static enum MHD_Result give_events(rig_board_server *server, struct MHD_Connection *connection)
{
    return queue(connection, MHD_HTTP_OK, "text/event-stream", NOTHING_ALLOWED,
                 rig_board_events(server));
}

/* @return false: it is none of the last lost calls. */
static bool find_lost(rig_board_server *server, const char *call_id, rig_board_lost *lost)
{
    bool is_found = false;
    rig_board_view *view = call_id != NULL ? malloc(sizeof *view) : NULL;
    if (view == NULL)
        return false;
    rig_board_read(server->spec.board, view);
    for (size_t i = 0; i < view->n_lost && !is_found; i++) {
        is_found = strcmp(view->lost[i].call_id, call_id) == 0;
        if (is_found)
            *lost = view->lost[i];
    }
    free(view);
    return is_found;
}

static enum MHD_Result give_ladder(rig_board_server *server, struct MHD_Connection *connection)
{
    const char *call_id = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "call");
    rig_board_lost lost;
    rig_error why = {0};
    char *text = NULL;
    if (server->spec.ladder == NULL || !find_lost(server, call_id, &lost))
        return say(connection, MHD_HTTP_NOT_FOUND, "404: this is none of the last lost calls\n");
    if (server->spec.ladder(server->spec.ctx, &lost, &text, &why) == RIG_OK)
        return give(connection, TEXT, text);
    return queue(
        connection, MHD_HTTP_SERVICE_UNAVAILABLE, TEXT, NOTHING_ALLOWED,
        MHD_create_response_from_buffer(strlen(why.text), why.text, MHD_RESPMEM_MUST_COPY));
}

static enum MHD_Result stop(rig_board_server *server, struct MHD_Connection *connection)
{
    server->spec.stop(server->spec.ctx);
    return say(connection, MHD_HTTP_ACCEPTED, "the run is asked to stop\n");
}

static const struct place {
    const char *path;
    bool is_order; /* POST; else GET and HEAD */
    enum MHD_Result (*answer)(rig_board_server *server, struct MHD_Connection *connection);
} places[] = {{"/", false, give_page},           {"/events", false, give_events},
              {"/api/state", false, give_state}, {"/metrics", false, give_metrics},
              {"/ladder", false, give_ladder},   {"/stop", true, stop}};

/* ---- who asks ---- */

static bool is_friend(const rig_board_server *server, struct MHD_Connection *connection)
{
    const char *host =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
    const char *bearer = rig_board_bearer(
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION));
    const char *parameter = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "token");
    return rig_board_host_is_safe(host) &&
           rig_board_token_is(&server->token, bearer != NULL ? bearer : parameter);
}

static bool has_body(struct MHD_Connection *connection)
{
    const char *length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return (length != NULL && strspn(length, "0") != strlen(length)) ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                       MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL;
}

static bool is_reading(const char *method)
{
    return strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
}

enum MHD_Result rig_board_answer(void *ctx, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *n_upload, void **of_request)
{
    rig_board_server *server = ctx;
    (void)version, (void)upload, (void)n_upload, (void)of_request;
    if (!is_friend(server, connection))
        return say(connection, MHD_HTTP_FORBIDDEN,
                   "403: the address that peakrig printed, with its token, is needed\n");
    if (has_body(connection))
        return say(connection, MHD_HTTP_CONTENT_TOO_LARGE, "413: no body is taken\n");
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strcmp(url, places[i].path) != 0)
            continue;
        if (places[i].is_order ? strcmp(method, MHD_HTTP_METHOD_POST) != 0 : !is_reading(method))
            return say(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "405: not in this way\n");
        return places[i].answer(server, connection);
    }
    return say(connection, MHD_HTTP_NOT_FOUND, "404: nothing is here\n");
}
