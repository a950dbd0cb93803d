/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/language.h"
#include "history/calls.h"
#include "history/compare/estimate.h"

/* What a share is of: which calls can be a hit, and which are. */
typedef struct share_spec {
    const char *name;
    rig_history_worse worse;
    rig_stage entered; /* who counts: calls that entered this stage */
    bool (*is_hit)(char letter);
    const char *metric; /* in the figures of a run: of all its calls */
} share_spec;

static bool is_lost_trunk(char letter)
{
    return rig_history_call_lost(letter, RIG_STAGE_TRUNK);
}

static bool is_lost_ivr(char letter)
{
    return rig_history_call_lost(letter, RIG_STAGE_IVR);
}

static bool is_lost_queue(char letter)
{
    return rig_history_call_lost(letter, RIG_STAGE_QUEUE);
}

static bool is_lost_agent(char letter)
{
    return rig_history_call_lost(letter, RIG_STAGE_AGENT);
}

static bool is_served(char letter)
{
    return letter == 'S' || letter == 's';
}

static bool is_cut(char letter)
{
    return letter >= '1' && letter <= '5';
}

static const share_spec shares[] = {
    {"lost_trunk", RIG_HISTORY_MORE_IS_WORSE, RIG_STAGE_TRUNK, is_lost_trunk,
     "p_lost_trunk_per_entrant"},
    {"lost_ivr", RIG_HISTORY_MORE_IS_WORSE, RIG_STAGE_IVR, is_lost_ivr, "p_lost_ivr_per_entrant"},
    {"lost_queue", RIG_HISTORY_MORE_IS_WORSE, RIG_STAGE_QUEUE, is_lost_queue,
     "p_lost_queue_per_entrant"},
    {"lost_agent", RIG_HISTORY_MORE_IS_WORSE, RIG_STAGE_AGENT, is_lost_agent,
     "p_lost_agent_per_entrant"},
    {"connect_rate", RIG_HISTORY_LESS_IS_WORSE, RIG_STAGE_TRUNK, rig_history_call_connected,
     "connect_rate"},
    {"agent_connect_rate", RIG_HISTORY_LESS_IS_WORSE, RIG_STAGE_QUEUE, is_served,
     "agent_connect_rate"},
    {"service_level", RIG_HISTORY_LESS_IS_WORSE, RIG_STAGE_QUEUE, rig_history_call_in_time,
     "service_level"},
    {"cut_by_the_centre", RIG_HISTORY_MORE_IS_WORSE, RIG_STAGE_TRUNK, is_cut, NULL},
};
#define N_SHARES (sizeof shares / sizeof *shares)
enum { N_GATED = 5 }; /* losses and connect_rate */

/* Figures of the whole run: no call has one of its own. */
static const struct {
    const char *name;
    rig_history_worse worse;
} figures[] = {{"wait_p95_s", RIG_HISTORY_MORE_IS_WORSE},
               {"setup_p95_s", RIG_HISTORY_MORE_IS_WORSE},
               {"mean_circuits", RIG_HISTORY_NEITHER},
               {"peak_circuits", RIG_HISTORY_NEITHER},
               {"occupancy", RIG_HISTORY_NEITHER}};
#define N_FIGURES (sizeof figures / sizeof *figures)

static double figure_of(const rig_history_run *run, const char *name)
{
    const rig_history_metric *m = name != NULL ? rig_history_run_metric(run, name) : NULL;
    return m != NULL ? m->observed : (double)NAN;
}

static rig_history_row *new_row(rig_history_comparison *c, const char *name, const char *unit,
                                rig_history_worse worse)
{
    rig_history_row *row = &c->rows[c->n_rows++];
    *row = (rig_history_row){.worse = worse,
                             .method = RIG_HISTORY_NOT_COMPARED,
                             .a = (double)NAN,
                             .b = (double)NAN,
                             .difference = (double)NAN,
                             .low = (double)NAN,
                             .high = (double)NAN,
                             .se = (double)NAN,
                             .p_value = (double)NAN,
                             .p_holm = (double)NAN};
    (void)snprintf(row->name, sizeof row->name, "%s", name);
    (void)snprintf(row->unit, sizeof row->unit, "%s", unit);
    return row;
}

