/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/clock/ties.h"

#include <stdlib.h>

#include "core/clock.h"

enum { N_PAIRS = 64, N_GAPS = 64 };

/* Sources that are beside each other for less than this, or less than half of the shorter one,
 * follow each other: the packets at the seam of two files of a rotation are not quite in order. */
#define SEAM_NS RIG_NS_PER_S

typedef struct source {
    int64_t t_first_ns, t_last_ns; /* of its messages */
    uint16_t up; /* towards the first of those that are tied; its own: the first */
    bool is_used;
} source;

/* What two sources have in common. */
typedef struct across {
    uint16_t a, b;             /* a < b; 0: free */
    bool has_host;             /* an endpoint that has messages in both */
    uint64_t n_by_gap[N_GAPS]; /* calls with legs in both */
} across;

struct rig_clock_ties {
    source *sources; /* from 1 */
    size_t n, cap;   /* the highest that is used, and one more; room */
    across pairs[N_PAIRS];
    uint64_t n_others[N_GAPS]; /* of pairs beyond */
    uint64_t n_edges[N_GAPS];  /* legs */
    int64_t copies_apart_ns;   /* INT64_MAX: none */
};

rig_status rig_ties_new(rig_clock_ties **ties, rig_error *err)
{
    rig_clock_ties *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->copies_apart_ns = INT64_MAX;
    *ties = made;
    return RIG_OK;
}

void rig_ties_free(rig_clock_ties *ties)
{
    if (ties == NULL)
        return;
    free(ties->sources);
    free(ties);
}

static rig_status make_room(rig_clock_ties *ties, uint16_t number, rig_error *err)
{
    if (number < ties->cap)
        return RIG_OK;
    size_t cap = ties->cap == 0 ? 4 : ties->cap;
    while (cap <= number)
        cap *= 2;
    source *more = realloc(ties->sources, cap * sizeof *more);
    if (more == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t i = ties->cap; i < cap; i++)
        more[i] = (source){.up = (uint16_t)i};
    ties->sources = more;
    ties->cap = cap;
    return RIG_OK;
}

rig_status rig_ties_note_message(rig_clock_ties *ties, uint16_t number, int64_t t_ns,
                                 rig_error *err)
{
    rig_status status = make_room(ties, number, err);
    if (status != RIG_OK)
        return status;
    source *s = &ties->sources[number];
    if (!s->is_used)
        *s = (source){.t_first_ns = t_ns, .t_last_ns = t_ns, .up = number, .is_used = true};
    if (t_ns < s->t_first_ns)
        s->t_first_ns = t_ns;
    if (t_ns > s->t_last_ns)
        s->t_last_ns = t_ns;
    if (number >= ties->n)
        ties->n = number + (size_t)1;
    return RIG_OK;
}

static uint16_t first_of(const rig_clock_ties *ties, uint16_t number)
{
    while (ties->sources[number].up != number)
        number = ties->sources[number].up;
    return number;
}

void rig_ties_tie(rig_clock_ties *ties, uint16_t a, uint16_t b)
{
    if (a == b || a >= ties->cap || b >= ties->cap)
        return;
    const uint16_t first_a = first_of(ties, a), first_b = first_of(ties, b);
    const uint16_t first = first_a < first_b ? first_a : first_b;
    ties->sources[first_a].up = ties->sources[first_b].up = first;
    ties->sources[a].up = ties->sources[b].up = first; /* the way is short next time */
}

void rig_ties_note_copy(rig_clock_ties *ties, uint16_t a, uint16_t b, int64_t apart_ns)
{
    if (apart_ns < ties->copies_apart_ns)
        ties->copies_apart_ns = apart_ns;
    rig_ties_tie(ties, a, b);
}

int64_t rig_ties_copies_apart_ns(const rig_clock_ties *ties)
{
    return ties->copies_apart_ns == INT64_MAX ? 0 : ties->copies_apart_ns;
}

/* NULL: there are too many. */
static across *pair_of(rig_clock_ties *ties, uint16_t a, uint16_t b)
{
    const uint16_t low = a < b ? a : b, high = a < b ? b : a;
    for (size_t i = 0; i < N_PAIRS; i++) {
        across *pair = &ties->pairs[i];
        if (pair->a == 0)
            *pair = (across){.a = low, .b = high};
        if (pair->a == low && pair->b == high)
            return pair;
    }
    return NULL;
}

