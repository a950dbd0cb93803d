/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `mpirun peakrig run SCENARIO --fleet`: one run from several load hosts
 * (docs/several-machines.md).
 *
 * Each rank is a host with its share of the callers, addresses of its own and a capture of its own,
 * in DIR/rank-K. The agents' phones and the embedded call centre are rank 0's, which puts all
 * together in DIR: the files of a run from one host, judged as those are. */
#ifndef RIG_CLI_RUN_FLEET_H
#define RIG_CLI_RUN_FLEET_H

#include <stdbool.h>

#include "cli/run_history.h"
#include "cli/run_setup.h"
#include "ranks/ranks.h"

/** What the command line says of it; borrowed. */
typedef struct rig_run_fleet_options {
    const rig_run_setup_options *setup;
    const rig_run_history_options *history;
    const char *out; /**< --out; NULL: runs/<UTC>-<name> */
    bool is_json, is_quiet;
} rig_run_fleet_options;

/**
 * Run, print, and say why it could not be. Every rank calls it.
 * @param path  The scenario.
 * @return the exit code: of a run from one host; 2 for a scenario that several hosts cannot play.
 */
int rig_run_fleet(const char *path, const rig_run_fleet_options *options, rig_ranks *ranks);

#endif
