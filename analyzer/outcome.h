/* From what the wire showed of a call to its outcome: one table, a row for each way to end.
 * Internal to the room; the rows are in outcome.c. */
#ifndef RIG_ANALYZER_OUTCOME_H
#define RIG_ANALYZER_OUTCOME_H

#include <stdbool.h>

#include "core/call.h"
#include "core/slice.h"
#include "core/stage.h"

/** What ended the caller's leg. */
typedef enum rig_end {
    RIG_END_NONE = 0,    /**< nothing: it is not over */
    RIG_END_NO_RESPONSE, /**< no response to the INVITE, though it was sent again, given up or 32 s
                            old */
    RIG_END_CHALLENGED,  /**< 401, 407 or 3xx, and no further attempt */
    RIG_END_REFUSED,     /**< a final response >= 300 before any CANCEL */
    RIG_END_CANCELLED,   /**< CANCEL, or BYE of the caller before any answer */
    RIG_END_CROSSED,     /**< CANCEL that the answer crossed, and at once a BYE */
    RIG_END_CALLER_BYE,
    RIG_END_CENTRE_BYE,
    RIG_N_ENDS
} rig_end;

/** How far the call had come when that happened. */
typedef enum rig_phase {
    RIG_PHASE_OFFERED = 0, /**< not answered */
    RIG_PHASE_MENU,        /**< answered, and no more known */
    RIG_PHASE_QUEUE,       /**< waits for an agent */
    RIG_PHASE_RINGING,     /**< an agent's phone rings */
    RIG_PHASE_TALKING,     /**< an agent has answered */
    RIG_N_PHASES
} rig_phase;

/** Who ended the leg of the agent who talked. */
typedef enum rig_agent_end {
    RIG_AGENT_END_UNKNOWN = 0, /**< no BYE of that leg was captured */
    RIG_AGENT_END_BY_AGENT,    /**< the agent, before the centre ended the caller's leg */
    RIG_AGENT_END_BY_CENTRE    /**< the centre, or the agent after the centre */
} rig_agent_end;

/** What is known of a call that may be over. */
typedef struct rig_call_facts {
    rig_end end;
    rig_phase phase;
    int final_code;         /**< 0 = none */
    bool is_early_bye;      /**< RIG_END_CANCELLED by a BYE */
    bool is_answer_seen;    /**< the 2xx was captured; else only its ACK tells that there was one */
    bool is_answer_crossed; /**< an agent's answer crossed the caller's hanging up */
    bool has_agent_leg;     /**< a leg to an agent was captured for this call */
    rig_agent_end agent_end;
    bool capture_has_queue_marks; /**< this target tells when a call enters its queue */
    int q850_cause;               /**< of what ended the call; RIG_SIP_NO_CAUSE for none */
    rig_slice q850_text;
} rig_call_facts;

/**
 * Decide. A pure function.
 * @param[out] reason  Why, in printable ASCII: "503 Q.850;cause=34", "caller BYE", ...
 */
void rig_outcome_decide(const rig_call_facts *facts, rig_outcome *outcome,
                        char reason[RIG_CALL_REASON_SIZE]);

#endif
