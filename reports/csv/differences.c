/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/differences_csv.h"

#include <math.h>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "reports/csv/parts.h"

/* A comma, and the stage that an outcome says a call was lost at. */
static void put_stage(FILE *out, rig_outcome outcome)
{
    (void)fputc(',', out);
    for (int s = 0; s < RIG_N_STAGES; s++) {
        if (outcome == rig_outcome_lost_at((rig_stage)s))
            (void)fputs(rig_stage_name((rig_stage)s), out);
    }
}

static double late_ms(const rig_result *r, size_t index)
{
    const rig_call *call = r->join->observed[index];
    if (call == NULL || call->t_invite_ns == RIG_NO_TIME || index >= rig_join_n_first(r->join))
        return NAN; /* a redial has no instant of its own */
    const int64_t planned_ns =
        r->play->start_epoch_ns +
        rig_clock_ns_of_s(r->schedule->calls[index].t_s / r->scenario->time_scale);
    return (double)(call->t_invite_ns - planned_ns) * 1e-6;
}

static void put_row(FILE *out, const rig_result *r, size_t index, rig_outcome replayed,
                    rig_outcome observed)
{
    const rig_call *call = r->join->observed[index];
    (void)fprintf(out, "%zu", index);
    rig_report_csv_real(out,
                        index < rig_join_n_first(r->join) ? r->schedule->calls[index].t_s
                                                          : r->join->arrival_s[index],
                        6);
    (void)fprintf(out, ",%s,%s", rig_outcome_name(replayed), rig_outcome_name(observed));
    put_stage(out, replayed);
    put_stage(out, observed);
    rig_report_csv_real(out, late_ms(r, index), 3);
    (void)fputc(',', out);
    rig_report_csv_text(out, call != NULL ? call->reason : "");
    (void)fputc(',', out);
    rig_report_csv_text(out, call != NULL && call->call_id != NULL ? call->call_id : "");
    (void)fputc('\n', out);
}

rig_status rig_report_differences_csv(const rig_result *r, const char *path, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    (void)fprintf(
        out,
        "# format: peakrig differences 1\n# peakrig: " PEAKRIG_VERSION
        "\n# schedule_sha256: %s\n# calls_sha256: %s\n"
        "planned_index,t_s,replayed,observed,stage_replayed,stage_observed,late_ms,reason,"
        "call_id\n",
        r->inputs->schedule, r->inputs->calls);
    for (size_t i = 0; i < r->join->n_planned && i < r->prediction->n_fates; i++) {
        const rig_call *call = r->join->observed[i];
        const rig_outcome observed = call == NULL ? RIG_OUTCOME_NOT_PLACED : call->outcome;
        if (r->prediction->fates[i] != observed && rig_join_counts(r->join, i))
            put_row(out, r, i, r->prediction->fates[i], observed);
    }
    return rig_atomic_file_commit(file, err);
}
