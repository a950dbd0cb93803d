/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of a call: shared by the files call*.c and offer.c alone. */
#ifndef RIG_CALLCENTRE_CALL_CALL_IMPL_H
#define RIG_CALLCENTRE_CALL_CALL_IMPL_H

#include "callcentre/call/agent_leg.h"
#include "callcentre/call/call.h"
#include "callcentre/centre/centre.h"
#include "callcentre/centre/helpers.h"

/** Where a call is. */
typedef enum rig_callcentre_call_state {
    CALL_PORT_WAIT, /**< 180 sent, in line for a port */
    CALL_PORT_LATE, /**< has a port that does not answer yet (a defect) */
    CALL_MENU,      /**< taken by the IVR */
    CALL_PROMISED,  /**< hears that he is not to wait */
    CALL_QUEUED,    /**< in the queue */
    CALL_OFFERED,   /**< matched with an agent whose phone does not ring yet */
    CALL_RINGING,   /**< the agent's phone rings */
    CALL_TALK,
    CALL_DIALLED, /**< the centre calls the caller's phone */
    CALL_OVER     /**< holds nothing; kept until its own requests are answered */
} rig_callcentre_call_state;

/** How the centre ends a call: a BYE when it was answered, else a final failure. */
typedef struct rig_callcentre_ending {
    const char *reason; /**< value of Reason */
    int status;
    const char *phrase;
    const char *header; /**< one more header line; NULL: none */
} rig_callcentre_ending;

extern const rig_callcentre_ending rig_callcentre_ending_normal;
extern const rig_callcentre_ending rig_callcentre_ending_temporary;
extern const rig_callcentre_ending rig_callcentre_ending_out_of_order;
extern const rig_callcentre_ending rig_callcentre_ending_queue_full;
extern const rig_callcentre_ending rig_callcentre_ending_queue_timeout;
extern const rig_callcentre_ending rig_callcentre_ending_deflected;

/** Room for the keys of a choice, their NUL included. */
#define RIG_CALLCENTRE_KEYS_SIZE 17

struct rig_callcentre_call {
    rig_callcentre_centre *centre;
    rig_callcentre_call_state state;
    uint64_t index;                       /**< among the calls that got a circuit */
    uint32_t attempt;                     /**< of its caller: 0 = his first call */
    size_t group;                         /**< of its circuit */
    size_t caller_class;                  /**< of callers, by its index in the scenario */
    size_t choice;                        /**< its way out of the menu, the same, */
    bool has_chosen;                      /**< when it has keyed it, */
    char keyed[RIG_CALLCENTRE_KEYS_SIZE]; /**< or what it has keyed so far */
    const sip_contact_t *contact;         /**< of the entrance that it came in by */
    bool holds_port;
    bool is_answered;       /**< 200 sent */
    bool is_acked;          /**< the ACK of our 200 has come */
    bool menu_is_over;      /**< but the ACK is still missing */
    bool is_overdue;        /**< the queue's time-out came while an agent was being rung */
    const char *bye_reason; /**< over, but the BYE must wait for the ACK; else NULL */
    nta_leg_t *dialog;
    tport_t *connection;     /**< that the INVITE came by; NULL for UDP with one entrance */
    nta_incoming_t *invite;  /**< NULL once acknowledged or given up */
    nta_outgoing_t *mark;    /**< re-INVITE or UPDATE without final answer */
    nta_outgoing_t *refresh; /**< a request that is no mark, without final answer */
    nta_outgoing_t *bye;     /**< ours, without final answer */
    uint32_t n_mark_retries;
    bool is_call_back;                   /**< the centre has made it. For such a one: */
    rig_callcentre_promise *promise;     /**< that it is to keep; NULL once its attempt is over */
    nta_outgoing_t *dialling;            /**< its INVITE without final answer */
    uint32_t kept_agent;                 /**< who takes it; he is its own while it is dialled */
    bool has_talked, is_kept;            /**< an agent has talked with the caller, to the end */
    rig_callcentre_agent_leg *agent_leg; /**< while offered, ringing or talking; of several that
                                              ring at once, a defect, the first of the list */
    char *number;
    char *call_id;
    char *sdp;       /**< the caller's offer; the centre's own session when there was none */
    char *agent_sdp; /**< NULL until an agent's phone gave one */
    rig_callcentre_waiter waiter;
    rig_callcentre_timer timer; /**< menu; queue time-out; retry of the mark; end of lingering */
    rig_callcentre_timer cut;   /**< the instant of a defect that ends calls */
    bool has_cut;               /**< room for that timer is reserved */
    rig_callcentre_timer asked; /**< when the caller may be told not to wait any more */
    bool has_asked;             /**< room for that timer is reserved */
    rig_callcentre_timer looking; /**< when the caller looks for a free agent next */
    bool has_looking;             /**< room for that timer is reserved */
    rig_callcentre_helpers helpers;  /**< who may take the call as well, after a time */
    rig_callcentre_timer refreshing; /**< when the session is refreshed next */
    bool has_refreshing;             /**< room for that timer is reserved */
    rig_callcentre_call *prev, *next;
};

