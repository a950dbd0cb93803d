/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far one call has come: events of its legs in, a call record out. Internal to the room. */
#ifndef RIG_ANALYZER_CALLS_FATE_H
#define RIG_ANALYZER_CALLS_FATE_H

#include "analyzer/call_watch.h"
#include "analyzer/calls/fate_rare.h"
#include "analyzer/calls/leg.h"
#include "analyzer/calls/number_index.h"
#include "analyzer/calls/open_call.h"
#include "analyzer/calls/party_notes.h"
#include "analyzer/calls/slabs.h"
#include "analyzer/outcome.h"
#include "analyzer/rules.h"
#include "analyzer/sip/telephone.h"
#include "core/call.h"

/** A BYE of either side so soon after a CANCEL that the answer crossed: the caller had given up. */
#define RIG_CROSSED_BYE_NS (5 * RIG_NS_PER_S)

/** What the target has shown to tell, anywhere in the capture so far. */
typedef struct rig_call_marks {
    bool has_queue;   /**< that a call is in the queue */
    bool has_ringing; /**< that an agent's phone rings */
} rig_call_marks;

/** What an INVITE shows by which a hop's leg finds its call (passed_on.c). */
typedef enum rig_shown {
    RIG_SHOWN_SESSION = 0,
    RIG_SHOWN_CHARGING,
    RIG_SHOWN_DESCRIPTION,
    RIG_SHOWN_FROM,
    RIG_SHOWN_ASSERTED,
    RIG_N_SHOWN
} rig_shown;

/** A rig_call_step in three bytes. */
typedef struct rig_packed_step {
    uint8_t place, stage, outcome;
} rig_packed_step;

/** A request of the centre that has had its response. */
typedef struct rig_replied {
    const rig_leg *leg; /**< NULL: none */
    uint32_t cseq;
    rig_sip_method method : 8;
    bool is_accepted;
} rig_replied;

/** A call and what is known of it. Here are what most calls have; the rest is in `rare`. */
typedef struct rig_fate {
    rig_open_call call; /**< the record; call_id lies behind the keys */
    rig_fate_rare *rare; /**< owned; NULL: nothing of it (fate_rare.h) */
    rig_endpoint caller, centre;
    rig_endpoint counted_at;        /**< where rig_strays_note_call has counted it */
    struct rig_fate *older, *newer; /**< in the order of their INVITEs */
    rig_leg *leg;                   /**< the caller's, while it is in the table */
    rig_leg *moved;                 /**< the leg that took the caller's place (REFER); NULL: none */
    uint64_t number, dialled;       /**< of From and To (rig_sip_user_hash) */
    uint64_t repeats_as;            /**< rig_repeats_number of a call that is counted; else 0 */
    uint64_t called;                /**< of the Request-URI, likewise */
    rig_telephone telephone;        /**< of From, or else of P-Asserted-Identity */
    rig_telephone to;               /**< of To */
    rig_endpoint relay;             /**< a hop that passed the call on under another Call-ID */
    uint64_t order;                 /**< how many calls began before */
    uint64_t fired;                 /**< marks of responses that have counted */
    int64_t t_cancel_ns;
    int64_t t_turn_ns;     /**< when the centre or an agent last moved the call on; RIG_NO_TIME */
    int64_t gap_ns;        /**< from that to the call's end, or the other way round: the shortest */
    int64_t t_failed_ns;   /**< 3xx and above to the last attempt; RIG_NO_TIME */
    int64_t t_bye_done_ns; /**< 2xx to the BYE that ended the call; RIG_NO_TIME */
    rig_replied replied;   /**< the last that has had its response, perhaps before it came */
    uint32_t replied_cseq,
        replied_at_end;         /**< of the centre's requests: the last with a response */
    uint32_t n_attempts_before; /**< under earlier Call-IDs */
    uint32_t n_refs;            /**< legs in the table that belong to it */
    uint32_t n_ringing;         /**< agents' phones that ring now */
    rig_end end : 8;
    rig_phase phase : 8;          /**< now; once the call is over: when it ended */
    rig_phase phase_at_setup : 8; /**< when the answer or the CANCEL came, whichever was first */
    rig_agent_end agent_end : 8;
    rig_outcome counted_as : 8; /**< in the running counts */
    bool is_setup_over : 1;     /**< answer or CANCEL has come */
    bool has_response : 1;      /**< to the INVITE */
    bool is_dead : 1;           /**< had none for RIG_NO_RESPONSE_NS */
    bool is_up : 1;             /**< linked: in progress */
    bool is_relayed : 1;        /**< `relay` is set */
    bool is_end_by_response : 1; /**< its BYE was not captured (so far), the response was */
    bool is_connect_refused : 1; /**< a re-INVITE or UPDATE that would have connected it */
    bool is_loose : 1;           /**< a BYE of no known dialog was the last that was heard */
    bool is_drop : 1;            /**< an agent hung up soon after his answer: see t_drop_ns */
    bool is_early_leg : 1;       /**< a leg of it was captured before its INVITE */
    bool is_early_bye : 1;
    bool is_answer_crossed : 1;
    bool is_deflected : 1;
    bool is_gapped : 1;     /**< a message that must have been there was not captured */
    bool is_late_again : 1; /**< its INVITE was sent again later than a first time is due */
    bool is_silent : 1;      /**< given up after a long silence */
    bool is_explained : 1;   /**< someone asks why */
    bool looks_like_leg : 1; /**< of another call: counted, and no more when it turns out to be one */
    bool is_before : 1;      /**< made by a host that no call had come to: counted there (strays.c) */
    bool is_diverted : 1;    /**< its INVITE came with Diversion or History-Info */
    bool is_retargeted : 1;  /**< taken for passed on, with another Request-URI: counted */
    bool is_call_back : 1;   /**< the centre calls a caller: call_backs.c */
    bool is_promise_noted : 1; /**< by rig_backs_note_deflected */
    bool is_by_agent : 1;      /**< made by a phone that agents' legs go to: counted */
    bool is_beyond : 1;        /**< a leg of a call that was sent on (sent_on.h): counted */
    bool is_told : 1;          /**< who watches the calls has been told `told` of it */
    bool has_failed : 1;       /**< there was no memory to note something; kept until it is read */
    uint16_t source, other_source; /**< of its first leg, and another one (clock/ties.h); 0: none */
    int16_t q850_cause, other_cause;
    rig_packed_step told;
    uint32_t shown[2 * RIG_N_SHOWN]; /**< by which number passed_on.c has noted them: at the
                                        centre's host, then at the caller's; 0: nowhere */
    rig_party_notes *parties;        /**< owned; NULL: nobody asks */
    rig_call_key origin;    /**< by caller's number and the host that he is at */
    rig_call_key asserted;  /**< likewise, by the number that his network asserts */
    uint32_t n_keys, n_bytes; /**< of all this */
    rig_call_key keys[]; /**< linked while the call is in progress; then the Call-ID, with a NUL */
} rig_fate;