/* ---- shares ---- */

static void compare_pairs(const share_spec *spec, const char *a, const char *b,
                          rig_history_row *row)
{
    rig_history_pairs t = {0};
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        if (!rig_history_call_entered(*a, spec->entered) ||
            !rig_history_call_entered(*b, spec->entered))
            continue;
        const bool in_a = spec->is_hit(*a), in_b = spec->is_hit(*b);
        t.n_both += in_a && in_b;
        t.n_only_a += in_a && !in_b;
        t.n_only_b += in_b && !in_a;
        t.n_neither += !in_a && !in_b;
    }
    if (t.n_both + t.n_only_a + t.n_only_b + t.n_neither > 0.0)
        rig_history_estimate_pairs(&t, row);
}

/* @param room  As many as there are calls. @return false: nobody could be a hit. */
static bool share_of(const share_spec *spec, const char *calls, double *room,
                     rig_history_share *share)
{
    size_t n = 0;
    for (; *calls != '\0'; calls++)
        if (rig_history_call_entered(*calls, spec->entered))
            room[n++] = spec->is_hit(*calls) ? 1.0 : 0.0;
    if (n > 0)
        *share = rig_history_share_of(room, n);
    return n > 0;
}

/* Where calls are not known: the stage's counts. */
static bool share_of_counts(const share_spec *spec, const rig_history_run *run,
                            rig_history_share *share)
{
    const rig_history_stage *stage = &run->stages[spec->entered];
    const double n = (double)stage->n_entered;
    const size_t s = (size_t)(spec - shares);
    const double p =
        s < RIG_N_STAGES ? rig_history_stage_loss(&run->stages[s]) : figure_of(run, spec->metric);
    *share = (rig_history_share){.p = p, .n = n, .ess = n};
    return n > 0.0 && isfinite(p);
}

static void compare_shares(const share_spec *spec, const rig_history_run *a,
                           const rig_history_run *b, double *room, rig_history_row *row)
{
    const bool has_calls = a->calls[0] != '\0' && b->calls[0] != '\0';
    rig_history_share of_a, of_b;
    const bool is_known =
        has_calls ? share_of(spec, a->calls, room, &of_a) && share_of(spec, b->calls, room, &of_b)
                  : share_of_counts(spec, a, &of_a) && share_of_counts(spec, b, &of_b);
    if (!is_known)
        return;
    row->method = has_calls ? RIG_HISTORY_NEWCOMBE : RIG_HISTORY_NEWCOMBE_COUNTS;
    rig_history_estimate_shares(&of_a, &of_b, row);
}

static void add_share(const share_spec *spec, const rig_history_run *a, const rig_history_run *b,
                      double *room, rig_history_comparison *c)
{
    rig_history_row *row = new_row(c, spec->name, "1", spec->worse);
    rig_history_share of_a, of_b;
    row->a = share_of(spec, a->calls, room, &of_a) ? of_a.p : figure_of(a, spec->metric);
    row->b = share_of(spec, b->calls, room, &of_b) ? of_b.p : figure_of(b, spec->metric);
    if (c->is_paired)
        compare_pairs(spec, a->calls, b->calls, row);
    else
        compare_shares(spec, a, b, room, row);
}

/* ---- waits ---- */

static size_t list_waits(const rig_history_run *run, const double *waits, double *room)
{
    size_t n = 0;
    for (size_t i = 0; waits != NULL && run->calls[i] != '\0'; i++)
        if (!isnan(waits[i]))
            room[n++] = waits[i];
    return n;
}

static size_t list_differences(const rig_history_run *a, const double *waits_a,
                               const rig_history_run *b, const double *waits_b, double *room)
{
    size_t n = 0;
    for (size_t i = 0; a->calls[i] != '\0' && b->calls[i] != '\0'; i++)
        if (!isnan(waits_a[i]) && !isnan(waits_b[i]))
            room[n++] = waits_b[i] - waits_a[i];
    return n;
}

