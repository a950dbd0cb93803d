/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one vocabulary of figures: what `predict`, `plan --meet`, `gate.levels` and the reports call
 * a figure, and what it means. Each figure says its numerator, denominator, unit and source; model
 * and wire fill it from the same counts (models/metric.h). */
#ifndef RIG_CORE_METRIC_H
#define RIG_CORE_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/stage.h"

/** The figures of one run. Blocks of RIG_N_STAGES follow the order of rig_stage. New ones are
 * appended. NAN: undefined, or not known (on the wire). INFINITY, of a wait: so many gave up that
 * it lies beyond all that was seen. What each means is in the table (rig_metric_describe). */
typedef enum rig_metric {
    RIG_METRIC_P_LOST_PER_ENTRANT = 0,                                            /**< + stage */
    RIG_METRIC_P_LOST_PER_OFFERED = RIG_METRIC_P_LOST_PER_ENTRANT + RIG_N_STAGES, /**< + stage */
    RIG_METRIC_N_ENTERED = RIG_METRIC_P_LOST_PER_OFFERED + RIG_N_STAGES,          /**< + stage */
    RIG_METRIC_N_LOST = RIG_METRIC_N_ENTERED + RIG_N_STAGES,                      /**< + stage */
    RIG_METRIC_N_OFFERED = RIG_METRIC_N_LOST + RIG_N_STAGES, /**< calls, redials among them */
    RIG_METRIC_N_SERVED, /**< calls that talked with an agent to the end; no call backs */
    RIG_METRIC_N_SELF_SERVED,
    RIG_METRIC_CONNECT_RATE, /**< (served + self-served) / offered */
    RIG_METRIC_DROP_RATE,    /**< cut after an agent's answer / answered by an agent */
    RIG_METRIC_WAIT_MEAN_S,  /**< waits: from the first entry into the queue to the agent's answer,
                                  of all calls that entered; one that left unanswered is censored
                                  then (Kaplan-Meier). No call backs */
    RIG_METRIC_WAIT_P95_S,
    RIG_METRIC_SETUP_P95_S,   /**< INVITE to 200 */
    RIG_METRIC_PEAK_CIRCUITS, /**< all groups together, call backs included */
    RIG_METRIC_WAIT_P50_S,
    RIG_METRIC_WAIT_MAX_S,    /**< the longest wait of anybody, answered or not */
    RIG_METRIC_SERVICE_LEVEL, /**< abandoned calls included: answered within queue.service_level_s /
                                   calls that entered the queue (those deflected or refused there,
                                   too); NAN when none did */
    RIG_METRIC_OCCUPANCY,     /**< agents' time that is ringing, dialling, talk or wrap-up / their
                                   time on duty, within the traffic's duration. Rest after a call
                                   not answered is duty, and not busy */
    RIG_METRIC_MEAN_CIRCUITS, /**< in use, time average over the traffic's duration: carried erl */
    RIG_METRIC_PEAK_QUEUE,    /**< most calls that waited at once; ringing ones and kept places not
                                   counted */
    RIG_METRIC_N_DEFLECTED,   /**< calls: promised a call back, or the place kept */
    RIG_METRIC_N_DROPPED,     /**< calls cut by a fault, in whatever stage */
    RIG_METRIC_N_CALLERS,     /**< first attempts */
    RIG_METRIC_N_REDIALS,     /**< offered calls that are not first attempts */
    RIG_METRIC_SERVED_IN_THE_END, /**< callers who talked with an agent to the end in any attempt or
                                       call back, or whom the menu satisfied / callers */
    RIG_METRIC_N_CALL_BACKS,      /**< dialled, the vain ones among them */
    RIG_METRIC_N_CALLED_BACK,     /**< promises kept: talked to the end */
    RIG_METRIC_N_NEVER_REACHED,   /**< promises broken: all attempts in vain, lost with the queue,
                                       or nobody was there to call */
    RIG_METRIC_CALL_BACKS_END_S,  /**< instant at which the last one was over; NAN without any */
    RIG_METRIC_AGENT_CONNECT_RATE, /**< served / calls that asked for an agent: that entered the
                                        queue */
    RIG_METRIC_FAILURE_RATE,       /**< calls that the centre failed / offered */
    RIG_METRIC_N_FAILED, /**< calls lost at the trunk for want of a working centre, not of a
                            circuit: no response, or a 5xx that names no lack of circuits */
    RIG_METRIC_SERVICE_LEVEL_EXCLUDED, /**< abandoned calls excluded: answered in time / answered */
    RIG_METRIC_SERVICE_LEVEL_SHORT_EXCLUDED, /**< answered in time / entered the queue, without
                                                those that gave up within queue.short_abandon_s */
    RIG_METRIC_SERVICE_LEVEL_AS_ANSWERED,    /**< those that gave up in time count as answered in
                                                  time / entered the queue */
    RIG_METRIC_ANSWERED_WAIT_MEAN_S, /**< of calls that an agent answered, those cut later, too */
    RIG_METRIC_ANSWERED_WAIT_P50_S,
    RIG_METRIC_ANSWERED_WAIT_P95_S,
    RIG_METRIC_ANSWERED_WAIT_MAX_S,
    RIG_METRIC_ABANDON_RATE, /**< callers who hung up in the queue or while a phone rang / entered
                                  the queue */
    RIG_METRIC_ASR_OFFERED,  /**< answered by the centre (IVR or agent) / offered; E.425 */
    RIG_METRIC_ASR_SEIZED,   /**< answered by the centre / seized a circuit; E.425 */
    RIG_METRIC_DEFLECTION_RATE, /**< deflected / entered the queue */
    RIG_METRIC_BALK_RATE, /**< left because of what they were told / told a position or a wait */
    RIG_METRIC_ANNOUNCED_WAIT_MEAN_S, /**< a position counts as queue.seconds_per_place each */
    RIG_METRIC_ANNOUNCEMENT_ERROR_S,  /**< |announced - waited until an agent answered|, mean of
                                           those who were told and answered */
    RIG_METRIC_N_LOST_IN_ALL,         /**< calls lost at any of the stages */
    RIG_METRIC_EMERGENCY_TALK_RATE,   /**< begun while the emergency script was on / answered by an
                                           agent */
    RIG_METRIC_UTILISATION,           /**< RIG_METRIC_MEAN_CIRCUITS / circuits of the scenario */
    RIG_METRIC_PEAK_UTILISATION, /**< RIG_METRIC_PEAK_CIRCUITS / circuits of the scenario: 1 less
                                      the spare that was left */
    RIG_METRIC_CALL_BACK_DELAY_MEAN_S, /**< from the promise, or the keeping of the place, to the
                                            first call back, mean of those who were dialled */
    RIG_METRIC_PROMISE_KEPT_RATE, /**< of these: within call_back.promise_s */
    RIG_METRIC_TALK_MEAN_S, /**< from the agent's answer to the end, of calls served to the end */
    RIG_METRIC_N_BACKUP_CALLS,    /**< offered calls at callers.redial.backup.dial */
    RIG_METRIC_BACKUP_CONNECT_RATE, /**< of these: served, or satisfied by the menu */
    RIG_N_METRICS
} rig_metric;

