/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Callers who are told not to wait: when they enter the queue, or when they have waited for some
 * time (docs/scenario.md, "The queue"). */
#ifndef RIG_MODELS_CENTRE_DEFLECTION_H
#define RIG_MODELS_CENTRE_DEFLECTION_H

#include "models/centre/state.h"

/** Whether one who enters, for whom no agent is free, is deflected: he hears it then, and may lose
 * patience meanwhile. */
bool rig_deflection_takes(rig_centre *c, uint32_t id);

/** When one who waits may be; INFINITY: not any more. */
double rig_deflection_asked_at_s(const rig_centre *c, const rig_slot *s);

/** Whether that instant has come, and he is: he waits no more. */
bool rig_deflection_is_due(rig_centre *c, uint32_t id);

/** The announcement is over. */
void rig_deflection_end(rig_centre *c, uint32_t id);

#endif
