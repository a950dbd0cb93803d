/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits and ports that come and go at instants of the scenario (docs/scenario.md, "Lines"). */
#ifndef RIG_CALLCENTRE_CENTRE_STEPS_H
#define RIG_CALLCENTRE_CENTRE_STEPS_H

#include <stddef.h>
#include <stdint.h>

#include "callcentre/sip/timers.h"
#include "core/status.h"
#include "scenarios/scenario.h"

struct rig_callcentre_centre;

/** The steps of one group of trunks, or of the ports. */
typedef struct rig_callcentre_steps {
    struct rig_callcentre_centre *centre;
    size_t trunk; /**< or n_trunks: the ports */
    const rig_line_step *steps;
    size_t n_steps, n_begun; /**< the last of those that have begun is on */
    rig_callcentre_timer timer;
} rig_callcentre_steps;

/** Make room; the steps that have begun at the first call are on. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_callcentre_steps_make(struct rig_callcentre_centre *centre, rig_error *err);

/** The first INVITE has come, which tells what time it is in the scenario. */
void rig_callcentre_steps_start(struct rig_callcentre_centre *centre);

/** New resources are as many as there are now. */
void rig_callcentre_steps_apply(const struct rig_callcentre_centre *centre);

/** The circuits of a group now that are for its own calls alone. */
uint32_t rig_callcentre_steps_n_spare(const struct rig_callcentre_centre *centre, size_t trunk);

/** Free. */
void rig_callcentre_steps_clear(struct rig_callcentre_centre *centre);

#endif
