/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each agent's figures, from the capture of a run. */
#ifndef RIG_CLI_RUN_AGENTS_H
#define RIG_CLI_RUN_AGENTS_H

#include "analyzer/call_groups.h"
#include "analyzer/mask.h"
#include "cli/run_dir.h"

/**
 * Read the run's capture by the run's own rules, and put its calls and rings together by agents.
 * @param time_scale   Times become scenario time.
 * @param[out] agents  Without calls that no agent was rung for. Owned by the caller:
 *                     rig_groups_table_free. NULL when there is no capture in the folder, when it
 *                     cannot be read or shows no agent's leg: a report goes without.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_run_agents_collect(const rig_run_dir *run, double time_scale,
                                  rig_call_group_table **agents, rig_error *err);

/** Give the agents pseudonyms. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_run_agents_mask(rig_call_group_table *agents, const rig_mask *mask, rig_error *err);

#endif
