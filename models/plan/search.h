/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which combinations a search asks for. Internal to models/plan/. */
#ifndef RIG_MODELS_PLAN_SEARCH_H
#define RIG_MODELS_PLAN_SEARCH_H

#include "models/plan/points.h"

/** Ask for what it takes to know the minimal combinations that meet; see rig_plan_run. */
rig_status rig_plan_search(rig_plan_work *work);

/** Fill plan->trends from the combinations that differ on one axis only. */
void rig_plan_learn_trends(rig_plan *plan);

/** Fill minimal, answer, nearest and is_open. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_plan_conclude(rig_plan *plan);

#endif
