/* How far one call has come: events of its legs in, a call record out. Internal to the room. */
#ifndef RIG_ANALYZER_CALLS_FATE_H
#define RIG_ANALYZER_CALLS_FATE_H

#include "analyzer/calls/leg.h"
#include "analyzer/calls/number_index.h"
#include "analyzer/calls/party_notes.h"
#include "analyzer/outcome.h"
#include "analyzer/rules.h"
#include "core/call.h"

/** A BYE of either side so soon after a CANCEL that the answer crossed: the caller had given up. */
#define RIG_CROSSED_BYE_NS (5 * RIG_NS_PER_S)

/** What the target has shown to tell, anywhere in the capture so far. */
typedef struct rig_call_marks {
    bool has_queue;   /**< that a call is in the queue */
    bool has_ringing; /**< that an agent's phone rings */
} rig_call_marks;

/** What links a call into the index of calls in progress, by one of its keys. */
typedef struct rig_call_key {
    rig_number_link link; /**< first member */
    struct rig_fate *state;
    uint64_t key; /**< 0: the call has none of this kind */
} rig_call_key;

/** A call and what is known of it. */
typedef struct rig_fate {
    rig_call
        call; /**< the record; outcome and reason are filled by _decide; call_id is in `text` */
    rig_endpoint caller, centre;
    struct rig_fate *older, *newer; /**< in the order of their INVITEs */
    rig_leg *leg;                   /**< the caller's, while it is in the table */
    uint64_t order;                 /**< how many calls began before */
    uint64_t fired;                 /**< marks of responses that have counted */
    uint32_t n_refs;                /**< legs in the table that belong to it */
    rig_end end;
    rig_phase phase;          /**< now; once the call is over: when it ended */
    rig_phase phase_at_setup; /**< when the answer or the CANCEL came, whichever was first */
    bool is_setup_over;       /**< answer or CANCEL has come */
    bool has_response;        /**< to the INVITE */
    bool is_dead;             /**< had none for RIG_NO_RESPONSE_NS */
    bool is_early_bye;
    bool is_answer_crossed;
    bool is_deflected;
    bool is_silent;    /**< given up after a long silence */
    bool is_explained; /**< someone asks why */
    rig_agent_end agent_end;
    uint32_t n_ringing; /**< agents' phones that ring now */
    int64_t t_cancel_ns;
    int64_t t_failed_ns;   /**< 3xx and above to the last attempt; RIG_NO_TIME */
    int64_t t_bye_done_ns; /**< 2xx to the BYE that ended the call; RIG_NO_TIME */
    int q850_cause;
    uint8_t n_q850_text;
    char q850_text[40];
    rig_party_notes *parties; /**< owned; NULL: nobody asks */
    rig_outcome counted_as;   /**< in the running counts */
    size_t n_keys;
    rig_call_key keys[]; /**< linked while the call is in progress; then the Call-ID, with a NUL */
} rig_fate;

/** Begin with the initial INVITE; call.call_id, keys, list and counts are the caller's business. */
void rig_fate_begin(rig_fate *state, rig_leg *leg, const rig_sip *sip, int64_t t_ns);

/** Follow an event of the caller's leg. */
void rig_fate_on_caller_leg(rig_fate *state, const rig_leg *leg, rig_leg_event event,
                            const rig_sip *sip, int64_t t_ns);

/** Follow an event of an agent's leg. RIG_LEG_OFFERED rings, unless `rings_on_18x`. */
void rig_fate_on_agent_leg(rig_fate *state, rig_leg *leg, rig_leg_event event, int64_t t_ns,
                           bool rings_on_18x);

/**
 * A mark says that the call is in a stage.
 * @return whether that changed anything: not when the call is over or further on.
 */
bool rig_fate_mark(rig_fate *state, rig_meaning meaning, int64_t t_ns, const rig_call_marks *marks);

/** An agent's leg that was no part of the call so far turns out to be, at its end. */
void rig_fate_adopt(rig_fate *state, int64_t t_ring_ns, int64_t t_answer_ns,
                    rig_agent_end agent_end, uint32_t n_messages);

/** Whether the call is in progress and its caller is answered, with nothing more known. */
static inline bool rig_fate_is_in_menu(const rig_fate *state)
{
    return state->end == RIG_END_NONE && state->phase == RIG_PHASE_MENU && state->call.answered;
}

/**
 * The outcome by what is known now.
 * @param has_queue_marks  As in rig_call_marks, as far as is known.
 * @param t_now_ns         The end of the capture so far.
 * @param[out] reason      As rig_outcomes_say.
 * @param[out] rule        Which rule has decided; NULL where none fits. May itself be NULL.
 */
rig_outcome rig_fate_decide(const rig_fate *state, const rig_rules *rules, bool has_queue_marks,
                            int64_t t_now_ns, char reason[RIG_CALL_REASON_SIZE],
                            const rig_outcome_rule **rule);

#endif
