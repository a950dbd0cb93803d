/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/figures.h"

#include <math.h>
#include <stdbool.h>

#include "analyzer/query.h"
#include "core/clock.h"
#include "reports/e1.h"
#include "reports/json_builder.h"

/* An object that is being filled; what fails once has failed for good. */
typedef struct filling {
    json_t *object; /* NULL: out of memory */
} filling;

static void put(filling *f, const char *key, json_t *value)
{
    if (f->object == NULL) {
        json_decref(value);
    } else if (value == NULL || json_object_set_new(f->object, key, value) != 0) {
        json_decref(f->object);
        f->object = NULL;
    }
}

static void put_real(filling *f, const char *key, double value)
{
    put(f, key, isfinite(value) ? json_real(value + 0.0) : json_null()); /* -0 is 0 */
}

static void put_count(filling *f, const char *key, uint64_t value)
{
    put(f, key, json_integer((json_int_t)value));
}

/* Add to a list. @return false when out of memory; the list is gone then. */
static bool append(json_t *list, json_t *value)
{
    if (value != NULL && json_array_append_new(list, value) == 0)
        return true;
    json_decref(list);
    return false;
}

/* ---- over time ---- */

static json_t *level(double mean, uint32_t max)
{
    filling f = {json_object()};
    put_real(&f, "mean", mean);
    put_count(&f, "max", max);
    return f.object;
}

static json_t *row_of(const rig_usage_row *row)
{
    static const char *const lost[RIG_N_STAGES] = {"lost_trunk", "lost_ivr", "lost_queue",
                                                   "lost_agent"};
    static const char *const usages[RIG_N_USAGES] = {"circuits", "queue", "agents"};
    filling f = {json_object()};
    put_real(&f, "t_s", rig_clock_s_of_ns(row->t_from_ns));
    put_real(&f, "seconds", row->seconds);
    put_count(&f, "offered", row->n_offered);
    put_count(&f, "answered", row->n_answered);
    put_count(&f, "served", row->n_served);
    for (int s = 0; s < RIG_N_STAGES; s++)
        put_count(&f, lost[s], row->n_lost[s]);
    for (int u = 0; u < RIG_N_USAGES; u++)
        put(&f, usages[u], level(row->mean[u], row->max[u]));
    put_real(&f, "offered_erl", row->offered_erl);
    put_count(&f, "e1_peak", rig_e1_of_circuits(row->max[RIG_USAGE_CIRCUITS]));
    put_count(&f, "e1_for_1_percent", rig_e1_for_loss(row->offered_erl, 0.01));
    return f.object;
}

json_t *rig_json_of_usage(const rig_usage_table *table)
{
    json_t *rows = json_array();
    filling f = {json_object()};
    put_real(&f, "interval_s", rig_clock_s_of_ns(table->interval_ns));
    put_real(&f, "resolution_s", rig_clock_s_of_ns(table->resolution_ns));
    for (size_t i = 0; rows != NULL && i < table->n; i++) {
        if (!append(rows, row_of(&table->rows[i])))
            rows = NULL;
    }
    put(&f, "rows", rows);
    return f.object;
}

/* ---- patience ---- */

static json_t *quantile_of(double p, rig_survival_quantile at)
{
    filling f = {json_object()};
    if (p > 0)
        put_real(&f, "p", p);
    put_real(&f, "t_s", at.t_s);
    put_real(&f, "low_s", at.low_s);
    put_real(&f, "high_s", at.high_s);
    return f.object;
}

json_t *rig_json_of_patience(const rig_survival *patience, uint64_t n_left_out)
{
    static const double shares[] = {0.05, 0.1, 0.25, 0.5, 0.75, 0.9};
    json_t *quantiles = json_array();
    filling f = {json_object()};
    put_count(&f, "n", patience->n);
    put_count(&f, "hung_up", patience->n_events);
    put_count(&f, "censored", patience->n - patience->n_events);
    put_count(&f, "left_out", n_left_out);
    put_real(&f, "longest_s", patience->longest_s);
    for (size_t i = 0; quantiles != NULL && i < sizeof shares / sizeof shares[0]; i++) {
        if (!append(quantiles, quantile_of(shares[i], rig_survival_find(patience, shares[i]))))
            quantiles = NULL;
    }
    put(&f, "quantiles", quantiles);
    put(&f, "mean_if_exponential", quantile_of(0, rig_survival_exponential_mean(patience)));
    return f.object;
}

/* ---- groups ---- */

static json_t *times_of(const rig_call_group_times *times)
{
    filling f = {json_object()};
    put_count(&f, "n", times->n);
    put_real(&f, "mean_s", times->mean_s);
    put_real(&f, "p50_s", times->p50_s);
    put_real(&f, "p95_s", times->p95_s);
    put_real(&f, "max_s", times->max_s);
    put_real(&f, "total_s", times->total_s);
    return f.object;
}

static json_t *outcomes_of(const rig_call_group *g)
{
    filling f = {json_object()};
    for (int o = 0; o < RIG_OUTCOME_NOT_PLACED; o++)
        put_count(&f, rig_outcome_name((rig_outcome)o), g->n_outcome[o]);
    return f.object;
}

/* Names come from the wire: any bytes. */
static json_t *name_of(const char *name)
{
    rig_json_builder builder;
    json_t *list = NULL;
    rig_json_begin_list(&builder);
    rig_json_add_text(&builder, NULL, name);
    if (rig_json_end(&builder, &list) != RIG_OK)
        return NULL;
    json_t *text = json_incref(json_array_get(list, 0));
    json_decref(list);
    return text;
}

static json_t *group_of(const rig_call_group *g)
{
    filling f = {json_object()};
    put(&f, "group", name_of(g->name));
    put_count(&f, "calls", g->n_calls);
    put_count(&f, "offered", g->n_offered);
    put_count(&f, "seized", g->n_seized);
    put_count(&f, "answered", g->n_answered);
    put(&f, "outcomes", outcomes_of(g));
    put_real(&f, "asr_offered", g->asr_offered);
    put_real(&f, "asr_seized", g->asr_seized);
    put_count(&f, "delivered", g->n_delivered);
    put_count(&f, "deliverable", g->n_deliverable);
    put_real(&f, "ner", g->ner);
    put(&f, "wait", times_of(&g->wait));
    put(&f, "wait_all", times_of(&g->wait_all));
    put(&f, "talk", times_of(&g->talk));
    put(&f, "ring", times_of(&g->ring));
    put_count(&f, "rings", g->n_rings);
    put_count(&f, "missed_rings", g->n_missed);
    return f.object;
}

static json_t *table_of(const rig_call_group_table *table)
{
    json_t *fields = json_array(), *groups = json_array();
    filling f = {json_object()};
    for (size_t i = 0; fields != NULL && i < table->by.n; i++) {
        if (!append(fields, json_string(rig_query_describe(table->by.fields[i])->name)))
            fields = NULL;
    }
    put(&f, "fields", fields);
    for (size_t i = 0; groups != NULL && i < table->n; i++) {
        if (!append(groups, group_of(&table->groups[i])))
            groups = NULL;
    }
    put(&f, "groups", groups);
    return f.object;
}

json_t *rig_json_of_groups(const rig_call_group_table *const *tables, size_t n_tables)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < n_tables; i++) {
        if (!append(list, table_of(tables[i])))
            list = NULL;
    }
    return list;
}
