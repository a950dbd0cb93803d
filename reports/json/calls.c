/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/calls.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An outcome and reason, counted. */
typedef struct reason_count {
    const char *reason;
    rig_outcome outcome;
    uint64_t n;
} reason_count;

static int by_reason(const void *a, const void *b)
{
    const rig_call *x = *(const rig_call *const *)a, *y = *(const rig_call *const *)b;
    if (x->outcome != y->outcome)
        return x->outcome < y->outcome ? -1 : 1;
    return strcmp(x->reason, y->reason);
}

static int by_count(const void *a, const void *b)
{
    const reason_count *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    if (x->outcome != y->outcome)
        return x->outcome < y->outcome ? -1 : 1;
    return strcmp(x->reason, y->reason); /* whatever qsort makes of equals */
}

/* Nobody's planned call, or not one of the warm-up. */
static bool is_told_of(const rig_join *join, const rig_call *call)
{
    return call->planned_index < 0 || (uint64_t)call->planned_index >= join->n_planned ||
           rig_join_counts(join, (size_t)call->planned_index);
}

/* The calls by outcome and reason, the most frequent first. @return how many kinds there are. */
static size_t count_reasons(const rig_result *r, const rig_call **sorted, reason_count *counts)
{
    size_t n = 0, n_calls = 0;
    for (size_t i = 0; i < r->calls->n; i++)
        if (is_told_of(r->join, &r->calls->items[i]))
            sorted[n_calls++] = &r->calls->items[i];
    qsort(sorted, n_calls, sizeof *sorted, by_reason);
    for (size_t i = 0; i < n_calls; i++) {
        if (i == 0 || by_reason(&sorted[i - 1], &sorted[i]) != 0)
            counts[n++] = (reason_count){sorted[i]->reason, sorted[i]->outcome, 0};
        counts[n - 1].n++;
    }
    qsort(counts, n, sizeof *counts, by_count);
    return n;
}

static void add_reasons(rig_json_builder *b, const rig_result *r)
{
    const rig_call **sorted = calloc(r->calls->n + 1, sizeof *sorted);
    reason_count *counts = calloc(r->calls->n + 1, sizeof *counts);
    if (sorted == NULL || counts == NULL) {
        rig_json_fail(b);
        goto out;
    }
    size_t n = count_reasons(r, sorted, counts);
    rig_json_open_list(b, "reasons");
    for (size_t i = 0; i < n; i++) {
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "outcome", rig_outcome_name(counts[i].outcome));
        rig_json_add_text(b, "reason", counts[i].reason);
        rig_json_add_count(b, "n", counts[i].n);
        rig_json_close(b);
    }
    rig_json_close(b);
out:
    free(sorted);
    free(counts);
}

void rig_json_add_calls(rig_json_builder *b, const rig_result *r)
{
    const rig_tally *tally = &r->observed->tally;
    rig_json_open_object(b, "calls");
    rig_json_add_count(b, "planned", r->join->n_due);
    rig_json_add_count(b, "offered", tally->n_offered);
    rig_json_add_count(b, "not_placed", tally->n_not_placed);
    rig_json_add_count(b, "doubled", r->join->n_doubled);
    rig_json_add_count(b, "foreign", r->join->n_foreign);
    rig_json_add_real(b, "counted_from_s", r->join->counted_from_s);
    rig_json_add_count(b, "warm_up", r->join->n_warm_up);
    rig_json_add_truth(b, "conserved", rig_tally_conserved(tally, r->join->n_due));
    rig_json_open_object(b, "outcomes");
    for (int o = 0; o < RIG_N_OUTCOMES; o++)
        rig_json_add_count(b, rig_outcome_name((rig_outcome)o), tally->n_outcome[o]);
    rig_json_close(b);
    add_reasons(b, r);
    rig_json_close(b);
}

static void add_differences(rig_json_builder *b, const rig_call_diff *diff)
{
    rig_json_open_list(b, "first_different");
    for (size_t i = 0; i < diff->n_first; i++) {
        const rig_difference *d = &diff->first[i];
        rig_json_open_object(b, NULL);
        rig_json_add_integer(b, "planned_index", (int64_t)d->planned_index);
        rig_json_add_real(b, "t_s", d->t_s);
        rig_json_add_text(b, "replayed", rig_outcome_name(d->replayed));
        rig_json_add_text(b, "observed", rig_outcome_name(d->observed));
        rig_json_add_text(b, "call_id", d->call_id);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_stage_agreement(rig_json_builder *b, const rig_call_diff *diff)
{
    rig_json_open_list(b, "stages");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_stage_agreement *a = &diff->stages[s];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "stage", rig_stage_name((rig_stage)s));
        rig_json_add_count(b, "lost_in_both", a->n_both);
        rig_json_add_count(b, "only_replayed", a->n_replayed);
        rig_json_add_count(b, "only_observed", a->n_observed);
        rig_json_close(b);
    }
    rig_json_close(b);
}

/* How often calls of one outcome in the replay had another on the wire. */
static void add_confusion(rig_json_builder *b,
                          uint64_t (*confusion)[RIG_N_OUTCOMES][RIG_N_OUTCOMES])
{
    rig_json_open_list(b, "confusion");
    for (int i = 0; i < RIG_N_OUTCOMES * RIG_N_OUTCOMES; i++) {
        const int replayed = i / RIG_N_OUTCOMES, observed = i % RIG_N_OUTCOMES;
        const uint64_t n = (*confusion)[replayed][observed];
        if (n == 0)
            continue;
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "replayed", rig_outcome_name((rig_outcome)replayed));
        rig_json_add_text(b, "observed", rig_outcome_name((rig_outcome)observed));
        rig_json_add_count(b, "n", n);
        rig_json_close(b);
    }
    rig_json_close(b);
}

/* Calls that were decided by the order of two messages, which the replay takes as it was seen. */
static void add_races(rig_json_builder *b, const rig_result *r)
{
    const rig_races races = rig_join_races(r->join, r->prediction->instants);
    const double ms = 1e3 / r->scenario->time_scale;
    rig_json_open_object(b, "races");
    rig_json_add_count(b, "n", races.n);
    rig_json_add_real(b, "median_gap_ms", ms * races.median_s);
    rig_json_add_real(b, "widest_gap_ms", ms * races.widest_s);
    rig_json_close(b);
}

void rig_json_add_agreement(rig_json_builder *b, const rig_result *r)
{
    uint64_t confusion[RIG_N_OUTCOMES][RIG_N_OUTCOMES];
    uint64_t n_same = 0, n_by_rules;
    rig_join_confusion(r->join, r->prediction->fates, confusion);
    for (int o = 0; o < RIG_N_OUTCOMES; o++)
        n_same += confusion[o][o];
    const double n = (double)r->join->n_due;
    const rig_call_diff diff = rig_join_diff(r->join, r->schedule, r->prediction->fates);
    n_by_rules =
        r->join->n_due - rig_join_diff(r->join, r->schedule, r->prediction->rule_fates).n_different;
    rig_json_open_object(b, "agreement");
    rig_json_add_real(b, "share", n > 0.0 ? (double)n_same / n : (double)NAN);
    rig_json_add_real(b, "share_by_rules", n > 0.0 ? (double)n_by_rules / n : (double)NAN);
    add_confusion(b, &confusion);
    add_stage_agreement(b, &diff);
    rig_json_add_count(b, "different", diff.n_different);
    add_races(b, r);
    add_differences(b, &diff);
    rig_json_close(b);
}
