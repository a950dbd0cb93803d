/* The calls of a capture: which leg is whose, and how far each call has come. Internal to the room;
 * the public door is analyzer.h.
 *
 * A caller's leg is a call. A leg from the centre to an agent's phone is a part of one: it names
 * the caller's leg in X-Caller-Call-ID, or it shows the number of a call in progress and comes from
 * the address to which that call's INVITE went. */
#ifndef RIG_ANALYZER_CALLS_H
#define RIG_ANALYZER_CALLS_H

#include "analyzer/leg_table.h"
#include "core/call.h"
#include "core/status.h"

/** No response for so long after the INVITE: the caller's transaction is over (64 x T1, timer B).
 */
#define RIG_NO_RESPONSE_NS (32 * RIG_NS_PER_S)

/** The set of calls; opaque. */
typedef struct rig_call_book rig_call_book;

/** Running counts. */
typedef struct rig_call_book_counts {
    uint64_t n_offered;
    uint64_t n_answered;
    uint64_t n_agent_legs;              /**< joined to their calls */
    uint64_t n_stray_legs;              /**< agents' legs of which the call cannot be told */
    uint64_t n_outcome[RIG_N_OUTCOMES]; /**< so far; sums to n_offered */
    bool has_queue_marks;               /**< a call's entry into the queue was marked somewhere */
} rig_call_book_counts;

/** @param[out] book  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_call_book_new(rig_call_book **book, rig_error *err);

/** Free the book and all its calls. NULL-safe. Legs must not be used with it any more. */
void rig_call_book_free(rig_call_book *book);

/**
 * Take in a leg that has just begun: a new call, an agent's leg, or a stray. Fills leg->role and
 * leg->call.
 * @param table  Where the leg that X-Caller-Call-ID names is looked up.
 * @return RIG_OK or RIG_ENOMEM (then the leg is a stray).
 */
rig_status rig_call_book_open(rig_call_book *book, const rig_leg_table *table, rig_leg *leg,
                              const rig_sip *sip, int64_t t_ns, rig_error *err);

/** Follow a message of a leg that was taken in, retransmissions and duplicates excepted. */
void rig_call_book_follow(rig_call_book *book, rig_leg *leg, rig_leg_event event,
                          const rig_sip *sip, int64_t t_ns);

/** Note what a message of any leg, an orphan's too, tells of the marks that this target shows.
 * Before rig_call_book_follow. */
void rig_call_book_note_marks(rig_call_book *book, const rig_sip *sip);

/** Count a retransmission of a leg's initial INVITE for its call. */
void rig_call_book_invite_again(const rig_leg *leg);

/** Let time pass: calls without any response for RIG_NO_RESPONSE_NS are counted as lost. */
void rig_call_book_tick(rig_call_book *book, int64_t t_now_ns);

/** The counts; owned by the book. */
const rig_call_book_counts *rig_call_book_count(const rig_call_book *book);

/**
 * Decide every call's outcome and hand the calls over. The book is empty afterwards.
 * @param t_last_ns   End of the capture.
 * @param[out] calls  Owned by the caller: rig_calls_free.
 * @return RIG_OK or RIG_ENOMEM (then the book is as before).
 */
rig_status rig_call_book_finish(rig_call_book *book, int64_t t_last_ns, rig_calls **calls,
                                rig_error *err);

#endif
