/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/callers_csv.h"

#include "core/atomic_file.h"
#include "reports/csv/parts.h"
#include "verdict/redialled.h"

/* His calls in the replay, and how the last of them ended. */
static rig_outcome replayed(const rig_result *r, size_t first, uint64_t *n_attempts)
{
    const rig_outcome *fates = r->prediction->fates;
    rig_outcome last = RIG_OUTCOME_NOT_PLACED;
    *n_attempts = 0;
    for (size_t row = first;; row = r->schedule->calls[row].next) {
        if (fates[row] != RIG_OUTCOME_NOT_PLACED) {
            last = fates[row];
            ++*n_attempts;
        }
        if (r->schedule->calls[row].next == 0)
            return last;
    }
}

static void put_row(FILE *out, const rig_result *r, size_t first)
{
    const rig_person p = rig_person_of(r->join, r->schedule, first, r->scenario->time_scale);
    uint64_t n_replayed;
    const rig_outcome fate = replayed(r, first, &n_replayed);
    (void)fprintf(out, "%zu,%llu,%u,%zu,%s,%d", first,
                  (unsigned long long)r->schedule->calls[first].number, p.n_attempts, p.last,
                  rig_outcome_name(p.fate), p.is_served);
    rig_report_csv_real(out, p.from_s, 6);
    rig_report_csv_real(out, p.to_s, 6);
    rig_report_csv_count(out, n_replayed);
    (void)fprintf(out, ",%s,%d,%u,%d,%u\n", rig_outcome_name(fate),
                  p.is_promised && rig_scenario_calls_back(r->scenario), p.n_call_backs,
                  p.is_called_back, p.n_backup);
}

rig_status rig_report_callers_csv(const rig_result *r, const char *path, rig_error *err)
{
    rig_atomic_file *file;
    if (r->schedule->n_redials == 0 && !rig_scenario_calls_back(r->scenario))
        return RIG_OK;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    (void)fprintf(out,
                  "# format: peakrig callers 1\n# peakrig: " PEAKRIG_VERSION
                  "\n# schedule_sha256: %s\n# calls_sha256: %s\n"
                  "caller,number,attempts,last_planned_index,fate,served,t_first_s,t_end_s,"
                  "replayed_attempts,replayed_fate,promised,call_backs,called_back,backup_calls\n",
                  r->inputs->schedule, r->inputs->calls);
    for (size_t i = 0; i < rig_schedule_n_first(r->schedule) && i < r->prediction->n_fates; i++)
        put_row(out, r, i);
    return rig_atomic_file_commit(file, err);
}
