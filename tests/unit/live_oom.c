/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wallboard without memory: the whole thing, or RIG_ENOMEM and nothing left. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/test.h"

#include "live/board_json.h"
#include "live/board_metrics.h"
#include "live/board_server.h"
#include "tests/live_run.h"
#include "tests/oom.h"
#include "tests/oom_json.h"

static rig_board_view view;
static live_run run;

static rig_status make_board(void *ctx, rig_error *err)
{
    return rig_board_new(&run.room.scenario, "x", ctx, err);
}

static void check_board(void *ctx)
{
    rig_board **board = ctx;
    rig_board_free(*board);
    *board = NULL;
}

static rig_status make_json(void *ctx, rig_error *err)
{
    (void)err;
    return rig_board_json(&view, ctx);
}

static rig_status make_metrics(void *ctx, rig_error *err)
{
    (void)err;
    return rig_board_metrics(&view, ctx);
}

static void check_text(void *ctx)
{
    char **text = ctx;
    assert_true(strlen(*text) > 1000);
    free(*text);
    *text = NULL;
}

static rig_status open_server(void *ctx, rig_error *err)
{
    const rig_board_server_spec spec = {.host = "127.0.0.1", .board = run.board};
    return rig_board_server_open(&spec, ctx, err);
}

static void check_server(void *ctx)
{
    rig_board_server **server = ctx;
    rig_board_server_end(*server);
    *server = NULL;
}

static void test_sweep(void **state)
{
    (void)state;
    rig_board *board = NULL;
    char *text = NULL;
    rig_board_server *server = NULL;
    live_run_start(&run);
    live_run_predict(&run);
    live_run_refuse(&run, 1.0, 0, "503");
    live_run_publish(&run, RIG_BOARD_PLACING, 25.0);
    rig_board_read(run.board, &view);
    const oom_case cases[] = {
        {.name = "board", .make = make_board, .check = check_board, .ctx = &board, .n_least = 1},
        {.name = "json",
         .make = make_json,
         .check = check_text,
         .ctx = &text,
         .n_least = 100,
         .has_no_text = 1},
        {.name = "metrics",
         .make = make_metrics,
         .check = check_text,
         .ctx = &text,
         .n_least = 1,
         .has_no_text = 1},
        {.name = "server",
         .make = open_server,
         .check = check_server,
         .ctx = &server,
         .n_least = 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        oom_sweep(&cases[i]);
    rig_board_free(run.board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sweep)};
    oom_begin_json();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
