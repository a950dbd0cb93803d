/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What replays assume of a target's reaction times before a run has shown them. */
#ifndef RIG_VERDICT_ASSUMED_DELAYS_H
#define RIG_VERDICT_ASSUMED_DELAYS_H

#include <stddef.h>

#include "core/status.h"
#include "models/centre.h"
#include "scenarios/scenario.h"

/**
 * Delays before there are any: each is none, and moved by what a valid load may be late. Replays
 * with them scatter as those of a run will.
 * @param n            Planned calls.
 * @param[out] delays  Owned by the caller: rig_delays_clear.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_reactions_assume(const rig_scenario *scenario, size_t n, rig_delays *delays);

#endif
