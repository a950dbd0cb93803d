/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The metrics of RFC 6076 and of ITU-T E.411 and E.425 for the calls of a capture, measured while
 * they come in, in fixed memory.
 *
 * Seen from where the capture was made, not from the caller's phone: the delays lack what lies
 * between. An attempt is a call: INVITEs after 401, 407 or 3xx belong to the one they follow, and
 * retransmissions are no attempts. Registrations (RRD, IRA) are in registrations.h.
 *
 * With, of all calls but those in progress without a final response:
 *   bids      all of them
 *   seizures  those that the far side took on: they held a circuit (usage.h), or it let them ring
 *             (101..199), also if it refused them afterwards
 *   answers   those with a 2xx to the INVITE
 *   n(codes)  those whose final response was one of the codes
 *
 *   SRD   session request delay (RFC 6076 section 4.3): INVITE to the first 101..199, or to the
 *         final response where there was none; of answered calls (4.3.1) and of those refused with
 *         4xx but 401, 402 and 407, 5xx or 6xx (4.3.2)
 *   SDD   session disconnect delay (4.4): BYE to its 2xx
 *   SDT   session duration time (4.5.1): 2xx to BYE, of calls ended by a BYE, whether or not anyone
 *         answers it: that a BYE was captured is taken for its receipt. The variant for a BYE
 *         without an answer (4.5.2: until its timer F) is not measured apart
 *   SER   session establishment ratio (4.6): answers / (bids - n(3xx))
 *   SEER  session establishment effectiveness ratio (4.7):
 *         (answers + n(480, 486, 600, 603)) / (bids - n(3xx))
 *   ISA   ineffective session attempts (4.8): n(408, 500, 503, 504) / bids
 *   SCR   session completion ratio (4.9): answered calls whose BYE had its 2xx / bids
 *   ASR   answer seizure ratio (E.411, E.425): answers / seizures
 *   ABR   answer bid ratio (E.411, E.425): answers / bids
 *   NER   network effectiveness ratio (E.425): delivered / deliverable. Deliverable are all bids
 *         but those redirected (3xx) or left at a challenge (401, 407): on a SIP trunk each INVITE
 *         asks for a circuit. Delivered are the answers, and what the called side did not take:
 *         busy, no answer, rejected. That is told by the cause of Q.850 in the Reason header, else
 *         by the final response mapped to one (q850.h), whether or not it rang before; a CANCEL or
 *         487 after a 18x is no answer. So a 603 with cause 41 and a 500 after a 180 are failures
 * of the network, and a call that the caller gave up before anything rang is not delivered */
#ifndef RIG_ANALYZER_SESSIONS_H
#define RIG_ANALYZER_SESSIONS_H

#include "analyzer/call_sink.h"
#include "analyzer/times.h"

/** Response codes: 100..699 by their number, 0 for none. */
#define RIG_SESSIONS_N_CODES 700
/** Causes of Q.850 are 0..127; this one stands for none. */
#define RIG_SESSIONS_NO_CAUSE 128

/** What was counted and measured. All zero: nothing yet. */
typedef struct rig_sessions {
    uint64_t n_bids, n_seizures, n_answers;
    uint64_t n_redirected;               /**< ended with 3xx */
    uint64_t n_effective;                /**< of no answer: 480, 486, 600, 603 */
    uint64_t n_ineffective;              /**< 408, 500, 503, 504 */
    uint64_t n_completed;                /**< answered, BYE, 2xx */
    uint64_t n_deliverable, n_delivered; /**< of NER */
    uint64_t n_code[RIG_SESSIONS_N_CODES];
    uint64_t n_cause[RIG_SESSIONS_NO_CAUSE + 1]; /**< of what ended the call, as it was given */
    uint64_t n_why[RIG_SESSIONS_NO_CAUSE + 1];   /**< of calls that were not answered: given, or
                                                      mapped from the response */
    rig_times srd_success, srd_failure, sdd, sdt;
    rig_times setup; /**< INVITE to the 2xx, of answered calls */
} rig_sessions;

/** The ratios, in [0, 1]; NAN where there was no such call. */
typedef struct rig_session_ratios {
    double ser, seer, isa, scr;
    double asr; /**< of the seizures .. */
    double abr; /**< .. and of the bids: two figures that both go by the name of ASR */
    double ner;
} rig_session_ratios;

/** What a call is to the figures: of which numbers it is one. */
typedef struct rig_session_counts {
    bool is_offered; /**< a bid; if not, none of the others */
    bool is_seized, is_answered, is_deliverable, is_delivered;
} rig_session_counts;

/** Which they are. A pure function. */
rig_session_counts rig_session_counts_of(const rig_finished_call *call);

/** Count a call. */
void rig_sessions_add(rig_sessions *sessions, const rig_finished_call *call);

/** The ratios of what was counted. */
rig_session_ratios rig_sessions_ratios(const rig_sessions *sessions);

#endif