/** Of what a figure can be taken apart. */
typedef enum rig_scope_kind {
    RIG_SCOPE_TRUNKS = 0, /**< a carrier's group: calls that came in by it first */
    RIG_SCOPE_AGENTS,     /**< a group of agents: calls that rang there last, talks */
    RIG_SCOPE_CLASSES,    /**< a class of callers */
    RIG_SCOPE_SKILLS,     /**< calls that asked for a skill, from the entry into the queue on */
    RIG_N_SCOPE_KINDS
} rig_scope_kind;

/** No part: the figure of the whole. */
#define RIG_METRIC_WHOLE 0u

/** A figure, of the whole or of one part (scenarios/scope.h counts them). */
typedef struct rig_metric_ref {
    rig_metric metric;
    uint32_t part; /**< RIG_METRIC_WHOLE; else the part's number, from 1 */
} rig_metric_ref;

/** What a figure is. All texts are static. */
typedef struct rig_metric_info {
    const char *name;        /**< as in files: "p_lost_trunk_per_entrant" */
    const char *description; /**< for people */
    const char *unit;        /**< "calls", "callers", "s", "1" (a share), "circuits" */
    const char *numerator;   /**< what is counted or measured */
    const char *denominator; /**< per what; NULL: nothing is divided */
    const char *source;      /**< where numerator and denominator come from, in model and on the
                                  wire */
    const char *alias;       /**< another name that is read, or NULL */
    unsigned scopes;         /**< bits (1 << rig_scope_kind): of what it exists */
} rig_metric_info;

/** A name of a figure as people type it. */
typedef struct rig_metric_name {
    char text[48];
} rig_metric_name;

/** @param metric  Below RIG_N_METRICS. */
const rig_metric_info *rig_metric_describe(rig_metric metric);

/** The short name: "lost_trunk" for p_lost_trunk_per_entrant, "lost_trunk_per_offered" for
 * p_lost_trunk_per_offered; others as they are. */
rig_metric_name rig_metric_short_name(rig_metric metric);

/**
 * The figure of a name: as in files, short, or its alias.
 * @param[out] metric  Untouched unless true is returned.
 */
bool rig_metric_find(const char *name, size_t n_name, rig_metric *metric);

/** All short names, "a, b, c", cut to `size`. */
void rig_metric_names(char *text, size_t size);

/** Whether it is a share from 0 to 1. */
bool rig_metric_is_share(rig_metric metric);

/** Whether it is a time in seconds. */
bool rig_metric_is_time(rig_metric metric);

#endif
