/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan for people and machines: what its files and pictures are made from. */
#ifndef RIG_REPORTS_PLAN_REPORT_H
#define RIG_REPORTS_PLAN_REPORT_H

#include "core/language.h"
#include "models/plan.h"
#include "models/prediction.h"

/** A plan and where it comes from. All is borrowed. */
typedef struct rig_report_plan {
    const rig_plan *plan;
    const rig_scenario *scenario; /**< with the overrides, without the axes' values */
    const char *scenario_sha256;  /**< of the file */
    const char *const *overrides; /**< --set */
    size_t n_overrides;
    const rig_metric *shown; /**< the figures of tables and pictures */
    size_t n_shown;
    const rig_scenario *advised; /**< of the answer, or of what comes nearest to one; NULL: none */
    const rig_prediction *prediction; /**< of it; NULL where that is */
} rig_report_plan;

/** What a sentence is. */
typedef enum rig_plan_sentence {
    RIG_PLAN_ANSWER = 0, /**< first, once */
    RIG_PLAN_EVIDENCE,
    RIG_PLAN_OTHER, /**< another minimal combination */
    RIG_PLAN_REMARK /**< what one should know of the answer */
} rig_plan_sentence;

/**
 * Say what was found, in the language: the answer, its evidence and its limits, one sentence a
 * call. Nothing for a plan without requirements, but for a remark when it was stopped.
 */
void rig_report_plan_explain(const rig_report_plan *report, const rig_language *language,
                             void (*say)(void *ctx, rig_plan_sentence kind, const char *text),
                             void *ctx);

/** "meets", "not met", "undecided", "stopped", or "complete" without requirements; static. */
const char *rig_report_plan_outcome(const rig_report_plan *report);

/** A figure with its unit: "1.03 %", "12.4 s", "270". */
typedef struct rig_report_plan_figure {
    char text[64];
} rig_report_plan_figure;

/** A value of a metric; shares as per cent with so many decimals. "n/a" for NAN. */
rig_report_plan_figure rig_report_plan_figure_of(rig_metric metric, double value, int n_decimals);

/** "1.03 % (0.99..1.07)"; "n/a" for NAN. */
rig_report_plan_figure rig_report_plan_interval_of(rig_metric metric, double value, double low,
                                                   double high, int n_decimals);

#endif
