/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is counted and measured of calls on the wire, one by one: of all of them, or of a part. */
#ifndef RIG_VERDICT_MEASURED_H
#define RIG_VERDICT_MEASURED_H

#include "core/call.h"
#include "models/metric.h"

/** Counts and times. */
typedef struct rig_measured {
    rig_tally tally; /**< the caller's to fill */
    rig_metric_counts counts;
    rig_wait *waits; /**< owned */
    float *setup_s;  /**< owned */
    size_t n_waits, n_setup;
} rig_measured;

/** @param n  Most calls. @return RIG_OK or RIG_ENOMEM; rig_measured_clear in any case. */
rig_status rig_measured_make(size_t n, rig_measured *measured);

/** Count the talk of a call that an agent served to the end: n_talks and talks_s; else nothing. */
void rig_measured_add_talk(const rig_call *call, const rig_scenario *scenario,
                           rig_metric_counts *counts);

/** One call more: the answer of the centre, and its wait in the queue. */
void rig_measured_add(const rig_call *call, const rig_scenario *scenario, rig_measured *measured);

/** The wait that a call was told in the queue, scenario time; 0: none. */
double rig_measured_announced_s(const rig_call *call, const rig_scenario *scenario);

/** All figures that follow; the others are NAN. */
void rig_measured_fill(rig_measured *measured, double metrics[RIG_N_METRICS]);

/** Nothing counted. */
void rig_measured_reset(rig_measured *measured);

/** Free what it owns. */
void rig_measured_clear(rig_measured *measured);

#endif
