/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plan_csv.h"

#include <math.h>
#include <stdlib.h>

#include "core/atomic_file.h"

static void print_number(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, ",%.10g", value);
    else
        fputc(',', out);
}

void rig_report_plan_csv(const rig_report_plan *report, FILE *out)
{
    static const char *const figures[] = {"mean", "ci_low", "ci_high", "low", "high"};
    const rig_plan *plan = report->plan;
    const rig_plan_question *q = plan->question;
    fprintf(out,
            "# format: peakrig plan 1\n# peakrig: " PEAKRIG_VERSION "\n# seed: %llu\n"
            "# scenario_sha256: %s\n# confidence: %g\n# status: %s\n",
            (unsigned long long)report->scenario->seed, report->scenario_sha256, q->confidence,
            plan->is_complete ? "complete" : "stopped");
    for (size_t a = 0; a < q->n_axes; a++)
        fprintf(out, "%s,", q->axes[a].key);
    fputs("n_replications,verdict", out);
    for (int m = 0; m < RIG_N_METRICS; m++) {
        for (size_t f = 0; f < sizeof figures / sizeof *figures; f++)
            fprintf(out, ",%s_%s", rig_metric_describe((rig_metric)m)->name, figures[f]);
    }
    fputc('\n', out);
    for (size_t p = 0; p < plan->n_points; p++) {
        const rig_plan_point *point = plan->points[p];
        for (size_t a = 0; a < q->n_axes; a++)
            fprintf(out, "%s,", q->axes[a].values[point->index[a]].text);
        fprintf(out, "%u,%s", point->n_replications,
                q->n_requirements > 0 ? rig_plan_verdict_name(point->verdict) : "");
        for (int m = 0; m < RIG_N_METRICS; m++) {
            const rig_summary *s = &point->metrics[m];
            const double values[] = {s->mean, s->ci_low, s->ci_high, s->low, s->high};
            for (size_t f = 0; f < sizeof values / sizeof *values; f++)
                print_number(out, values[f]);
        }
        fputc('\n', out);
    }
}

rig_status rig_report_plan_csv_write(const rig_report_plan *report, const char *dir, rig_error *err)
{
    char *path;
    rig_atomic_file *file;
    if (asprintf(&path, "%s/plan.csv", dir) < 0)
        return rig_fail(err, RIG_ENOMEM, "plan.csv: out of memory");
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status == RIG_OK) {
        rig_report_plan_csv(report, rig_atomic_file_stream(file));
        status = rig_atomic_file_commit(file, err);
    }
    free(path);
    return status;
}