/* Of single waits: their mean and deviation is all that is known. */
static bool mean_of_aggregates(const rig_history_run *run, rig_history_mean *mean)
{
    const double n = (double)run->counts[RIG_HISTORY_N_WAITS];
    *mean = (rig_history_mean){.mean = run->reals[RIG_HISTORY_WAIT_MEAN_S],
                               .se = run->reals[RIG_HISTORY_WAIT_SD_S] / sqrt(n),
                               .df = n - 1.0};
    return n > 1.0 && isfinite(mean->mean) && isfinite(mean->se);
}

static void add_wait(const rig_history_run *a, const double *waits_a, const rig_history_run *b,
                     const double *waits_b, double *room, rig_history_comparison *c)
{
    rig_history_row *row = new_row(c, "answered_wait_mean_s", "s", RIG_HISTORY_MORE_IS_WORSE);
    const bool has_waits = waits_a != NULL && waits_b != NULL;
    rig_history_mean of_a, of_b;
    row->a = a->reals[RIG_HISTORY_WAIT_MEAN_S];
    row->b = b->reals[RIG_HISTORY_WAIT_MEAN_S];
    const size_t n_pairs =
        c->is_paired && has_waits ? list_differences(a, waits_a, b, waits_b, room) : 0;
    if (n_pairs > 1) {
        of_a = rig_history_mean_of(room, n_pairs);
        row->method = RIG_HISTORY_PAIRED_T;
        row->n = (double)n_pairs;
        rig_history_estimate_mean(&of_a, row);
        return;
    }
    size_t n_a = list_waits(a, waits_a, room);
    if (n_a > 1)
        of_a = rig_history_mean_of(room, n_a);
    const size_t n_b = list_waits(b, waits_b, room);
    if (n_a > 1 && n_b > 1) {
        of_b = rig_history_mean_of(room, n_b);
        row->method = RIG_HISTORY_WELCH_BATCHES;
        rig_history_estimate_means(&of_a, &of_b, row);
    } else if (mean_of_aggregates(a, &of_a) && mean_of_aggregates(b, &of_b)) {
        row->method = RIG_HISTORY_WELCH;
        rig_history_estimate_means(&of_a, &of_b, row);
    }
}

/* ---- figures of the whole run ---- */

static bool spread_of(const rig_history_metric *m, rig_history_mean *mean)
{
    *mean = (rig_history_mean){.mean = m->observed, .se = (m->high - m->low) / (2.0 * 1.959964)};
    return isfinite(mean->mean) && isfinite(mean->se) && mean->se > 0.0;
}

/* The replays of a run are of its own calls: how it scatters with others they do not tell. */
static void add_figure(size_t i, const rig_history_run *a, const rig_history_run *b,
                       rig_history_comparison *c)
{
    const rig_history_metric *of_a = rig_history_run_metric(a, figures[i].name),
                             *of_b = rig_history_run_metric(b, figures[i].name);
    rig_history_mean mean_a, mean_b;
    if (of_a == NULL || of_b == NULL)
        return;
    rig_history_row *row = new_row(c, figures[i].name, of_a->unit, figures[i].worse);
    row->a = of_a->observed;
    row->b = of_b->observed;
    row->difference = row->b - row->a;
    if (!c->is_paired || !spread_of(of_a, &mean_a) || !spread_of(of_b, &mean_b))
        return;
    row->method = RIG_HISTORY_SPREAD;
    rig_history_estimate_means(&mean_a, &mean_b, row);
}

/* ---- all ---- */

static const char *why_unpaired(const rig_history_run *a, const rig_history_run *b)
{
    if (a->calls[0] == '\0' || b->calls[0] == '\0')
        return N_("of one of them it is not known how each call ended");
    if (a->counts[RIG_HISTORY_SEED] != b->counts[RIG_HISTORY_SEED])
        return N_("the seeds differ");
    if (a->texts[RIG_HISTORY_PLAN_SHA256][0] == '\0' ||
        strcmp(a->texts[RIG_HISTORY_PLAN_SHA256], b->texts[RIG_HISTORY_PLAN_SHA256]) != 0)
        return N_("the schedules differ");
    return NULL;
}

