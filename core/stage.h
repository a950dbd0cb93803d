/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one vocabulary: the four stages a call passes, and how a call can end. */
#ifndef RIG_CORE_STAGE_H
#define RIG_CORE_STAGE_H

#include <stdbool.h>

/** The stages, in the order in which a call passes them. */
typedef enum rig_stage {
    RIG_STAGE_TRUNK = 0, /**< a circuit of a carrier's group is to be seized */
    RIG_STAGE_IVR,       /**< an IVR port is to answer; then the menu */
    RIG_STAGE_QUEUE,     /**< waits for an agent */
    RIG_STAGE_AGENT,     /**< an agent's phone rings; then talk */
    RIG_N_STAGES
} rig_stage;

/** How a call ended. Every offered call has exactly one of these, but for RIG_OUTCOME_NOT_PLACED.
 */
typedef enum rig_outcome {
    RIG_OUTCOME_LOST_TRUNK = 0, /**< no circuit: busy, failure code, no response */
    RIG_OUTCOME_LOST_IVR,       /**< the caller gave up before any answer */
    RIG_OUTCOME_LOST_QUEUE,     /**< patience ended, queue full or queue time-out */
    RIG_OUTCOME_LOST_AGENT,     /**< the caller hung up while an agent's phone rang */
    RIG_OUTCOME_SELF_SERVED,    /**< satisfied in the IVR menu */
    RIG_OUTCOME_DEFLECTED,      /**< asked to hang up, promised a call back */
    RIG_OUTCOME_SERVED,         /**< talked with an agent */
    RIG_OUTCOME_DROPPED,        /**< cut by the centre in mid-call */
    RIG_OUTCOME_IN_PROGRESS,    /**< not over at the end of the capture */
    RIG_OUTCOME_UNCLASSIFIED,   /**< cannot be told; the reason says why */
    RIG_OUTCOME_CUT_BY_RIG,     /**< ended by the rig's own stop: what it would have come to is not
                                   known */
    RIG_OUTCOME_NOT_PLACED,     /**< planned, but never on the wire: the rig's failure */
    RIG_N_OUTCOMES
} rig_outcome;

/** "trunk", "ivr", "queue", "agent"; static. "?" for a value outside the enum. */
const char *rig_stage_name(rig_stage stage);

/** "lost_trunk", "served", ...: as in files and reports; static. "?" outside the enum. */
const char *rig_outcome_name(rig_outcome outcome);

/** The outcome of a name. @param[out] outcome untouched unless true is returned. */
bool rig_outcome_of_name(const char *name, rig_outcome *outcome);

/** Whether it is one of those that mean "lost at a stage". */
bool rig_outcome_is_lost(rig_outcome outcome);

/** The outcome that means "lost at this stage". */
rig_outcome rig_outcome_lost_at(rig_stage stage);

#endif
