/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the set-up gate asks of the files of a run: wire.json and SIPp's logs. */
#ifndef RIG_CLI_RUN_SET_UP_H
#define RIG_CLI_RUN_SET_UP_H

#include "cli/run_dir.h"
#include "core/said_call.h"
#include "models/schedule.h"
#include "verdict/set_up.h"

/**
 * Until when requests count: the look that stopped a run early, else for ever.
 * @return ns since the epoch.
 */
int64_t rig_run_set_up_until(const rig_play_facts *play, double time_scale);

/**
 * What SIPp's logs say of the calls (logs/callersN.log).
 * @param[out] said  By planned index. Heap; the caller frees. NULL when there is no log: of a run
 *                   whose logs were removed. Untouched on error.
 * @return RIG_OK; RIG_EIO naming the file; RIG_ENOMEM.
 */
rig_status rig_run_set_up_said(const rig_run_dir *run, const rig_schedule *schedule,
                               const rig_play_facts *play, rig_said_call **said, rig_error *err);

/**
 * Write wire.json of a capture that has been read from its file.
 * @param book            Listened in on the analysis.
 * @param capture         How whole it is.
 * @param capture_sha256  Of the file.
 */
rig_status rig_run_set_up_write(const rig_run_dir *run, const rig_play_facts *play,
                                const rig_exchanges *book, const rig_capture_facts *capture,
                                const char *capture_sha256, rig_error *err);

#endif
