/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is on duty when: the shifts of each group of agents, and agents who are gone by a fault
 * (docs/scenario.md, "Agents" and "Faults"). */
#ifndef RIG_CALLCENTRE_CENTRE_DUTY_H
#define RIG_CALLCENTRE_CENTRE_DUTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callcentre/sip/timers.h"
#include "core/status.h"
#include "scenarios/scenario.h"

struct rig_callcentre_centre;

/** The shifts of one group. */
typedef struct rig_callcentre_duty {
    struct rig_callcentre_centre *centre;
    size_t group;
    size_t n_begun; /**< shifts: the last of them is on */
    rig_callcentre_timer timer;
} rig_callcentre_duty;

/** Make room; the shifts that have begun at the first call are on. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_callcentre_duty_make(struct rig_callcentre_centre *centre, rig_error *err);

/** The first INVITE has come, which tells what time it is in the scenario. */
void rig_callcentre_duty_start(struct rig_callcentre_centre *centre);

/** Agents of a group who should be there now. */
uint32_t rig_callcentre_duty_wanted(const struct rig_callcentre_centre *centre, size_t group);

/** A fault of agents has begun, or is over: they go or come. */
void rig_callcentre_duty_note_fault(struct rig_callcentre_centre *centre, const rig_fault *fault,
                                    bool has_begun);

/** Free. */
void rig_callcentre_duty_clear(struct rig_callcentre_centre *centre);

#endif
