/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits in use, measured while the calls come in, in the order in which they are over.
 *
 * A call is known to hold a circuit when it is answered, and to have held none when it is over;
 * both are told later than they were so. Changes are therefore kept for RIG_USAGE_LAG_NS and then
 * taken in the order of their times. What is told later still (a call that rang longer than that
 * before it was answered or refused) counts as if it had happened then; rig_usage.n_late says how
 * often.
 *
 * Memory: the changes of the last RIG_USAGE_LAG_NS, and one counter for each number of circuits
 * that was ever in use. */
#ifndef RIG_ANALYZER_USAGE_METER_H
#define RIG_ANALYZER_USAGE_METER_H

#include "analyzer/call_sink.h"
#include "analyzer/usage.h"

/** How long a change may be told after it happened. Calls are over for 64 s and more before they
 * are handed out (call_sink.h). */
#define RIG_USAGE_LAG_NS (600 * RIG_NS_PER_S)

/** A measurement under way; opaque. */
typedef struct rig_usage_meter rig_usage_meter;

/** @param[out] meter  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_usage_meter_new(rig_usage_meter **meter, rig_error *err);

/** How to measure. All zero: as rig_usage_meter_new does. */
typedef struct rig_usage_meter_options {
    struct rig_usage_series *series; /**< told of the circuits in use as time goes by
                                          (usage_series.h); borrowed; NULL: nobody is */
    bool keeps_all; /**< nobody tells when calls are answered: all changes are kept until the end,
                         and none is late. 32 bytes a call */
} rig_usage_meter_options;

/** The same otherwise. @param options  NULL: as all zero. */
rig_status rig_usage_meter_new_with(const rig_usage_meter_options *options, rig_usage_meter **meter,
                                    rig_error *err);

/** NULL-safe. */
void rig_usage_meter_free(rig_usage_meter *meter);

/** rig_call_sink.answered with a meter as its context. */
void rig_usage_meter_answered(void *ctx, int64_t t_invite_ns);

/** rig_call_sink.withdrawn with a meter as its context. */
void rig_usage_meter_withdrawn(void *ctx, int64_t t_invite_ns);

/** rig_call_sink.take with a meter as its context. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_usage_meter_take(void *ctx, const rig_finished_call *call, rig_error *err);

/**
 * All calls have come.
 * @param has_queue_marks  rig_capture_counts.has_queue_marks, at the end.
 * @param[out] usage       Without a series; owned by the caller: rig_usage_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_usage_meter_finish(rig_usage_meter *meter, bool has_queue_marks, rig_usage **usage,
                                  rig_error *err);

#endif
