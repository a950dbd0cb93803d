/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that came to no end: peakrig was killed, or the disk was full. Its plan, the logs of SIPp
 * and what was captured (capture.pcap.part-PID) are there; play.json says RIG_RUN_UNDER_WAY. */
#ifndef RIG_CLI_RUN_RECOVER_H
#define RIG_CLI_RUN_RECOVER_H

#include "cli/run_dir.h"

/** What play.json says of the programs of a run as long as it has no end. */
#define RIG_RUN_UNDER_WAY                                                                          \
    "peakrig itself was ended in mid-run: killed, or the disk was full; what was captured up to "  \
    "then is in capture.pcap"

/**
 * Make capture.pcap and calls.csv of what such a run has left, and say so on standard error. Does
 * nothing of any other run.
 * @return RIG_OK; RIG_EINPUT when the run is still under way, or has left no capture; as
 *         rig_run_files_take_capture.
 */
rig_status rig_run_recover(const rig_run_dir *run, rig_error *err);

#endif
