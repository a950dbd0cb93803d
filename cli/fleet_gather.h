/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the load hosts of a run have, put together on rank 0: facts of the play, logs of SIPp, and
 * captures in one clock. */
#ifndef RIG_CLI_FLEET_GATHER_H
#define RIG_CLI_FLEET_GATHER_H

#include "cli/fleet_play.h"
#include "verdict/play_facts.h"

/** The folder of a rank's own files, in that of the run: "DIR/rank-2". */
#define RIG_RUN_RANK_FORMAT "%s/rank-%u"

/** Not rank 0: send what this host has. */
void rig_run_host_send(const rig_run_host *host);

/**
 * Rank 0: take what the others send, and put all together: capture.pcap (the packets of all, by
 * rank 0's clock), logs/callers*.log, and the facts.
 * @param host        Rank 0's.
 * @param run         The run's folder.
 * @param[out] facts  Without looks, and without the centre's own count.
 * @return RIG_OK; as rig_merge_captures; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_run_host_gather(const rig_run_host *host, const rig_run_dir *run,
                               rig_play_facts *facts, rig_error *err);

#endif
