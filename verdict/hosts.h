/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The load hosts of a run from several (docs/several-machines.md): was each on time, and is its
 * clock known? */
#ifndef RIG_VERDICT_HOSTS_H
#define RIG_VERDICT_HOSTS_H

#include "verdict/check.h"
#include "verdict/lateness.h"
#include "verdict/play_facts.h"

/** The clock of a load host must be known so well, ms: as far as answers may come before what they
 * answer (verdict/set_up_capture.h). */
#define RIG_HOSTS_MAX_CLOCK_ERROR_MS 5.0

/** The hosts, and their lateness. Zeroed: the run was played on one. */
typedef struct rig_hosts {
    size_t n;
    const rig_play_facts_host *facts; /**< borrowed */
    rig_lateness lateness[RIG_MAX_WORKERS];
} rig_hosts;

/**
 * Compare the instants of each host's calls.
 * @param planned_ns, actual_ns  Of n first calls, as rig_lateness_compare: call i is of host i
 *                               modulo play->n_hosts.
 * @return as rig_lateness_compare.
 */
rig_status rig_hosts_measure(const rig_play_facts *play, const int64_t *planned_ns,
                             const int64_t *actual_ns, size_t n, rig_hosts *hosts);

/**
 * Two checks of G0: the first host that was late, or is lost, and the first whose clock is not
 * known well enough. None where there are no hosts.
 * @param[out] checks  Room for two. @return how many.
 */
size_t rig_hosts_check(const rig_hosts *hosts, double max_lateness_p99_ms, rig_check *checks);

#endif
