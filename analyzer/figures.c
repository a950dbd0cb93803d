/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/figures.h"

#include <stdlib.h>

#include "analyzer/usage_meter.h"

/* Figures of one choice of calls. */
typedef struct counted {
    rig_usage_meter *meter;
    rig_usage_series *usage_series;
    rig_sessions sessions;
    rig_loss_series series;
    rig_patience patience;
    rig_call_groups *groups[RIG_FIGURES_MAX_TABLES];
} counted;

struct rig_figures {
    rig_figures_options options;
    rig_registrations registrations;
    counted *by[2]; /* [0]: all calls, or those that fit as they were told; [1]: those that fit if
                       the target shows queue marks, NULL without a condition */
    /* at the end: */
    rig_usage *usage;
    rig_usage_table *over_time, *hours;
    rig_survival *patience;
    rig_call_group_table *tables[RIG_FIGURES_MAX_TABLES];
};

static void free_counted(counted *c)
{
    if (c == NULL)
        return;
    rig_usage_meter_free(c->meter);
    rig_usage_series_free(c->usage_series);
    rig_patience_clear(&c->patience);
    for (size_t i = 0; i < RIG_FIGURES_MAX_TABLES; i++)
        rig_groups_free(c->groups[i]);
    free(c);
}

void rig_figures_free(rig_figures *figures)
{
    if (figures == NULL)
        return;
    free_counted(figures->by[0]);
    free_counted(figures->by[1]);
    rig_usage_free(figures->usage);
    rig_usage_table_free(figures->over_time);
    rig_usage_table_free(figures->hours);
    rig_survival_free(figures->patience);
    for (size_t i = 0; i < RIG_FIGURES_MAX_TABLES; i++)
        rig_groups_table_free(figures->tables[i]);
    free(figures);
}

static rig_status new_counted(const rig_figures_options *options, counted **c, rig_error *err)
{
    counted *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = rig_usage_series_new(&made->usage_series, err);
    const rig_usage_meter_options how = {
        .series = made->usage_series,
        /* whether a call fits is known when it is over, and not before */
        .keeps_all = options->where != NULL};
    if (status == RIG_OK)
        status = rig_usage_meter_new_with(&how, &made->meter, err);
    for (size_t i = 0; i < options->n_by && status == RIG_OK; i++)
        status = rig_groups_new(&options->by[i], &made->groups[i], err);
    if (status != RIG_OK) {
        free_counted(made);
        return status;
    }
    *c = made;
    return RIG_OK;
}

rig_status rig_figures_new(const rig_figures_options *options, rig_figures **figures,
                           rig_error *err)
{
    rig_figures *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->options = *options;
    rig_status status = new_counted(options, &made->by[0], err);
    if (status == RIG_OK && options->where != NULL)
        status = new_counted(options, &made->by[1], err);
    if (status != RIG_OK) {
        rig_figures_free(made);
        return status;
    }
    *figures = made;
    return RIG_OK;
}

rig_registrations *rig_figures_registrations(rig_figures *figures)
{
    return &figures->registrations;
}

void rig_figures_withdrawn(void *ctx, int64_t t_invite_ns)
{
    rig_figures *figures = ctx;
    if (figures->options.where == NULL)
        rig_usage_meter_withdrawn(figures->by[0]->meter, t_invite_ns);
}

void rig_figures_answered(void *ctx, int64_t t_invite_ns)
{
    rig_figures *figures = ctx;
    if (figures->options.where == NULL)
        rig_usage_meter_answered(figures->by[0]->meter, t_invite_ns);
}

static rig_status count(counted *c, const rig_figures_options *options,
                        const rig_finished_call *call, rig_error *err)
{
    rig_sessions_add(&c->sessions, call);
    rig_loss_series_add(&c->series, call);
    rig_usage_series_take(c->usage_series, call);
    rig_status status = rig_usage_meter_take(c->meter, call, err);
    if (status == RIG_OK)
        status = rig_patience_take(&c->patience, call, err);
    for (size_t i = 0; i < options->n_by && status == RIG_OK; i++)
        status = rig_groups_take(c->groups[i], call, err);
    return status;
}

rig_status rig_figures_take(rig_figures *figures, const rig_finished_call *call, rig_query_fit fit,
                            rig_error *err)
{
    rig_status status = RIG_OK;
    if (fit.as_told)
        status = count(figures->by[0], &figures->options, call, err);
    if (status == RIG_OK && fit.if_marks && figures->by[1] != NULL)
        status = count(figures->by[1], &figures->options, call, err);
    return status;
}

static rig_status make_tables(rig_figures *figures, const counted *c, bool has_queue_marks,
                              rig_error *err)
{
    static const int64_t hour_ns = 3600 * RIG_NS_PER_S;
    const int64_t step_ns = rig_usage_series_step_ns(c->usage_series);
    rig_status status = RIG_OK;
    if (figures->options.has_over_time)
        status = rig_usage_series_table(c->usage_series, figures->options.interval_ns,
                                        has_queue_marks, &figures->over_time, err);
    if (status == RIG_OK)
        status = rig_usage_series_table(c->usage_series, step_ns > hour_ns ? step_ns : hour_ns,
                                        has_queue_marks, &figures->hours, err);
    for (size_t i = 0; i < figures->options.n_by && status == RIG_OK; i++)
        status = rig_groups_finish(c->groups[i], has_queue_marks, &figures->tables[i], err);
    return status;
}

rig_status rig_figures_finish(rig_figures *figures, const rig_capture_counts *counts,
                              rig_found *found, rig_error *err)
{
    const bool has_marks = counts->has_queue_marks;
    counted *c = figures->by[has_marks && figures->by[1] != NULL ? 1 : 0];
    rig_status status = rig_usage_meter_finish(c->meter, has_marks, &figures->usage, err);
    if (status != RIG_OK)
        return status;
    rig_usage_series_finish(c->usage_series, figures->usage->t_last_ns);
    status = make_tables(figures, c, has_marks, err);
    if (status == RIG_OK)
        status = rig_patience_finish(&c->patience, counts->t_last_ns, &figures->patience, err);
    if (status != RIG_OK)
        return status;
    *found = (rig_found){
        .counts = counts,
        .usage = figures->usage,
        .sessions = &c->sessions,
        .series = &c->series,
        .registrations = &figures->registrations,
        .over_time = figures->over_time,
        .hours = figures->hours,
        .patience = figures->patience,
        .n_patience_left_out = c->patience.n_left_out,
        .tables = (const rig_call_group_table *const *)figures->tables,
        .n_tables = figures->options.n_by,
        .where = figures->options.where != NULL ? rig_query_text(figures->options.where) : NULL};
    return RIG_OK;
}
