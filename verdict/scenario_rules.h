/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules that fit what a scenario's target shows (target.marks). */
#ifndef RIG_VERDICT_SCENARIO_RULES_H
#define RIG_VERDICT_SCENARIO_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "scenarios/scenario.h"

struct rig_rules; /* analyzer/rules.h */

/** Where the calls of each carrier come in. */
typedef struct rig_carrier_ends {
    const char *host;      /**< of all: an address */
    const uint16_t *ports; /**< n of them, in the scenario's order */
    size_t n;              /**< 0: carriers are not told apart */
} rig_carrier_ends;

/**
 * The text of the rules by which a run of this scenario is read: a rules file (docs/rules.md).
 *
 * "reinvite", "update" and "info" tell each stage: the built-in rules. "early": 183 is the IVR's
 * answer, 182 the queue, 180 with X-Rig-Stage the agent's phone, 200 the agent. "quiet": only the
 * menu's length tells when the queue begins, and agents' legs tell the rest. Times are those on the
 * wire. Carriers are told by the port that a call came in at, classes of callers by the number that
 * it dials, where they have numbers of their own. Where the scenario has faults, a refusal with
 * cause 38 is a call that one of them has cut before its answer: `dropped`.
 *
 * @param carriers   NULL: they are not told apart.
 * @param[out] text  Heap, the caller frees; NULL where the built-in rules hold.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_judge_rules_text(const rig_scenario *scenario, const rig_carrier_ends *carriers,
                                char **text);

/**
 * The rules themselves.
 * @param[out] rules  Owned by the caller: rig_rules_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_judge_rules(const rig_scenario *scenario, const rig_carrier_ends *carriers,
                           struct rig_rules **rules, rig_error *err);

#endif
