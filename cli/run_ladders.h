/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of the calls that differ, from the files of a run. */
#ifndef RIG_CLI_RUN_LADDERS_H
#define RIG_CLI_RUN_LADDERS_H

#include <jansson.h>

#include "analyzer/ladder.h"
#include "cli/run_dir.h"

/**
 * Collect the ladders of a result's agreement.first_different from the run's capture, by the run's
 * own rules.
 * @param result        Not masked.
 * @param[out] ladders  Owned by the caller: rig_ladders_free. NULL when there is no capture in the
 *                      folder, when it cannot be read or lacks a call, or when no call differs: a
 *                      report goes without.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_run_ladders_collect(const rig_run_dir *run, const json_t *result,
                                   rig_ladders **ladders, rig_error *err);

#endif
