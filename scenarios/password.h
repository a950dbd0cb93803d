/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the passwords of callers and phones come from. They are in no file that peakrig writes: the
 * copy of a scenario has the users alone. */
#ifndef RIG_SCENARIOS_PASSWORD_H
#define RIG_SCENARIOS_PASSWORD_H

#include "core/status.h"
#include "scenarios/scenario.h"

/** The environment variables: the callers', the phones'. */
#define RIG_PASSWORD_VARIABLE "PEAKRIG_PASSWORD"

/** That of the agents' phones, where they register. */
#define RIG_AGENTS_PASSWORD_VARIABLE "PEAKRIG_AGENTS_PASSWORD"

/** What a password may not have: it stands in SIPp's scenario within quotes, brackets and XML. */
#define RIG_NOT_IN_SIPP "\"[]<>&\\ ;="

/**
 * Find the password of callers.auth, before calls are placed or taken: callers.auth.password, else
 * the first line of callers.auth.password_file, else what the environment says. Nothing is done
 * where the scenario has no callers.auth.
 * @param environment  The value of RIG_PASSWORD_VARIABLE, or NULL.
 * @param[in,out] scenario  Its callers.auth.password is set.
 * @return RIG_OK; RIG_EINPUT where there is none, or it has a character that SIPp cannot take (it
 * is not repeated); RIG_EIO naming the file; RIG_ENOMEM.
 */
rig_status rig_scenario_find_password(rig_scenario *scenario, const char *environment,
                                      rig_error *err);

/**
 * Find the password of phones that register, before they do: agents[].register.password, else the
 * first line of its password_file, else what the environment says; else they have none, which a
 * registrar may be content with.
 * @param environment  The value of RIG_AGENTS_PASSWORD_VARIABLE, or NULL.
 * @param[in,out] scenario  The passwords of its registrations are set.
 * @return RIG_OK; RIG_EINPUT for one that has a character that SIPp cannot take, or a file whose
 *         first line is empty; RIG_EIO naming the file; RIG_ENOMEM.
 */
rig_status rig_scenario_find_agents_password(rig_scenario *scenario, const char *environment,
                                             rig_error *err);

#endif
