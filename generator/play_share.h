/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one load host has of a play that several play together (generator/play.h). */
#ifndef RIG_GENERATOR_PLAY_SHARE_H
#define RIG_GENERATOR_PLAY_SHARE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"

/** One host's share of a play that several hosts play together. Zeroed: all of it. */
typedef struct rig_play_share {
    uint32_t index, n;   /**< which of how many (0: no others): of the first calls of the schedule
                            those whose number leaves index when it is divided by n */
    bool without_phones; /**< another host answers as the agents */
    /**
     * Agree on the start: all hosts wait for each other here, when nothing of the calls has been
     * started. NULL: what is proposed.
     * @param[in,out] start_epoch_ns  By this host's clock: proposed, agreed. Not before it.
     */
    rig_status (*agree)(void *ctx, int64_t *start_epoch_ns, rig_error *err);
    /** Whether calls of other hosts are still up: as long the phones stay. NULL: there are none. */
    bool (*is_held)(void *ctx);
    void *ctx;
} rig_play_share;

#endif
