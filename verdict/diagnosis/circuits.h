/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which calls were refused, and which held a circuit. Internal to diagnosis/. */
#ifndef RIG_VERDICT_DIAGNOSIS_CIRCUITS_H
#define RIG_VERDICT_DIAGNOSIS_CIRCUITS_H

#include "verdict/diagnosis/timeline.h"

/** Whether it was refused at the trunk, for whatever reason. */
bool rig_circuits_is_refused(const rig_timed_call *call);

/**
 * Whether a refusal can mean that all circuits are in use. RFC 3398, section 8.2.6.1 (maps causes
 * to responses), and what gateways send: 480, 486, 5xx, 600, 603. 403 or 404 speak of the caller or
 * of the number called, however many circuits are free.
 */
bool rig_circuits_can_mean_full(const rig_call *call);

/**
 * Whether a fault of the scenario takes circuits away at an instant: of the centre, or of a group
 * of trunks, whichever.
 * @param except  Not this one; or NULL.
 */
bool rig_circuits_are_hit(const rig_scenario *scenario, const rig_fault *except, double t_s);

/** Whether it held a circuit, from seen_s to end_s. What has had no response yet may not have been
 * seen. */
bool rig_circuits_is_held(const rig_timed_call *call);

/**
 * The circuits in use, those of call backs among them.
 * @param is_leaked      Which calls never give theirs back; NULL: none.
 * @param[out] circuits  Clear with rig_holdings_clear. @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_circuits_make(const rig_timeline *timeline, bool (*is_leaked)(const rig_call *call),
                             rig_holdings *circuits);

#endif
