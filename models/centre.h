/* The simulated call centre: trunks, IVR, queue and agents, event by event.
 *
 * A call holds a circuit from its arrival to its end. It takes an IVR port (first come, first
 * served; the caller gives up when his patience before answer ends), hears the menu, waits first
 * in first out for the longest idle agent, and is rung, talked to and wrapped up as scenario.h says
 * for each key. What the caller and the rung phones do comes from the schedule; what the centre
 * draws itself (menu, wrap-up) comes from streams of (seed, cause, call, replication).
 *
 * The event loop allocates nothing; memory is that of circuits, agents and intervals, and one
 * float or two a call for percentiles. What is NOT promised: any order of two events at exactly the
 * same instant beyond that it is always the same. */
#ifndef RIG_MODELS_CENTRE_H
#define RIG_MODELS_CENTRE_H

#include <signal.h>

#include "models/metric.h"
#include "models/schedule.h"

/** Whose clock is late: the rig's own SIPp ends a pause a little after its plan. */
typedef enum rig_delay_kind {
    RIG_DELAY_PATIENCE_ANSWER = 0, /**< CANCEL after the patience before answer */
    RIG_DELAY_PATIENCE_QUEUE,      /**< BYE after the patience in the queue */
    RIG_DELAY_PATIENCE_RINGING,    /**< BYE after the patience while ringing */
    RIG_DELAY_SELF_SERVICE,        /**< BYE of a self-server */
    RIG_DELAY_RING,                /**< the phone's 200 after its ring time */
    RIG_DELAY_TALK_CALLER,         /**< the caller's BYE after the talk */
    RIG_DELAY_TALK_AGENT,          /**< the agent's BYE after the talk */
    RIG_N_DELAY_KINDS
} rig_delay_kind;

/** Measured delays of one kind, scenario time; a replay draws each call's from the sample. */
typedef struct rig_delay_sample {
    double *delay_s; /**< may hold negative values; NULL when n is 0 (then no delay) */
    size_t n;
} rig_delay_sample;

/** All kinds. */
typedef struct rig_delays {
    rig_delay_sample kind[RIG_N_DELAY_KINDS];
} rig_delays;

/** Counts of one reporting interval; calls are counted in the interval of their arrival. */
typedef struct rig_interval {
    double n_offered;
    double n_lost[RIG_N_STAGES];
    double n_served;
    double mean_circuits; /**< time average of the circuits in use */
} rig_interval;

/** What is simulated. */
typedef struct rig_centre_input {
    const rig_schedule *schedule;
    const double
        *arrival_s; /**< actual instants by planned index, or NULL: as planned. NAN = not placed */
    const uint32_t
        *order;     /**< planned indices in the order of arrival_s, without those not placed */
    size_t n_order; /**< only with arrival_s */
    const rig_delays *delays;          /**< or NULL: the rig is punctual */
    const volatile sig_atomic_t *stop; /**< polled; or NULL */
    uint32_t replication;              /**< of the centre's own draws and of the delays */
} rig_centre_input;

/** What comes out. */
typedef struct rig_centre_output {
    rig_tally tally;
    double metrics[RIG_N_METRICS];
    rig_interval *intervals; /**< room for rig_centre_n_intervals; given by the caller, or NULL */
    rig_outcome *fates;      /**< by planned index, schedule->n; given by the caller, or NULL */
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
 * Simulate one run, from an empty centre until the last call and wrap-up are over.
 * @return RIG_OK; RIG_ECANCELLED; RIG_ENOMEM (the memory for percentiles grows with the longest
 *         schedule).
 */
rig_status rig_centre_simulate(rig_centre *centre, const rig_centre_input *input,
                               rig_centre_output *output);

#endif
