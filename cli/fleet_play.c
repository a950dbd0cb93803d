/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/fleet_play.h"

#include <stdio.h>
#include <string.h>

#include "cli/run_centre.h"
#include "core/privilege.h"

static rig_status agree(void *ctx, int64_t *start_epoch_ns, rig_error *err)
{
    rig_run_host *host = ctx;
    return rig_fleet_start(host->fleet, start_epoch_ns, err);
}

static bool is_held(void *ctx)
{
    const rig_run_host *host = ctx;
    return rig_fleet_rank(host->fleet) == 0 && rig_fleet_is_busy(host->fleet);
}

static rig_status give_up_rights(void *ctx, rig_error *err)
{
    (void)ctx;
    return rig_privilege_keep(RIG_RIGHTS_FILES, err);
}

static uint32_t phase_of(rig_play_phase phase)
{
    switch (phase) {
    case RIG_PLAY_STARTING:
        return RIG_FLEET_STARTING;
    case RIG_PLAY_LEAD:
    case RIG_PLAY_PLACING:
    case RIG_PLAY_DRAINING:
        return RIG_FLEET_PLAYING;
    case RIG_PLAY_STOPPING:
        break;
    }
    return RIG_FLEET_ENDING;
}

/* The first host that is lost, or in trouble, ends the run: people are told which. */
static void tell_lost(rig_run_host *host)
{
    for (uint32_t rank = 1; rank < rig_fleet_n(host->fleet); rank++) {
        const rig_fleet_state *state = rig_fleet_state_of(host->fleet, rank);
        const bool is_lost = rig_fleet_is_lost(host->fleet, rank);
        if (host->has_told_lost[rank] || (!is_lost && state->trouble[0] == '\0'))
            continue;
        host->has_told_lost[rank] = true;
        rig_progress_say(host->progress, "load host %s (rank %u): %s",
                         rig_fleet_host(host->fleet, rank), rank,
                         is_lost ? "lost: nothing was heard of it any more" : state->trouble);
    }
}

static void show(rig_run_host *host, const rig_play_progress *p)
{
    uint64_t n_ended = p->n_ended, n_packets = p->n_packets;
    char when[RIG_PLAY_WHEN_SIZE];
    if (rig_fleet_rank(host->fleet) != 0 || p->report == NULL)
        return;
    for (uint32_t rank = 1; rank < rig_fleet_n(host->fleet); rank++) {
        const rig_fleet_state *state = rig_fleet_state_of(host->fleet, rank);
        n_ended += state->n_ended;
        n_packets += state->n_packets;
    }
    tell_lost(host);
    rig_progress_show(host->progress,
                      "%s on %u load hosts: %zu of %zu calls due, %llu over, %llu "
                      "packets",
                      rig_play_when(p, when), rig_fleet_n(host->fleet), p->n_due, p->n_planned,
                      (unsigned long long)n_ended, (unsigned long long)n_packets);
}

static void turn(void *ctx, const rig_play_progress *p)
{
    rig_run_host *host = ctx;
    rig_run_centre_watch(host->centre, host->progress, &host->abandon, host->centre_end);
    host->state.phase = phase_of(p->phase);
    host->state.n_ended = p->n_ended;
    host->state.n_packets = p->n_packets;
    host->state.wants_stop =
        rig_stop_is_set(host->stop) || rig_stop_is_set(&host->abandon) ||
        (p->report != NULL && (p->report->was_broken_off || p->report->trouble[0] != '\0' ||
                               p->report->elsewhere[0] != '\0'));
    rig_fleet_turn(host->fleet, &host->state);
    show(host, p);
}

/* After the start was agreed on, the others go on until they hear of it. */
static rig_status fail_alone(rig_run_host *host, rig_status status, rig_error *err)
{
    if (rig_fleet_rank(host->fleet) == 0) {
        rig_fleet_abandon(host->fleet);
        return status;
    }
    host->state.wants_stop = true;
    (void)snprintf(host->state.trouble, sizeof host->state.trouble,
                   "could not play its calls: %.300s", err->text);
    return RIG_OK;
}

rig_status rig_run_host_play(rig_run_host *host, rig_error *err)
{
    rig_play_options how = rig_run_setup_play(host->setup, host->options, host->dir);
    how.share.agree = agree;
    how.share.is_held = is_held;
    how.share.ctx = host;
    how.is_ready = give_up_rights;
    how.n_workers = host->options->n_workers;
    how.progress = turn;
    how.progress_ctx = host;
    how.stop = host->stop;
    how.give_up = rig_fleet_stop(host->fleet);
    how.abandon = &host->abandon;
    rig_status status =
        rig_play(host->setup->scenario, host->setup->schedule, &how, &host->report, err);
    if (!rig_fleet_has_started(host->fleet))
        return rig_fleet_cannot_start(host->fleet, status, err);
    if (status != RIG_OK)
        status = fail_alone(host, status, err);
    else
        host->has_report = true;
    if (status != RIG_OK)
        return status;
    host->state.phase = RIG_FLEET_OVER;
    if (host->has_report)
        (void)snprintf(host->state.trouble, sizeof host->state.trouble, "%s", host->report.trouble);
    return rig_fleet_end(host->fleet, &host->state, err);
}
