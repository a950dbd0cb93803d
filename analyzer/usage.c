#include "analyzer/usage.h"

#include <stdbool.h>
#include <stdlib.h>

/* What happens to the circuits at an instant. At the same instant circuits are given back before
 * others are seized, and a refusal sees those that were seized before it. */
typedef enum change_kind { GIVEN_BACK = 0, SEIZED, REFUSED } change_kind;

typedef struct change {
    int64_t t_ns;
    change_kind kind;
} change;

void rig_usage_free(rig_usage *usage)
{
    if (usage == NULL)
        return;
    free(usage->intervals);
    free(usage);
}

static bool holds_circuit(const rig_call *call)
{
    if (call->outcome == RIG_OUTCOME_LOST_TRUNK)
        return false;
    return call->outcome != RIG_OUTCOME_UNCLASSIFIED || call->final_code < 300;
}

static int64_t later(int64_t a_ns, int64_t b_ns)
{
    return a_ns > b_ns ? a_ns : b_ns; /* RIG_NO_TIME is the least of all */
}

static int64_t last_instant(const rig_call *call)
{
    int64_t t_ns = later(call->t_invite_ns, call->t_end_ns);
    t_ns = later(t_ns, later(call->t_provisional_ns, call->t_answer_ns));
    t_ns = later(t_ns, later(call->t_queue_ns, call->t_agent_ring_ns));
    return later(t_ns, call->t_agent_answer_ns);
}

static int compare_changes(const void *a, const void *b)
{
    const change *x = a;
    const change *y = b;
    if (x->t_ns != y->t_ns)
        return x->t_ns < y->t_ns ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

static int compare_u32(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void count_calls(const rig_calls *calls, rig_usage *usage)
{
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        rig_tally_add(&usage->tally, call->outcome, rig_call_stage(call));
        if (usage->t_first_ns == RIG_NO_TIME || call->t_invite_ns < usage->t_first_ns)
            usage->t_first_ns = call->t_invite_ns;
        usage->t_last_ns = later(usage->t_last_ns, last_instant(call));
    }
}

/* The changes of all calls in order of time; at most two a call. Also the circuit-time they held.
 */
static size_t list_changes(const rig_calls *calls, int64_t t_last_ns, change *changes,
                           double *held_s, uint64_t *n_held)
{
    size_t n = 0;
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        int64_t t_from_ns = call->t_invite_ns;
        if (!holds_circuit(call)) {
            if (call->outcome == RIG_OUTCOME_LOST_TRUNK && call->final_code >= 300)
                changes[n++] = (change){t_from_ns, REFUSED};
            continue;
        }
        int64_t t_to_ns = call->t_end_ns == RIG_NO_TIME ? t_last_ns : call->t_end_ns;
        t_to_ns = later(t_from_ns, t_to_ns);
        *held_s += rig_clock_s_of_ns(t_to_ns - t_from_ns);
        (*n_held)++;
        if (t_to_ns == t_from_ns)
            continue;
        changes[n++] = (change){t_from_ns, SEIZED};
        changes[n++] = (change){t_to_ns, GIVEN_BACK};
    }
    qsort(changes, n, sizeof *changes, compare_changes);
    return n;
}

/* Walks along the changes and the intervals at once. */
typedef struct sweep {
    rig_usage *usage;
    int64_t interval_ns;
    size_t at;    /* interval that is being filled */
    int64_t t_ns; /* up to where it is filled */
    double area;  /* circuit-ns in it so far */
    uint32_t in_use;
} sweep;

static void note_level(sweep *s)
{
    if (s->at >= s->usage->n_intervals || s->t_ns < s->usage->intervals[s->at].t_from_ns)
        return;
    rig_usage_interval *interval = &s->usage->intervals[s->at];
    if (s->in_use > interval->max_in_use)
        interval->max_in_use = s->in_use;
}

/* Let time pass to t_ns at the present level, closing the intervals that end on the way. */
static void advance(sweep *s, int64_t t_ns)
{
    while (s->at < s->usage->n_intervals) {
        rig_usage_interval *interval = &s->usage->intervals[s->at];
        if (t_ns <= interval->t_from_ns)
            break;
        if (s->t_ns < interval->t_from_ns)
            s->t_ns = interval->t_from_ns;
        note_level(s);
        int64_t t_end_ns = interval->t_from_ns + s->interval_ns;
        bool is_closed = t_ns >= t_end_ns;
        int64_t t_to_ns = is_closed ? t_end_ns : t_ns;
        s->area += (double)s->in_use * (double)(t_to_ns - s->t_ns);
        s->t_ns = t_to_ns;
        interval->mean_in_use = s->area / (double)(t_to_ns - interval->t_from_ns);
        if (!is_closed)
            break;
        s->area = 0;
        s->at++;
    }
    s->t_ns = t_ns;
}

