/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules that fit what a scenario's target shows (target.marks). */
#ifndef RIG_VERDICT_SCENARIO_RULES_H
#define RIG_VERDICT_SCENARIO_RULES_H

#include "core/status.h"
#include "scenarios/scenario.h"

struct rig_rules; /* analyzer/rules.h */

/**
 * The text of the rules by which a run of this scenario is read: a rules file (docs/rules.md).
 *
 * "reinvite", "update" and "info" tell each stage: the built-in rules. "early": 183 is the IVR's
 * answer, 182 the queue, 180 with X-Rig-Stage the agent's phone, 200 the agent. "quiet": only the
 * menu's length tells when the queue begins, and agents' legs tell the rest. Times are those on the
 * wire.
 *
 * @param[out] text  Heap, the caller frees; NULL where the built-in rules hold.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_judge_rules_text(const rig_scenario *scenario, char **text);

/**
 * The rules themselves.
 * @param[out] rules  Owned by the caller: rig_rules_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_judge_rules(const rig_scenario *scenario, struct rig_rules **rules, rig_error *err);

#endif
