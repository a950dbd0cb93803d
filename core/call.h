/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The call record: one observed call (one attempt), a row of calls.csv. */
#ifndef RIG_CORE_CALL_H
#define RIG_CORE_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/stage.h"
#include "core/status.h"

/** Who sent the BYE of the caller's leg. */
typedef enum rig_bye { RIG_BYE_NONE = 0, RIG_BYE_CALLER, RIG_BYE_CALLEE } rig_bye;

/** Longest name of an agent, its NUL included. */
#define RIG_CALL_AGENT_SIZE 64

/** Room for what a caller keys in the menu, its NUL included: more than RIG_CALL_MAX_KEYS, for a
 * pseudonym. */
#define RIG_CALL_CHOICE_SIZE 24
/** Keys that are kept of it. */
#define RIG_CALL_MAX_KEYS 16

/** Longest reason, its NUL included. */
#define RIG_CALL_REASON_SIZE 96

/**
 * What the wire showed of one call. Instants are ns since the epoch, RIG_NO_TIME where the event
 * was not seen.
 */
typedef struct rig_call {
    char *call_id;      /**< SIP Call-ID of the caller's leg; owned by the record */
    char *carrier;      /**< by which it came, where rules for carriers say so; NULL: none does.
                             Owned by the record */
    char *caller_class; /**< of callers, where rules for classes say so; else NULL. Owned by the
                             record */
    char *call_back_of; /**< of a call back: the Call-ID of the call that was promised it; NULL for
                           a caller's. Owned by the record */
    int64_t planned_index; /**< row of the schedule, from 0; -1 when the call was not ours */
    int64_t t_invite_ns;   /**< first INVITE */
    int64_t
        t_provisional_ns; /**< first 101..199 (100 is hop by hop and says nothing of the stage) */
    int64_t t_menu_ns;    /**< first mark of the menu before any answer: early media, a 183 that the
                               rules take for the IVR's */
    int64_t t_answer_ns;  /**< 200 to the initial INVITE */
    int64_t t_queue_ns;   /**< first mark that the call entered the queue */
    int64_t t_first_ring_ns;   /**< first time an agent's phone began to ring for this call; also
                                    RIG_NO_TIME in files of earlier versions */
    int64_t t_agent_ring_ns;   /**< last time */
    int64_t t_agent_answer_ns; /**< an agent answered */
    int64_t t_end_ns; /**< final failure response, CANCEL or BYE: the instant the call was over */
    int final_code;   /**< final response to the initial INVITE; 0 = none */
    bool answered;    /**< a 2xx to the initial INVITE was seen */
    bool cancelled;   /**< the caller sent CANCEL */
    rig_bye bye;      /**< who ended the answered call */
    uint32_t invite_retransmissions; /**< of the initial INVITE */
    uint32_t attempts; /**< INVITEs that the caller sent for it, each with a CSeq or Call-ID of its
                            own: 1, and one more for each that followed a refusal or a challenge */
    bool is_backwards; /**< its times run backwards: of its durations nothing is known */
    uint32_t n_messages; /**< SIP messages of all legs, without retransmissions and duplicates */
    uint32_t n_legs;     /**< the caller's leg and the agent legs */
    uint32_t n_phones_at_once; /**< the most agents' phones that rang for it together, for 10 ms at
                                    least; 0: none rang, or (files of earlier versions) not known */
    char agent[RIG_CALL_AGENT_SIZE]; /**< who answered, or else whose phone rang last: the user
                                          that was called, or the phone's address; "": none rang,
                                          or nobody asked who (rig_analyzer_options.with_parties)
                                        */
    char choice[RIG_CALL_CHOICE_SIZE]; /**< what the caller keyed before the call was seen in the
                                            queue, by SIP INFO: the first RIG_CALL_MAX_KEYS of it;
                                            "": nothing, or (files of format 1) not known */
    uint32_t nth_of_caller; /**< the so-manieth call of his number in the capture, from 1; 0: not
                                 known: he hides it, or nobody asked
                                 (rig_analyzer_options.with_redials) */
    uint32_t announced_position; /**< in the queue, as the caller was told on his first entry; 0:
                                      none was told, or (files of earlier versions) not known */
    double announced_wait_s;     /**< the same, s of wire time; 0: likewise */
    bool is_balked;              /**< its caller says that he left because of what he was told */
    bool is_emergency;   /**< the centre told the agent who answered to keep the talk short */
    rig_outcome outcome; /**< never RIG_OUTCOME_NOT_PLACED */
    char reason[RIG_CALL_REASON_SIZE]; /**< why this outcome: "503 Q.850;cause=34", "caller BYE",
                                          ... */
} rig_call;

/** Calls of a capture, in the order of their first INVITE. */
typedef struct rig_calls {
    rig_call *items;
    size_t n;
    rig_call *backs; /**< calls back to callers who were deflected, in the order of their INVITEs:
                          no callers' calls, and not among the items */
    size_t n_backs;
    uint64_t
        n_unmatched; /**< legs of which the INVITE is not in the capture: perhaps further calls */
    uint64_t n_uncertain; /**< of the calls: whose outcome the order of the capture's messages
                             decides, where that cannot be trusted */
} rig_calls;

/**
 * Give a record texts of its own (call_id, carrier, caller_class) in the place of borrowed ones.
 * @return false when out of memory: what could not be copied is NULL, the rest is to be freed.
 */
bool rig_call_own_texts(rig_call *call);

/** Free the texts that a record owns. */
void rig_call_free_texts(rig_call *call);

/** Free the records, their strings and the set itself. NULL-safe. */
void rig_calls_free(rig_calls *calls);

/**
 * The stage in which a call ended. A call that an agent did not answer in time and that was put
 * back into the queue is in the queue again. Trunk for RIG_OUTCOME_NOT_PLACED (it entered nothing).
 */
rig_stage rig_call_stage(const rig_call *call);

/**
 * The instant at which an IVR port took a call: its answer; at a centre that answers for the agent
 * alone (`is_early`: menu and queue are early media), the mark of its menu. RIG_NO_TIME: none was
 * seen.
 */
int64_t rig_call_port_ns(const rig_call *call, bool is_early);

/** Whether the caller ended it: a BYE, or a CANCEL before any answer. */
bool rig_call_is_ended_by_caller(const rig_call *call);

/** Whether the centre ended it: a BYE, or a refusal before any answer. */
bool rig_call_is_ended_by_centre(const rig_call *call);

/** The cause of Q.850 that the reason of its outcome names; 0: none. */
int rig_call_cause(const rig_call *call);

/** The failure beyond Q.850 that it names (a status code of SIP, a number of the centre's own);
 * 0: none. */
int rig_call_other_cause(const rig_call *call);

/** "none", "caller", "callee"; static. */
const char *rig_bye_name(rig_bye bye);

#endif
