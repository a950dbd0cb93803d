/* The sections `agents` and `reserves`. */
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenario/sections.h"

static const rig_dist no_time = {.kind = RIG_DIST_CONSTANT};

static void read_shifts(rig_reader *reader, const config_setting_t *list, rig_agent_group *agents)
{
    static const char *const keys[] = {"at_s", "count", NULL};
    static const rig_range on_duty = {0, 10000000, false, "a whole number from 0 to 10000000"};
    int n = config_setting_length(list);
    if (n == 0)
        rig_reader_fail(reader, list, "is empty; expected at least one { at_s; count; }");
    agents->shifts = rig_reader_array(reader, n, sizeof *agents->shifts);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = rig_reader_element(reader, list, i);
        if (element == NULL)
            return;
        rig_reader_check_keys(reader, element, keys);
        rig_shift *shift = &agents->shifts[i];
        shift->at_s = rig_reader_number(reader, element, "at_s", &rig_range_time_s, NULL);
        shift->n_agents = (uint32_t)rig_reader_count(reader, element, "count", &on_duty, NULL);
        if (i == 0 && shift->at_s != 0.0)
            rig_reader_fail(reader, element, "at_s %g; expected 0 in the first shift", shift->at_s);
        if (i > 0 && shift->at_s <= agents->shifts[i - 1].at_s)
            rig_reader_fail(reader, element, "at_s %g is not later than the shift before",
                            shift->at_s);
        if (shift->n_agents > agents->n_agents)
            agents->n_agents = shift->n_agents;
        agents->n_shifts = (size_t)i + 1;
    }
    if (agents->n_agents == 0)
        rig_reader_fail(reader, list, "every count is 0; expected agents in some shift");
}

static void read_duty(rig_reader *reader, const config_setting_t *group, rig_agent_group *agents)
{
    if (rig_reader_has(group, "count") && rig_reader_has(group, "shifts"))
        rig_reader_fail(reader, group, "expected either \"count\" or \"shifts\", not both");
    config_setting_t *list = rig_reader_list(reader, group, "shifts", false);
    if (list != NULL) {
        read_shifts(reader, list, agents);
        return;
    }
    if (reader->status == RIG_OK && !rig_reader_has(group, "count"))
        rig_reader_fail(reader, group, "\"count\" is missing; expected it or \"shifts\"");
    agents->n_agents =
        (uint32_t)rig_reader_count(reader, group, "count", &rig_range_resources, NULL);
    agents->shifts = rig_reader_array(reader, 1, sizeof *agents->shifts);
    if (agents->shifts == NULL)
        return;
    agents->shifts[0].n_agents = agents->n_agents;
    agents->n_shifts = 1;
}

/* One skill: a bare name, or { name; level; }. */
static void read_skill(rig_reader *reader, config_setting_t *element, const rig_scenario *scenario,
                       rig_agent_group *agents)
{
    static const char *const keys[] = {"name", "level", NULL};
    static const rig_range levels = {1, 9, false, "a whole number from 1 to 9"};
    uint32_t level = 1;
    const char *name = config_setting_get_string(element);
    if (config_setting_is_group(element)) {
        rig_reader_check_keys(reader, element, keys);
        const config_setting_t *member = config_setting_get_member(element, "name");
        name = member != NULL ? config_setting_get_string(member) : NULL;
        level = rig_reader_count32(reader, element, "level", &levels, 1);
    }
    if (name == NULL) {
        rig_reader_fail(reader, element,
                        "expected the name of a skill as a string, or { name; level; }");
        return;
    }
    int skill =
        rig_section_find(scenario->skills, scenario->n_skills, sizeof *scenario->skills, name);
    if (skill < 0)
        rig_reader_fail(reader, element, "\"%s\" is a skill that no choice of ivr.choices leads to",
                        name);
    else if (agents->level[skill] != 0)
        rig_reader_fail(reader, element, "the skill \"%s\" is named twice", name);
    else
        agents->level[skill] = (uint8_t)level;
}

static void read_skills(rig_reader *reader, const config_setting_t *root,
                        const config_setting_t *group, const rig_scenario *scenario,
                        rig_agent_group *agents)
{
    bool has_choices = config_setting_lookup((config_setting_t *)root, "ivr.choices") != NULL;
    agents->level = rig_reader_array(reader, (int)scenario->n_skills, sizeof *agents->level);
    if (reader->status != RIG_OK)
        return;
    if (!has_choices) {
        rig_reader_refuse(reader, group, "skills",
                          "expected only with ivr.choices: without them every agent takes every "
                          "call");
        agents->level[0] = 1;
        return;
    }
    config_setting_t *list = rig_reader_list(reader, group, "skills", false);
    if (list == NULL) {
        rig_reader_fail(reader, group,
                        "\"skills\" is missing; expected on every group of agents, as ivr.choices "
                        "is given");
        return;
    }
    for (int i = 0; i < config_setting_length(list) && reader->status == RIG_OK; i++)
        read_skill(reader, config_setting_get_elem(list, (unsigned)i), scenario, agents);
}

