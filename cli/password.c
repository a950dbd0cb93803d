/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/password.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/password.h"

rig_status rig_password_find(rig_scenario *scenario, rig_error *err)
{
    char *text = getenv(RIG_PASSWORD_VARIABLE);
    rig_status status = rig_scenario_find_password(scenario, text, err);
    if (text != NULL)
        explicit_bzero(text, strlen(text)); /* where the kernel shows it */
    (void)unsetenv(RIG_PASSWORD_VARIABLE);
    return status;
}

rig_status rig_password_find_agents(rig_scenario *scenario, rig_error *err)
{
    char *text = getenv(RIG_AGENTS_PASSWORD_VARIABLE);
    rig_status status = rig_scenario_find_agents_password(scenario, text, err);
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    (void)unsetenv(RIG_AGENTS_PASSWORD_VARIABLE);
    return status;
}

void rig_password_lend(const rig_scenario *scenario)
{
    if (scenario->callers.auth.password != NULL)
        (void)setenv(RIG_PASSWORD_VARIABLE, scenario->callers.auth.password, 1);
}

void rig_password_take_back(void)
{
    (void)unsetenv(RIG_PASSWORD_VARIABLE);
}

/* "callers.auth.password=..", "callers.auth={ .. password = ..}". */
static bool is_password(const char *override)
{
    static const char key[] = "password";
    for (const char *at = strstr(override, key); at != NULL; at = strstr(at + 1, key)) {
        const char *behind = at + sizeof key - 1;
        behind += strspn(behind, " \t");
        if (*behind == '=' || *behind == ':')
            return true;
    }
    return false;
}

void rig_password_warn(const char *option, const char *override)
{
    if (is_password(override))
        (void)fprintf(
            stderr,
            "peakrig: warning: everybody on this host can see the password of --%s in the "
            "list of processes; use password_file, or the environment "
            "variable " RIG_PASSWORD_VARIABLE " (callers.auth) or " RIG_AGENTS_PASSWORD_VARIABLE
            " (agents[].register)\n",
            option);
}
