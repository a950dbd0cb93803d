/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stage.h"

#include <string.h>

#include "core/language.h"

static const char *const stage_names[RIG_N_STAGES] = {N_("trunk"), N_("ivr"), N_("queue"),
                                                      N_("agent")};

static const char *const outcome_names[RIG_N_OUTCOMES] = {
    [RIG_OUTCOME_LOST_TRUNK] = "lost_trunk",   [RIG_OUTCOME_LOST_IVR] = "lost_ivr",
    [RIG_OUTCOME_LOST_QUEUE] = "lost_queue",   [RIG_OUTCOME_LOST_AGENT] = "lost_agent",
    [RIG_OUTCOME_SELF_SERVED] = "self_served", [RIG_OUTCOME_DEFLECTED] = "deflected",
    [RIG_OUTCOME_SERVED] = "served",           [RIG_OUTCOME_DROPPED] = "dropped",
    [RIG_OUTCOME_IN_PROGRESS] = "in_progress", [RIG_OUTCOME_UNCLASSIFIED] = "unclassified",
    [RIG_OUTCOME_CUT_BY_RIG] = "cut_by_rig",   [RIG_OUTCOME_NOT_PLACED] = "not_placed",
};

const char *rig_stage_name(rig_stage stage)
{
    return (unsigned)stage < RIG_N_STAGES ? stage_names[stage] : "?";
}

const char *rig_outcome_name(rig_outcome outcome)
{
    return (unsigned)outcome < RIG_N_OUTCOMES ? outcome_names[outcome] : "?";
}

bool rig_outcome_of_name(const char *name, rig_outcome *outcome)
{
    for (int i = 0; i < RIG_N_OUTCOMES; i++) {
        if (strcmp(name, outcome_names[i]) == 0) {
            *outcome = (rig_outcome)i;
            return true;
        }
    }
    return false;
}

bool rig_outcome_is_lost(rig_outcome outcome)
{
    return outcome >= RIG_OUTCOME_LOST_TRUNK && outcome <= RIG_OUTCOME_LOST_AGENT;
}

rig_outcome rig_outcome_lost_at(rig_stage stage)
{
    return (rig_outcome)(RIG_OUTCOME_LOST_TRUNK + (int)stage);
}