void rig_ties_note_host(rig_clock_ties *ties, uint16_t a, uint16_t b)
{
    across *pair = pair_of(ties, a, b);
    if (pair != NULL)
        pair->has_host = true;
}

/* The binary logarithm. */
static int size_of(int64_t gap_ns)
{
    return 63 - __builtin_clzll(gap_ns < 1 ? 1 : (uint64_t)gap_ns);
}

void rig_ties_note_call(rig_clock_ties *ties, uint16_t a, uint16_t b, int64_t gap_ns)
{
    across *pair = pair_of(ties, a, b);
    (pair != NULL ? pair->n_by_gap : ties->n_others)[size_of(gap_ns)]++;
}

void rig_ties_note_edge(rig_clock_ties *ties, int64_t gap_ns)
{
    ties->n_edges[size_of(gap_ns)]++;
}

/* ---- what is not tied */

static bool are_tied(const rig_clock_ties *ties, uint16_t a, uint16_t b)
{
    return first_of(ties, a) == first_of(ties, b);
}

static int64_t least_ns(int64_t a_ns, int64_t b_ns)
{
    return a_ns < b_ns ? a_ns : b_ns;
}

static bool are_beside(const source *a, const source *b)
{
    const int64_t from_ns = a->t_first_ns > b->t_first_ns ? a->t_first_ns : b->t_first_ns;
    const int64_t both_ns = least_ns(a->t_last_ns, b->t_last_ns) - from_ns;
    const int64_t shorter_ns = least_ns(a->t_last_ns - a->t_first_ns, b->t_last_ns - b->t_first_ns);
    return both_ns > 0 && both_ns >= least_ns(SEAM_NS, shorter_ns / 2);
}

static uint64_t n_near(const uint64_t *n_by_gap, int64_t apart_ns)
{
    uint64_t n = 0;
    for (int i = 0; i < N_GAPS - 1 && (INT64_C(1) << i) <= apart_ns; i++)
        n += n_by_gap[i];
    return n;
}

static void add_calls(const uint64_t *n_by_gap, rig_untied *untied)
{
    for (int i = 0; i < N_GAPS; i++)
        untied->n_calls += n_by_gap[i];
    untied->n_calls_near += n_near(n_by_gap, untied->apart_ns);
}

/* One pair is enough: of two taps whose files are of a rotation, each pair of two that lie beside
 * each other would be told. */
static void find_pairs(const rig_clock_ties *ties, rig_untied *untied)
{
    for (size_t a = 1; a < ties->n && untied->n_pairs == 0; a++) {
        for (size_t b = a + 1; b < ties->n && untied->n_pairs == 0; b++) {
            const source *first = &ties->sources[a], *second = &ties->sources[b];
            if (!first->is_used || !second->is_used || !are_beside(first, second) ||
                are_tied(ties, (uint16_t)a, (uint16_t)b))
                continue;
            untied->n_pairs++;
            untied->file[0] = a - 1;
            untied->file[1] = b - 1;
        }
    }
}

/* Whether any two that lie beside each other and are not tied see the same calls. Files that follow
 * each other do, too, but a rotation does that at each of two sites. */
static bool see_the_same(const rig_clock_ties *ties, rig_untied *untied)
{
    bool has_calls = false;
    for (size_t i = 0; i < N_PAIRS && ties->pairs[i].a != 0; i++) {
        const across *pair = &ties->pairs[i];
        if (are_tied(ties, pair->a, pair->b) ||
            !are_beside(&ties->sources[pair->a], &ties->sources[pair->b]))
            continue;
        untied->has_host |= pair->has_host;
        has_calls |= n_near(pair->n_by_gap, INT64_MAX) > 0;
    }
    return untied->has_host || has_calls;
}

void rig_ties_read(const rig_clock_ties *ties, int64_t apart_ns, rig_untied *untied)
{
    *untied = (rig_untied){.apart_ns = apart_ns};
    if (apart_ns > 0)
        find_pairs(ties, untied);
    if (untied->n_pairs == 0 || !see_the_same(ties, untied))
        return;
    for (size_t i = 0; i < N_PAIRS && ties->pairs[i].a != 0; i++) {
        const across *pair = &ties->pairs[i];
        if (!are_tied(ties, pair->a, pair->b))
            add_calls(pair->n_by_gap, untied);
    }
    add_calls(ties->n_others, untied);
    untied->n_calls_near += n_near(ties->n_edges, apart_ns);
}
