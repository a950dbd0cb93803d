/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of a capture as comma-separated tables. Files appear whole or not at all. A figure that
 * is not defined is empty. The columns are in docs/analyze.md. */
#ifndef RIG_REPORTS_FIGURES_CSV_H
#define RIG_REPORTS_FIGURES_CSV_H

#include <stddef.h>

#include "analyzer/call_groups.h"
#include "analyzer/survival.h"
#include "analyzer/usage_series.h"
#include "core/status.h"

/** Circuits, queue and agents over time: a row an interval. @return RIG_OK; RIG_EIO; RIG_ENOMEM. */
rig_status rig_report_usage_csv(const rig_usage_table *table, const char *path, rig_error *err);

/** The curve of patience: a row for each time at which someone hung up. @return as above. */
rig_status rig_report_patience_csv(const rig_survival *survival, const char *path, rig_error *err);

/** Tables of groups, one after the other: a row a group. @return as above. */
rig_status rig_report_groups_csv(const rig_call_group_table *const *tables, size_t n_tables,
                                 const char *path, rig_error *err);

#endif
