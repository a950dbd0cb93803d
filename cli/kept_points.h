/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan --points FILE: looks that are kept, and found again. */
#ifndef RIG_CLI_KEPT_POINTS_H
#define RIG_CLI_KEPT_POINTS_H

#include "models/plan_evaluator.h"
#include "ranks/ranks.h"
#include "reports/plan_points.h"

/** The looks and their file. Zeroed: none are kept. */
typedef struct rig_kept_points {
    const char *path; /**< NULL: none are kept */
    rig_report_points *points;
    rig_ranks *ranks;  /**< rank 0 alone reads and writes the file; all have its looks */
    int64_t next_ns;   /**< when it may be written again */
    bool is_written;   /**< it holds all looks */
    rig_error trouble; /**< the first: it is not written any more, and the plan goes on */
} rig_kept_points;

/**
 * Begin: read the file, where there is one, and write it. Every rank must call it at the same point.
 * @param path  NULL: keep none. @param[out] kept  rig_kept_points_end.
 * @return RIG_OK; as rig_report_points_new, _read and _write, rig_file_read, rig_ranks_agree.
 */
rig_status rig_kept_points_begin(const char *path, const rig_plan_question *question,
                                 const rig_scenario *scenario, rig_ranks *ranks,
                                 rig_kept_points *kept, rig_error *err);

/** rig_plan_evaluator_run, or the look that is kept. A new one is written, but so seldom that
 * little time goes into that. That it cannot be written is an error at the end. */
rig_status rig_kept_points_evaluate(rig_kept_points *kept, const rig_plan_evaluator *evaluator,
                                    const size_t *index, uint32_t n_before, uint32_t n_replications,
                                    double *samples, rig_error *err);

/** Write what is not written, and free. @return as rig_report_points_write. */
rig_status rig_kept_points_end(rig_kept_points *kept, rig_error *err);

#endif
