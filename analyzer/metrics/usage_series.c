/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/usage_series.h"

#include <stdlib.h>

#include "analyzer/metrics/time_axis.h"
#include "analyzer/usage.h"
#include "core/clock.h"

enum {
    N_BINS = 1440,     /* a day of minutes */
    N_DELTAS = 1 << 16 /* changes of queue and agents: an hour in steps of a tenth of a second */
};

typedef struct counts {
    uint32_t n_served;
    uint32_t n_lost[RIG_N_STAGES];
} counts;

typedef struct bin {
    uint32_t n_offered, n_answered, n_held;
    counts by[2]; /* [0] as the calls were told, [1] if the target shows queue marks */
    double area_ns[RIG_N_USAGES];
    uint32_t max[RIG_N_USAGES];
} bin;

/* By how much queue and agents grow. */
typedef struct delta {
    int32_t queue, agents;
} delta;

struct rig_usage_series {
    rig_time_axis axis, fine;
    int64_t t_first_ns, t_last_ns; /* of all calls; RIG_NO_TIME */
    bool is_finished;
    bin bins[N_BINS];
    delta deltas[N_DELTAS];
};

static void merge_bin(bin *to, const bin *from)
{
    to->n_offered += from->n_offered;
    to->n_answered += from->n_answered;
    to->n_held += from->n_held;
    for (int k = 0; k < 2; k++) {
        to->by[k].n_served += from->by[k].n_served;
        for (int s = 0; s < RIG_N_STAGES; s++)
            to->by[k].n_lost[s] += from->by[k].n_lost[s];
    }
    for (int u = 0; u < RIG_N_USAGES; u++) {
        to->area_ns[u] += from->area_ns[u];
        if (from->max[u] > to->max[u])
            to->max[u] = from->max[u];
    }
}

static void merge_bins(void *to_item, const void *from_items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        merge_bin(to_item, (const bin *)from_items + i);
}

static void merge_deltas(void *to_item, const void *from_items, size_t n)
{
    delta *to = to_item;
    const delta *from = from_items;
    for (size_t i = 0; i < n; i++) {
        to->queue += from[i].queue;
        to->agents += from[i].agents;
    }
}

rig_status rig_usage_series_new(rig_usage_series **series, rig_error *err)
{
    rig_usage_series *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->t_first_ns = made->t_last_ns = RIG_NO_TIME;
    made->axis = (rig_time_axis){.cap = N_BINS,
                                 .item_size = sizeof(bin),
                                 .merge = merge_bins,
                                 .first_step_ns = RIG_NS_PER_S};
    made->fine = (rig_time_axis){.cap = N_DELTAS,
                                 .item_size = sizeof(delta),
                                 .merge = merge_deltas,
                                 .first_step_ns = RIG_NS_PER_S / 100};
    *series = made;
    return RIG_OK;
}

void rig_usage_series_free(rig_usage_series *series)
{
    free(series);
}

/* ---- while calls come in ---- */

static delta *delta_at(rig_usage_series *s, int64_t t_ns)
{
    return &s->deltas[rig_axis_place(&s->fine, s->deltas, t_ns)];
}

/* Wait and talk; one that is not over lasts until the end of the series. */
static void take_levels(rig_usage_series *s, const rig_call *call)
{
    int64_t t_over_ns =
        call->t_agent_answer_ns != RIG_NO_TIME ? call->t_agent_answer_ns : call->t_end_ns;
    if (call->t_queue_ns != RIG_NO_TIME &&
        (t_over_ns > call->t_queue_ns || t_over_ns == RIG_NO_TIME)) {
        delta_at(s, call->t_queue_ns)->queue++;
        if (t_over_ns != RIG_NO_TIME)
            delta_at(s, t_over_ns)->queue--;
    }
    int64_t t_talk_ns = call->t_agent_answer_ns;
    if (t_talk_ns != RIG_NO_TIME && (call->t_end_ns > t_talk_ns || call->t_end_ns == RIG_NO_TIME)) {
        delta_at(s, t_talk_ns)->agents++;
        if (call->t_end_ns != RIG_NO_TIME)
            delta_at(s, call->t_end_ns)->agents--;
    }
}

static void count(counts *c, rig_outcome outcome)
{
    c->n_served += outcome == RIG_OUTCOME_SERVED;
    if (rig_outcome_is_lost(outcome))
        c->n_lost[outcome - RIG_OUTCOME_LOST_TRUNK]++;
}

void rig_usage_series_take(rig_usage_series *s, const rig_finished_call *finished)
{
    const rig_call *call = finished->call;
    bin *b = &s->bins[rig_axis_place(&s->axis, s->bins, call->t_invite_ns)];
    b->n_offered++;
    b->n_answered += call->answered;
    b->n_held += rig_usage_holds_circuit(call);
    count(&b->by[0], call->outcome);
    count(&b->by[1], finished->outcome_if_marks);
    if (s->t_first_ns == RIG_NO_TIME || call->t_invite_ns < s->t_first_ns)
        s->t_first_ns = call->t_invite_ns;
    take_levels(s, call);
}

/* ---- levels ---- */

