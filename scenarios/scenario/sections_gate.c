/* What judges a run: the gate. */
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenario/sections.h"

static void read_levels(rig_reader *reader, const config_setting_t *group, rig_gate *gate)
{
    static const char *const keys[] = {"metric", "min", "max", NULL};
    static const rig_range limit = {0, 1e7, false, "a number >= 0, in the metric's unit"};
    config_setting_t *list = rig_reader_list(reader, group, "levels", false);
    if (list == NULL)
        return;
    int n = config_setting_length(list);
    gate->levels = rig_reader_array(reader, n, sizeof *gate->levels);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = rig_reader_element(reader, list, i);
        if (element == NULL)
            return;
        rig_reader_check_keys(reader, element, keys);
        rig_level *level = &gate->levels[i];
        gate->n_levels = (size_t)i + 1;
        if (!rig_reader_has(element, "metric"))
            rig_reader_fail(reader, element, "\"metric\" is missing");
        level->metric =
            (rig_level_metric)rig_reader_word(reader, element, "metric", rig_words_level_metric, 0);
        level->is_minimum = rig_reader_has(element, "min");
        if (level->is_minimum == rig_reader_has(element, "max"))
            rig_reader_fail(reader, element, "expected either \"min\" or \"max\"");
        level->limit =
            rig_reader_number(reader, element, level->is_minimum ? "min" : "max", &limit, NULL);
    }
}

void rig_section_gate(rig_reader *reader, const config_setting_t *root, rig_gate *gate)
{
    static const char *const keys[] = {"margin_pp",           "margin_share", "stages", "replays",
                                       "max_lateness_p99_ms", "levels",       NULL};
    static const char *const stage_keys[] = {"trunk", "ivr", "queue", "agent", NULL};
    static const char *const margin_keys[] = {"margin_pp", "margin_share", NULL};
    static const rig_range points = {0, 100, true, "a number in (0, 100], percentage points"};
    static const rig_range of_prediction = {0, 10, false, "a share >= 0 of the prediction"};
    static const rig_range replays = {999, 1000000, false, "a whole number from 999 to 1000000"};
    static const rig_range lateness = {0, 10000, true, "a number in (0, 10000], milliseconds"};
    static const uint64_t n_replays = 999;
    static const double lateness_ms = 20.0;
    rig_margin margin = {.margin_pp = 0.1, .margin_share = 0.10};
    config_setting_t *group = rig_reader_group(reader, root, "gate", false);
    gate->n_replays = (uint32_t)n_replays;
    gate->max_lateness_p99_ms = lateness_ms;
    if (group != NULL) {
        rig_reader_check_keys(reader, group, keys);
        margin.margin_pp =
            rig_reader_number(reader, group, "margin_pp", &points, &margin.margin_pp);
        margin.margin_share =
            rig_reader_number(reader, group, "margin_share", &of_prediction, &margin.margin_share);
    }
    for (int s = 0; s < RIG_N_STAGES; s++)
        gate->margin[s] = margin;
    if (group == NULL)
        return;
    config_setting_t *stages = rig_reader_group(reader, group, "stages", false);
    if (stages != NULL)
        rig_reader_check_keys(reader, stages, stage_keys);
    for (int s = 0; stages != NULL && s < RIG_N_STAGES; s++) {
        config_setting_t *stage = rig_reader_group(reader, stages, stage_keys[s], false);
        if (stage == NULL)
            continue;
        rig_reader_check_keys(reader, stage, margin_keys);
        gate->margin[s].margin_pp =
            rig_reader_number(reader, stage, "margin_pp", &points, &margin.margin_pp);
        gate->margin[s].margin_share =
            rig_reader_number(reader, stage, "margin_share", &of_prediction, &margin.margin_share);
    }
    gate->n_replays = (uint32_t)rig_reader_count(reader, group, "replays", &replays, &n_replays);
    gate->max_lateness_p99_ms =
        rig_reader_number(reader, group, "max_lateness_p99_ms", &lateness, &lateness_ms);
    read_levels(reader, group, gate);
}
