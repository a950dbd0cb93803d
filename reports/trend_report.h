/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A figure over the runs, for programs and as a picture. */
#ifndef RIG_REPORTS_TREND_REPORT_H
#define RIG_REPORTS_TREND_REPORT_H

#include <stdio.h>

#include "history/trend.h"

/** Rows `start` (as rig_history_by_text), `runs`, `failed`, `mean`, `least`, `most`, `predicted`.
 */
void rig_report_trend_csv(const rig_history_trend *trend, rig_history_by by, FILE *out);

/** A document of the format "peakrig trend 1". @return RIG_OK or RIG_ENOMEM. */
rig_status rig_report_trend_json(const rig_history_trend *trend, const char *metric,
                                 rig_history_by by, FILE *out, rig_error *err);

/**
 * Draw it with gnuplot: the mean of each row, the range of its runs, and what was predicted.
 * @param path  Written atomically.
 * @return RIG_OK; RIG_EENV without gnuplot; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_report_trend_svg(const rig_history_trend *trend, const char *metric,
                                rig_history_by by, const char *path, rig_error *err);

/** The same without a key and with short dates, for two beside each other, or a phone. @return as
 * above. */
rig_status rig_report_trend_small_svg(const rig_history_trend *trend, const char *metric,
                                      rig_history_by by, const char *path, rig_error *err);

#endif
