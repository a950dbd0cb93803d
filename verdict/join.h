/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planned against observed, call by call. */
#ifndef RIG_VERDICT_JOIN_H
#define RIG_VERDICT_JOIN_H

#include "core/call.h"
#include "models/centre.h"

/** What the calls back to one caller came to. */
typedef struct rig_join_back {
    uint32_t n_dials; /**< calls back to him; 0: none */
    bool is_reached;  /**< in one of them he talked with an agent .. */
    bool is_served;   /**< .. to the end */
    double first_s;   /**< the first of them, scenario time from the run's start; NAN = none */
    double end_s;     /**< the end of the last; NAN = none */
} rig_join_back;

/** A schedule and the calls of a capture, joined by planned index. */
typedef struct rig_join {
    size_t n_planned; /**< rows of the schedule, redials that need not come among them */
    size_t n_redials; /**< of these, the last ones: redials */
    const rig_call *
        *observed;     /**< by planned index; NULL = not on the wire. Borrowed from the calls */
    double *arrival_s; /**< by planned index: the INVITE, scenario time from the run's start; NAN */
    rig_join_back *back; /**< by planned index: of the call that was deflected; NULL: none was
                            looked for */
    const rig_call *calls_back; /**< all of them; borrowed from the calls */
    size_t n_calls_back;
    bool is_cut;         /**< of a part of the plan (verdict/judge/cut.h) */
    size_t n_due;        /**< planned calls that count: unless is_cut, the first calls, and the
                              redials that came */
    size_t n_not_placed; /**< of these, not on the wire: first calls */
    size_t n_not_due;    /**< first calls that do not count; 0 unless is_cut */
    size_t n_doubled;    /**< further calls with a planned index already seen */
    size_t n_foreign;    /**< calls without a planned index of this schedule */
    double counted_from_s; /**< end of the warm-up, scenario time; 0: there is none */
    size_t n_warm_up;      /**< calls on the wire that came before: they are not among n_due */
} rig_join;

/** Calls back for a row's call. */
rig_join_back rig_join_back_of(const rig_join *join, size_t row);

/** Rows of first calls: below this. */
static inline size_t rig_join_n_first(const rig_join *join)
{
    return join->n_planned - join->n_redials;
}

/** Whether a row counts: all but those whose call came in the warm-up. One that was not on the wire
 * counts whenever it was planned: that it was not placed is the rig's failure. */
static inline bool rig_join_counts(const rig_join *join, size_t row)
{
    return join->counted_from_s <= 0.0 || !(join->arrival_s[row] < join->counted_from_s);
}

/**
 * Join.
 * @param calls          Borrowed; must outlive the join.
 * @param start_epoch_ns The instant on the wire that is t = 0 of the schedule.
 * @param time_scale     Scenario seconds per second on the wire.
 * @param[out] join      Owned by the caller: rig_join_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_join_new(const rig_schedule *schedule, const rig_calls *calls,
                        int64_t start_epoch_ns, double time_scale, rig_join **join);

/**
 * Leave the calls of the warm-up out of what is due; once, after rig_cut_join where that is called.
 * @param counted_from_s  rig_scenario_counted_from_s.
 */
void rig_join_leave_warm_up(rig_join *join, double counted_from_s);

/** NULL-safe. */
void rig_join_free(rig_join *join);

/**
 * Measure the rig's own delays: how much later than planned its callers and phones acted, given the
 * marks on the wire that started their clocks. What lies further than 0.5 s (wire time) behind its
 * plan, or more than 10 ms before it, is not the rig's timer, and no sample holds it. Another clock
 * of theirs can have been first: the patience in the queue of a caller is over just as an agent's
 * phone begins to ring, before he was told of it. What ended so, within 25 ms of its beginning, is
 * kept as the call's own; drawn for other calls it would let replays lose more than callers give
 * up.
 *
 * @param[out] delays  Samples on the heap, scenario time: rig_delays_clear. Untouched on error.
 * @param[out] n_odd   Durations that no sample holds.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_join_measure_delays(const rig_join *join, const rig_schedule *schedule,
                                   const rig_scenario *scenario, rig_delays *delays, size_t *n_odd);

/** Of a call of which nothing was seen. */
rig_call_delays rig_delays_unseen(void);

/** Free the samples. NULL-safe. */
void rig_delays_clear(rig_delays *delays);

/**
 * Compare fates: how many planned calls ended as replayed. A redial that came only in one of the
 * two was not placed in the other; one that came in neither is not counted, nor one of the warm-up.
 * @param fates          By planned index, one replay's outcomes.
 * @param[out] confusion [replayed][observed] counts; RIG_OUTCOME_NOT_PLACED where not on the wire;
 *                       without calls that were not due.
 */
void rig_join_confusion(const rig_join *join, const rig_outcome *fates,
                        uint64_t confusion[RIG_N_OUTCOMES][RIG_N_OUTCOMES]);

/** A planned call that ended otherwise than in the replay. */
typedef struct rig_difference {
    size_t planned_index;
    double
        t_s; /**< planned arrival, scenario time; of a redial the actual one, NAN = not on the wire
              */
    rig_outcome replayed, observed;
    const char *call_id; /**< borrowed from the calls; NULL = not on the wire */
} rig_difference;

/** Differences that are listed. */
#define RIG_N_DIFFERENCES 10

/** Losses of one stage, call by call. */
typedef struct rig_stage_agreement {
    uint64_t n_both;     /**< lost there in the replay and on the wire */
    uint64_t n_replayed; /**< only in the replay */
    uint64_t n_observed; /**< only on the wire */
} rig_stage_agreement;

/** Planned calls, one by one, against one replay. */
typedef struct rig_call_diff {
    size_t n_different;
    rig_difference first[RIG_N_DIFFERENCES]; /**< of n_different, the earliest planned ones */
    size_t n_first;
    rig_stage_agreement stages[RIG_N_STAGES];
} rig_call_diff;

/**
 * Compare call by call.
 * @param fates  By planned index, one replay's outcomes.
 * Where the target works as the scenario says, calls still differ: the replay draws the centre's
 * own times anew, and a call that comes a moment later than another's end changes both.
 */
rig_call_diff rig_join_diff(const rig_join *join, const rig_schedule *schedule,
                            const rig_outcome *fates);

/** Races: calls whose fate the order of two messages decided. */
typedef struct rig_races {
    size_t n;
    double median_s, widest_s; /**< gaps, scenario time; NAN when n is 0 */
} rig_races;

/**
 * Count the races that the replay decided as the wire did (models/centre/races.h).
 * @param instants  By planned index, of the replay that tells fates.
 */
rig_races rig_join_races(const rig_join *join, const rig_call_instants *instants);

#endif
