/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/figures_csv.h"

#include <inttypes.h>

#include "analyzer/query.h"
#include "core/atomic_file.h"
#include "core/clock.h"
#include "reports/csv/parts.h"
#include "reports/e1.h"

/* ---- over time ---- */

static void put_usage_row(FILE *out, const rig_usage_row *row)
{
    char from[RIG_UTC_TEXT_SIZE];
    rig_clock_format_utc(row->t_from_ns, from);
    fprintf(out, "%s,%" PRId64, from, row->t_from_ns / RIG_NS_PER_S);
    rig_report_csv_real(out, row->seconds, 3);
    rig_report_csv_count(out, row->n_offered);
    rig_report_csv_count(out, row->n_answered);
    rig_report_csv_count(out, row->n_served);
    for (int s = 0; s < RIG_N_STAGES; s++)
        rig_report_csv_count(out, row->n_lost[s]);
    for (int u = 0; u < RIG_N_USAGES; u++) {
        rig_report_csv_real(out, row->mean[u], 3);
        rig_report_csv_count(out, row->max[u]);
    }
    rig_report_csv_real(out, row->offered_erl, 3);
    rig_report_csv_count(out, rig_e1_of_circuits(row->max[RIG_USAGE_CIRCUITS]));
    rig_report_csv_count(out, rig_e1_for_loss(row->offered_erl, 0.01));
    fputc('\n', out);
}

rig_status rig_report_usage_csv(const rig_usage_table *table, const char *path, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    fputs("# format: peakrig usage 1\n"
          "from,t_s,seconds,offered,answered,served,lost_trunk,lost_ivr,lost_queue,lost_agent,"
          "circuits_mean,circuits_max,queue_mean,queue_max,agents_mean,agents_max,offered_erl,"
          "e1_peak,e1_for_1_percent\n",
          out);
    for (size_t i = 0; i < table->n; i++)
        put_usage_row(out, &table->rows[i]);
    return rig_atomic_file_commit(file, err);
}

/* ---- patience ---- */

static void put_step(FILE *out, const rig_survival_step *step)
{
    fprintf(out, "%.9f", step->t_s);
    rig_report_csv_count(out, step->n_at_risk);
    rig_report_csv_count(out, step->n_events);
    rig_report_csv_count(out, step->n_censored);
    rig_report_csv_real(out, step->p_left, 9);
    rig_report_csv_real(out, step->se, 9);
    rig_report_csv_real(out, step->low, 9);
    rig_report_csv_real(out, step->high, 9);
    fputc('\n', out);
}

rig_status rig_report_patience_csv(const rig_survival *survival, const char *path, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    fputs("# format: peakrig patience 1\n"
          "t_s,at_risk,hung_up,censored,p_waiting,se,low,high\n",
          out);
    const rig_survival_step none = {.n_at_risk = survival->n,
                                    .n_censored = survival->n_censored_first,
                                    .p_left = 1,
                                    .low = 1,
                                    .high = 1};
    put_step(out, &none);
    for (size_t i = 0; i < survival->n_steps; i++)
        put_step(out, &survival->steps[i]);
    return rig_atomic_file_commit(file, err);
}

/* ---- groups ---- */

static void put_times(FILE *out, const rig_call_group_times *times)
{
    rig_report_csv_count(out, times->n);
    rig_report_csv_real(out, times->mean_s, 3);
    rig_report_csv_real(out, times->p50_s, 3);
    rig_report_csv_real(out, times->p95_s, 3);
    rig_report_csv_real(out, times->max_s, 3);
    rig_report_csv_real(out, times->total_s, 3);
}

static void put_group(FILE *out, const char *by, const rig_call_group *g)
{
    rig_report_csv_text(out, by);
    fputc(',', out);
    rig_report_csv_text(out, g->name);
    rig_report_csv_count(out, g->n_calls);
    rig_report_csv_count(out, g->n_offered);
    rig_report_csv_count(out, g->n_seized);
    rig_report_csv_count(out, g->n_answered);
    for (int o = 0; o < RIG_OUTCOME_NOT_PLACED; o++)
        rig_report_csv_count(out, g->n_outcome[o]);
    rig_report_csv_real(out, g->asr_offered, 6);
    rig_report_csv_real(out, g->asr_seized, 6);
    rig_report_csv_count(out, g->n_delivered);
    rig_report_csv_count(out, g->n_deliverable);
    rig_report_csv_real(out, g->ner, 6);
    put_times(out, &g->wait);
    put_times(out, &g->wait_all);
    put_times(out, &g->talk);
    put_times(out, &g->ring);
    rig_report_csv_count(out, g->n_rings);
    rig_report_csv_count(out, g->n_missed);
    fputc('\n', out);
}

static void put_group_header(FILE *out)
{
    static const char *const times[] = {"wait", "wait_all", "talk", "ring"};
    fputs("# format: peakrig groups 1\nby,group,calls,offered,seized,answered", out);
    for (int o = 0; o < RIG_OUTCOME_NOT_PLACED; o++)
        fprintf(out, ",%s", rig_outcome_name((rig_outcome)o));
    fputs(",asr_offered,asr_seized,delivered,deliverable,ner", out);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        fprintf(out, ",%s_n,%s_mean_s,%s_p50_s,%s_p95_s,%s_max_s,%s_total_s", times[i], times[i],
                times[i], times[i], times[i], times[i]);
    fputs(",rings,missed_rings\n", out);
}

rig_status rig_report_groups_csv(const rig_call_group_table *const *tables, size_t n_tables,
                                 const char *path, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    put_group_header(out);
    for (size_t t = 0; t < n_tables; t++) {
        char by[128];
        rig_groups_by_text(&tables[t]->by, by, sizeof by);
        for (size_t i = 0; i < tables[t]->n; i++)
            put_group(out, by, &tables[t]->groups[i]);
    }
    return rig_atomic_file_commit(file, err);
}
