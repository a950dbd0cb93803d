/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/history_json.h"

#include "history/when.h"
#include "reports/json_builder.h"

static void add_labels(rig_json_builder *b, const rig_history_run *run)
{
    rig_json_open_object(b, "labels");
    for (size_t i = 0; i < run->n_labels; i++)
        rig_json_add_text(b, run->labels[i].key, run->labels[i].value);
    rig_json_close(b);
}

static void add_stages(rig_json_builder *b, const rig_history_run *run)
{
    rig_json_open_list(b, "stages");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_history_stage *stage = &run->stages[s];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "stage", rig_stage_name((rig_stage)s));
        rig_json_add_count(b, "entered", stage->n_entered);
        rig_json_add_count(b, "lost", stage->n_lost);
        rig_json_add_real(b, "p_observed", rig_history_stage_loss(stage));
        rig_json_add_real(b, "p_predicted", stage->p_predicted);
        rig_json_add_real(b, "predicted_low", stage->predicted_low);
        rig_json_add_real(b, "predicted_high", stage->predicted_high);
        rig_json_add_real(b, "margin", stage->margin);
        rig_json_add_text(b, "judgement", stage->judgement);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_metrics(rig_json_builder *b, const rig_history_run *run)
{
    rig_json_open_list(b, "metrics");
    for (size_t i = 0; i < run->n_metrics; i++) {
        const rig_history_metric *m = &run->metrics[i];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "name", m->name);
        rig_json_add_text(b, "unit", m->unit);
        rig_json_add_real(b, "observed", m->observed);
        rig_json_add_real(b, "predicted", m->predicted);
        rig_json_add_real(b, "low", m->low);
        rig_json_add_real(b, "high", m->high);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_members(rig_json_builder *b, const rig_history_run *run)
{
    char start[RIG_HISTORY_WHEN_SIZE];
    rig_history_when_text(run->counts[RIG_HISTORY_START_MS], start);
    rig_json_add_text(b, "id", run->id);
    rig_json_add_text(b, "start", start);
    for (int t = 0; t < RIG_HISTORY_N_TEXTS; t++)
        rig_json_add_text(b, rig_history_text_name((rig_history_text)t), run->texts[t]);
    for (int c = 0; c < RIG_HISTORY_N_COUNTS; c++)
        rig_json_add_integer(b, rig_history_count_name((rig_history_count)c), run->counts[c]);
    for (int r = 0; r < RIG_HISTORY_N_REALS; r++)
        rig_json_add_real(b, rig_history_real_name((rig_history_real)r), run->reals[r]);
    add_labels(b, run);
    add_stages(b, run);
    add_metrics(b, run);
}

rig_status rig_json_of_history_run(const rig_history_run *run, json_t **document)
{
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig history run 1");
    add_members(&b, run);
    rig_json_add_text(&b, "calls", run->calls);
    return rig_json_end(&b, document);
}

rig_status rig_json_of_history(const rig_history_runs *runs, json_t **document)
{
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig history 1");
    rig_json_open_list(&b, "runs");
    for (size_t i = 0; i < runs->n; i++) {
        rig_json_open_object(&b, NULL);
        add_members(&b, runs->items[i]);
        rig_json_close(&b);
    }
    rig_json_close(&b);
    return rig_json_end(&b, document);
}
