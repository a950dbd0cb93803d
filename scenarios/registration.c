/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/registration.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t rig_scenario_register_digits(const char *text)
{
    size_t n = 0;
    const size_t length = strlen(text);
    while (n < length && text[length - n - 1] >= '0' && text[length - n - 1] <= '9')
        n++;
    return n;
}

size_t rig_scenario_register_name(const rig_phone_register *registration, uint64_t *number)
{
    const char *first = registration->first_user;
    const size_t n_name = strlen(first) - rig_scenario_register_digits(first);
    *number = strtoull(first + n_name, NULL, 10);
    return n_name;
}

void rig_scenario_register_user(const rig_phone_register *registration, uint32_t i,
                                char user[RIG_USER_SIZE])
{
    const char *first = registration->first_user;
    uint64_t number;
    const size_t n_name = rig_scenario_register_name(registration, &number);
    (void)snprintf(user, RIG_USER_SIZE, "%.*s%0*" PRIu64, (int)n_name, first,
                   (int)(strlen(first) - n_name), number + i);
}

void rig_scenario_phone_user(const rig_scenario *scenario, uint32_t agent, char user[RIG_USER_SIZE])
{
    uint32_t i = agent;
    for (size_t g = 0; g < scenario->n_agents; g++) {
        const rig_agent_group *group = &scenario->agents[g];
        const uint32_t n = rig_scenario_n_numbers(scenario, g);
        if (i < group->n_agents && group->registration.first_user != NULL) {
            rig_scenario_register_user(&group->registration, i, user);
            return;
        }
        if (i < n)
            break;
        i -= n;
    }
    (void)snprintf(user, RIG_USER_SIZE, "agent%lu", (unsigned long)agent + 1);
}

/* Which phone of a group that registers it is, from 0; n_agents: none. */
static uint64_t registered_of(const rig_agent_group *group, const char *user)
{
    char expected[RIG_USER_SIZE];
    uint64_t first = 0;
    const size_t n_name = rig_scenario_register_name(&group->registration, &first);
    if (strncmp(user, group->registration.first_user, n_name) != 0)
        return group->n_agents;
    const uint64_t number = strtoull(user + n_name, NULL, 10);
    if (number < first || number - first >= group->n_agents)
        return group->n_agents;
    rig_scenario_register_user(&group->registration, (uint32_t)(number - first), expected);
    return strcmp(user, expected) == 0 ? number - first : group->n_agents;
}

size_t rig_scenario_group_of_user(const rig_scenario *scenario, const char *user)
{
    char expected[RIG_USER_SIZE];
    uint64_t n_before = 0;
    const bool has_number = strncmp(user, "agent", 5) == 0;
    const uint64_t number = has_number ? strtoull(user + 5, NULL, 10) : 0;
    for (size_t g = 0; g < scenario->n_agents; g++) {
        const rig_agent_group *group = &scenario->agents[g];
        const uint32_t n = rig_scenario_n_numbers(scenario, g);
        if (group->registration.first_user != NULL) {
            if (registered_of(group, user) < group->n_agents)
                return g;
        } else if (number > n_before && number <= n_before + n) {
            rig_scenario_phone_user(scenario, (uint32_t)(number - 1), expected);
            if (strcmp(user, expected) == 0)
                return g;
        }
        n_before += n;
    }
    return scenario->n_agents;
}

const rig_agent_group *rig_scenario_group_of_call(const rig_scenario *scenario,
                                                  const rig_call *call)
{
    const size_t g = scenario->n_agents > 1 ? rig_scenario_group_of_user(scenario, call->agent) : 0;
    return &scenario->agents[g < scenario->n_agents ? g : 0];
}

const rig_agent_group *rig_scenario_registering(const rig_scenario *scenario)
{
    for (size_t g = 0; g < scenario->n_agents; g++)
        if (scenario->agents[g].registration.first_user != NULL)
            return &scenario->agents[g];
    return NULL;
}
