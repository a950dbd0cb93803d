/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_agents.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/analyzer.h"
#include "analyzer/rules.h"

/* A sink for calls. */
static rig_status take(void *groups, const rig_finished_call *call, rig_error *err)
{
    return rig_groups_take(groups, call, err);
}

static void to_scenario(rig_call_group_times *times, double scale)
{
    times->mean_s *= scale;
    times->p50_s *= scale;
    times->p95_s *= scale;
    times->max_s *= scale;
    times->total_s *= scale;
}

/* Those who were rung, in scenario time. The others are no agents, but calls that saw none. */
static void keep_agents(rig_call_group_table *table, double scale)
{
    size_t n = 0;
    for (size_t i = 0; i < table->n; i++) {
        rig_call_group *g = &table->groups[i];
        if (g->n_rings == 0) {
            free(g->name);
            continue;
        }
        to_scenario(&g->wait, scale);
        to_scenario(&g->wait_all, scale);
        to_scenario(&g->talk, scale);
        to_scenario(&g->ring, scale);
        table->groups[n++] = *g;
    }
    table->n = n;
}

/* @param[out] table  NULL when the capture cannot be read. */
static rig_status read_capture(const char *path, const rig_rules *rules, rig_call_groups *groups,
                               rig_call_group_table **table, rig_error *err)
{
    rig_analyzer *analyzer = NULL;
    rig_calls *none = NULL;
    rig_capture_counts counts;
    rig_status status = rig_analyzer_new_with(
        &(rig_analyzer_options){
            .rules = rules, .sink = {.take = take, .ctx = groups}, .with_parties = true},
        &analyzer, err);
    if (status == RIG_OK)
        status = rig_analyze_files(&path, 1, analyzer, NULL, NULL, err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(analyzer, &none, err);
    if (status == RIG_OK) {
        rig_analyzer_counts(analyzer, &counts);
        status = rig_groups_finish(groups, counts.has_queue_marks, table, err);
    }
    rig_calls_free(none);
    rig_analyzer_free(analyzer);
    return status;
}

rig_status rig_run_agents_collect(const rig_run_dir *run, double time_scale,
                                  rig_call_group_table **agents, rig_error *err)
{
    rig_call_group_by by;
    rig_rules *rules = NULL;
    rig_call_groups *groups = NULL;
    rig_call_group_table *table = NULL;
    *agents = NULL;
    if (access(run->capture, R_OK) != 0)
        return RIG_OK;
    rig_status status = rig_groups_by_read("agent", "agents", &by, err);
    if (status == RIG_OK)
        status = rig_groups_new(&by, &groups, err);
    if (status == RIG_OK && access(run->rules, R_OK) == 0)
        status = rig_rules_read(run->rules, &rules, err);
    if (status == RIG_OK)
        status = read_capture(run->capture, rules, groups, &table, err);
    rig_groups_free(groups);
    rig_rules_free(rules);
    if (status == RIG_OK)
        keep_agents(table, time_scale);
    if (status != RIG_OK || table->n == 0) {
        rig_groups_table_free(table);
        return status == RIG_ENOMEM ? status : RIG_OK;
    }
    *agents = table;
    return RIG_OK;
}

rig_status rig_run_agents_mask(rig_call_group_table *agents, const rig_mask *mask, rig_error *err)
{
    for (size_t i = 0; i < agents->n; i++) {
        char id[RIG_MASK_ID_SIZE];
        rig_mask_id(mask, rig_slice_of(agents->groups[i].name), id);
        char *name = strdup(id);
        if (name == NULL)
            return rig_fail(err, RIG_ENOMEM, "agents: out of memory");
        free(agents->groups[i].name);
        agents->groups[i].name = name;
    }
    return RIG_OK;
}
