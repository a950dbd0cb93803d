/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The embedded call centre of a run. */
#ifndef RIG_CLI_RUN_CENTRE_H
#define RIG_CLI_RUN_CENTRE_H

#include <stdint.h>

#include "cli/run_setup.h"
#include "generator/embedded.h"

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

/** What the centre has counted. */
typedef struct rig_run_centre_counts {
    uint64_t n_offered; /**< calls; 0: not known */
    uint64_t n_rang;    /**< INVITEs to agents' phones */
} rig_run_centre_counts;

/**
 * By its own counts, which it writes at its end.
 * @param dir  Of the run.
 * @return zeros: not known.
 */
rig_run_centre_counts rig_run_centre_counted(const char *dir);

#endif