/** A call without parties and dialog. @return NULL when out of memory. */
rig_callcentre_call *rig_callcentre_call_new_empty(rig_callcentre_centre *centre, size_t entrance,
                                                   size_t group);

/** What the caller's phone asks within the dialog. */
int rig_callcentre_call_on_request(void *call, nta_leg_t *dialog, nta_incoming_t *request,
                                   const sip_t *sip);

/** What the centre counts such calls by: those of callers, or its own. */
rig_callcentre_counts *rig_callcentre_call_counts(const rig_callcentre_call *call);

/** Make a call of an INVITE; it waits for a port. @return NULL when out of memory; `invite` is then
 * still the caller's to answer. */
rig_callcentre_call *rig_callcentre_call_new(rig_callcentre_centre *centre, nta_incoming_t *invite,
                                             const sip_t *sip, size_t entrance, size_t group);

/** From one state to another. */
void rig_callcentre_call_set_state(rig_callcentre_call *call, rig_callcentre_call_state state);

/** Whether nothing is answered before an agent answers. */
bool rig_callcentre_call_is_early(const rig_callcentre_call *call);

/** The connection for a request to the caller; NULL: by the address. */
tport_t *rig_callcentre_call_connection(const rig_callcentre_call *call);

/** The stack sends the 200 again until its ACK comes, without us. */
void rig_callcentre_call_forget_invite(rig_callcentre_call *call);

/** Give back all that the call holds: it is over for the centre. */
void rig_callcentre_call_release(rig_callcentre_call *call, const char *reason);

/** A call that is over goes as soon as its own requests are answered, or have had the time to be.
 */
void rig_callcentre_call_finish(rig_callcentre_call *call);

/** The centre ends the call. */
void rig_callcentre_call_end(rig_callcentre_call *call, const rig_callcentre_ending *ending);

/** Send the BYE of a call that is over. */
void rig_callcentre_call_hang_up(rig_callcentre_call *call, const char *reason);

/* Of a call back: call_back.c. */

/** It is over before its caller has answered. */
void rig_callcentre_call_stop_dialling(rig_callcentre_call *call);

/** It is over: so is its attempt. Nothing for a caller's call. */
void rig_callcentre_call_end_attempt(rig_callcentre_call *call);

/** The BYE that waited for the ACK, which has come, or never will. */
void rig_callcentre_call_end_late(rig_callcentre_call *call);

/** How a caller gives up before the answer. */
typedef enum rig_callcentre_give_up {
    RIG_CALLCENTRE_GIVE_UP_CANCEL = 0,
    RIG_CALLCENTRE_GIVE_UP_BYE
} rig_callcentre_give_up;

/** The caller's CANCEL, or BYE before the answer. */
void rig_callcentre_call_give_up(rig_callcentre_call *call, rig_callcentre_give_up how);

