/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated call centre: trunks, IVR, queue and agents, event by event.
 *
 * A call holds a circuit from its arrival to its end. It takes an IVR port (first come, first
 * served; the caller gives up when his patience before answer ends) and hears the menu. It waits
 * for an agent, whose phone rings; the two talk, and the agent wraps up. scenarios/scenario.h says
 * what each key means for this.
 *
 * - What happens when several things meet is decided in docs/scenario.md, "The rules that no key
 *   names": one text for this simulation and for the embedded call centre, each of which follows
 *   it without the other.
 * - A caller whose patience before answer ends while his port does not answer yet (it is late by a
 *   delay) gives up then, and holds the port until then.
 * - After RIG_MOST_RINGS_IN_VAIN ringings in vain a caller whose patience is over leaves in any
 *   case: this ends every simulation. A call that ends before the phone rings (a replay knows that
 *   it takes a moment) is lost in the queue.
 *
 * A scenario made in memory may leave out (0, NULL) what the file may leave out: classes, choices,
 * skills, levels, shifts, overflow, emergency script.
 *
 * Two modes. Replay: a schedule holds the callers and what they do in each attempt; what it
 * does not hold (see models/schedule/callers.h), and what the centre draws itself (menu, wrap-up),
 * comes from streams of (seed, cause, caller, replication, attempt). Monte Carlo: without a
 * schedule all is drawn so, and the same as rig_schedule_draw draws for that replication.
 *
 * The event loop allocates nothing. Memory is that of circuits, kept places, agents, intervals and
 * of the most callers who are outside at once, and does not depend on the number of calls; what a
 * run does not use is not touched. What is NOT promised: any order of two events at exactly the
 * same instant beyond that it is always the same. */
#ifndef RIG_MODELS_CENTRE_H
#define RIG_MODELS_CENTRE_H

#include "core/stop.h"
#include "models/metric.h"
#include "models/schedule.h"

/** Whose clock is late: the rig's own SIPp ends a pause a little after its plan, and the target
 * takes a little time for each step. */
typedef enum rig_delay_kind {
    RIG_DELAY_PATIENCE_ANSWER = 0, /**< CANCEL after the patience before answer */
    RIG_DELAY_PATIENCE_QUEUE,      /**< BYE after the patience in the queue */
    RIG_DELAY_PATIENCE_RINGING,    /**< BYE after the patience while ringing */
    RIG_DELAY_SELF_SERVICE,        /**< BYE of a self-server */
    RIG_DELAY_RING,                /**< the phone's 200 after its ring time */
    RIG_DELAY_TALK_CALLER,         /**< the caller's BYE after the talk */
    RIG_DELAY_TALK_AGENT,          /**< the agent's BYE after the talk */
    RIG_DELAY_CENTRE_ANSWERS,      /**< a free port, from the call's arrival on */
    RIG_DELAY_CENTRE_NEXT_CALLER,  /**< a port that was given back, to one who waited for it */
    RIG_DELAY_CENTRE_MENU,         /**< the menu takes so much longer */
    RIG_DELAY_CENTRE_RINGS,        /**< a free agent's phone, from the entry into the queue on */
    RIG_DELAY_CENTRE_WRAP_UP,      /**< the wrap-up takes so much longer */
    RIG_DELAY_REDIAL,              /**< the caller's next INVITE after the delay of his redial */
    RIG_N_DELAY_KINDS
} rig_delay_kind;

/** Measured delays of one kind, scenario time; a replay draws from the sample. */
typedef struct rig_delay_sample {
    double *delay_s; /**< may hold negative values; NULL when n is 0 (then no delay) */
    size_t n;
} rig_delay_sample;

/** A caller whose patience in the queue is over leaves when so many phones have rung in vain. */
#define RIG_MOST_RINGS_IN_VAIN 10

/** What a capture shows of one call's own delays; scenario time, NAN = not seen. */
typedef struct rig_call_delays {
    float late_s[RIG_N_DELAY_KINDS];
    rig_outcome fate; /**< RIG_N_OUTCOMES = the call was not seen */
    uint32_t ring;    /**< the ringing, from 0, that those of a ringing and ring_s are of */
    double port_s;    /**< instant at which a port answered */
    double ring_s;    /**< instant at which the phone began to ring */
    double end_s;     /**< instant at which the call was over */
    double leave_s;   /**< instant at which a caller who was lost hung up */
} rig_call_delays;

