/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reserves: called when the queue is long, too few callers are answered or too few agents are
 * there, each on his own way, sent home when it has been calm (docs/scenario.md, `reserves`). */
#ifndef RIG_CALLCENTRE_CENTRE_RESERVES_H
#define RIG_CALLCENTRE_CENTRE_RESERVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callcentre/centre/staff.h"
#include "callcentre/sip/timers.h"
#include "core/status.h"
#include "scenarios/scenario.h"

struct rig_callcentre_centre;
struct rig_callcentre_tier;

/** One reserve on his way. */
typedef struct rig_callcentre_way {
    struct rig_callcentre_tier *tier;
    uint32_t agent; /**< his number, from 0 */
    rig_callcentre_timer timer;
} rig_callcentre_way;

/** A tier of reserves. */
typedef struct rig_callcentre_tier {
    struct rig_callcentre_centre *centre;
    const rig_reserve *said; /**< by the scenario */
    size_t pool;             /**< theirs, of the staff */
    bool is_called;
    bool is_forgotten; /**< a defect: they were to be called, and the reason is still there */
    uint32_t n_calls;           /**< how often they were called */
    rig_callcentre_timer timer; /**< while there is a reason to call them, or none to keep them:
                                   until they are called, or leave */
    rig_callcentre_timer window; /**< of the connect rate: its end */
    uint32_t n_windows;          /**< that are over */
    uint64_t n_answered, n_left; /**< callers, when this one began */
    bool is_rate_low;            /**< it was, in the last window */
    rig_callcentre_way *ways;   /**< one for each of them */
} rig_callcentre_tier;

/** Make room; nobody is called. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_callcentre_reserves_make(struct rig_callcentre_centre *centre, rig_error *err);

/** The first INVITE has come, which tells what time it is in the scenario. */
void rig_callcentre_reserves_start(struct rig_callcentre_centre *centre);

/** Who may come, for the crew: nobody of them is there. @return how many tiers. */
size_t rig_callcentre_reserves_pools(const struct rig_callcentre_centre *centre,
                                     rig_callcentre_pool pools[RIG_MAX_KINDS]);

/** The centre has crashed: nobody is called any more. */
void rig_callcentre_reserves_forget(struct rig_callcentre_centre *centre);

/** Look at the queue and who is there, when all that is due has been done and whoever could be was
 * matched. */
void rig_callcentre_reserves_look(struct rig_callcentre_centre *centre);

/** Free. */
void rig_callcentre_reserves_clear(struct rig_callcentre_centre *centre);

#endif
