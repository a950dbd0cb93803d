/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call that is placed to learn of a centre: what is planned of it, and a folder for its files.
 */
#ifndef RIG_CLI_ONE_CALL_H
#define RIG_CLI_ONE_CALL_H

#include <stdbool.h>

#include "cli/run_dir.h"
#include "cli/run_setup.h"

/** Its talk, wire time. */
#define RIG_ONE_CALL_TALK_S 2.0

/**
 * Make a schedule one call: the first one, so that it has a number and an index as in a run. Its
 * caller waits for half a minute everywhere, its agent's phone answers after a moment.
 * @param caller_hangs_up  Who ends the talk.
 */
void rig_one_call_make(rig_run_setup *setup, bool caller_hangs_up);

/** Make an empty folder of its own, with logs/, where temporary files go; end it with
 * rig_temporary_remove or _keep (core/temporary.h).
 * @return RIG_OK or RIG_EIO. */
rig_status rig_one_call_folder(rig_run_dir *run, rig_error *err);

#endif
