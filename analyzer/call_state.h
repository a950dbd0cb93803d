/* How far one call has come: events of its legs in, a call record out. Internal to the room. */
#ifndef RIG_ANALYZER_CALL_STATE_H
#define RIG_ANALYZER_CALL_STATE_H

#include "analyzer/leg.h"
#include "analyzer/number_index.h"
#include "analyzer/outcome.h"
#include "core/call.h"

/** A BYE of either side so soon after a CANCEL that the answer crossed: the caller had given up. */
#define RIG_CROSSED_BYE_NS (5 * RIG_NS_PER_S)

/** What the target has shown to tell, anywhere in the capture so far. */
typedef struct rig_call_marks {
    bool has_queue;   /**< that a call is in the queue: 182, INFO */
    bool has_ringing; /**< that an agent's phone rings: INFO */
} rig_call_marks;

/** A call and what is known of it. */
typedef struct rig_call_state {
    rig_number_link by_number; /**< linked while the call is in progress; first member */
    rig_call call;             /**< the record; outcome and reason are filled by _decide */
    rig_endpoint caller, centre;
    uint64_t number_key; /**< for by_number; 0: no number */
    rig_end end;
    rig_phase phase;          /**< now; once the call is over: when it ended */
    rig_phase phase_at_setup; /**< when the answer or the CANCEL came, whichever was first */
    bool is_setup_over;       /**< answer or CANCEL has come */
    bool has_response;        /**< to the INVITE */
    bool is_dead;             /**< had none for RIG_NO_RESPONSE_NS */
    bool is_early_bye;
    bool is_answer_crossed;
    rig_agent_end agent_end;
    uint32_t n_ringing; /**< agents' phones that ring now */
    int64_t t_cancel_ns;
    int q850_cause;
    uint8_t n_q850_text;
    char q850_text[40];
    rig_outcome counted_as; /**< in the running counts */
} rig_call_state;

/** Begin with the initial INVITE; call.call_id is the caller's business. */
void rig_call_state_begin(rig_call_state *state, const rig_leg *leg, const rig_sip *sip,
                          int64_t t_ns);

/** Note what a message tells of the target, whatever leg it belongs to. */
void rig_call_marks_note(rig_call_marks *marks, const rig_sip *sip);

/** Follow an event of the caller's leg. */
void rig_call_state_on_caller_leg(rig_call_state *state, const rig_leg *leg, rig_leg_event event,
                                  const rig_sip *sip, int64_t t_ns, const rig_call_marks *marks);

/** Follow an event of an agent's leg, RIG_LEG_OFFERED included. */
void rig_call_state_on_agent_leg(rig_call_state *state, rig_leg *leg, rig_leg_event event,
                                 int64_t t_ns);

/**
 * The outcome by what is known now.
 * @param t_now_ns  The end of the capture so far.
 */
void rig_call_state_decide(const rig_call_state *state, const rig_call_marks *marks,
                           int64_t t_now_ns, rig_outcome *outcome,
                           char reason[RIG_CALL_REASON_SIZE]);

#endif