/** The caller's BYE after the answer. */
void rig_callcentre_call_hung_up(rig_callcentre_call *call);

/** Arm the call's timer. */
void rig_callcentre_call_set_timer(rig_callcentre_call *call, int64_t at_ns);

/** A key is pressed in the menu. */
void rig_callcentre_call_key(rig_callcentre_call *call, char key);

/** The menu is over, if the ACK and the caller's choice are there. */
void rig_callcentre_call_leave_menu(rig_callcentre_call *call);

/** The menu is over. */
void rig_callcentre_call_enter_queue(rig_callcentre_call *call);

/** The timers' deadlines. */
void rig_callcentre_call_on_timer(void *call);
void rig_callcentre_call_on_cut(void *call);
void rig_callcentre_call_on_asked(void *call);

/* Callers who look for a free agent by themselves: look.c. */

/** When one does so first. */
typedef enum rig_callcentre_first_look {
    RIG_CALLCENTRE_LOOK_NOW,   /**< he has just entered, and it is his turn */
    RIG_CALLCENTRE_LOOK_NEXT,  /**< he has just entered, and it is not */
    RIG_CALLCENTRE_LOOK_RETRY, /**< his agent did not answer */
} rig_callcentre_first_look;

/** Whether an agent is idle for a call that is about to join the queue, and free to be rung. */
bool rig_callcentre_call_is_awaited(const rig_callcentre_call *call);

/** He waits from now on; does nothing at a centre that gives a free agent at once. */
void rig_callcentre_call_begin_looking(rig_callcentre_call *call,
                                       rig_callcentre_first_look first);

void rig_callcentre_call_on_look(void *call);

/* What is asked of the caller's leg and is no mark: call_refresh.c. */

/** The session has begun: refresh it from now on, where the centre does (centre->refresh_s). */
void rig_callcentre_call_begin_refreshing(rig_callcentre_call *call);

/** The timer's deadline. */
void rig_callcentre_call_on_refresh(void *call);

/** An agent's phone is called: tell the connected line, where the centre does that at the wrong
 * time (centre->tells_dialled). */
void rig_callcentre_call_tell_dialled(rig_callcentre_call *call);

/* What the caller's leg is told: call_marks.c. */

/**
 * Ask the caller's phone within the dialog: an UPDATE, or an INVITE with the session as it is (RFC
 * 3261, 14.1).
 * @param callback  Called with the call at each response: rig_callcentre_call_take_response.
 * @param header    One more header line; NULL: none.
 * @return the request, for nta_outgoing_destroy; NULL when it could not be made.
 */
nta_outgoing_t *rig_callcentre_call_update(rig_callcentre_call *call, nta_response_f *callback,
                                           const char *header);
nta_outgoing_t *rig_callcentre_call_reinvite(rig_callcentre_call *call, nta_response_f *callback,
                                             const char *header);

/** A response to one of these: when it is final, a 2xx to an INVITE is acknowledged, and the
 * request is destroyed. @param[out] place  NULL then. @return its status; below 200: more will
 * come. */
int rig_callcentre_call_take_response(rig_callcentre_call *call, nta_outgoing_t *request,
                                      nta_outgoing_t **place, const sip_t *sip);

/** The IVR takes the call. @return false when it could not be said. */
bool rig_callcentre_tell_taken(rig_callcentre_call *call);

/** The call is in the queue, for the first time or again after a ringing.
 * @param announcement  One more header line, of what the caller is told; "": none. */
void rig_callcentre_tell_queue(rig_callcentre_call *call, const char *announcement);

/** An agent's phone rings. */
void rig_callcentre_tell_ringing(rig_callcentre_call *call);

/** An agent has answered. @return false when it could not be said. */
bool rig_callcentre_tell_answered(rig_callcentre_call *call);

/** The re-INVITE or UPDATE is due again. */
void rig_callcentre_tell_answered_again(rig_callcentre_call *call);

#endif