/** All kinds. A delay of a call that was seen is that call's; one that was not is drawn. */
typedef struct rig_delays {
    rig_delay_sample kind[RIG_N_DELAY_KINDS];
    rig_call_delays *own; /**< by planned index; NULL: none was seen */
    /** What was seen of the centre is taken as it was up to this time: a port or a phone that the
     * replay gives to a call answers or rings at the instant that was seen, a menu lasts as long.
     */
    double most_reaction_s;
    /** The same in a replay as seen, and how close two events must be there so that the order that
     * was seen decides (models/centre/races.h). */
    double most_race_s;
    /** And a caller whose patience is over leaves at the instant that was seen, if that comes
     * within this time. */
    double most_lateness_s;
    /** How far the instant of a message on the wire may be from the instant at which the centre
     * acted on it: values around 0, scenario time. A replay that moves what was seen moves each
     * delay by one of them. */
    rig_delay_sample jitter;
    /** A run counts although so many of its messages are late (p_stalled), up to so long, at most
     * (most_stalled_s): a replay that moves what was seen moves this share of the delays anywhere
     * up to it, to either side, instead. */
    double p_stalled, most_stalled_s;
} rig_delays;

/** One reporting interval. Calls, with their waits, are counted in the interval of their arrival;
 * redials that come after the last interval in none. */
typedef struct rig_interval {
    double n_offered;
    double n_lost[RIG_N_STAGES];
    double n_served;
    double n_self_served;
    double n_deflected;
    double n_dropped;
    double mean_circuits; /**< time average of the circuits in use */
    double mean_queue;    /**< time average of the calls that wait */
    double mean_on_duty;  /**< time average of the agents on duty */
    double mean_busy;     /**< time average of the agents who ring, talk or wrap up */
    double occupancy;     /**< see RIG_METRIC_OCCUPANCY; NAN without agents */
    double service_level; /**< see RIG_METRIC_SERVICE_LEVEL; NAN when none entered the queue */
    /** Of calls that an agent answered; percentiles by a histogram of 0.8 %; NAN without any. */
    double wait_mean_s, wait_p50_s, wait_p95_s, wait_max_s;
} rig_interval;

/** Figures of one trunk group in a run. */
typedef enum rig_trunk_metric {
    RIG_TRUNK_N_OFFERED = 0,   /**< calls whose first choice it was */
    RIG_TRUNK_N_OVERFLOWED_IN, /**< calls that it took for another group */
    RIG_TRUNK_N_REFUSED,       /**< calls lost at the trunk whose first choice it was */
    RIG_TRUNK_MEAN_CIRCUITS,   /**< in use, time average over the traffic's duration */
    RIG_TRUNK_PEAK_CIRCUITS,
    RIG_N_TRUNK_METRICS
} rig_trunk_metric;

/** Figures of one group of agents, its reserves included, in a run. */
typedef enum rig_group_metric {
    RIG_GROUP_OCCUPANCY = 0, /**< as RIG_METRIC_OCCUPANCY; NAN when nobody was on duty */
    RIG_GROUP_MEAN_ON_DUTY,  /**< agents, time average over the traffic's duration */
    RIG_GROUP_N_TALKS,       /**< talks begun, call backs among them */
    RIG_GROUP_MEAN_TALKS,    /**< of an agent who was on duty at some time; NAN without any */
    RIG_GROUP_MOST_TALKS,    /**< of one agent */
    RIG_N_GROUP_METRICS
} rig_group_metric;

/** Counts beside the tally. Always true after a run: n_promised = n_called_back + n_cut_back +
 * n_never_reached; n_call_backs = n_called_back + n_cut_back + n_vain. */
typedef struct rig_centre_counts {
    uint64_t n_callers;        /**< first attempts */
    uint64_t n_redials;        /**< the other calls */
    uint64_t n_backup;         /**< of these: to the backup number */
    uint64_t n_backup_served;  /**< of these: served, or satisfied by the menu */
    uint64_t n_served_callers; /**< by an agent, in any attempt or called back, or by the menu */
    uint64_t n_promised;       /**< promises of a call back, and kept places */
    uint64_t n_call_backs;     /**< attempts dialled */
    uint64_t n_vain;           /**< attempts that reached nobody */
    uint64_t n_called_back;    /**< promises kept: talked to the end */
    uint64_t n_cut_back;       /**< call backs cut in the talk */
    uint64_t n_never_reached;  /**< promises broken */
} rig_centre_counts;

/** What a replay makes of the delays that were seen (rig_delays.own); all the same without any. */
typedef enum rig_replay_mode {
    RIG_REPLAY_MOVED,  /**< each is moved by a draw of the jitter: one run of a target that conforms
                        */
    RIG_REPLAY_EXACT,  /**< each as it was seen */
    RIG_REPLAY_AS_SEEN /**< the same, and races are decided as they were seen: it tells the fates of
                          single calls, and is no sample of anything */
} rig_replay_mode;

/** Rules that a centre may follow beside those that the scenario gives it (queue.counts_ringing,
 * one_at_a_time, timeout_cuts_ringing, look_every_s, routing). With them a replay asks what would
 * have become of its calls at such a centre. Zeroed: none. Those by which callers are given to
 * agents are for a scenario with one group of agents whose queue keeps no places and promises no
 * call backs. */
