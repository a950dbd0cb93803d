/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/console.h"
#include "cli/host_port.h"
#include "cli/signals.h"
#include "core/clock.h"
#include "live/board_screen.h"

#define PUBLISH_PERIOD_NS (RIG_NS_PER_S / 4)
#define DRAW_PERIOD_NS    RIG_NS_PER_S

rig_status rig_run_live_make(const rig_scenario *scenario, const char *target, rig_run_live *live,
                             rig_error *err)
{
    live->view = malloc(sizeof *live->view);
    if (live->view == NULL)
        return rig_fail(err, RIG_ENOMEM, "wallboard: out of memory");
    return rig_board_new(scenario, target, &live->board, err);
}

/* "[ADDRESS:]PORT" or "ADDRESS"; an address alone has any free port. */
static rig_status read_where(const char *where, char *host, size_t size, uint16_t *port,
                             rig_error *err)
{
    char text[80];
    const bool is_port = where[0] != '\0' && strspn(where, "0123456789") == strlen(where);
    if ((size_t)snprintf(text, sizeof text, "%s%s", is_port ? "127.0.0.1:" : "", where) >=
        sizeof text)
        return rig_fail(err, RIG_EINPUT, "--serve %.40s..: expected [ADDRESS:]PORT", where);
    if (is_port && strcmp(where, "0") == 0) { /* any free one */
        (void)snprintf(host, size, "127.0.0.1");
        return RIG_OK;
    }
    rig_status status = rig_hostport_read(text, "--serve", host, size, port, err);
    if (status == RIG_OK && strcmp(host, "localhost") == 0)
        (void)snprintf(host, size, "127.0.0.1");
    return status;
}

static void ask_to_stop(void *ctx)
{
    (void)ctx;
    rig_signals_stop();
}

static rig_status draw_ladder(void *ctx, const rig_board_lost *call, char **text, rig_error *err)
{
    const rig_run_live *live = ctx;
    return rig_run_live_ladder_draw(live->ladders, call->call_id, call->t_invite_ns, call->t_end_ns,
                                    text, err);
}

rig_status rig_run_live_open(rig_run_live *live, const char *where, rig_error *err)
{
    char host[64];
    uint16_t port = 0;
    if (where == NULL)
        return RIG_OK;
    rig_status status = read_where(where, host, sizeof host, &port, err);
    const rig_board_server_spec spec = {.host = host,
                                        .port = port,
                                        .board = live->board,
                                        .language = rig_console_language(),
                                        .stop = ask_to_stop,
                                        .ctx = live,
                                        .ladder = draw_ladder};
    if (status == RIG_OK)
        status = rig_run_live_ladder_new(rig_console_language(), &live->ladders, err);
    if (status == RIG_OK)
        status = rig_board_server_open(&spec, &live->server, err);
    if (status != RIG_OK)
        return status;
    (void)fprintf(stderr, "live page: %s\n", rig_board_server_url(live->server));
    if (!rig_board_server_is_loopback(live->server))
        (void)fprintf(stderr,
                      "peakrig: --serve %s: everybody who can reach this address can try, and what "
                      "is sent can be read on the way, the token among it (there is no TLS); a "
                      "tunnel to 127.0.0.1 is safer\n",
                      where);
    return RIG_OK;
}

rig_status rig_run_live_begin(rig_run_live *live, const rig_run_dir *dir, rig_error *err)
{
    if (live->server == NULL)
        return RIG_OK;
    rig_run_live_ladder_open(live->ladders, dir);
    return rig_board_server_begin(live->server, err);
}

void rig_run_live_packet(void *ctx, int linktype, int64_t t_ns, const uint8_t *data, size_t caplen,
                         size_t len)
{
    rig_run_live *live = ctx;
    if (live->ladders != NULL)
        rig_run_live_ladder_packet(live->ladders, t_ns, caplen);
    rig_live_analysis_packet(live->analysis, linktype, t_ns, data, caplen, len);
}