static void conclude(rig_history_comparison *c)
{
    double p[RIG_HISTORY_MAX_ROWS];
    for (size_t i = 0; i < c->n_rows; i++)
        p[i] = c->rows[i].p_value;
    rig_history_holm(p, c->n_rows);
    for (size_t i = 0; i < c->n_rows; i++) {
        rig_history_row *row = &c->rows[i];
        row->p_holm = p[i];
        if (isnan(p[i]) || p[i] >= RIG_HISTORY_ALPHA)
            continue;
        const bool is_more = row->difference > 0.0;
        row->change = row->worse == RIG_HISTORY_NEITHER                      ? RIG_HISTORY_OTHER
                      : (row->worse == RIG_HISTORY_MORE_IS_WORSE) == is_more ? RIG_HISTORY_WORSE
                                                                             : RIG_HISTORY_BETTER;
        c->n_worse += row->change == RIG_HISTORY_WORSE;
    }
}

rig_status rig_history_compare(const rig_history_run *a, const double *waits_a,
                               const rig_history_run *b, const double *waits_b,
                               rig_history_comparison *comparison)
{
    const size_t n_a = strlen(a->calls), n_b = strlen(b->calls);
    double *room = malloc(((n_a > n_b ? n_a : n_b) + 1) * sizeof *room);
    if (room == NULL)
        return RIG_ENOMEM;
    rig_history_comparison c = {.why_unpaired = why_unpaired(a, b)};
    c.is_paired = c.why_unpaired == NULL;
    for (size_t i = 0; i < N_SHARES; i++)
        add_share(&shares[i], a, b, room, &c);
    add_wait(a, waits_a, b, waits_b, room, &c);
    for (size_t i = 0; i < N_FIGURES; i++)
        add_figure(i, a, b, &c);
    conclude(&c);
    free(room);
    *comparison = c;
    return RIG_OK;
}

size_t rig_history_regressions(const rig_history_comparison *c, double margin,
                               double p[RIG_HISTORY_MAX_ROWS])
{
    size_t n = 0;
    for (size_t i = 0; i < RIG_HISTORY_MAX_ROWS; i++) {
        p[i] = (double)NAN;
        if (i >= N_GATED || i >= c->n_rows || isnan(c->rows[i].se))
            continue;
        const rig_history_row *row = &c->rows[i];
        const double worse =
            row->worse == RIG_HISTORY_MORE_IS_WORSE ? row->difference : -row->difference;
        if (row->se > 0.0)
            p[i] = rig_history_tail((worse - margin) / row->se, row->df);
        else
            p[i] = worse > margin ? 0.0 : 1.0;
    }
    rig_history_holm(p, RIG_HISTORY_MAX_ROWS);
    for (size_t i = 0; i < N_GATED; i++)
        n += p[i] < RIG_HISTORY_ALPHA;
    return n;
}

const char *rig_history_method_name(rig_history_method method)
{
    static const char *const names[] = {
        [RIG_HISTORY_MCNEMAR] = N_("McNemar, paired"),
        [RIG_HISTORY_NEWCOMBE] = N_("Newcombe, batches"),
        [RIG_HISTORY_NEWCOMBE_COUNTS] = N_("Newcombe, calls taken as independent"),
        [RIG_HISTORY_PAIRED_T] = N_("t of paired waits, batches"),
        [RIG_HISTORY_WELCH_BATCHES] = N_("Welch, batches"),
        [RIG_HISTORY_WELCH] = N_("Welch, waits taken as independent"),
        [RIG_HISTORY_SPREAD] = N_("spread of the replays"),
        [RIG_HISTORY_NOT_COMPARED] = N_("not compared")};
    return names[method];
}

const char *rig_history_change_name(rig_history_change change)
{
    static const char *const names[] = {[RIG_HISTORY_SAME] = N_("same"),
                                        [RIG_HISTORY_BETTER] = N_("better"),
                                        [RIG_HISTORY_WORSE] = N_("WORSE"),
                                        [RIG_HISTORY_OTHER] = N_("changed")};
    return names[change];
}
