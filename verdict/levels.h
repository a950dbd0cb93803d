/* SPDX-License-Identifier: GPL-3.0-or-later */
/* G3: the service levels of a scenario. */
#ifndef RIG_VERDICT_LEVELS_H
#define RIG_VERDICT_LEVELS_H

#include "verdict/verdict.h"

/** Room for a level in words. */
#define RIG_LEVEL_TEXT_SIZE 400

/**
 * Judge each level on its interval: the observed figure with the scatter of its replays. A share of
 * which the replays do not scatter (nothing is dropped in the model) has the exact interval of the
 * observed counts. A figure that the wire does not show is INCONCLUSIVE; so is every level of a run
 * that was stopped early. A wait that was not reached misses any limit.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_levels_judge(rig_verdict *verdict, const rig_verdict_input *input);

/** "wait_p95_s is 14.4 (13.9..14.8); expected at most 10"; where it is not known, why. */
void rig_levels_say(const rig_level_verdict *level, char *text, size_t size);

#endif
