/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verdict: may anything be said of the target (G0, G1), does each stage lose what the model
 * says (G2), and are the service levels met (G3)?
 *
 * G2 rests on replays of this run's own schedule, so no independence of calls is assumed. For a
 * stage, D = observed - mean replayed loss per entrant, and the replays' scatter around their mean
 * is the scatter that a conforming target would show. Conformance is an equivalence test with
 * margin delta (two one-sided tests, Schuirmann 1987; Berger & Hsu, Statistical Science 11(4),
 * 1996): PASS when the 90 % interval of D lies inside +-delta. "All stages conform" is an
 * intersection-union test and needs no correction. FAIL when D lies beyond delta with a p-value
 * that survives Holm's correction over the stages (Holm, Scand. J. Statistics 6, 1979) at 5 %. Else
 * INCONCLUSIVE. A run that could have been stopped early has used a part of these 5 % before its
 * end: FAIL then needs a p-value below what the last look may use. Far fewer losses than predicted
 * is a deviation, too. A stage that conforms in total but loses its calls at other times
 * (verdict/over_time.h) is INCONCLUSIVE; where that is certain it fails, which adds at most 0.01 %
 * to the 5 %. */
#ifndef RIG_VERDICT_VERDICT_H
#define RIG_VERDICT_VERDICT_H

#include "verdict/check.h"
#include "verdict/diagnosis.h"
#include "verdict/judgement.h"
#include "verdict/observed.h"
#include "verdict/over_time.h"
#include "verdict/play_facts.h"
#include "verdict/beside.h"
#include "verdict/carriers.h"
#include "verdict/by_kind.h"
#include "verdict/set_up.h"
#include "verdict/told.h"
#include "models/prediction.h"
#include "scenarios/scope.h"

/** What is known of the load and the capture beside the calls themselves. */
typedef struct rig_load_facts {
    uint64_t n_planned;        /**< of a run that was stopped early: due until then */
    uint64_t n_placed_by_rig;  /**< calls whose INVITE the rig says it sent */
    uint64_t n_to_redial;      /**< lost calls whose callers redial by the plan */
    uint64_t n_not_redialled;  /**< of these, without one on the wire */
    uint64_t n_needless;       /**< redials after a call that was not lost */
    uint64_t n_doubled;        /**< planned calls seen twice */
    uint64_t n_unmatched;      /**< legs whose INVITE the capture does not hold */
    uint64_t n_uncertain;      /**< calls whose outcome hangs on an order that is not certain */
    bool was_stopped;          /**< by the user */
    const char *elsewhere;     /**< where a packet of ours went that should not; NULL or "": none */
    double lateness_p99_ms;    /**< |INVITE - plan|, wire time; NAN when no call was placed */
    double ks_distance;        /**< of planned and actual arrival instants, [0, 1] */
    double p_window;           /**< largest share of the planned calls within
                                  gate.max_lateness_p99_ms: so much of ks_distance is permitted
                                  lateness */
    uint64_t n_kernel_dropped; /**< packets */
    uint64_t n_packets;        /**< captured */
    const struct rig_hosts *hosts; /**< of a run from several load hosts; NULL: there are none */
    double
        clock_step_ms; /**< greatest step of the wall clock against the monotonic one, wire time */
} rig_load_facts;

/** G2 for one stage. Losses are per entrant of the stage. */
typedef struct rig_stage_verdict {
    rig_stage stage;
    uint64_t n_entered, n_lost;
    double p_observed;
    double p_predicted;                   /**< mean of the replays */
    double predicted_low, predicted_high; /**< 95 % prediction interval of one run */
    double difference;                    /**< D = p_observed - p_predicted */
    double d90_low, d90_high;             /**< 90 % interval of D */
    double d95_low, d95_high;             /**< 95 % interval of D */
    double margin;                        /**< delta */
    double margin_wanted; /**< delta as the scenario sets it: margin is greater where
                             it widens to what the run resolves (models/margin.h) */
    double p_value; /**< of "|D| <= delta"; small speaks for a deviation. By the replays' ranks; of
                       a run that was stopped early by the normal tail (verdict/early_stop.h) */
    double p_value_holm; /**< corrected over the stages */
    double bound_low,
        bound_high; /**< G1: the loss if every doubtful call had ended for or against */
    double
        minutes_to_decide; /**< length of a run that would decide, scenario time; NAN = decided */
    bool is_elsewhen;      /**< judged by its losses over time, not by its total */
    rig_over_time over_time;
    rig_judgement judgement;
} rig_stage_verdict;