/** Begin with the initial INVITE; call.call_id, keys, list and counts are the caller's business. */
void rig_fate_begin(rig_fate *state, rig_leg *leg, const rig_sip *sip, int64_t t_ns);

/** Follow an event of the caller's leg. */
void rig_fate_on_caller_leg(rig_fate *state, const rig_leg *leg, rig_leg_event event,
                            const rig_sip *sip, int64_t t_ns);

/** Follow an event of an agent's leg. RIG_LEG_OFFERED rings, unless the rules have it ring on 18x.
 */
void rig_fate_on_agent_leg(rig_fate *state, rig_leg *leg, rig_leg_event event, int64_t t_ns,
                           const rig_rules *rules);

/** Follow an event of the leg that took the caller's place after a REFER. */
void rig_fate_on_moved_leg(rig_fate *state, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                           int64_t t_ns);

/** The call goes on under another Call-ID, or after a refusal: it is not over. */
void rig_fate_reopen(rig_fate *state);

/**
 * A re-INVITE or UPDATE of the centre connects the caller with an agent if it is accepted: wait for
 * the response. Nothing where such a mark would not be believed.
 * @return whether its acceptance had been captured before, so that the call is connected now.
 */
bool rig_fate_ask_connected(rig_fate *state, const rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                            const rig_call_marks *marks);

/**
 * Follow a response to a request of the centre within a dialog.
 * @return whether it connects the caller with an agent (as of state->call.t_agent_answer_ns).
 */
bool rig_fate_on_reply(rig_fate *state, const rig_leg *leg, const rig_sip *sip);

/** Whether a mark that comes after the call's end was sent before it: its response was there. */
bool rig_fate_was_before_end(const rig_fate *state, const rig_sip *sip);

/** Two instants whose order, or whose distance, decides about the call. */
void rig_fate_note_gap(rig_fate *state, int64_t a_ns, int64_t b_ns);

/** Nothing more can come of the call: what could only be decided now. */
void rig_fate_settle(rig_fate *state);

/**
 * A mark says that the call is in a stage.
 * @return whether that changed anything: not when the call is over (unless `is_late`: it had been
 *         sent before the end) or further on.
 */
bool rig_fate_mark(rig_fate *state, rig_meaning meaning, int64_t t_ns, const rig_call_marks *marks,
                   bool is_late);

/** An agent's leg that was no part of the call so far turns out to be, at its end. */
void rig_fate_adopt(rig_fate *state, int64_t t_ring_ns, int64_t t_answer_ns,
                    rig_agent_end agent_end, uint32_t n_messages);

/** Whether nobody has answered it, and no leg beside the caller's is known. */
static inline bool rig_fate_is_of_caller_alone(const rig_fate *state)
{
    return !state->call.answered && state->call.n_legs == 1;
}

/** Whether the call is in progress, in the menu after its answer, or before any, as an elapsed rule
 * says, with nothing more known. */
static inline bool rig_fate_is_in_menu(const rig_fate *state, const rig_elapsed_rule *rule)
{
    return state->end == RIG_END_NONE && state->phase == RIG_PHASE_MENU &&
           state->call.answered != rule->is_of_menu &&
           rig_open_call_port_ns(&state->call, rule->is_of_menu) != RIG_NO_TIME;
}

/**
 * The outcome by what is known now.
 * @param has_queue_marks  As in rig_call_marks, as far as is known.
 * @param t_now_ns         The end of the capture so far.
 * @param[out] reason      As rig_outcomes_say.
 * @param[out] rule        Which rule has decided; NULL where none fits. May itself be NULL.
 */
rig_outcome rig_fate_decide(const rig_fate *state, const rig_rules *rules, bool has_queue_marks,
                            int64_t t_now_ns, char *reason, const rig_outcome_rule **rule);

/** The record of a call as far as it has come; outcome, reason and agent are not in it. What it
 * points to is the call's. */
rig_call rig_fate_record(const rig_fate *state);

/** Free a fate that is in no list any more, with what was noted of its parties.
 * @param slabs  Where it lies. */
void rig_fate_free(rig_fate *state, rig_slabs *slabs);

#endif
