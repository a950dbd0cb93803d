/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sink that keeps all calls until the end. Internal to the room. */
#ifndef RIG_ANALYZER_CALLS_COLLECT_H
#define RIG_ANALYZER_CALLS_COLLECT_H

#include "analyzer/call_sink.h"
#include "core/slice.h"

/** The calls so far; opaque. */
typedef struct rig_collector rig_collector;

/** @param[out] collector  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_collector_new(rig_collector **collector, rig_error *err);

/** NULL-safe. */
void rig_collector_free(rig_collector *collector);

/** rig_call_sink.take with a collector as its context. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_collector_take(void *ctx, const rig_finished_call *call, rig_error *err);

/** rig_call_sink.call_back with a collector as its context. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_collector_take_back(void *ctx, const rig_finished_call *call, rig_error *err);

/**
 * Copy all of them, without their Call-IDs, to the places of their orders; nothing changes.
 * @param has_queue_marks  As in rig_collector_finish.
 * @param[out] calls       Has room for the greatest order, and for all calls back.
 */
void rig_collector_copy(const rig_collector *collector, bool has_queue_marks, rig_calls *calls);

/** Calls back in the order of their INVITEs. */
void rig_collector_sort_backs(rig_call *backs, size_t n);

/**
 * All of them, in the order of their INVITEs; the collector is empty afterwards.
 * @param has_queue_marks  Whether the target has shown when a call enters its queue.
 * @param[out] calls       Owned by the caller: rig_calls_free.
 * @return RIG_OK; RIG_ENOMEM (then nothing has changed).
 */
rig_status rig_collector_finish(rig_collector *collector, bool has_queue_marks, rig_calls **calls,
                                rig_error *err);

#endif
