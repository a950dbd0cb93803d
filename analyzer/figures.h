/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All figures of a capture, while its calls come in: a sink for calls (call_sink.h), and what came
 * of them.
 *
 * With a condition (query.h) only the calls that fit are counted. Whether a call fits may depend on
 * whether the target shows queue marks, which is not known before the end: then everything is
 * counted twice, each way.
 *
 * Memory: that of the parts (usage_meter.h, usage_series.h, patience.h, call_groups.h). With a
 * condition, twice that, and 32 bytes for each call that fits. */
#ifndef RIG_ANALYZER_FIGURES_H
#define RIG_ANALYZER_FIGURES_H

#include "analyzer/analyzer.h"
#include "analyzer/call_sink.h"
#include "analyzer/call_groups.h"
#include "analyzer/patience.h"
#include "analyzer/registrations.h"
#include "analyzer/series.h"
#include "analyzer/sessions.h"
#include "analyzer/usage.h"
#include "analyzer/usage_series.h"
#include "analyzer/query.h"

/** Most tables of groups. */
#define RIG_FIGURES_MAX_TABLES 16

/** What is wanted. All zero: all calls, no tables. */
typedef struct rig_figures_options {
    const rig_query *where; /**< borrowed; NULL: all calls */
    rig_call_group_by by[RIG_FIGURES_MAX_TABLES];
    size_t n_by;
    bool has_over_time;  /**< a table over time is wanted */
    int64_t interval_ns; /**< of that table; 0: the shortest there is */
} rig_figures_options;

/** What was found. Owned by the figures. */
typedef struct rig_found {
    const rig_capture_counts *counts;
    const rig_usage *usage;
    const rig_sessions *sessions;
    const rig_loss_series *series;
    const rig_registrations *registrations; /**< of all, whatever the condition */
    const rig_usage_table *over_time; /**< NULL: nobody asks; by the interval that was asked for */
    const rig_usage_table *hours;     /**< by hours; by longer spans where the capture has more than
                                           60 days */
    const rig_survival *patience;
    uint64_t n_patience_left_out;              /**< patience.h */
    const rig_call_group_table *const *tables; /**< n_tables of them, in the order of the options */
    size_t n_tables;
    const char *where; /**< the condition; NULL: all calls */
} rig_found;

/** Figures under way; opaque. */
typedef struct rig_figures rig_figures;

/**
 * @param options       Copied, but for the condition.
 * @param[out] figures  Owned by the caller: rig_figures_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_figures_new(const rig_figures_options *options, rig_figures **figures,
                           rig_error *err);

/** NULL-safe. */
void rig_figures_free(rig_figures *figures);

/** Where registrations are counted: rig_registrations_add's context. */
rig_registrations *rig_figures_registrations(rig_figures *figures);

/** rig_call_sink.withdrawn with figures as its context. */
void rig_figures_withdrawn(void *figures, int64_t t_invite_ns);

/** rig_call_sink.answered with figures as its context. */
void rig_figures_answered(void *figures, int64_t t_invite_ns);

/**
 * Take a call.
 * @param call  With pseudonyms (masked_call.h), where groups are to have them.
 * @param fit   Whether it fits the condition: rig_query_fit_call.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_figures_take(rig_figures *figures, const rig_finished_call *call, rig_query_fit fit,
                            rig_error *err);

/**
 * All calls have come.
 * @param counts      What the capture held; borrowed.
 * @param[out] found  Lives as long as the figures.
 * @return RIG_OK; RIG_EDOM for an interval that the capture's length does not allow, naming the
 *         shortest; RIG_ENOMEM.
 */
rig_status rig_figures_finish(rig_figures *figures, const rig_capture_counts *counts,
                              rig_found *found, rig_error *err);

#endif