static rig_board_phase phase_of(rig_play_phase phase)
{
    switch (phase) {
    case RIG_PLAY_LEAD:
        return RIG_BOARD_LEAD;
    case RIG_PLAY_PLACING:
        return RIG_BOARD_PLACING;
    case RIG_PLAY_DRAINING:
        return RIG_BOARD_DRAINING;
    case RIG_PLAY_STOPPING:
        return RIG_BOARD_STOPPING;
    case RIG_PLAY_STARTING:
        break;
    }
    return RIG_BOARD_STARTING;
}

static void publish(rig_run_live *live, const rig_play_progress *p)
{
    const int64_t now_ns = rig_clock_monotonic_ns();
    const rig_board_phase phase = phase_of(p->phase);
    if (live->board == NULL || (now_ns < live->next_publish_ns && phase == live->last.phase))
        return;
    live->next_publish_ns = now_ns + PUBLISH_PERIOD_NS;
    live->last =
        (rig_board_progress){.phase = phase,
                             .is_blind = live->is_blind,
                             .start_epoch_ns = p->start_epoch_ns,
                             .stop_epoch_ns = p->report != NULL ? p->report->stop_epoch_ns : 0,
                             .elapsed_wire_s = p->elapsed_s,
                             .duration_wire_s = p->duration_s,
                             .n_planned = p->n_planned,
                             .n_due = p->n_due,
                             .n_packets = p->n_packets,
                             .n_kernel_dropped = p->n_kernel_dropped};
    rig_board_publish(live->board, &live->last);
}

/* @return false: there is no room for it. */
static bool draw(rig_run_live *live, rig_progress *progress)
{
    rig_board_terminal terminal;
    const int64_t now_ns = rig_clock_monotonic_ns();
    if (live->board == NULL || !rig_progress_terminal(progress, &terminal) ||
        terminal.width < RIG_BOARD_SCREEN_LEAST_WIDTH)
        return false;
    if (now_ns < live->next_draw_ns)
        return true;
    live->next_draw_ns = now_ns + DRAW_PERIOD_NS;
    char text[RIG_BOARD_SCREEN_SIZE];
    rig_board_read(live->board, live->view);
    terminal.language = rig_console_language();
    const unsigned n_lines = rig_board_screen(live->view, &terminal, text);
    rig_progress_draw(progress, text, n_lines);
    return true;
}

void rig_run_live_show(rig_run_live *live, rig_progress *progress, rig_live_analysis *analysis,
                       const rig_play_progress *p)
{
    rig_live_counts counts;
    char when[RIG_PLAY_WHEN_SIZE];
    publish(live, p);
    if (draw(live, progress))
        return;
    rig_live_analysis_read(analysis, &counts);
    rig_progress_show(progress,
                      "%s: %zu of %zu calls due, %llu on the wire, %llu up, "
                      "%llu lost at the trunk, %llu served",
                      rig_play_when(p, when), p->n_due, p->n_planned,
                      (unsigned long long)counts.n_offered,
                      (unsigned long long)counts.n_in_progress,
                      (unsigned long long)counts.n_outcome[RIG_OUTCOME_LOST_TRUNK],
                      (unsigned long long)counts.n_outcome[RIG_OUTCOME_SERVED]);
}

void rig_run_live_judging(rig_run_live *live)
{
    if (live->board == NULL)
        return;
    live->last.phase = RIG_BOARD_JUDGING;
    rig_board_publish(live->board, &live->last);
}

void rig_run_live_finish(rig_run_live *live, const rig_error *failed, rig_judgement judgement,
                         const char *summary, const char *report)
{
    const rig_told told = rig_console_retell(summary);
    rig_board_end end = {.has_judgement = true,
                         .told = told.text,
                         .judgement = judgement,
                         .exit_code = rig_judgement_exit_code(judgement),
                         .verdict = summary,
                         .report = report};
    if (failed != NULL)
        end = (rig_board_end){.exit_code = rig_status_exit_code(failed->status),
                              .verdict = failed->text};
    if (live->board != NULL)
        rig_board_finish(live->board, &end);
    rig_board_server_end(live->server);
    live->server = NULL;
}

void rig_run_live_clear(rig_run_live *live)
{
    rig_board_server_end(live->server);
    rig_run_live_ladder_free(live->ladders);
    rig_board_free(live->board);
    free(live->view);
    *live = (rig_run_live){.board = NULL};
}
