/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/history_csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "core/metric.h"
#include "history/when.h"
#include "reports/csv/parts.h"

char *rig_report_history_labels(const rig_history_run *run)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < run->n_labels; i++)
        (void)fprintf(out, "%s%s=%s", i > 0 ? "; " : "", run->labels[i].key, run->labels[i].value);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static void put_text(FILE *out, const char *text)
{
    (void)fputc(',', out);
    rig_report_csv_text(out, text);
}

static void put_run(FILE *out, const rig_history_run *run)
{
    char start[RIG_HISTORY_WHEN_SIZE];
    char *labels = rig_report_history_labels(run);
    const rig_history_metric *connected =
        rig_history_run_metric(run, rig_metric_describe(RIG_METRIC_CONNECT_RATE)->name);
    rig_history_when_text(run->counts[RIG_HISTORY_START_MS], start);
    (void)fprintf(out, "%s,%s", run->id, start);
    put_text(out, run->texts[RIG_HISTORY_SCENARIO]);
    put_text(out, run->texts[RIG_HISTORY_JUDGEMENT]);
    (void)fprintf(out, ",%" PRId64, run->counts[RIG_HISTORY_EXIT_CODE]);
    put_text(out, run->texts[RIG_HISTORY_STAGE]);
    put_text(out, run->texts[RIG_HISTORY_STATUS]);
    (void)fprintf(out, ",%" PRId64 ",%" PRId64 ",%" PRId64, run->counts[RIG_HISTORY_SEED],
                  run->counts[RIG_HISTORY_N_PLANNED], run->counts[RIG_HISTORY_N_OFFERED]);
    for (int s = 0; s < RIG_N_STAGES; s++)
        rig_report_csv_real(out, rig_history_stage_loss(&run->stages[s]), 6);
    rig_report_csv_real(out, connected != NULL ? connected->observed : (double)NAN, 6);
    rig_report_csv_real(out, run->reals[RIG_HISTORY_WAIT_MEAN_S], 3);
    put_text(out, labels != NULL ? labels : "");
    put_text(out, run->texts[RIG_HISTORY_BASELINE]);
    put_text(out, run->texts[RIG_HISTORY_BASELINE_JUDGEMENT]);
    put_text(out, run->texts[RIG_HISTORY_FOLDER]);
    put_text(out, run->texts[RIG_HISTORY_SUMMARY]);
    (void)fputc('\n', out);
    free(labels);
}

void rig_report_history_csv(FILE *out, const rig_history_runs *runs)
{
    (void)fputs("id,start,scenario,judgement,exit_code,stage,status,seed,planned,offered,"
                "lost_trunk,lost_ivr,lost_queue,lost_agent,connect_rate,wait_mean_s,labels,"
                "baseline,baseline_judgement,folder,summary\n",
                out);
    for (size_t i = 0; i < runs->n; i++)
        put_run(out, runs->items[i]);
}
