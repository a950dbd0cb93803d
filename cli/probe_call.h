/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `peakrig check --probe`: one call, to learn whether the centre is wired as the scenario says. */
#ifndef RIG_CLI_PROBE_CALL_H
#define RIG_CLI_PROBE_CALL_H

#include "cli/run_setup.h"

/**
 * Place one call at the target, as a run would, and print a line for each thing that it shows:
 * "OK", or "differs" with what to change. The agents' phones answer after a moment, the talk is 2
 * s. Its files are in a folder of their own, which is removed unless something differs.
 *
 * @param setup       As rig_run_setup_make gives it: safety has been checked. Its schedule becomes
 * the one call.
 * @param[out] is_ok  Whether nothing differs.
 * @return RIG_OK when it was placed; as rig_play, rig_run_centre_start, rig_live_analysis_finish.
 */
rig_status rig_run_probe(rig_run_setup *setup, const rig_run_setup_options *options, bool is_json,
                         bool *is_ok, rig_error *err);

#endif