/** G3 for one service level. */
typedef struct rig_level_verdict {
    rig_level level;
    char name[RIG_SCOPE_TEXT_SIZE]; /**< of the figure: "lost_trunk[mobile]" */
    double observed; /**< NAN when there was no such call, or the run was stopped early; INFINITY: a
                        wait that was not reached */
    double low, high; /**< 95 % interval of the observed figure */
    bool is_unseen;   /**< of a part to which no call is known to belong */
    rig_judgement judgement;
} rig_level_verdict;

/** Room for the sentence of a verdict, its NUL included. */
#define RIG_VERDICT_TEXT_SIZE 1000

/** Most checks of load, set-up and capture. */
#define RIG_MAX_CHECKS 32

/** The whole verdict. */
typedef struct rig_verdict {
    rig_check checks[RIG_MAX_CHECKS];
    size_t n_checks;
    rig_stage_verdict stages[RIG_N_STAGES];
    rig_parts_verdict carriers; /**< each carrier's losses at the trunk */
    /** What each class of callers and each skill loses in the queue, and waits there, and how busy
     * each group of agents is: by their kind. That of trunks is empty: see carriers. */
    rig_parts_verdict kinds[RIG_N_SCOPE_KINDS];
    rig_parts_verdict told; /**< what the queue tells its callers (verdict/told.h) */
    rig_level_verdict *levels;
    size_t n_levels;
    rig_beside beside; /**< figures beside their prediction; none of a run that was stopped early */
    rig_judgement judgement;
    rig_interim_facts interim; /**< what looks before the end made of it */
    double alpha;              /**< of a stage's FAIL: 0.05, or what this look may use of it */
    /** FAIL: the stage whose working differs: of the cause, or, where none was found, the first
     * stage that deviates. RIG_N_STAGES where a service level alone is missed and no cause was
     * found, and otherwise. */
    rig_stage cause;
    char summary[RIG_VERDICT_TEXT_SIZE]; /**< one sentence for people: what was decided, where and
                                            why */
} rig_verdict;

/** What is judged. */
typedef struct rig_verdict_input {
    const rig_scenario *scenario;
    const rig_load_facts *load;
    rig_interim_facts interim; /**< what looks before the end made of it */
    const rig_prediction
        *prediction;           /**< replays of this run, >= 999; at a look RIG_LOOK_MIN_REPLAYS */
    const rig_tally *observed; /**< not placed calls counted in */
    const rig_metric_counts *observed_counts; /**< NULL: not known */
    const double *observed_metrics;           /**< RIG_N_METRICS, scenario time */
    const rig_interval *observed_intervals;   /**< prediction->n_intervals; NULL = not looked at */
    const rig_observed_part *observed_parts;  /**< rig_scope_n_parts; NULL: nothing is known */
    const rig_diagnosis *diagnosis; /**< of the same calls; NULL = not looked for causes */
    const rig_set_up_input *set_up; /**< of the same calls; NULL = G0b is not asked */
} rig_verdict_input;

/**
 * Judge. A run that was stopped early fails or is INCONCLUSIVE: each stage by rig_early_stop_look,
 * no service level.
 * @param[out] verdict  Owned by the caller: rig_verdict_free.
 * @return RIG_OK; RIG_EDOM when the prediction has fewer replays than that or a look is none that
 *         stops; RIG_ENOMEM.
 */
rig_status rig_verdict_new(const rig_verdict_input *input, rig_verdict **verdict, rig_error *err);

/** NULL-safe. */
void rig_verdict_free(rig_verdict *verdict);

#endif
