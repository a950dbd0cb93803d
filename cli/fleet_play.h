/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A load host's part of a play that several play together: who they are, when they start, and how
 * each is meanwhile. */
#ifndef RIG_CLI_FLEET_PLAY_H
#define RIG_CLI_FLEET_PLAY_H

#include "cli/progress.h"
#include "cli/run_dir.h"
#include "cli/run_setup.h"
#include "generator/embedded.h"
#include "ranks/fleet.h"
#include "verdict/play_facts.h"

/** A load host under way. Borrowed but for the report. */
typedef struct rig_run_host {
    rig_fleet *fleet;
    rig_progress *progress; /**< of rank 0 */
    const rig_run_setup *setup;
    const rig_run_setup_options *options;
    const char *dir;      /**< of this host: capture and logs */
    const rig_stop *stop; /**< by the user */
    rig_embedded *centre; /**< of rank 0; NULL: none */
    rig_fleet_state state;
    rig_stop abandon;                             /**< the centre has died */
    char centre_end[RIG_PLAY_FACTS_TROUBLE_SIZE]; /**< how; "" = it lives */
    bool has_told_lost[RIG_MAX_WORKERS];          /**< of each rank: said */
    rig_play_report report;                       /**< where has_report */
    bool has_report;
} rig_run_host;

/**
 * Play this host's share. All hosts call it; they start together.
 * @return RIG_OK, also where this host could not play its share once all had agreed on the start:
 *         then host->state says why, and has_report is false; else as rig_play, in all hosts.
 */
rig_status rig_run_host_play(rig_run_host *host, rig_error *err);

#endif
