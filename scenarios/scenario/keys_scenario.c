/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The top of the table. */
#include <math.h>
#include <string.h>

#include "scenarios/scenario/as_rows.h"
#include "scenarios/scenario/keys.h"

static void interval_of_duration(rig_reader *reader, const rig_key *key, void *owner)
{
    rig_scenario *scenario = owner;
    (void)reader;
    (void)key;
    scenario->interval_s = fmax(1.0, scenario->traffic.duration_s / 60.0);
}

static void finish(rig_reader *reader, const rig_setting *at, void *object)
{
    (void)at;
    rig_section_fill_hunting(reader, object);
}

#define ROW_OF rig_scenario
static const rig_key rows[] = {
#include "scenarios/keys/scenario.def"
};
#undef ROW_OF

const rig_key_group rig_section_scenario =
    GROUP_OF(rows, rig_scenario, .finish = finish, .check = rig_section_validate);

rig_names rig_section_trunk_names(const void *object)
{
    const rig_scenario *scenario = object;
    return (rig_names){scenario->trunks, scenario->n_trunks, sizeof *scenario->trunks};
}

rig_names rig_section_agent_names(const void *object)
{
    const rig_scenario *scenario = object;
    return (rig_names){scenario->agents, scenario->n_agents, sizeof *scenario->agents};
}

rig_names rig_section_skill_names(const void *object)
{
    const rig_scenario *scenario = object;
    return (rig_names){scenario->skills, scenario->n_skills, sizeof *scenario->skills};
}

void rig_section_check_sum(rig_reader *reader, const rig_setting *list, double sum,
                           const char *of_what)
{
    if (fabs(sum - 1.0) > 1e-6)
        rig_reader_fail(reader, list, "the \"share\"s of all %s sum to %.9g; expected 1", of_what,
                        sum);
}