static void walk(rig_usage *usage, int64_t interval_ns, const change *changes, size_t n,
                 uint32_t *at_refusal)
{
    sweep s = {.usage = usage, .interval_ns = interval_ns, .t_ns = usage->t_first_ns};
    for (size_t i = 0; i < n; i++) {
        advance(&s, changes[i].t_ns);
        switch (changes[i].kind) {
        case GIVEN_BACK:
            s.in_use--;
            break;
        case SEIZED:
            s.in_use++;
            if (s.in_use > usage->peak_in_use) {
                usage->peak_in_use = s.in_use;
                usage->t_peak_ns = changes[i].t_ns;
            }
            note_level(&s);
            break;
        case REFUSED:
            at_refusal[usage->n_refusals++] = s.in_use;
            break;
        }
    }
    advance(&s, usage->t_last_ns);
}

static void summarize_refusals(rig_usage *usage, uint32_t *at_refusal)
{
    size_t n = (size_t)usage->n_refusals;
    if (n == 0)
        return;
    qsort(at_refusal, n, sizeof *at_refusal, compare_u32);
    usage->min_in_use_at_refusal = at_refusal[0];
    usage->max_in_use_at_refusal = at_refusal[n - 1];
    usage->median_in_use_at_refusal =
        ((double)at_refusal[(n - 1) / 2] + (double)at_refusal[n / 2]) / 2.0;
}

static rig_status lay_intervals(const rig_calls *calls, int64_t t0_ns, int64_t interval_ns,
                                rig_usage *usage, rig_error *err)
{
    if (interval_ns == 0 || calls->n == 0)
        return RIG_OK;
    if (t0_ns == RIG_NO_TIME)
        t0_ns = usage->t_first_ns;
    if (usage->t_last_ns < t0_ns)
        return RIG_OK;
    uint64_t n = (uint64_t)(usage->t_last_ns - t0_ns) / (uint64_t)interval_ns + 1;
    if (n > RIG_USAGE_MAX_INTERVALS)
        return rig_fail(err, RIG_EDOM, "%llu intervals; at most %d are reported",
                        (unsigned long long)n, RIG_USAGE_MAX_INTERVALS);
    usage->intervals = calloc((size_t)n, sizeof *usage->intervals);
    if (usage->intervals == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    usage->n_intervals = (size_t)n;
    for (size_t i = 0; i < usage->n_intervals; i++)
        usage->intervals[i].t_from_ns = t0_ns + (int64_t)i * interval_ns;
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        if (call->t_invite_ns < t0_ns)
            continue;
        rig_usage_interval *interval = &usage->intervals[(call->t_invite_ns - t0_ns) / interval_ns];
        interval->n_offered++;
        interval->n_served += call->outcome == RIG_OUTCOME_SERVED;
        for (int s = 0; s < RIG_N_STAGES; s++)
            interval->n_lost[s] += call->outcome == rig_outcome_lost_at((rig_stage)s);
    }
    return RIG_OK;
}

rig_status rig_usage_measure(const rig_calls *calls, int64_t t0_ns, int64_t interval_ns,
                             rig_usage **usage, rig_error *err)
{
    if (interval_ns < 0 || (t0_ns < 0 && t0_ns != RIG_NO_TIME))
        return rig_fail(err, RIG_EDOM, "a series needs t0 >= 0 and an interval >= 0");
    rig_status status = RIG_ENOMEM;
    rig_usage *made = calloc(1, sizeof *made);
    change *changes = calloc(2 * calls->n + 1, sizeof *changes);
    uint32_t *at_refusal = calloc(calls->n + 1, sizeof *at_refusal);
    if (made == NULL || changes == NULL || at_refusal == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
        goto out;
    }
    made->t_first_ns = made->t_last_ns = made->t_peak_ns = RIG_NO_TIME;
    count_calls(calls, made);
    status = lay_intervals(calls, t0_ns, interval_ns, made, err);
    if (status != RIG_OK)
        goto out;
    double held_s = 0;
    uint64_t n_held = 0;
    size_t n = list_changes(calls, made->t_last_ns, changes, &held_s, &n_held);
    if (calls->n > 0)
        walk(made, interval_ns, changes, n, at_refusal);
    summarize_refusals(made, at_refusal);
    if (made->t_last_ns > made->t_first_ns)
        made->carried_erl = held_s / rig_clock_s_of_ns(made->t_last_ns - made->t_first_ns);
    made->offered_erl =
        n_held == 0 ? made->carried_erl : made->carried_erl * (double)calls->n / (double)n_held;
    *usage = made;
    made = NULL;
out:
    free(changes);
    free(at_refusal);
    rig_usage_free(made);
    return status;
}