static void hold(rig_usage_series *s, rig_usage_of what, int64_t from_ns, int64_t to_ns,
                 int64_t in_use)
{
    if (in_use <= 0) /* nothing to add; and no interval is made for it */
        return;
    while (from_ns < to_ns) {
        bin *b = &s->bins[rig_axis_place(&s->axis, s->bins, from_ns)];
        int64_t end_ns = (from_ns / s->axis.step_ns + 1) * s->axis.step_ns;
        if (end_ns > to_ns)
            end_ns = to_ns;
        b->area_ns[what] += (double)in_use * (double)(end_ns - from_ns);
        if (in_use > (int64_t)b->max[what])
            b->max[what] = (uint32_t)in_use;
        from_ns = end_ns;
    }
}

void rig_usage_series_hold(rig_usage_series *s, int64_t from_ns, int64_t to_ns, int64_t in_use)
{
    hold(s, RIG_USAGE_CIRCUITS, from_ns, to_ns, in_use);
}

void rig_usage_series_finish(rig_usage_series *s, int64_t t_last_ns)
{
    int64_t queue = 0, agents = 0;
    if (s->is_finished || s->axis.step_ns == 0)
        return;
    s->is_finished = true;
    s->t_last_ns = t_last_ns;
    for (size_t i = 0, next; i < s->fine.n; i = next) {
        next = i + 1;
        while (next < s->fine.n && s->deltas[next].queue == 0 && s->deltas[next].agents == 0)
            next++; /* nothing changes */
        int64_t from_ns = s->fine.from_ns + (int64_t)i * s->fine.step_ns;
        int64_t to_ns =
            next < s->fine.n ? s->fine.from_ns + (int64_t)next * s->fine.step_ns : t_last_ns;
        queue += s->deltas[i].queue;
        agents += s->deltas[i].agents;
        hold(s, RIG_USAGE_QUEUE, from_ns, to_ns, queue);
        hold(s, RIG_USAGE_AGENTS, from_ns, to_ns, agents);
    }
}

int64_t rig_usage_series_step_ns(const rig_usage_series *s)
{
    return s->axis.step_ns;
}

/* ---- the rows ---- */

static void add_bin(rig_usage_row *row, const bin *b, bool has_queue_marks, uint64_t *n_held)
{
    const counts *c = &b->by[has_queue_marks ? 1 : 0];
    row->n_offered += b->n_offered;
    row->n_answered += b->n_answered;
    row->n_served += c->n_served;
    *n_held += b->n_held;
    for (int s = 0; s < RIG_N_STAGES; s++)
        row->n_lost[s] += c->n_lost[s];
    for (int u = 0; u < RIG_N_USAGES; u++) {
        row->mean[u] += b->area_ns[u];
        if (b->max[u] > row->max[u])
            row->max[u] = b->max[u];
    }
}

static void finish_row(const rig_usage_series *s, int64_t interval_ns, uint64_t n_held,
                       rig_usage_row *row)
{
    int64_t from_ns = row->t_from_ns > s->t_first_ns ? row->t_from_ns : s->t_first_ns;
    int64_t to_ns = row->t_from_ns + interval_ns;
    if (s->t_last_ns != RIG_NO_TIME && to_ns > s->t_last_ns)
        to_ns = s->t_last_ns;
    double length_ns = to_ns > from_ns ? (double)(to_ns - from_ns) : 0;
    row->seconds = length_ns * 1e-9;
    for (int u = 0; u < RIG_N_USAGES; u++)
        row->mean[u] = length_ns > 0 ? row->mean[u] / length_ns : 0;
    row->offered_erl = row->mean[RIG_USAGE_CIRCUITS];
    if (n_held > 0)
        row->offered_erl *= (double)row->n_offered / (double)n_held;
}

rig_status rig_usage_series_table(const rig_usage_series *s, int64_t interval_ns,
                                  bool has_queue_marks, rig_usage_table **table, rig_error *err)
{
    const int64_t step_ns = s->axis.step_ns;
    if (interval_ns == 0)
        interval_ns = step_ns > 0 ? step_ns : RIG_NS_PER_S;
    if (interval_ns < 0 || (step_ns > 0 && interval_ns % step_ns != 0))
        return rig_fail(err, RIG_EDOM,
                        "%g s is no multiple of the shortest interval that so long a capture has, "
                        "%g s",
                        rig_clock_s_of_ns(interval_ns), rig_clock_s_of_ns(step_ns));
    const int64_t from_ns = s->axis.from_ns / interval_ns * interval_ns;
    const int64_t to_ns = s->axis.from_ns + (int64_t)s->axis.n * step_ns;
    size_t n = (size_t)((to_ns - from_ns + interval_ns - 1) / interval_ns);
    rig_usage_table *made = calloc(1, sizeof *made);
    if (made != NULL)
        made->rows = calloc(n + 1, sizeof *made->rows);
    if (made == NULL || made->rows == NULL) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    made->interval_ns = interval_ns;
    made->resolution_ns = s->fine.step_ns;
    made->n = n;
    size_t next = 0;
    for (size_t r = 0; r < n; r++) {
        rig_usage_row *row = &made->rows[r];
        uint64_t n_held = 0;
        row->t_from_ns = from_ns + (int64_t)r * interval_ns;
        for (; next < s->axis.n &&
               s->axis.from_ns + (int64_t)next * step_ns < row->t_from_ns + interval_ns;
             next++)
            add_bin(row, &s->bins[next], has_queue_marks, &n_held);
        finish_row(s, interval_ns, n_held, row);
    }
    *table = made;
    return RIG_OK;
}

void rig_usage_table_free(rig_usage_table *table)
{
    if (table == NULL)
        return;
    free(table->rows);
    free(table);
}
