/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diagnosis: what about the call centre is not as the scenario says, read off the capture itself.
 *
 * The verdict (verdict/verdict.h) says that a stage loses more or fewer calls than predicted. That
 * can have its cause elsewhere: a centre with too few agents keeps its circuits longer, and loses
 * at the trunk. The diagnosis therefore looks at each stage given what really happened around it:
 * was this call refused while circuits were free, did it wait while an IVR port, an agent was free?
 * Such local rules do not depend on the load, on chance upstream, or on each other. Each finding
 * names the one parameter that explains the most calls, with its estimate and interval. */
#ifndef RIG_VERDICT_DIAGNOSIS_H
#define RIG_VERDICT_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/call.h"
#include "core/status.h"
#include "models/schedule.h"
#include "scenarios/scenario.h"

/** What was found. */
typedef enum rig_finding_kind {
    RIG_FINDING_CIRCUITS = 0,    /**< other number of circuits */
    RIG_FINDING_CIRCUITS_WINDOW, /**< other number of circuits for a time */
    RIG_FINDING_CIRCUITS_LEAK,   /**< circuits become fewer as the run goes on */
    RIG_FINDING_SILENCE,         /**< for a time nothing was answered at all */
    RIG_FINDING_UNANSWERED,      /**< single INVITEs without any response */
    RIG_FINDING_RESPONSE_DELAY,  /**< responses come late */
    RIG_FINDING_PORTS,           /**< other number of IVR ports */
    RIG_FINDING_PORTS_WINDOW,    /**< the same for a time */
    RIG_FINDING_IVR_DELAY,       /**< the IVR answers late though a port is free */
    RIG_FINDING_QUEUE_ORDER,     /**< not first in, first out */
    RIG_FINDING_QUEUE_LIMIT,     /**< other number of calls that may wait */
    RIG_FINDING_QUEUE_TIMEOUT,   /**< the centre hangs up after another time in the queue */
    RIG_FINDING_QUEUE_CUT,       /**< the centre hangs up on waiting calls, at no fixed time */
    RIG_FINDING_AGENTS,          /**< other number of agents in service */
    RIG_FINDING_AGENTS_WINDOW,   /**< the same for a time */
    RIG_FINDING_AGENTS_LEAK,     /**< agents become fewer as the run goes on */
    RIG_FINDING_AGENTS_STUCK,    /**< agents stay busy after their caller has gone unanswered */
    RIG_FINDING_RING_TIMEOUT,    /**< phones ring longer than the ring time-out */
    RIG_FINDING_DROPPED,         /**< the centre cuts calls in mid-talk */
    RIG_FINDING_REFUSED,         /**< calls are refused for another reason than want of circuits */
    RIG_FINDING_MENU,            /**< the menu is longer or shorter */
    RIG_FINDING_QUEUE_RINGING,   /**< callers whose agent's phone rings take places in the queue */
    RIG_FINDING_RINGING_CUT,     /**< the queue's time-out ends calls while an agent is rung */
    RIG_FINDING_QUEUE_POLL,      /**< who waits is given a free agent only some time later */
    RIG_FINDING_ONE_AT_A_TIME,   /**< while one caller is offered to an agent, no other is */
    RIG_FINDING_RING_ALL,        /**< several phones ring at once for one caller */
    RIG_FINDING_WRAP_UP,         /**< agents take calls sooner or later after a talk */
    RIG_FINDING_NO_OVERFLOW,     /**< a carrier's calls do not overflow to other groups */
    RIG_FINDING_MISROUTED,       /**< a carrier's calls are given another group's circuits */
    RIG_FINDING_PRIORITY,        /**< a lesser priority is served first */
    RIG_FINDING_WRONG_SKILL,     /**< calls for a skill are given to agents who have it not */
    RIG_FINDING_NO_QUEUE_OVERFLOW, /**< no other group helps, however long calls wait */
    RIG_FINDING_DEFLECTION,        /**< callers are told not to wait from another length of the
                                        queue on, or never */
    RIG_FINDING_DEFLECTION_SHARE,  /**< callers are who do not take the promise */
    RIG_FINDING_ANNOUNCEMENT,      /**< another position or wait is announced */
    RIG_FINDING_EMERGENCY,         /**< talks are not kept short while the queue is long */
    RIG_FINDING_NO_RESERVES,       /**< nobody of a tier of reserves comes */
    RIG_FINDING_PUSHED_OUT,        /**< who comes to a full queue gets the place of one who waits */
    RIG_FINDING_ON_DUTY,           /**< fewer agents of a group are there than its shifts say */
    RIG_FINDING_CALL_BACKS_FORGOTTEN, /**< callers who were promised a call back are never called */
    RIG_FINDING_CALL_BACKS_DOUBLED,   /**< callers who were called back are called once more */
    RIG_FINDING_CALL_BACKS_EARLY,     /**< call backs begin at another time */
    RIG_FINDING_CALL_BACKS_FIRST,     /**< agents call back while callers wait for them */
    RIG_FINDING_PLACES_LOST,          /**< who keeps his place is not called at his turn */
    RIG_FINDING_OUTAGE,               /**< the centre is out of service for another time */
    RIG_N_FINDING_KINDS
} rig_finding_kind;

/** Room for the text of a finding, its NUL included. */
#define RIG_FINDING_TEXT_SIZE 240

/** How it was found out how much of the deviation a finding explains (verdict/diagnosis/explain.h).
 */
