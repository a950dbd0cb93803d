/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits, queue and agents over time, and what became of the calls: any capture, any order of
 * calls, bounded memory.
 *
 * A call holds a circuit as in usage.h; it waits in the queue from its first mark until an agent
 * answers or it is over; an agent talks from his answer until the call is over. Calls are counted
 * by the instant of their INVITE.
 *
 * Circuits are exact. Queue and agents are put together from changes in any order, so that many
 * changes within one hundredth of a second (of long captures: up to
 * rig_usage_series.resolution_ns) count as one: the greatest number may be a little too low.
 *
 * Memory: about 700 kB. */
#ifndef RIG_ANALYZER_USAGE_SERIES_H
#define RIG_ANALYZER_USAGE_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/call_sink.h"
#include "core/stage.h"
#include "core/status.h"

/** What is in use. */
typedef enum rig_usage_of {
    RIG_USAGE_CIRCUITS = 0,
    RIG_USAGE_QUEUE,  /**< calls that wait for an agent, ringing or not */
    RIG_USAGE_AGENTS, /**< agents who talk */
    RIG_N_USAGES
} rig_usage_of;

/** An interval. */
typedef struct rig_usage_row {
    int64_t t_from_ns;   /**< begins; epoch */
    double seconds;      /**< of it, between the first and the last instant of any call */
    uint64_t n_offered;  /**< calls whose INVITE lies in it; of these: */
    uint64_t n_answered; /**< with a 2xx */
    uint64_t n_served;   /**< talked with an agent */
    uint64_t n_lost[RIG_N_STAGES];
    double mean[RIG_N_USAGES]; /**< over `seconds` of it */
    uint32_t max[RIG_N_USAGES];
    double offered_erl; /**< as in usage.h: as if the calls that held no circuit had held one as
                             long as the mean of the others; carried is mean[RIG_USAGE_CIRCUITS] */
} rig_usage_row;

/** Rows. */
typedef struct rig_usage_table {
    int64_t interval_ns;
    int64_t resolution_ns; /**< of queue and agents */
    rig_usage_row *rows;   /**< n of them, also those without calls; owned */
    size_t n;
} rig_usage_table;

/** A series under way; opaque. */
typedef struct rig_usage_series rig_usage_series;

/** @param[out] series  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_usage_series_new(rig_usage_series **series, rig_error *err);

/** NULL-safe. */
void rig_usage_series_free(rig_usage_series *series);

/** Count a call, its wait and its talk. */
void rig_usage_series_take(rig_usage_series *series, const rig_finished_call *call);

/** So many circuits were in use from one instant to another. Spans must follow each other. */
void rig_usage_series_hold(rig_usage_series *series, int64_t from_ns, int64_t to_ns,
                           int64_t in_use);

/**
 * All calls have come.
 * @param t_last_ns  The latest instant of any call: those not over last until then.
 */
void rig_usage_series_finish(rig_usage_series *series, int64_t t_last_ns);

/** The shortest interval of a table, ns; 0: there are no calls. It divides an hour, or is made of
 * whole hours. */
int64_t rig_usage_series_step_ns(const rig_usage_series *series);

/**
 * The rows, of a series that is finished.
 * @param interval_ns      A multiple of rig_usage_series_step_ns; 0: that one.
 * @param has_queue_marks  rig_capture_counts.has_queue_marks, at the end.
 * @param[out] table       Owned by the caller: rig_usage_table_free.
 * @return RIG_OK; RIG_EDOM naming the shortest interval where it is no multiple; RIG_ENOMEM.
 */
rig_status rig_usage_series_table(const rig_usage_series *series, int64_t interval_ns,
                                  bool has_queue_marks, rig_usage_table **table, rig_error *err);

/** NULL-safe. */
void rig_usage_table_free(rig_usage_table *table);

#endif
