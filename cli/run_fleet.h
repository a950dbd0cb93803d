/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `mpirun peakrig run SCENARIO --fleet`: one run from several load hosts (docs/several-machines.md).
 *
 * Each rank is a host with its share of the callers, addresses of its own and a capture of its own,
 * in DIR/rank-K. The agents' phones and the embedded call centre are rank 0's, which puts all
 * together in DIR: the files of a run from one host, judged as those are. */
#ifndef RIG_CLI_RUN_FLEET_H
#define RIG_CLI_RUN_FLEET_H

#include "cli/progress.h"
#include "cli/run_dir.h"
#include "cli/run_history.h"
#include "cli/run_setup.h"
#include "ranks/ranks.h"
#include "verdict/judgement.h"

/** What the command line says of it; borrowed. */
typedef struct rig_run_fleet_options {
    const rig_run_setup_options *setup;
    const rig_run_history_options *history;
    const char *out; /**< --out; NULL: runs/<UTC>-<name> */
    bool is_json;
} rig_run_fleet_options;

/**
 * Run. Every rank calls it.
 * @param path            The scenario.
 * @param progress        Of rank 0.
 * @param[out] dir        Of the run.
 * @param[out] judgement  Of rank 0; in the others RIG_JUDGEMENT_PASS.
 * @return as a run from one host; RIG_EINPUT for a scenario that several hosts cannot play;
 *         RIG_EENV when a host is missing something. The same in all ranks until the start.
 */
rig_status rig_run_fleet(const char *path, const rig_run_fleet_options *options, rig_ranks *ranks,
                         rig_progress *progress, rig_run_dir *dir, rig_judgement *judgement,
                         rig_error *err);

#endif
