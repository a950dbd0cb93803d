/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are the files of a run those that it played and wrote? SHA256SUMS says it, in the form of
 * sha256sum(1): `sha256sum -c SHA256SUMS` in the folder of a run checks the same. */
#ifndef RIG_CLI_RUN_SUMS_H
#define RIG_CLI_RUN_SUMS_H

#include "cli/run_dir.h"
#include "reports/result.h"

/**
 * Note the digests of scenario.cfg, schedule.csv, play.json and calls.csv, and of the capture.
 * @param capture_sha256  "": there is none.
 */
rig_status rig_run_sums_write(const rig_run_dir *run, const char *capture_sha256, rig_error *err);

/** The same of calls.csv and the capture alone; what was noted of the other files stays. */
rig_status rig_run_sums_renew(const rig_run_dir *run, const char *capture_sha256, rig_error *err);

/**
 * Compare the files with what was noted: SHA256SUMS; where that says nothing of a file (older runs)
 * the schedule's digest in play.json, the scenario's in schedule.csv, the capture's in calls.csv.
 * What is noted nowhere is taken as it is.
 *
 * @param[in,out] inputs  `inputs` has the digests of the files; `changed` is filled in.
 * @param[out] text       What is wrong, for people: each file in a sentence; "" when nothing is.
 * @return RIG_OK, also when files have changed; RIG_EINPUT for a SHA256SUMS that is none; RIG_EIO;
 *         RIG_ENOMEM.
 */
rig_status rig_run_sums_compare(const rig_run_dir *run, rig_result_inputs *inputs, char *text,
                                size_t size, rig_error *err);

#endif
