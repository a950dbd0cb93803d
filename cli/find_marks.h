/* SPDX-License-Identifier: GPL-3.0-or-later */
/* target.marks = "auto": how the target tells its callers is learnt from calls before the run. */
#ifndef RIG_CLI_FIND_MARKS_H
#define RIG_CLI_FIND_MARKS_H

#include "cli/progress.h"
#include "cli/run_setup.h"

/** Calls that are placed at most, one after the other, until one shows it. */
#define RIG_FIND_MARKS_N_CALLS 3

/**
 * Where a setup says RIG_MARK_AUTO, place a call at its target as a run would, conclude from it
 * (verdict/learn.h), and make the setup anew with what was found; else do nothing. The calls'
 * files are in a folder of their own, which is removed.
 *
 * @param path           The scenario, as in rig_run_setup_make.
 * @param progress       Told of the calls and of what they showed; NULL: nobody is.
 * @param[in,out] setup  As rig_run_setup_make gives it, and again; says marks_found.
 * @return RIG_OK; RIG_EINVALID when no call shows it, with what to change; RIG_EINPUT where
 *         nothing is captured (--capture), or the scenario does not go with what was found; as
 *         rig_play and rig_run_setup_make.
 */
rig_status rig_find_marks(const char *path, const rig_run_setup_options *options,
                          rig_progress *progress, rig_run_setup *setup, rig_error *err);

#endif