typedef struct rig_centre_rules {
    bool ringing_takes_places; /**< a caller for whom a phone rings takes a place of queue.capacity,
                                    and a full queue turns away also while agents are idle */
    bool one_at_a_time; /**< while a phone rings for one caller, no other is given an agent */
    bool ring_all;      /**< the phones of all idle agents ring for one caller */
    bool timeout_cuts_ringing; /**< the queue's time-out ends a call also while a phone rings */
    bool pushes_out;     /**< who comes to a full queue gets the place of the last one of a lesser
                              priority, who is sent away */
    double look_every_s; /**< while calls wait, they are given agents only so often, from the entry
                              of the first of them on; 0 = at once */
    double announced_factor; /**< of the position or wait that is announced; 0 = 1 */
    double p_forgotten;      /**< of those who were promised a call back so many are never called */
    double p_called_again;   /**< of those who were called back and served so many are called once
                                  more, as soon as it is their turn again */
    bool call_backs_first;   /**< an agent who is free calls back before he takes who waits, however
                                  few others are free */
} rig_centre_rules;

/** What is simulated. */
typedef struct rig_centre_input {
    const rig_schedule *schedule; /**< NULL = Monte Carlo */
    const double
        *arrival_s; /**< actual instants by planned index, or NULL: as planned. NAN = not placed */
    const uint32_t
        *order;     /**< planned indices in the order of arrival_s, without those not placed */
    size_t n_order; /**< only with arrival_s */
    const rig_delays *delays;      /**< or NULL: the rig is punctual */
    const rig_stop *stop;          /**< polled; or NULL */
    const rig_centre_rules *rules; /**< or NULL: those of docs/scenario.md */
    rig_replay_mode mode;          /**< of a replay with delays of single calls */
    uint32_t replication;          /**< of all draws */
    double end_s; /**< 0 = to the end; else the run is cut: nothing after this instant happens */
} rig_centre_input;

/** Instants of a planned call, scenario time; NAN = it did not come to that. */
typedef struct rig_call_instants {
    double port_s;  /**< an IVR port answers */
    double queue_s; /**< the queue is entered, for the first time */
    double ring_s;  /**< a phone begins to ring, for the last time */
    double talk_s;  /**< an agent answers */
    double end_s;   /**< over, but for calls in progress */
    double race_s;  /**< RIG_REPLAY_AS_SEEN: gap of the race of this call, decided as seen */
} rig_call_instants;

/** What comes out. */
typedef struct rig_centre_output {
    rig_tally tally;
    rig_centre_counts counts;
    double metrics[RIG_N_METRICS];
    rig_interval *intervals; /**< room for rig_centre_n_intervals; given by the caller, or NULL */
    rig_outcome *fates; /**< replay: by planned index; RIG_OUTCOME_NOT_PLACED of redials that did
                           not come, or came in the warm-up. Given by the caller, or NULL */
    rig_call_instants *instants; /**< replay: the same calls; given by the caller, or NULL */
    double *trunks; /**< [n_trunks][RIG_N_TRUNK_METRICS]; given by the caller, or NULL */
    double *groups; /**< [n_agents][RIG_N_GROUP_METRICS]; given by the caller, or NULL */
    double *parts;  /**< [rig_scope_n_parts][RIG_N_METRICS]: a figure that a part has not is
                       NAN; given by the caller, or NULL */
} rig_centre_output;

/** A simulator with its memory; for one thread at a time. */
typedef struct rig_centre rig_centre;

/**
 * @param scenario     Borrowed; must outlive the simulator.
 * @param[out] centre  Owned by the caller: rig_centre_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_centre_new(const rig_scenario *scenario, rig_centre **centre);

/** NULL-safe. */
void rig_centre_free(rig_centre *centre);

/** Reporting intervals of a scenario: they cover [0, duration_s). */
size_t rig_centre_n_intervals(const rig_scenario *scenario);

/**
 * Simulate one run, from an empty centre until the last call and wrap-up are over, and all shifts,
 * faults and promises.
 *
 * A run that is cut at end_s is the beginning of the same run without a cut. What is in progress
 * then is tallied as RIG_OUTCOME_IN_PROGRESS: before the agent's answer in the queue (also while a
 * phone rings), before the queue in the IVR. Calls that have not come yet are not tallied; their
 * fates are RIG_OUTCOME_NOT_PLACED.
 * @return RIG_OK; RIG_ECANCELLED; RIG_EINPUT naming limits.max_calls (Monte Carlo: more first
 *         attempts than that) or limits.max_outside.
 */
rig_status rig_centre_simulate(rig_centre *centre, const rig_centre_input *input,
                               rig_centre_output *output, rig_error *err);

/** Whether nothing is in use: no circuit, port or slot, nobody waits, no agent is busy. So after
 * each complete run. */
bool rig_centre_is_idle(const rig_centre *centre);

/** @param metric  Below RIG_N_TRUNK_METRICS. */
const rig_metric_info *rig_trunk_metric_describe(rig_trunk_metric metric);

/** @param metric  Below RIG_N_GROUP_METRICS. */
const rig_metric_info *rig_group_metric_describe(rig_group_metric metric);

#endif
