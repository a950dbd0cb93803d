/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this host must have and permit for a play. It is checked before anything is made or started.
 */
#ifndef RIG_GENERATOR_HOST_CHECK_H
#define RIG_GENERATOR_HOST_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "generator/route.h"
#include "models/schedule.h"
#include "scenarios/scenario.h"

/** Open files that each SIPp needs, and how many more for each call of it with audio: a worker has
 * all calls on one socket; audio takes four sockets of its own a call. */
enum { RIG_HOST_OPEN_FILES = 64, RIG_HOST_FILES_PER_AUDIO_CALL = 4 };

/** What a play will take of the host. Strings are borrowed. */
typedef struct rig_host_needs {
    size_t n_workers; /**< from rig_play_n_workers */
    const char
        *agents_host;     /**< where the agents' phones listen; NULL or "" = where the route says */
    uint16_t agents_port; /**< 0 = any free one */
    bool with_capture;    /**< the play captures itself */
} rig_host_needs;

/**
 * Check open files (ulimit -n), the callers' addresses and ports (load.local), the phones' address
 * and port, and the permission to capture. Sends nothing.
 *
 * @return RIG_OK; RIG_EENV with the remedy, naming what is missing; RIG_EINPUT for an address of
 *         load.local that is not of the target's family; RIG_ENOMEM.
 */
rig_status rig_host_check(const rig_scenario *scenario, const rig_schedule *schedule,
                          const rig_route *route, const rig_host_needs *needs, rig_error *err);

#endif
