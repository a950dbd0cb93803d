/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which calls miss a service level. Internal to diagnosis/. */
#ifndef RIG_VERDICT_DIAGNOSIS_BEYOND_LIMIT_H
#define RIG_VERDICT_DIAGNOSIS_BEYOND_LIMIT_H

#include <stdbool.h>

#include "core/call.h"
#include "scenarios/scenario.h"

/** Whether a call stands on the wrong side of a level: false of every call where the figure does
 * not count calls, or is of a part. */
bool rig_is_beyond_limit(const rig_scenario *scenario, const rig_level *level,
                         const rig_call *call);

#endif
