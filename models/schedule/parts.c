/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/parts.h"

#include "models/schedule/callers.h"
#include "scenarios/scope.h"

static void take(const rig_scenario *scenario, rig_scope_kind kind, uint32_t index,
                 rig_parts *parts)
{
    const uint32_t first = rig_scope_first(scenario, kind);
    if (first != RIG_METRIC_WHOLE && rig_parts_are_seen(scenario, first + index))
        parts->part[parts->n++] = first + index;
}

bool rig_parts_are_seen(const rig_scenario *scenario, uint32_t part)
{
    return rig_scope_part_of(scenario, part).kind != RIG_SCOPE_AGENTS &&
           rig_scope_has(scenario, part, RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE);
}

rig_parts rig_parts_of(const rig_schedule *schedule, const rig_scenario *scenario, size_t index,
                       rig_stage stage)
{
    const rig_callers_source from = rig_callers_of(schedule, scenario);
    const uint32_t caller = (uint32_t)rig_schedule_first_of(schedule, index);
    rig_parts parts = {.n = 0};
    take(scenario, RIG_SCOPE_TRUNKS,
         rig_callers_trunk(&from, caller, schedule->calls[index].attempt), &parts);
    take(scenario, RIG_SCOPE_CLASSES, rig_callers_class(&from, caller), &parts);
    if (stage >= RIG_STAGE_QUEUE && scenario->ivr.n_choices > 0)
        take(scenario, RIG_SCOPE_SKILLS,
             scenario->ivr.choices[rig_callers_choice(&from, caller)].skill, &parts);
    return parts;
}
