/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the centre tells one who must wait: that he is not to wait (deflection), or how long he
 * will (announcement); and what it tells an agent who answers while many do: to keep the talk short
 * (emergency). docs/scenario.md, "The queue" and "Agents". */
#ifndef RIG_CALLCENTRE_CENTRE_TOLD_H
#define RIG_CALLCENTRE_CENTRE_TOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "callcentre/centre/resources.h"

struct rig_callcentre_centre;

/** Room for the header lines of an announcement, the NUL included. */
#define RIG_CALLCENTRE_ANNOUNCEMENT_SIZE 64

/** Who may be told not to wait; borrowed. */
typedef struct rig_callcentre_asked {
    const char *number;  /**< one that is none of the scenario's does not take the promise */
    uint32_t attempt;    /**< which of his calls it is, from 0 */
    size_t caller_class; /**< by its index in the scenario */
    const rig_callcentre_waiter *waiter; /**< its line and skill are set; it may wait already */
} rig_callcentre_asked;

/** Whether a call for which nobody is idle is deflected: enough calls wait beside it, it would wait
 * long enough, and its caller is one of those who take the promise. Defects may say otherwise. */
bool rig_callcentre_is_deflected(const struct rig_callcentre_centre *centre,
                                 const rig_callcentre_asked *asked);

/** So long one who is about to wait will, s of the scenario; 1e9 where nobody is on duty. */
double rig_callcentre_expected_wait_s(const struct rig_callcentre_centre *centre,
                                      const rig_callcentre_waiter *waiter);

/**
 * The header line by which a call that is about to wait is told its position or its expected wait,
 * "X-Rig-Position: 7" or "X-Rig-Wait: 12.345" (s of wire time); "" where the scenario announces
 * nothing. Defects may say otherwise.
 * @param waiter  Its line and skill are set, and it stands nowhere yet.
 */
void rig_callcentre_announcement_of(const struct rig_callcentre_centre *centre,
                                    const rig_callcentre_waiter *waiter,
                                    char header[RIG_CALLCENTRE_ANNOUNCEMENT_SIZE]);

/** The emergency script goes on and off by the length of the queue. Look at it when all that is due
 * has been done and whoever could be was matched. */
void rig_callcentre_emergency_look(struct rig_callcentre_centre *centre);

/** The header line by which an agent who answers now is told to keep the talk short; NULL: he is
 * not. Defects may say otherwise. */
const char *rig_callcentre_emergency_header(const struct rig_callcentre_centre *centre);

#endif
