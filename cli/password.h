/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passwords of callers and phones, and the environment. */
#ifndef RIG_CLI_PASSWORD_H
#define RIG_CLI_PASSWORD_H

#include "core/status.h"
#include "scenarios/scenario.h"

/**
 * rig_scenario_find_password with this process's environment, from which it is then taken: no child
 * inherits it, and who may read /proc/PID/environ finds it blank. Call it while there is one
 * thread.
 */
rig_status rig_password_find(rig_scenario *scenario, rig_error *err);

/** The same of the phones' password: rig_scenario_find_agents_password. */
rig_status rig_password_find_agents(rig_scenario *scenario, rig_error *err);

/**
 * Put the password of a scenario into the environment, for the one child that needs it (the
 * embedded call centre, whose copy of the scenario has none), and take it out again. While there is
 * one thread.
 */
void rig_password_lend(const rig_scenario *scenario);
void rig_password_take_back(void);

/** Say on standard error that a value of --set is a password that everybody can see, and what to do
 * instead. @param option  "set". */
void rig_password_warn(const char *option, const char *override);

#endif
