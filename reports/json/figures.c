/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/figures.h"

#include "analyzer/query.h"
#include "core/clock.h"
#include "reports/e1.h"

/* ---- over time ---- */

static void add_level(rig_json_builder *b, const char *key, double mean, uint32_t max)
{
    rig_json_open_object(b, key);
    rig_json_add_real(b, "mean", mean);
    rig_json_add_count(b, "max", max);
    rig_json_close(b);
}

static void add_row(rig_json_builder *b, const rig_usage_row *row)
{
    static const char *const lost[RIG_N_STAGES] = {"lost_trunk", "lost_ivr", "lost_queue",
                                                   "lost_agent"};
    static const char *const usages[RIG_N_USAGES] = {"circuits", "queue", "agents"};
    rig_json_open_object(b, NULL);
    rig_json_add_real(b, "t_s", rig_clock_s_of_ns(row->t_from_ns));
    rig_json_add_real(b, "seconds", row->seconds);
    rig_json_add_count(b, "offered", row->n_offered);
    rig_json_add_count(b, "answered", row->n_answered);
    rig_json_add_count(b, "served", row->n_served);
    for (int s = 0; s < RIG_N_STAGES; s++)
        rig_json_add_count(b, lost[s], row->n_lost[s]);
    for (int u = 0; u < RIG_N_USAGES; u++)
        add_level(b, usages[u], row->mean[u], row->max[u]);
    rig_json_add_real(b, "offered_erl", row->offered_erl);
    rig_json_add_count(b, "e1_peak", rig_e1_of_circuits(row->max[RIG_USAGE_CIRCUITS]));
    rig_json_add_count(b, "e1_for_1_percent", rig_e1_for_loss(row->offered_erl, 0.01));
    rig_json_close(b);
}

void rig_json_add_usage(rig_json_builder *b, const char *key, const rig_usage_table *table)
{
    rig_json_open_object(b, key);
    rig_json_add_real(b, "interval_s", rig_clock_s_of_ns(table->interval_ns));
    rig_json_add_real(b, "resolution_s", rig_clock_s_of_ns(table->resolution_ns));
    rig_json_open_list(b, "rows");
    for (size_t i = 0; i < table->n; i++)
        add_row(b, &table->rows[i]);
    rig_json_close(b);
    rig_json_close(b);
}

/* ---- patience ---- */

static void add_time(rig_json_builder *b, rig_survival_quantile at)
{
    rig_json_add_real(b, "t_s", at.t_s);
    rig_json_add_real(b, "low_s", at.low_s);
    rig_json_add_real(b, "high_s", at.high_s);
}

void rig_json_add_patience(rig_json_builder *b, const char *key, const rig_survival *patience,
                           uint64_t n_left_out)
{
    static const double shares[] = {0.05, 0.1, 0.25, 0.5, 0.75, 0.9};
    rig_json_open_object(b, key);
    rig_json_add_count(b, "n", patience->n);
    rig_json_add_count(b, "hung_up", patience->n_events);
    rig_json_add_count(b, "censored", patience->n - patience->n_events);
    rig_json_add_count(b, "left_out", n_left_out);
    rig_json_add_real(b, "longest_s", patience->longest_s);
    rig_json_open_list(b, "quantiles");
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        rig_json_open_object(b, NULL);
        rig_json_add_real(b, "p", shares[i]);
        add_time(b, rig_survival_find(patience, shares[i]));
        rig_json_close(b);
    }
    rig_json_close(b);
    rig_json_open_object(b, "mean_if_exponential");
    add_time(b, rig_survival_exponential_mean(patience));
    rig_json_close(b);
    rig_json_close(b);
}

/* ---- groups ---- */

static void add_times(rig_json_builder *b, const char *key, const rig_call_group_times *times)
{
    rig_json_open_object(b, key);
    rig_json_add_count(b, "n", times->n);
    rig_json_add_real(b, "mean_s", times->mean_s);
    rig_json_add_real(b, "p50_s", times->p50_s);
    rig_json_add_real(b, "p95_s", times->p95_s);
    rig_json_add_real(b, "max_s", times->max_s);
    rig_json_add_real(b, "total_s", times->total_s);
    rig_json_close(b);
}

static void add_outcomes(rig_json_builder *b, const rig_call_group *g)
{
    rig_json_open_object(b, "outcomes");
    for (int o = 0; o < RIG_OUTCOME_NOT_PLACED; o++)
        rig_json_add_count(b, rig_outcome_name((rig_outcome)o), g->n_outcome[o]);
    rig_json_close(b);
}

static void add_group(rig_json_builder *b, const rig_call_group *g)
{
    rig_json_open_object(b, NULL);
    rig_json_add_text(b, "group", g->name);
    rig_json_add_count(b, "calls", g->n_calls);
    rig_json_add_count(b, "offered", g->n_offered);
    rig_json_add_count(b, "seized", g->n_seized);
    rig_json_add_count(b, "answered", g->n_answered);
    add_outcomes(b, g);
    rig_json_add_real(b, "asr_offered", g->asr_offered);
    rig_json_add_real(b, "asr_seized", g->asr_seized);
    rig_json_add_count(b, "delivered", g->n_delivered);
    rig_json_add_count(b, "deliverable", g->n_deliverable);
    rig_json_add_real(b, "ner", g->ner);
    add_times(b, "wait", &g->wait);
    add_times(b, "wait_all", &g->wait_all);
    add_times(b, "talk", &g->talk);
    add_times(b, "ring", &g->ring);
    rig_json_add_count(b, "rings", g->n_rings);
    rig_json_add_count(b, "missed_rings", g->n_missed);
    rig_json_close(b);
}

static void add_table(rig_json_builder *b, const rig_call_group_table *table)
{
    rig_json_open_object(b, NULL);
    rig_json_open_list(b, "fields");
    for (size_t i = 0; i < table->by.n; i++)
        rig_json_add_text(b, NULL, rig_query_describe(table->by.fields[i])->name);
    rig_json_close(b);
    rig_json_open_list(b, "groups");
    for (size_t i = 0; i < table->n; i++)
        add_group(b, &table->groups[i]);
    rig_json_close(b);
    rig_json_close(b);
}

void rig_json_add_groups(rig_json_builder *b, const char *key,
                         const rig_call_group_table *const *tables, size_t n_tables)
{
    rig_json_open_list(b, key);
    for (size_t i = 0; i < n_tables; i++)
        add_table(b, tables[i]);
    rig_json_close(b);
}
