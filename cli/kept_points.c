/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/kept_points.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/atomic_file.h"
#include "core/clock.h"

/* The file is written whole each time: after so many times as long as that took. */
#define WRITE_EVERY 20

/* The text of the file, "" where there is none yet, and its looks. It is written at once: that it
 * cannot be must not be found out at the end. */
static rig_status read_file(const rig_kept_points *kept, char **text, size_t *n, rig_error *err)
{
    rig_status status = RIG_OK;
    struct stat about;
    const bool is_there = stat(kept->path, &about) == 0;
    if (is_there && !S_ISREG(about.st_mode)) /* it may have no end */
        return rig_fail(err, RIG_EINPUT, "--points %s: expected a regular file", kept->path);
    if (is_there || errno != ENOENT)
        status = rig_file_read(kept->path, text, n, err);
    else if ((*text = calloc(1, 1)) == NULL)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", kept->path);
    if (status == RIG_OK && *n > 0)
        status = rig_report_points_read(kept->points, kept->path, *text, *n, err);
    return status == RIG_OK ? rig_report_points_write(kept->points, kept->path, err) : status;
}

rig_status rig_kept_points_begin(const char *path, const rig_plan_question *question,
                                 const rig_scenario *scenario, rig_ranks *ranks,
                                 rig_kept_points *kept, rig_error *err)
{
    char *text = NULL;
    size_t n = 0;
    *kept = (rig_kept_points){.path = path, .ranks = ranks, .is_written = true};
    if (path == NULL)
        return RIG_OK;
    rig_status status = rig_report_points_new(question, scenario, &kept->points, err);
    if (status == RIG_OK && rig_ranks_is_leader(ranks))
        status = read_file(kept, &text, &n, err);
    status = rig_ranks_agree(ranks, "step", "--points", status, err);
    if (status == RIG_OK)
        status = rig_ranks_spread(ranks, &text, &n, err);
    if (status == RIG_OK && n > 0 && !rig_ranks_is_leader(ranks))
        status = rig_report_points_read(kept->points, path, text, n, err);
    free(text);
    return status;
}

static void write_file(rig_kept_points *kept)
{
    const int64_t start_ns = rig_clock_monotonic_ns();
    if (kept->trouble.status != RIG_OK)
        return;
    (void)rig_report_points_write(kept->points, kept->path, &kept->trouble);
    const int64_t end_ns = rig_clock_monotonic_ns();
    kept->next_ns = end_ns + WRITE_EVERY * (end_ns - start_ns);
    kept->is_written = true;
}

rig_status rig_kept_points_evaluate(rig_kept_points *kept, const rig_plan_evaluator *evaluator,
                                    const size_t *index, uint32_t n_before, uint32_t n_replications,
                                    double *samples, rig_error *err)
{
    const double *found =
        kept->points != NULL ? rig_report_points_find(kept->points, index, n_before, n_replications)
                             : NULL;
    if (found != NULL) {
        const size_t n_rows = (size_t)RIG_N_METRICS + evaluator->n_requirements;
        memcpy(samples, found, n_rows * n_replications * sizeof *samples);
        return RIG_OK;
    }
    rig_status status =
        rig_plan_evaluator_run(evaluator, index, n_before, n_replications, samples, err);
    if (status != RIG_OK || kept->points == NULL || !rig_ranks_is_leader(kept->ranks))
        return status;
    status = rig_report_points_add(kept->points, index, n_before, n_replications, samples);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: out of memory", kept->path);
    kept->is_written = false;
    if (rig_clock_monotonic_ns() >= kept->next_ns)
        write_file(kept);
    return RIG_OK;
}

rig_status rig_kept_points_end(rig_kept_points *kept, rig_error *err)
{
    if (kept->points != NULL && !kept->is_written)
        write_file(kept);
    const rig_error trouble = kept->trouble;
    rig_report_points_free(kept->points);
    *kept = (rig_kept_points){.is_written = true};
    return trouble.status == RIG_OK ? RIG_OK : rig_fail(err, trouble.status, "%s", trouble.text);
}
