/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of a capture: which leg is whose, and how far each call has come. Internal to the room;
 * the public door is analyzer.h.
 *
 * A caller's leg is a call. A leg from the centre to an agent's phone is a part of one: which one,
 * the join rules tell (rules.h, joins.c). A call is handed to the sink when all of its legs are
 * forgotten, or at the end: memory follows the calls in progress. */
#ifndef RIG_ANALYZER_CALLS_CALLS_H
#define RIG_ANALYZER_CALLS_CALLS_H

#include "analyzer/call_sink.h"
#include "analyzer/call_watch.h"
#include "analyzer/calls/collect.h"
#include "analyzer/calls/leg_table.h"
#include "analyzer/explain.h"
#include "analyzer/rules.h"
#include "core/status.h"

/** No response for so long after the INVITE: the caller's transaction is over (64 x T1, timer B).
 */
#define RIG_NO_RESPONSE_NS (32 * RIG_NS_PER_S)

/** The set of calls; opaque. */
typedef struct rig_book rig_book;

struct rig_clock_ties;

/** Running counts. */
typedef struct rig_book_counts {
    uint64_t n_offered;
    uint64_t n_answered;
    uint64_t n_agent_legs;     /**< joined to their calls */
    uint64_t n_stray_legs;     /**< agents' legs of which the call cannot be told */
    uint64_t n_call_backs;     /**< calls of the centre to callers: not offered */
    uint64_t n_limit_promises; /**< deflected calls for which there was no room to remember them */
    uint64_t n_outcome[RIG_N_OUTCOMES]; /**< so far; sums to n_offered */
    uint64_t n_backwards;               /**< calls handed out whose times run backwards */
    uint64_t n_gapped;                  /**< calls handed out that lack a message */
    uint64_t n_leg_pairs;               /**< calls that look like a leg of another one */
    uint64_t n_retargeted;              /**< calls passed on by a leg that goes to someone else */
    uint64_t n_by_agents;               /**< calls made by agents' phones */
    bool has_queue_marks;               /**< a call's entry into the queue was marked somewhere */
} rig_book_counts;

/**
 * @param rules      Borrowed until rig_book_free.
 * @param table      Where callers' legs are looked up; the book is told of legs that it forgets.
 * @param sink       Takes the calls that are over.
 * @param explain    NULL: nobody asks. Borrowed.
 * @param[out] book  Owned by the caller.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_book_new(const rig_rules *rules, rig_leg_table *table, const rig_call_sink *sink,
                        const rig_explain *explain, rig_book **book, rig_error *err);

/** Told of a leg that belongs to a call, by number and order (rig_tap.joined). */
typedef void (*rig_leg_joined)(void *ctx, uint64_t leg, uint64_t order);

/** Have someone told of legs that turn out to be a call's. @param joined NULL: nobody. */
void rig_book_on_joined(rig_book *book, rig_leg_joined joined, void *ctx);

/** Have someone told of each step of each call that begins from now on. */
void rig_book_watch(rig_book *book, const rig_call_watch *watch);

/** Have who called whom noted, of calls that begin from now on (rig_finished_call.parties). */
void rig_book_note_parties(rig_book *book);

/** Have it counted which call of its caller each is, of those that begin from now on
 * (rig_call.nth_of_caller). @return RIG_OK or RIG_ENOMEM. */
rig_status rig_book_count_redials(rig_book *book, rig_error *err);

/** Calls that may have been sent on (sent_on.h), and where most of them went. */
void rig_book_count_sent_on(const rig_book *book, uint64_t *n, rig_endpoint *to);

/** Have calls with legs of two sources noted. @param ties  Borrowed for as long as the book. */
void rig_book_note_sources(rig_book *book, struct rig_clock_ties *ties);

/** A leg has a message of another source than that of its INVITE. */
void rig_book_note_source(const rig_leg *leg, uint16_t source);

/** Free the book and all its calls. NULL-safe. Legs must not be used with it any more. */
void rig_book_free(rig_book *book);

/**
 * Take in a leg that has just begun: a new call, an agent's leg, or a stray. Fills leg->role and
 * leg->call.
 * @return RIG_OK or RIG_ENOMEM (then the leg is a stray).
 */
rig_status rig_book_open(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                         rig_error *err);

/**
 * Follow a message of a leg that was taken in, retransmissions and duplicates excepted.
 * @param marks  Of rig_book_note_marks, which comes before.
 */
void rig_book_follow(rig_book *book, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                     uint64_t marks, int64_t t_ns);

/**
 * Note what a message of any leg, an orphan's too, tells of the marks that this target shows.
 * @return the marks that it may be (rig_rules_match).
 */
uint64_t rig_book_note_marks(rig_book *book, const rig_sip *sip);

/**
 * Note what a message of a leg whose INVITE was not captured tells of the number that calls: the
 * agent's leg of this call is no call.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_book_note_orphan(rig_book *book, rig_leg *leg, const rig_sip *sip,
                                const rig_packet *packet, rig_error *err);

/** The INVITE of such a leg was there after all, or the leg is forgotten. */
void rig_book_forget_orphan(rig_book *book, rig_leg *leg);

/**
 * How many of the calls handed out hang on the order of two events that lie no farther apart than
 * this (to the next power of two, ns).
 */
uint64_t rig_book_n_nearer(const rig_book *book, int64_t at_most_ns);

/** A leg's Call-ID is used again, though its end was not captured: nothing more will come of it. */
void rig_book_leave(rig_book *book, const rig_leg *leg, int64_t t_ns);

/** Count a retransmission of a leg's initial INVITE for its call. */
void rig_book_invite_again(const rig_leg *leg, int64_t t_ns);

/** Whether all that a message told of a leg and its call could be kept: what is not known of them
 * makes no result. @return RIG_OK or RIG_ENOMEM, which is told once. */
rig_status rig_book_check_memory(rig_leg *leg, rig_error *err);

/** A leg's INVITE once more: how near that is to the instant from which it is another call. */
void rig_book_note_reuse(const rig_leg *leg, int64_t t_ns);

/**
 * Let time pass: calls without any response for RIG_NO_RESPONSE_NS are counted as lost, calls whose
 * legs were forgotten are handed out.
 * @return RIG_OK or what the sink returned.
 */
rig_status rig_book_tick(rig_book *book, int64_t t_now_ns, rig_error *err);

/** The counts; owned by the book. */
const rig_book_counts *rig_book_count(const rig_book *book);

/**
 * All calls as they are now: those that are held, and those that a collector has taken.
 * @param[out] calls  By their orders, without Call-IDs (NULL); owned by the caller: rig_calls_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_book_snapshot(rig_book *book, const rig_collector *collector, rig_calls **calls);

/**
 * The capture is over: hand out all calls that are left, in the order of their INVITEs, and set the
 * counts right. May be called again after an error of the sink.
 * @param t_last_ns   End of the capture.
 * @return RIG_OK or what the sink returned.
 */
rig_status rig_book_finish(rig_book *book, int64_t t_last_ns, rig_error *err);

#endif
