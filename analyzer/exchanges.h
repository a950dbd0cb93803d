/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests and their answers, as a capture shows them: who answers how fast, and what had to be
 * sent again.
 *
 * Over UDP a request without an answer is sent again after T1 = 500 ms, and after growing times up
 * to 32 s (RFC 3261, 17.1.1.2 and 17.1.2.2). Which side that speaks against depends on what the
 * capture holds of the answer, for the capture is taken at the hosts of one side, "ours":
 *
 * - *They* ask, and no answer of ours was captured for 500 ms: the request was here (it was
 *   captured), and we did not answer. Our program is stopped, dead, or does not get what arrives.
 *   Where our program was quick, that was lost on this host: it answered at once what came again,
 * or it answered others at once at that very time, four for each that was late at least. A program
 *   that was stopped or busy is late with all of them, and answers in a heap.
 * - *We* ask again although their answer had been captured well before: it was here, and our
 * program did not get it.
 * - We ask again, no answer had come, and the answer to the last copy came at once: one of the two
 *   was lost on the way, or the other side was busy. It was lost where the other side was quick at
 *   that very time: in the fifth of a second before and in that behind it answered other requests
 * of ours within 50 ms, and none late. A program that was dead or busy, and one whose socket runs
 *   over, is slow with what it does get, or silent on one side. The same where they ask again
 *   although our answer had been captured.
 * - We ask again and again for a while, nobody answers, and then what is sent again is answered at
 *   once, each by its own last copy, and calls go on (a BYE gets its 200): the way was *cut*. A
 *   program that was stopped has its socket full when it is back, and answers in a heap, whenever
 *   something was sent again last; one that has begun anew knows no call. Ten requests and a BYE
 *   are the least to tell. (A standby that takes over with all its calls looks the same.)
 * - We ask, and no copy is answered, or late: the other side's own matter. Nothing follows.
 *
 * *Strangers* are left out of all this, and counted apart: addresses whose requests we refused as
 * nobody's (404 to a caller whom no phone knows, 481 to a Call-ID that no call of ours has), and
 * which we asked nothing and took nothing from. Where none but such an address calls us, it is the
 * other side itself, and no stranger: it may rewrite numbers.
 *
 * ACK has no answer and is left out. An INVITE is answered by its first response, any other request
 * by its first final one. Memory: some 60 bytes a request, up to RIG_EXCHANGES_MAX of them. */
#ifndef RIG_ANALYZER_EXCHANGES_H
#define RIG_ANALYZER_EXCHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/message.h"
#include "analyzer/parties.h"
#include "core/status.h"

/** Requests that are followed; of further ones only their number is kept. */
#define RIG_EXCHANGES_MAX (4U << 20)

/** Room for a number that is shown, with its NUL. */
#define RIG_EXCHANGES_NUMBER_SIZE 48

struct rig_tap;

/** A book of exchanges; opaque. */
typedef struct rig_exchanges rig_exchanges;

/** What became of the requests from and to some addresses, "ours". Zeroed: there were none. */
typedef struct rig_exchange_totals {
    uint64_t n_asked;     /**< requests that we were sent */
    uint64_t n_late;      /**< of these: INVITE, BYE and CANCEL not answered for 500 ms, or never,
                               and, over UDP, asked again */
    uint64_t n_lost_here; /**< of n_late: lost between the capture and us, or what we said to them
                               before the capture */
    uint64_t n_invites;   /**< of these: INVITEs that begin a call */
    uint64_t n_taken;     /**< of the INVITEs: that we answered with 2xx */
    uint64_t n_not_found; /**< of the INVITEs: that we answered with 404 */
    double invite_p99_ms; /**< from an INVITE to our first response; 0 without any */
    double invite_max_ms;
    uint64_t n_reinvites;     /**< INVITEs within a call that we were sent */
    uint64_t n_updates;       /**< UPDATEs that we were sent */
    uint64_t n_marks;         /**< INFOs with X-Rig-Stage that we were sent */
    uint64_t n_sent;          /**< requests that we sent */
    uint64_t n_unheard;       /**< of these: sent again 50 ms or more after their answer had come */
    uint64_t n_lost;          /**< requests or answers lost on the way, both directions */
    uint64_t n_cut_off;       /**< requests of ours lost in times in which the way was cut */
    double cut_off_s;         /**< the longest of these times; 0: none */
    uint64_t n_queued;        /**< of the INVITEs that we sent: for which a 182 came */
    uint64_t n_progress;      /**< of the INVITEs that we sent: for which a 183 came */
    uint64_t n_other_digests; /**< answers 401 and 407 to us that offer another digest than MD5:
                                   SHA-256 or SHA-512-256 (RFC 8760) */
    uint64_t n_not_followed;  /**< of all requests: beyond RIG_EXCHANGES_MAX */
    uint64_t n_strange;       /**< requests of strangers, which are in no other count */
    char stranger[RIG_ADDRESS_TEXT_SIZE];      /**< where the first came from; "" = none */
    char not_found[RIG_EXCHANGES_NUMBER_SIZE]; /**< From user of the first 404; "" = none */
} rig_exchange_totals;

/** @param[out] book  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_exchanges_new(rig_exchanges **book, rig_error *err);

/** NULL-safe. */
void rig_exchanges_free(rig_exchanges *book);

/** What to give to rig_analyzer_options.tap; lives as long as the book. */
const struct rig_tap *rig_exchanges_tap(const rig_exchanges *book);

/**
 * Add up.
 * @param ours      Addresses, n of them. An unspecified IP address (0.0.0.0, ::) stands for any.
 * @param until_ns  Only of requests that were first sent before this; INT64_MAX: of all.
 * @param[out] totals  Untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_exchanges_total(const rig_exchanges *book, const rig_endpoint *ours, size_t n,
                               int64_t until_ns, rig_exchange_totals *totals);

#endif
