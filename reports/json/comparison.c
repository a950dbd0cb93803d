/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/comparison_json.h"

#include "history/when.h"
#include "reports/json_builder.h"

static void add_run(rig_json_builder *b, const char *key, const rig_history_run *run)
{
    char start[RIG_HISTORY_WHEN_SIZE];
    rig_history_when_text(run->counts[RIG_HISTORY_START_MS], start);
    rig_json_open_object(b, key);
    rig_json_add_text(b, "id", run->id);
    rig_json_add_text(b, "start", start);
    rig_json_add_text(b, "scenario", run->texts[RIG_HISTORY_SCENARIO]);
    rig_json_add_text(b, "judgement", run->texts[RIG_HISTORY_JUDGEMENT]);
    rig_json_add_text(b, "folder", run->texts[RIG_HISTORY_FOLDER]);
    rig_json_add_integer(b, "seed", run->counts[RIG_HISTORY_SEED]);
    rig_json_open_object(b, "labels");
    for (size_t i = 0; i < run->n_labels; i++)
        rig_json_add_text(b, run->labels[i].key, run->labels[i].value);
    rig_json_close(b);
    rig_json_close(b);
}

static void add_row(rig_json_builder *b, const rig_history_row *row)
{
    rig_json_open_object(b, NULL);
    rig_json_add_text(b, "name", row->name);
    rig_json_add_text(b, "unit", row->unit);
    rig_json_add_text(b, "worse",
                      row->worse == RIG_HISTORY_MORE_IS_WORSE   ? "more"
                      : row->worse == RIG_HISTORY_LESS_IS_WORSE ? "less"
                                                                : NULL);
    rig_json_add_real(b, "a", row->a);
    rig_json_add_real(b, "b", row->b);
    rig_json_add_real(b, "difference", row->difference);
    rig_json_add_interval(b, "d95", row->low, row->high);
    rig_json_add_real(b, "p_value", row->p_value);
    rig_json_add_real(b, "p_value_holm", row->p_holm);
    rig_json_add_text(b, "method", rig_history_method_name(row->method));
    rig_json_add_real(b, "pairs", row->n);
    rig_json_add_real(b, "only_a", row->n_only_a);
    rig_json_add_real(b, "only_b", row->n_only_b);
    rig_json_add_text(b, "change", rig_history_change_name(row->change));
    rig_json_close(b);
}

rig_status rig_json_of_comparison(const rig_history_run *a, const rig_history_run *b,
                                  const rig_history_comparison *comparison, json_t **document)
{
    rig_json_builder builder;
    rig_json_begin(&builder);
    rig_json_add_text(&builder, "format", "peakrig comparison 1");
    add_run(&builder, "a", a);
    add_run(&builder, "b", b);
    rig_json_add_truth(&builder, "paired", comparison->is_paired);
    rig_json_add_text(&builder, "why_unpaired", comparison->why_unpaired);
    rig_json_add_count(&builder, "worse", comparison->n_worse);
    rig_json_open_list(&builder, "rows");
    for (size_t i = 0; i < comparison->n_rows; i++)
        add_row(&builder, &comparison->rows[i]);
    rig_json_close(&builder);
    return rig_json_end(&builder, document);
}