/* A choice that leads to nobody. */
static void check_skills(rig_reader *reader, const config_setting_t *root,
                         const rig_scenario *scenario)
{
    for (size_t c = 0; c < scenario->ivr.n_choices && reader->status == RIG_OK; c++) {
        uint32_t skill = scenario->ivr.choices[c].skill;
        bool is_there = false;
        for (size_t i = 0; i < scenario->n_agents; i++)
            is_there |= scenario->agents[i].level[skill] > 0;
        if (is_there)
            continue;
        const config_setting_t *list =
            config_setting_lookup((config_setting_t *)root, "ivr.choices");
        const config_setting_t *choice = config_setting_get_elem(list, (unsigned)c);
        rig_reader_fail(reader, config_setting_get_member(choice, "skill"),
                        "\"%s\" is in no group's agents[].skills", scenario->skills[skill]);
    }
}

void rig_section_agents(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    static const char *const keys[] = {"name",           "count",  "shifts",  "skills", "ring",
                                       "ring_timeout_s", "rest_s", "wrap_up", NULL};
    static const double ring_timeout_s = 20.0, rest_s = 1.0;
    config_setting_t *list = rig_reader_list(reader, root, "agents", true);
    if (list == NULL)
        return;
    int n = rig_section_length(reader, list, 1, RIG_MAX_GROUPS, "groups");
    scenario->agents = rig_reader_array(reader, n, sizeof *scenario->agents);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *group = rig_reader_element(reader, list, i);
        if (group == NULL)
            return;
        rig_agent_group *agents = &scenario->agents[i];
        scenario->n_agents = (size_t)i + 1;
        rig_reader_check_keys(reader, group, keys);
        agents->name = rig_section_name(reader, group, "agents", i);
        if (agents->name != NULL &&
            rig_section_find(scenario->agents, (size_t)i, sizeof *agents, agents->name) >= 0)
            rig_reader_fail(reader, group, "the name \"%s\" is taken by a group before",
                            agents->name);
        read_duty(reader, group, agents);
        read_skills(reader, root, group, scenario, agents);
        agents->ring = rig_section_dist(reader, group, "ring", NULL);
        agents->ring_timeout_s = rig_reader_number(reader, group, "ring_timeout_s",
                                                   &rig_range_positive_s, &ring_timeout_s);
        agents->rest_s = rig_reader_number(reader, group, "rest_s", &rig_range_time_s, &rest_s);
        agents->wrap_up = rig_section_dist(reader, group, "wrap_up", &no_time);
    }
    if (reader->status == RIG_OK)
        check_skills(reader, root, scenario);
}

static void read_reserve(rig_reader *reader, const config_setting_t *element,
                         const rig_scenario *scenario, rig_reserve *reserve)
{
    static const char *const keys[] = {"name",        "group",         "count",
                                       "queue_above", "for_s",         "arrive_after",
                                       "queue_below", "leave_after_s", NULL};
    static const double at_once = 0.0;
    rig_reader_check_keys(reader, element, keys);
    reserve->group =
        rig_section_lookup(reader, element, "group", scenario->agents, scenario->n_agents,
                           sizeof *scenario->agents, "a group of agents");
    reserve->n_agents =
        (uint32_t)rig_reader_count(reader, element, "count", &rig_range_resources, NULL);
    reserve->queue_above =
        (uint32_t)rig_reader_count(reader, element, "queue_above", &rig_range_queue, NULL);
    reserve->for_s = rig_reader_number(reader, element, "for_s", &rig_range_time_s, &at_once);
    reserve->arrive_after = rig_section_dist(reader, element, "arrive_after", NULL);
    reserve->queue_below = rig_reader_count32(reader, element, "queue_below", &rig_range_queue, 0);
    reserve->leave_after_s =
        rig_reader_number(reader, element, "leave_after_s", &rig_range_positive_s, NULL);
    if (reserve->queue_below > reserve->queue_above)
        rig_reader_fail(reader, element, "queue_below = %u is more than queue_above = %u",
                        reserve->queue_below, reserve->queue_above);
}

void rig_section_reserves(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    config_setting_t *list = rig_reader_list(reader, root, "reserves", false);
    if (list == NULL)
        return;
    int n = rig_section_length(reader, list, 0, RIG_MAX_KINDS, "reserves");
    scenario->reserves = rig_reader_array(reader, n, sizeof *scenario->reserves);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = rig_reader_element(reader, list, i);
        if (element == NULL)
            return;
        rig_reserve *reserve = &scenario->reserves[i];
        scenario->n_reserves = (size_t)i + 1;
        reserve->name = rig_section_name(reader, element, "reserve", i);
        if (reserve->name != NULL &&
            rig_section_find(scenario->reserves, (size_t)i, sizeof *reserve, reserve->name) >= 0)
            rig_reader_fail(reader, element, "the name \"%s\" is taken by a reserve before",
                            reserve->name);
        read_reserve(reader, element, scenario, reserve);
    }
}
