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
        if (i < group->n_agents && group->registration.first_user != NULL) {
            rig_scenario_register_user(&group->registration, i, user);
            return;
        }
        if (i < group->n_agents)
            break;
        i -= group->n_agents;
    }
    (void)snprintf(user, RIG_USER_SIZE, "agent%lu", (unsigned long)agent + 1);
}

const rig_agent_group *rig_scenario_registering(const rig_scenario *scenario)
{
    for (size_t g = 0; g < scenario->n_agents; g++)
        if (scenario->agents[g].registration.first_user != NULL)
            return &scenario->agents[g];
    return NULL;
}
