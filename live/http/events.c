/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Server-sent events (HTML Living Standard, 9.2). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "live/board_json.h"
#include "live/http/server.h"

#define PERIOD_NS RIG_NS_PER_S

/* So soon the end of the run, or of the server, is seen. */
static const struct timespec TURN = {.tv_nsec = 100000000};

/* One reader's. */
typedef struct stream {
    rig_board_server *server;
    rig_board_view *view;
    char *text; /* of the event that is being sent; NULL: none is */
    size_t n, n_sent;
    int64_t next_ns;
    bool is_last;
} stream;

static bool make_event(stream *s)
{
    char *json = NULL;
    s->is_last = rig_board_is_over(s->server->spec.board); /* before it is read: no end is missed */
    rig_board_read(s->server->spec.board, s->view);
    if (rig_board_json(s->view, &json) != RIG_OK)
        return false;
    const int n = asprintf(&s->text, "event: state\ndata: %s\n\n", json);
    free(json);
    if (n < 0) {
        s->text = NULL;
        return false;
    }
    s->n = (size_t)n;
    s->n_sent = 0;
    s->next_ns = rig_clock_monotonic_ns() + PERIOD_NS;
    return true;
}

/* The thread is this connection's own: it may wait. */
static void wait_for_next(const stream *s)
{
    while (rig_clock_monotonic_ns() < s->next_ns && !rig_board_is_over(s->server->spec.board) &&
           !atomic_load(&s->server->is_ending))
        (void)nanosleep(&TURN, NULL);
}

static ssize_t read_event(void *ctx, uint64_t at, char *buffer, size_t size)
{
    stream *s = ctx;
    (void)at;
    if (s->text == NULL) {
        if (s->is_last)
            return MHD_CONTENT_READER_END_OF_STREAM;
        wait_for_next(s);
        if (atomic_load(&s->server->is_ending))
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (!make_event(s))
            return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    const size_t left = s->n - s->n_sent, n = left < size ? left : size;
    memcpy(buffer, s->text + s->n_sent, n);
    s->n_sent += n;
    if (s->n_sent == s->n) {
        free(s->text);
        s->text = NULL;
    }
    return (ssize_t)n;
}

static void free_stream(void *ctx)
{
    stream *s = ctx;
    atomic_fetch_sub(&s->server->n_streams, 1);
    free(s->text);
    free(s->view);
    free(s);
}

struct MHD_Response *rig_board_events(rig_board_server *server)
{
    enum { BLOCK = 16384 };
    stream *s = calloc(1, sizeof *s);
    if (s == NULL || (s->view = malloc(sizeof *s->view)) == NULL) {
        free(s);
        return NULL;
    }
    s->server = server;
    atomic_fetch_add(&server->n_streams, 1);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_event, s, free_stream);
    if (response == NULL)
        free_stream(s);
    return response;
}
