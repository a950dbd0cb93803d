/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of a refit: shared by the files refit*.c alone. */
#ifndef RIG_VERDICT_DIAGNOSIS_REFIT_IMPL_H
#define RIG_VERDICT_DIAGNOSIS_REFIT_IMPL_H

#include "verdict/diagnosis/refit.h"

/** Numbers over time, in the order in which they were put in. */
typedef struct rig_refit_spans {
    rig_finding_span *items;
    size_t n;
} rig_refit_spans;

struct rig_refit {
    const rig_refit_base *base;
    rig_scenario scenario; /**< a shallow copy: only what is named here is owned */
    rig_trunk_group *trunks;
    uint32_t *overflow;
    rig_fault *faults;
    rig_agent_group *agents;
    rig_caller_class *classes;
    uint8_t *levels; /**< of the skills, group by group; NULL: those of the base */
    rig_queue_overflow *queue_overflow;
    rig_shift *shifts;
    rig_reserve *reserves;
    rig_shift **duty;      /**< of each group whose shifts are other ones; NULL: of none */
    rig_schedule schedule; /**< its calls are owned */
    double *arrival_s;
    rig_delays delays;                      /**< a shallow copy, */
    double *own_delay_s[RIG_N_DELAY_KINDS]; /**< but for these */
    rig_call_delays *own;                   /**< and these; NULL: those of the base */
    rig_refit_spans circuits, n_agents;     /**< in service */
    rig_centre_rules rules;                 /**< by which callers are given to agents */
    uint64_t n_lost_trunk; /**< calls that are lost at the trunk, and not simulated */
    uint64_t n_unseen;     /**< calls that the centre has not seen yet where the run is cut */
    double p_dropped;      /**< share of the served calls that the centre cuts in the talk */
};

/** A copy with malloc(3); NULL: no memory. */
void *rig_refit_copy(const void *items, size_t n, size_t size);

/** Append. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_refit_add_spans(rig_refit_spans *spans, const rig_finding_span *added, size_t n);

/** The numbers of agents over time, as shifts. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_refit_set_agents(rig_refit *refit);

/** The shifts of one group, with fewer on duty for a time; or a tier of reserves that is not
 * called. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_refit_set_duty(rig_refit *refit, const rig_finding *finding);

/** The classes' priorities: none, reversed, or one class among the least. @return RIG_OK or
 * RIG_ENOMEM. */
rig_status rig_refit_set_priority(rig_refit *refit, const rig_finding *finding);

/** Who takes the calls for a skill, or that nobody helps. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_refit_set_skill(rig_refit *refit, const rig_finding *finding);

/** The numbers of circuits over time, as groups that are out of service for a time.
 * @return RIG_OK or RIG_ENOMEM. */
rig_status rig_refit_set_circuits(rig_refit *refit);

/** A number of the scenario, or a rule of its centre, is another one. */
void rig_refit_put_number(rig_refit *refit, const rig_finding *finding);

/** Calls that the centre refused or never answered: lost at the trunk. */
void rig_refit_lose_touched(rig_refit *refit, const rig_finding *finding);

/** Calls that the centre saw only after a silence. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_refit_silence(rig_refit *refit, const rig_finding *finding);

/** All INVITEs are seen later. */
void rig_refit_slow_down(rig_refit *refit, double by_s);

/** Calls on which the centre hung up while they waited, and others that would have shared that.
 * @return RIG_OK or RIG_ENOMEM. */
rig_status rig_refit_cut_waiting(rig_refit *refit, const rig_finding *finding);

/** The same of talks. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_refit_cut_talks(rig_refit *refit, const rig_finding *finding);

#endif
