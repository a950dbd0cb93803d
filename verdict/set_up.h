/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set-up gate, G0b: is this centre wired as the scenario says, and was our own side well?
 *
 * Where it is not, nothing may be said of the centre: the run is INVALID, and the sentence names
 * the fault and what to change. The evidence is always on our side of the wire, or in what the
 * centre says outright; a centre that is slow, or does not answer, is never excused
 * (analyzer/exchanges.h says what which repetition means; docs/verdict.md lists the limits and
 * their reasons). */
#ifndef RIG_VERDICT_SET_UP_H
#define RIG_VERDICT_SET_UP_H

#include <stddef.h>

#include "analyzer/exchanges.h"
#include "core/said_call.h"
#include "verdict/capture_facts.h"
#include "verdict/check.h"
#include "verdict/join.h"
#include "verdict/play_facts.h"

/** What the capture shows of our own side. Zeroed: not known. */
typedef struct rig_wire_facts {
    bool is_known;
    rig_exchange_totals callers; /**< our callers' addresses */
    rig_exchange_totals phones;  /**< our agents' phones */
    rig_capture_facts capture;   /**< how whole it is */
} rig_wire_facts;

/** Checks of the gate. */
#define RIG_SET_UP_N_CHECKS 15

/** What is judged; all borrowed. */
typedef struct rig_set_up_input {
    const rig_scenario *scenario;
    const rig_schedule *schedule;
    const rig_play_facts *play;
    const rig_join *join;
    const rig_wire_facts *wire; /**< NULL or !is_known: what hangs on it is not asked */
    const rig_said_call *said;  /**< by planned index; NULL: not known */
    double n_served;            /**< by an agent, in the mean replay */
    bool is_probe; /**< one call, placed to learn: it alone shows a habit, and nothing may be ill */
} rig_set_up_input;

/**
 * Add up what a capture shows of the addresses that a play has used.
 * @param until_ns  As in rig_exchanges_total.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_wire_facts_of(const rig_exchanges *book, const rig_play_facts *play,
                             int64_t until_ns, rig_wire_facts *facts);

/**
 * Judge.
 * @param[out] checks  Room for RIG_SET_UP_N_CHECKS; what explains the others comes first.
 * @return how many were written.
 */
size_t rig_set_up_judge(const rig_set_up_input *input, rig_check *checks);

/** What a probe shows beside. */
typedef struct rig_set_up_probe_facts {
    const rig_set_up_input *set_up; /**< of its one planned call, is_probe set */
    const char *shown_call_id; /**< X-Caller-Call-ID of the INVITE at our phone; "" = none came */
    bool has_audio;            /**< the centre's answer takes audio */
    uint64_t n_rtp;            /**< RTP packets that the centre sent to the caller */
    double talk_s;             /**< planned, wire time */
} rig_set_up_probe_facts;

/** Checks of a probe. */
#define RIG_SET_UP_N_PROBE_CHECKS (RIG_SET_UP_N_CHECKS + 5)

/**
 * Judge one probing call: whether and when it was answered, the length of the menu, how it ended,
 * header, RTP, and all that rig_set_up_judge asks.
 * @param[out] checks  Room for RIG_SET_UP_N_PROBE_CHECKS; of gate "G0b".
 * @return how many were written.
 */
size_t rig_set_up_probe(const rig_set_up_probe_facts *facts, rig_check *checks);

#endif
