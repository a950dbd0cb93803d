/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A leg: what happened under one Call-ID, told as events. Internal to the room.
 *
 * The leg knows the protocol and nothing of call centres: what answers an INVITE and what does not,
 * which CANCEL cancels the call, which side sent a BYE. Whether it is a caller's leg or an agent's
 * is decided in calls.h. Duplicates and retransmissions must have been taken out before (seen.h);
 * every event is nevertheless told only once. */
#ifndef RIG_ANALYZER_CALLS_LEG_H
#define RIG_ANALYZER_CALLS_LEG_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/calls/branches.h"
#include "analyzer/calls/dialogs.h"
#include "analyzer/calls/seen.h"
#include "analyzer/message.h"
#include "analyzer/sip.h"
#include "core/clock.h"

/** The two ends of a leg, by who sent its first INVITE. */
typedef enum rig_side { RIG_SIDE_CALLER = 0, RIG_SIDE_CALLEE } rig_side;

/** What a message meant for its leg. */
typedef enum rig_leg_event_kind {
    RIG_LEG_NOTHING = 0,
    RIG_LEG_OFFERED,      /**< the initial INVITE */
    RIG_LEG_FORWARDED,    /**< a proxy passed it on: the callee is one hop farther */
    RIG_LEG_FORKED,       /**< a further branch while others are open (branches.h) */
    RIG_LEG_RETRIED,      /**< a further attempt after a refusal: the same call goes on */
    RIG_LEG_REVIVED,      /**< a branch is alive that nothing was heard of when the others failed */
    RIG_LEG_RESPONDED,    /**< 100: someone is there */
    RIG_LEG_PROVISIONAL,  /**< first 101..199 */
    RIG_LEG_ANSWERED,     /**< 2xx to the initial INVITE, also after a CANCEL that came too late */
    RIG_LEG_CHALLENGED,   /**< 401, 407 or 3xx: a further attempt should follow */
    RIG_LEG_FAILED,       /**< any other final response to the initial INVITE */
    RIG_LEG_CANCELLED,    /**< CANCEL of the initial INVITE, also one that came too late */
    RIG_LEG_ENDED,        /**< the first BYE, or the response to one that was not captured */
    RIG_LEG_ENDED_LATE,   /**< the BYE itself, whose response was captured before it */
    RIG_LEG_ENDED_LOOSE,  /**< a BYE of no dialog that is known: the end, if nothing follows */
    RIG_LEG_RENEGOTIATED, /**< re-INVITE or UPDATE */
    RIG_LEG_ENDED_AGAIN   /**< a further BYE, or the response to one */
} rig_leg_event_kind;

/** An event and the side that caused it (for responses: the side that had sent the request). */
typedef struct rig_leg_event {
    rig_leg_event_kind kind;
    rig_side side;
    bool is_of_initial; /**< a response to the initial INVITE as the caller sent it */
    int64_t early_ns;   /**< > 0: another message that follows from this one was captured so long
                             before it: the clocks of the two directions differ */
    int64_t reply_ns;   /**< > 0: the other side answered the message before this one so fast */
} rig_leg_event;

/** What a leg is for the calls; set by calls.h. */
typedef enum rig_leg_role {
    RIG_LEG_ORPHAN = 0, /**< its initial INVITE was not captured */
    RIG_LEG_OF_CALLER,
    RIG_LEG_OF_AGENT,
    RIG_LEG_OF_RELAY, /**< a hop on the way of a call, under another Call-ID: beyond a session
                         border controller */
    RIG_LEG_MOVED,    /**< it took the place of the caller's leg (REFER) */
    RIG_LEG_STRAY     /**< an agent's leg of which the call is not known */
} rig_leg_role;

struct rig_fate;