typedef enum rig_explained_by {
    RIG_EXPLAINED_BY_NOTHING = 0, /**< not asked */
    RIG_EXPLAINED_BY_REPLAY,      /**< the run's calls, replayed with the finding put in */
    RIG_EXPLAINED_BY_CALLS        /**< the calls that contradict the scenario, taken out */
} rig_explained_by;

/** So many servers from an instant to another, scenario time. */
typedef struct rig_finding_span {
    double from_s, to_s;
    double value;
} rig_finding_span;

/** One finding: its interval never holds the expected value. Times are scenario time from the
 * schedule's t = 0. */
typedef struct rig_finding {
    rig_finding_kind kind;
    rig_stage stage;  /**< that works differently */
    double expected;  /**< of the scenario, in the unit of the kind; NAN = it knows no such thing */
    double estimate;  /**< from the capture */
    double low, high; /**< interval of the estimate */
    const char *unit; /**< "circuits", "ports", "agents", "calls", "s", "1" (a share); static */
    double from_s, to_s;     /**< when; the whole run where it is no window */
    uint32_t trunk;          /**< of the calls of one carrier: 1 + its group; 0: of all calls */
    uint32_t other_trunk;    /**< where they are booked: 1 + that group */
    uint32_t caller_class;   /**< that is not preferred: 1 + it; 0: none of them is */
    uint32_t skill;          /**< of calls for one skill: 1 + it; 0: of all */
    uint32_t other_skill;    /**< for which they are taken: 1 + it */
    uint32_t reserve;        /**< of a tier of reserves: 1 + it; 0: none */
    uint32_t group;          /**< of agents: 1 + it; 0: all */
    uint32_t fault;          /**< of the scenario's: 1 + it; 0: none */
    bool is_reversed;        /**< of priorities: the least is served first */
    uint64_t n_calls;        /**< whose handling the scenario's value contradicts */
    uint64_t n_explained;    /**< of these, no longer contradicted by the estimate */
    bool is_other_reason;    /**< of refusals: for another reason than want of circuits */
    bool is_restart;         /**< of a silence: the centre has forgotten the calls of before */
    rig_finding_span *spans; /**< of a leak, or on duty: how many were left; of stuck agents: -1 for
                                  as long as each was; else NULL. Owned */
    size_t n_spans;
    const rig_call **touched; /**< the calls that were handled otherwise, where they are known one
                                 by one; else NULL. Owned; the calls are borrowed of the input */
    size_t n_touched;
    rig_explained_by explained_by;
    double share; /**< of the deviation that it explains, [0, 1]; NAN: not known */
    char text[RIG_FINDING_TEXT_SIZE]; /**< a sentence for people */
} rig_finding;

/** A cause explains most of the deviation: at least this share. */
#define RIG_CAUSE_LEAST_SHARE 0.5

/** Findings that together may be the cause. */
#define RIG_MOST_CAUSES 3

/** All findings: the cause first; then what explains the greatest share of the deviation, and,
 * where there is no deviation to explain, the most calls. */
typedef struct rig_diagnosis {
    rig_finding *findings;
    size_t n_findings;
    bool is_explained;  /**< there was a deviation, and the shares are known */
    bool is_predicted;  /**< a service level is missed, and the model misses it as much: there is
                             nothing to explain */
    size_t n_causes;    /**< of the findings, the first ones: together they are the cause; 0 = none
                             explains enough */
    double cause_share; /**< of the deviation that these explain together */
} rig_diagnosis;

/** What is looked at. */
typedef struct rig_diagnosis_input {
    const rig_scenario *scenario;
    const rig_calls *calls; /**< all calls on the wire, planned or not */
    int64_t start_epoch_ns; /**< the instant of the schedule's t = 0 */
    const rig_schedule
        *schedule; /**< tells carrier and class of a call whose record names none; or NULL */
} rig_diagnosis_input;

/**
 * Diagnose: what is not as the scenario says. Not yet how much of a deviation it explains:
 * rig_diagnosis_explain.
 * @param[out] diagnosis  Owned by the caller: rig_diagnosis_free.
 * @return RIG_OK, also without any finding; RIG_ENOMEM.
 */
rig_status rig_diagnose(const rig_diagnosis_input *input, rig_diagnosis **diagnosis,
                        rig_error *err);

/**
 * Say the cause in words, after what was said: "; TEXT (explains 94 % of the deviation)", or that
 * none was found, with the two best candidates.
 * @param diagnosis  NULL: nothing is said.
 * @param failed     The stage that was spoken of; RIG_N_STAGES: none.
 * @param text       A string with room for `size` bytes; what has no room is left out.
 * @return the stage of the cause; `failed` where none was found.
 */
rig_stage rig_diagnosis_say_cause(const rig_diagnosis *diagnosis, rig_stage failed, char *text,
                                  size_t size);

/**
 * Of a run that passes: say what differs from the scenario all the same, without harm to the
 * losses: the finding that explains the most calls. Nothing without one.
 * @param diagnosis, text, size  As rig_diagnosis_say_cause.
 */
void rig_diagnosis_say_beside(const rig_diagnosis *diagnosis, char *text, size_t size);

/** "replay", "calls", "" (not asked); static. */
const char *rig_explained_by_name(rig_explained_by by);

/** NULL-safe. */
void rig_diagnosis_free(rig_diagnosis *diagnosis);

/** "circuits", "ivr_delay", ..; static. */
const char *rig_finding_kind_name(rig_finding_kind kind);

#endif
