/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The embedded call centre of a run. */
#ifndef RIG_CLI_RUN_CENTRE_H
#define RIG_CLI_RUN_CENTRE_H

#include "cli/progress.h"
#include "cli/run_setup.h"
#include "core/stop.h"
#include "generator/embedded.h"
#include "verdict/play_facts.h"

/**
 * Start `peakrig target` on a resolved scenario and what --target-set and --defect change of it.
 * @param setup     Gets its port, and that of the phones where none was given.
 * @param scenario  The file.
 * @param dir       Its output goes to DIR/logs.
 * @param[out] centre  Owned by the caller: rig_embedded_free.
 * @return as rig_embedded_new, rig_ports_find_free.
 */
rig_status rig_run_centre_start(rig_run_setup *setup, const rig_run_setup_options *options,
                                const char *scenario, const char *dir, rig_embedded **centre,
                                rig_error *err);

/**
 * It must live: else nobody answers any more. Once it has died that is said, and how.
 * @param centre        NULL: there is none.
 * @param[out] abandon  Set when it has died.
 * @param[out] end      How; else untouched.
 */
void rig_run_centre_watch(rig_embedded *centre, rig_progress *progress, rig_stop *abandon,
                          char end[RIG_PLAY_FACTS_TROUBLE_SIZE]);

/**
 * What it has counted itself, which it writes at its end, into the facts of the play.
 * @param dir  Of the run.
 * @param[in,out] facts  n_centre_offered and n_centre_rang; 0: not known.
 */
void rig_run_centre_count(const char *dir, rig_play_facts *facts);

#endif
