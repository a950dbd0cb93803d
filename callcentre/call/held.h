/* INVITEs that a defect ("slow") keeps waiting before anybody looks at them. */
#ifndef RIG_CALLCENTRE_CALL_HELD_H
#define RIG_CALLCENTRE_CALL_HELD_H

#include "callcentre/centre/centre.h"

/** Keep an INVITE for a time, scenario seconds; then it is admitted. One that is cancelled
 * meanwhile is an offered call that was given up. @return false when out of memory: it is not kept.
 */
bool rig_target_hold(rig_target_centre *centre, nta_incoming_t *invite, double scenario_s);

/** Admit all now: the centre stops. */
void rig_target_held_admit(rig_target_centre *centre);

/** Forget all without a word: the centre has crashed, or ends. */
void rig_target_held_lose(rig_target_centre *centre);

#endif
