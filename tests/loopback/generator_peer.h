/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tiny SIP peer for the generator's tests: a call centre whose every call follows a script,
 * driven by messages alone, without timers.
 *
 * A script is a text, a letter a step; the next step is taken when the last one has been answered:
 *   F  503 to the INVITE              1  180, and wait for the CANCEL
 *   X  180; answer the CANCEL with 200 to the INVITE (a crossing)
 *   A  200 to the INVITE              B  BYE
 *   L  as A, but the first BYE gets that 200 again, as if ACK and BYE had been lost
 *   Y  as X, but the first BYE gets the 200 to the CANCEL, which was late, instead of its own
 *   q  INFO "queue"                   r  INFO "ringing"
 *   R  INFO "ringing" with a CSeq that leaves room for Q, INFO "queue" with the CSeq before it
 *   d  the last request once more     O  OPTIONS          M  MESSAGE (not understood by the caller)
 *   I  re-INVITE                      U  UPDATE           u  UPDATE with an offer
 *   g  ring an agent                  h  wait for the agent's answer
 *   c  CANCEL to the agent, and wait for the 487
 *   k  ring the agent for a caller whom nobody knows, and wait for the 404
 *   p  OPTIONS outside of any call to the caller, P to the agents' phones
 *   C  401, D 407; then the INVITE with credentials
 *   S  422 with Min-SE: 240; then the INVITE with a session timer of that
 *   N  422 with Min-SE: 120, after which none comes
 *   E  302 to 786; then the INVITE for that
 *   V  302 to 787, after which none comes
 *   e  180 that is reliable (Require: 100rel, peer_rseq), twice, and wait for the one PRACK
 *   T  as A, with Session-Expires of 2 s that the caller is to refresh
 *   v  wait for his UPDATE
 *   W  UPDATE that refreshes, with a session timer; its 200 must have that, too
 *   3  183 with SDP, 2 182, 8 180, each followed by the next step at once
 *   t  INFO "talk"                    w  wait
 * A caller's INFO with a digit gets 200 and is kept in mind. When one side of a call with an agent
 * hangs up, so does the other. */
#ifndef RIG_TESTS_LOOPBACK_GENERATOR_PEER_H
#define RIG_TESTS_LOOPBACK_GENERATOR_PEER_H

#include <stddef.h>
#include <stdint.h>

/** How it speaks SIP. */
typedef enum peer_kind { PEER_UDP = 0, PEER_TCP, PEER_UDP6, PEER_TCP6 } peer_kind;

/** Whom it knows. */
#define PEER_USER     "alice"
#define PEER_PASSWORD "wonderland"

/** A running peer; opaque. */
typedef struct peer peer;

/** What it has seen. */
typedef struct peer_counts {
    int n_calls;     /**< initial INVITEs */
    int n_up;        /**< calls that are not over: neither rejected, cancelled nor hung up */
    int n_agents_up; /**< the same of the agents' legs */
    int n_bad;       /**< messages that are not as they should be */
    int n_refused;   /**< 501 from a caller */
    int n_anew, n_pracks,
        n_refreshes; /**< INVITEs that a final failure asked for, PRACKs, UPDATEs */
    char bad[200];   /**< the first of the bad ones */
    char digits[64]; /**< keyed by all callers, in the order of their arrival */
} peer_counts;

/**
 * Bind a socket on 127.0.0.1 or ::1.
 * @param scripts  Call i (X-Rig-Call) follows scripts[i % n]. Borrowed.
 */
peer *peer_new(peer_kind kind, const char *const *scripts, size_t n);

/** Its port. */
uint16_t peer_port(const peer *p);

/** Begin to answer, in a thread. @param agents_port  Where it rings agents. */
void peer_start(peer *p, uint16_t agents_port);

/** When the peer sent or received what a caller's waits count from and end with; ms of a clock that
 * is not set; 0 = never. The first of each, but for ring: since the last queue mark; and reinvite,
 * update, talk: since the first mark of the queue or of a ringing phone. */
typedef struct peer_instants {
    double invite_ms, answer_ms, queue_ms, ring_ms, reinvite_ms, update_ms, talk_ms;
    double agent_ring_ms, agent_answer_ms; /**< at the agent's phone */
    double cancel_ms, bye_ms;              /**< from the caller */
} peer_instants;

/** What it has seen so far. Thread-safe. */
peer_counts peer_count(peer *p);

/** End the thread; what it has seen stays. */
void peer_end(peer *p);

/** Of the call with this X-Rig-Call, after peer_end; all 0 when there was none. */
peer_instants peer_instants_of(const peer *p, size_t index);

/** peer_end, and free. */
void peer_free(peer *p);

#endif
