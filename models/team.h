/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who simulates the replications of a prediction: the threads of this process alone, or those of
 * several processes that all predict the same. A replication is a function of its number alone, so
 * who simulates it changes nothing. */
#ifndef RIG_MODELS_TEAM_H
#define RIG_MODELS_TEAM_H

#include <stdint.h>

#include "core/status.h"

/** The replications of one prediction in this process; opaque: models/replications.h. */
typedef struct rig_replications rig_replications;

/** Several processes. Each of them calls rig_predict with the same arguments at the same point. */
typedef struct rig_team {
    /**
     * Have all replications simulated, here (rig_replications_give) or elsewhere, and put the rows
     * of all of them into this process (rig_replications_rows).
     * @return RIG_OK, the same in each process; else the first error of one of them, in each.
     */
    rig_status (*simulate)(void *ctx, rig_replications *replications, rig_error *err);
    void *ctx;
    uint32_t n_threads; /**< of this process, where nobody says how many; 0 = one a processor */
} rig_team;

#endif