/** One leg. Owned by its table (leg_table.h). */
typedef struct rig_leg {
    uint64_t hash;          /**< of the Call-ID */
    uint64_t number;        /**< 1, 2, .. in the order in which legs begin */
    struct rig_fate *call;  /**< whose leg this is; NULL for orphans and strays */
    rig_seen_recent recent; /**< messages */
    int64_t t_last_ns;      /**< last message */
    rig_leg_role role : 8;
    bool has_response : 1; /**< any response to the initial INVITE, 100 too */
    bool has_provisional : 1;
    bool has_ack : 1;            /**< the caller acknowledged a final response */
    bool is_forwarded : 1;       /**< proxies that passed it on were seen */
    bool is_end_by_response : 1; /**< the response to the BYE was captured, the BYE (so far) not */
    bool is_dead : 1; /**< no response for so long that none will come; kept by calls.h */
    bool is_challenged : 1;
    bool is_answered : 1;
    bool is_failed : 1;
    bool is_cancelled : 1;
    bool is_ended : 1;
    bool is_ringing : 1;      /**< an agent's phone rings; kept by calls.h */
    bool is_talk : 1;         /**< its answer is the agent's answer of the call; kept by calls.h */
    bool is_counted_talk : 1; /**< its phone is known to be in a talk; kept by strays.c */
    bool is_sent_on : 1, is_sent_on_talk : 1; /**< kept by sent_on.c */
    bool is_known_there : 1; /**< an orphan of which more is seen than requests, and 481 to them */
    bool is_nobodys : 1;     /**< an orphan that was told 481, and nothing else; kept by intake.c */
    bool is_retired : 1;     /**< in the table's list of legs to forget */
    uint16_t source;         /**< of its first INVITE (clock/ties.h) */
    uint32_t n_call_id;
    uint32_t n_attempts;   /**< INVITEs of the caller with a CSeq of their own */
    uint32_t invite_cseq;  /**< of the last attempt */
    rig_branches branches; /**< of the initial INVITE on its first hop */
    rig_dialogs dialogs;   /**< that its answers have made */
    uint64_t caller_tag;   /**< hash of the caller's tag; 0 where there is none */
    int64_t t_first_ns;    /**< first message */
    int64_t t_taken_ns;    /**< capture time when that was taken */
    int64_t t_answer_ns;   /**< RIG_NO_TIME until RIG_LEG_ANSWERED */
    int64_t t_attempt_ns;  /**< last attempt's INVITE */
    int64_t t_ack_ns;      /**< of the caller's first ACK to an attempt; RIG_NO_TIME */
    int64_t t_end_ns;      /**< BYE, its response, or the refusal; RIG_NO_TIME */
    int64_t t_own_ns;      /**< of the caller's last ACK or BYE; RIG_NO_TIME */
    int64_t t_reply_ns[2]; /**< of reply_cseq's response */
    uint64_t
        reply_branch[2];    /**< and of which transaction: each dialog counts from the same CSeq */
    uint32_t reply_cseq[2]; /**< of each side's requests in the dialog: the last with a response */
    uint64_t end_tag;       /**< callee's tag of the BYE that ended it */
    uint32_t end_cseq;      /**< of that BYE */
    int final_code;         /**< to the last attempt; 0 = none */
    uint32_t generation;    /**< how many legs of this Call-ID were over before it began */
    uint32_t ring; /**< of an agent's leg, which of its call's rings it is, from 1; 0: nobody asks
                        (party_notes.h) */
    int64_t t_retired_ns;
    struct rig_leg *next_retired;
    struct rig_pending_leg
        *pending;              /**< what is kept of an agent's leg whose call may turn out by
                                  the time of its end (pairing.h), one block of the heap; or NULL */
    struct rig_orphan *orphan; /**< whose number an orphan shows (strays.c), one block of the heap;
                                    or NULL */
    struct rig_held *held;     /**< messages that wait for an INVITE (waiting.h); NULL: none */
    rig_endpoint caller, callee; /**< source of the first INVITE; destination of its last hop */
    rig_endpoint first_callee;   /**< destination of its first hop */
    char call_id[];              /**< n_call_id bytes, not terminated */
} rig_leg;

/** A leg that is over, or answered and acknowledged, and silent for so long: an INVITE as its own
 * is no retransmission any more (a client stops when the final response is there: RFC 3261 section
 * 17.1.1.2) but another call, though all of its identifiers are the same. */
#define RIG_LEG_QUIET_NS RIG_NS_PER_S

/** A further INVITE so soon after a refusal, of whatever code, is a further attempt. After some
 * codes it is one whenever it comes (leg.c). */
#define RIG_LEG_AT_ONCE_NS RIG_NS_PER_S

/** Whether the leg needs no more messages: it failed, was cancelled unanswered, or had its BYE. */
bool rig_leg_is_over(const rig_leg *leg);

/**
 * Whether an initial INVITE under a leg's Call-ID is another call: the leg is over (or its
 * beginning was not captured) and this is neither a retransmission, nor passed on by a
 * proxy, nor a further attempt.
 */
bool rig_leg_is_reused(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet);

/** Whether a leg has been silent for RIG_LEG_QUIET_NS. */
bool rig_leg_is_quiet(const rig_leg *leg, int64_t t_ns);

/**
 * Whether an initial INVITE under the Call-ID of a leg that is up is another caller's: it has
 * another From tag (RFC 3261 section 12), comes from the caller's host, and was not passed on
 * there.
 */
bool rig_leg_is_of_other_caller(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet);

/**
 * Whether a message belongs to an attempt or a branch of this leg whose INVITE has not come yet: it
 * may be on its way (waiting.h).
 */
bool rig_leg_awaits_invite(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet);

/** Whether a message is of the transaction of one of the leg's initial INVITEs, by its branch. */
bool rig_leg_has_branch(const rig_leg *leg, const rig_sip *sip);

/**
 * Whether a message that came before the leg's INVITE may be one of the leg's, by CSeq and tags:
 * not the tail of an earlier call of the same Call-ID.
 */
bool rig_leg_may_own(const rig_leg *leg, const rig_sip *sip);

/** Begin a leg with its initial INVITE. The Call-ID and its hash are there already. */
void rig_leg_begin(rig_leg *leg, const rig_sip *sip, const rig_packet *packet, int64_t t_ns);

/**
 * Follow one message of a leg that began with its INVITE.
 * @return what it meant; `side` is filled for every kind.
 */
rig_leg_event rig_leg_apply(rig_leg *leg, const rig_sip *sip, const rig_packet *packet,
                            int64_t t_ns);

/** Whether a message is the leg's own initial INVITE once more, on its first hop. */
bool rig_leg_is_own_invite(const rig_leg *leg, const rig_sip *sip, const rig_packet *packet);

#endif
