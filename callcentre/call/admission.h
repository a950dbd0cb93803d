/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INVITEs that a defect ("slow") keeps waiting before anybody looks at them. */
#ifndef RIG_CALLCENTRE_CALL_ADMISSION_H
#define RIG_CALLCENTRE_CALL_ADMISSION_H

#include "callcentre/centre/centre.h"

/** Keep an INVITE for a time, scenario seconds; then it is admitted. One that is cancelled
 * meanwhile is an offered call that was given up. @return false when out of memory: it is not kept.
 */
bool rig_callcentre_hold(rig_callcentre_centre *centre, nta_incoming_t *invite, double scenario_s);

/** Admit all now: the centre stops. */
void rig_callcentre_held_admit(rig_callcentre_centre *centre);

/** Forget all without a word: the centre has crashed, or ends. */
void rig_callcentre_held_lose(rig_callcentre_centre *centre);

#endif
