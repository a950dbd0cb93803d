/* SPDX-License-Identifier: GPL-3.0-or-later */
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

/** What the Reason header says, as far as a rule asks for it. */
enum {
    RIG_Q850_NONE = 1,   /**< absent, or 0 (many stacks write 0 where they know of no cause) */
    RIG_Q850_NORMAL = 2, /**< 16, normal call clearing (Q.850 section 2.2.5) */
    RIG_Q850_QUEUE = 4,  /**< its text speaks of the queue */
    RIG_Q850_OTHER = 8,
    RIG_Q850_ANY = 15
};

/** Conditions of a rule, as bits of what must hold. */
enum {
    RIG_IF_MARKS = 1, /**< the target shows, somewhere in the capture, when a call is queued */
    RIG_IF_ANSWER_SEEN = 2,        /**< the 2xx was captured */
    RIG_IF_EARLY_BYE = 4,          /**< given up by a BYE */
    RIG_IF_487 = 8,                /**< the final response says that it follows a CANCEL */
    RIG_IF_AGENT_LEG = 16,         /**< an agent's leg was captured */
    RIG_IF_BY_AGENT = 32,          /**< the agent ended the talk */
    RIG_IF_BY_CENTRE = 64,         /**< the centre ended the agent's leg */
    RIG_IF_ANSWER_CROSSED = 128,   /**< an agent's answer crossed the caller's hanging up */
    RIG_IF_DEFLECTED = 256,        /**< the caller was promised a call back */
    RIG_IF_CONNECT_REFUSED = 1024, /**< a re-INVITE or UPDATE that would have connected an agent was
                                         refused, or had no response */
    RIG_IF_SILENT = 512            /**< given up: nothing was heard of the call for very long */
};

/** A range of response codes. */
typedef struct rig_code_range {
    uint16_t low, high;
} rig_code_range;

/** Ranges of codes, and causes, in one rule at most. */
#define RIG_RULE_MAX_NUMBERS 16

/** No limit of a time in a rule. */
#define RIG_RULE_NO_LIMIT_NS INT64_MAX

/** One rule: what must hold of a call, and what has then become of it. */
typedef struct rig_outcome_rule {
    rig_end end;
    unsigned phases;     /**< bits by rig_phase */
    unsigned causes;     /**< bits RIG_Q850_... */
    unsigned conditions; /**< bits RIG_IF_..., all of which must hold */
    rig_outcome outcome;
    const char
        *reason;      /**< in it, %c is the response code, %q the Q.850 cause, %t cause and text */
    const char *name; /**< for explanations; NULL: one of the built-in rules */
    bool has_times;   /**< whether the next four are to be looked at */
    int64_t min_answered_ns, max_answered_ns; /**< from the answer to the end; max is outside */
    int64_t min_waited_ns, max_waited_ns;     /**< from the queue's mark to the end */
    unsigned n_codes;                         /**< 0: any final response, or none */
    rig_code_range codes[RIG_RULE_MAX_NUMBERS];
    unsigned n_q850; /**< 0: any cause, or none */
    uint8_t q850[RIG_RULE_MAX_NUMBERS];
} rig_outcome_rule;

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
    bool is_connect_refused;      /**< as RIG_IF_CONNECT_REFUSED */
    bool is_deflected;            /**< the caller was promised a call back */
    bool is_silent;               /**< given up: nothing was heard of it for very long */
    int q850_cause;               /**< of what ended the call; RIG_SIP_NO_CAUSE for none */
    int other_cause;              /**< likewise, a failure that is none of Q.850's, > 127; 0 or
                                     RIG_SIP_NO_CAUSE for none */
    rig_slice q850_text;
    int64_t answered_ns; /**< from the answer to the end; -1 where one of them is not known */
    int64_t waited_ns;   /**< from the entry into the queue to the end; -1 likewise */
} rig_call_facts;

/** The built-in rules, in the order in which they are tried; static. @param[out] n  How many. */
const rig_outcome_rule *rig_outcomes_built_in(size_t *n);

/** The first of n rules that fits; NULL for none. A pure function. */
const rig_outcome_rule *rig_outcomes_find(const rig_outcome_rule *rules, size_t n,
                                          const rig_call_facts *facts);

/**
 * Write a rule's reason for a call.
 * @param rule         NULL: no rule fits.
 * @param[out] reason  In printable ASCII: "503 Q.850;cause=34", "caller BYE", ... Of
 *                     RIG_CALL_REASON_SIZE bytes; NULL where only the outcome is asked for.
 * @return the outcome.
 */
rig_outcome rig_outcomes_say(const rig_outcome_rule *rule, const rig_call_facts *facts,
                             char *reason);

/** Decide by the built-in rules alone. A pure function. @param[out] reason As rig_outcomes_say. */
void rig_outcomes_decide(const rig_call_facts *facts, rig_outcome *outcome,
                         char reason[RIG_CALL_REASON_SIZE]);

/** Whether a text may be a rule's reason: %c, %q, %t and printable ASCII, short enough. */
bool rig_outcomes_reason_is_good(const char *format);

#endif
