/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small call centre, simulated for the tests of the diagnosis, with one thing wrong in it. It
 * knows nothing of models/: each defect is a line of its own. */
#ifndef RIG_TESTS_UNIT_SYNTHETIC_CENTRE_H
#define RIG_TESTS_UNIT_SYNTHETIC_CENTRE_H

#include "verdict/diagnosis.h"

/** Instant of t = 0. */
#define SYNTHETIC_START_NS INT64_C(1700000000000000000)

/** What is wrong; zeroed: nothing. Times are scenario time. */
typedef struct synthetic_defect {
    uint32_t n_circuits, n_ports, n_agents; /**< other numbers; 0 = as the scenario says */
    bool is_closed;                         /**< no call finds a circuit */
    double from_s, to_s;                    /**< only then; both 0 = always */
    uint32_t leak_circuit_every;            /**< each n-th call does not give back its circuit */
    uint32_t leak_agent_every;              /**< each n-th talk does not give back its agent */
    double dead_from_s, dead_to_s;          /**< no INVITE gets a response */
    double crash_from_s, crash_to_s;        /**< dead, then anew: all calls are forgotten, and what
                                               was not answered is asked for again */
    uint32_t unanswered_every;              /**< each n-th INVITE gets none */
    double response_delay_s;
    double ivr_delay_s;
    bool is_newest_first;
    uint32_t queue_limit;
    double queue_timeout_s; /**< 0 = the scenario's, < 0 = none */
    uint32_t cut_every;     /**< each n-th waiting call is cut before it is taken */
    bool is_wrap_up_random; /**< no defect: exponential, of the same mean */
    bool is_ring_timeout_ignored;
    uint32_t leave_ringing_every; /**< no defect: the caller of each n-th phone that rings leaves */
    double stuck_s;               /**< after that the agent is busy for so long */
    uint32_t drop_every;          /**< each n-th talk */
    uint32_t reject_every;        /**< each n-th call is refused with 404 */
    double menu_s;                /**< 0 = the scenario's */
    double wrap_up_s;             /**< 0 = the scenario's */
    double poll_s;                /**< while calls wait, they are given agents only so often */
    bool is_one_at_a_time;        /**< while a phone rings, no other does */
    bool is_ring_all;             /**< all idle agents' phones ring for one caller */
    bool is_ringing_counted;      /**< among the calls that may wait */
    bool is_ringing_cut;          /**< the queue's time-out comes while a phone rings, too */
} synthetic_defect;

/** The scenario: owned by the caller, who may change it: synthetic_scenario_free. */
rig_scenario *synthetic_scenario(void);
void synthetic_scenario_free(rig_scenario *scenario);

/** The calls of a run of the scenario with a defect; rig_calls_free. */
rig_calls *synthetic_calls(const rig_scenario *scenario, const synthetic_defect *defect);

/** Diagnose such a run; rig_diagnosis_free. */
rig_diagnosis *synthetic_diagnosis(const rig_scenario *scenario, const synthetic_defect *defect);

/** The one finding of a run; fails when there are none, or others than those of `also`
 * (RIG_N_FINDING_KINDS: none). */
rig_finding only_finding(const rig_scenario *scenario, const synthetic_defect *defect,
                         rig_finding_kind kind, rig_finding_kind also);

/** Whether an estimate's interval holds the truth, and not the scenario's value. */
void assert_covers(const rig_finding *finding, double truth);

#endif
