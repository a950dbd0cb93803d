/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The looks of a plan in a file, so that one that was ended in the middle goes on where it was:
 * each with its figures, every bit of them. A plan that finds its looks there comes to the same
 * result as one that simulates them.
 *
 * The file is text: "# peakrig plan points 1", "# plan: SHA-256", then for each look "look INDEX..
 * N_BEFORE N" and a line a figure (rig_plan_n_rows) of N numbers as printf's %a writes them. */
#ifndef RIG_REPORTS_PLAN_POINTS_H
#define RIG_REPORTS_PLAN_POINTS_H

#include "models/plan.h"
#include "scenarios/scenario.h"

/** Looks; opaque. */
typedef struct rig_report_points rig_report_points;

/**
 * None yet.
 * @param question, scenario  Of the plan: what the file is checked against. The question is
 * borrowed and must stay as it is.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_report_points_new(const rig_plan_question *question, const rig_scenario *scenario,
                                 rig_report_points **points, rig_error *err);

/** NULL-safe. */
void rig_report_points_free(rig_report_points *points);

/**
 * Take the looks of a file.
 * @param path  Of the file, for messages.
 * @param text  Its n bytes, and a NUL behind them.
 * @return RIG_OK; RIG_EINPUT with path and line for what is no such file, of another plan (another
 *         scenario, version, --set, --vary, --meet or number of replications), cut or damaged;
 *         RIG_ENOMEM.
 */
rig_status rig_report_points_read(rig_report_points *points, const char *path, const char *text,
                                  size_t n, rig_error *err);

/** The samples of a look, as rig_plan_evaluate gives them; NULL: it is not there. Borrowed. */
const double *rig_report_points_find(const rig_report_points *points, const size_t *index,
                                     uint32_t n_before, uint32_t n_replications);

/** Add a look; the samples are copied. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_report_points_add(rig_report_points *points, const size_t *index, uint32_t n_before,
                                 uint32_t n_replications, const double *samples);

/** Write all looks, atomically. @return as rig_atomic_file_commit. */
rig_status rig_report_points_write(const rig_report_points *points, const char *path,
                                   rig_error *err);

#endif
