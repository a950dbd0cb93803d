/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the callers' password comes from. It is in no file that peakrig writes: the copy of a
 * scenario has its user alone. */
#ifndef RIG_SCENARIOS_PASSWORD_H
#define RIG_SCENARIOS_PASSWORD_H

#include "core/status.h"
#include "scenarios/scenario.h"

/** The environment variable. */
#define RIG_PASSWORD_VARIABLE "PEAKRIG_PASSWORD"

/** What a password may not have: it stands in SIPp's scenario within quotes, brackets and XML. */
#define RIG_NOT_IN_SIPP "\"[]<>&\\ ;="

/**
 * Find the password of callers.auth, before calls are placed or taken: callers.auth.password, else
 * the first line of callers.auth.password_file, else what the environment says. Nothing is done
 * where the scenario has no callers.auth.
 * @param environment  The value of RIG_PASSWORD_VARIABLE, or NULL.
 * @param[in,out] scenario  Its callers.auth.password is set.
 * @return RIG_OK; RIG_EINPUT where there is none, or it has a character that SIPp cannot take (it is
 *         not repeated); RIG_EIO naming the file; RIG_ENOMEM.
 */
rig_status rig_scenario_find_password(rig_scenario *scenario, const char *environment,
                                      rig_error *err);

#endif
