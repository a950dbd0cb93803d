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
#include "verdict/check.h"
#include "verdict/join.h"
#include "verdict/play_facts.h"

/** What the capture shows of our own side. Zeroed: not known. */
typedef struct rig_wire_facts {
    bool is_known;
    rig_exchange_totals callers; /**< our callers' addresses */
    rig_exchange_totals phones;  /**< our agents' phones */
} rig_wire_facts;

/** Checks of the gate. */
#define RIG_SET_UP_N_CHECKS 11

/** What is judged; all borrowed. */
typedef struct rig_set_up_input {
    const rig_scenario *scenario;
    const rig_schedule *schedule;
    const rig_play_facts *play;
    const rig_join *join;
    const rig_wire_facts *wire; /**< NULL or !is_known: what hangs on it is not asked */
    const rig_said_call *said;  /**< by planned index; NULL: not known */
    double n_served;            /**< by an agent, in the mean replay */
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

#endif
