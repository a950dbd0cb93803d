/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Callers who are told not to wait (queue.deflection). Internal to diagnosis/. */
#ifndef RIG_VERDICT_DIAGNOSIS_TOLD_H
#define RIG_VERDICT_DIAGNOSIS_TOLD_H

#include "verdict/diagnosis.h"

/** Whether the caller of a planned call, a redial among them, is in this attempt one of those who
 * take the promise: the draw of docs/wire-contract.md. false for a call that nobody planned. */
bool rig_told_takes_promise(const rig_diagnosis_input *input, const rig_call *call);

/** Whether callers may keep their places: they end as deflected, and nothing on the wire tells them
 * from those whom queue.deflection hits; they stand in front of others, unseen. */
bool rig_told_keeps_places(const rig_scenario *scenario);

/** Whether a call that entered the queue did not wait in it, as far as can be told: it was
 * deflected, or its caller, one of those who are, hung up before the announcement was over. */
bool rig_told_not_to_wait(const rig_diagnosis_input *input, const rig_call *call);

#endif
