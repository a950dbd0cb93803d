/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/call_groups.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyzer/q850.h"
#include "analyzer/groups/samples.h"
#include "analyzer/calls/hash.h"
#include "analyzer/ratio.h"
#include "analyzer/sessions.h"
#include "analyzer/parties.h"
#include "analyzer/query.h"
#include "core/clock.h"

#define OTHERS "(others)"
#define NONE   "none"

/* Values of all fields of a group. */
enum { NAME_SIZE = RIG_CALL_GROUPS_MAX_FIELDS * (RIG_QUERY_VALUE_SIZE + 4) };

/* A group while calls come in. */
typedef struct entry {
    uint64_t hash;
    size_t number;        /* in the order in which groups came up */
    rig_call_group group; /* counts and name */
    rig_samples wait, wait_all, talk, ring;
} entry;

/* Groups by their names. */
typedef struct set {
    entry **slots; /* cap of them, a power of two; NULL: free */
    size_t n, cap;
} set;

/* Which calls a set has. A call whose outcome depends on whether the target shows queue marks may
 * belong to one group or another. */
enum { CERTAIN = 0, AS_TOLD, IF_MARKS, N_SETS };

struct rig_call_groups {
    rig_call_group_by by;
    set sets[N_SETS];
};

/* ---- sets ---- */

static size_t slot_of(const set *s, uint64_t hash, const char *name)
{
    size_t i = (size_t)hash & (s->cap - 1);
    while (s->slots[i] != NULL &&
           (s->slots[i]->hash != hash || strcmp(s->slots[i]->group.name, name) != 0))
        i = (i + 1) & (s->cap - 1);
    return i;
}

static bool widen(set *s)
{
    set wider = {.n = s->n, .cap = s->cap == 0 ? 64 : 2 * s->cap};
    wider.slots = calloc(wider.cap, sizeof *wider.slots);
    if (wider.slots == NULL)
        return false;
    for (size_t i = 0; i < s->cap; i++) {
        if (s->slots[i] != NULL)
            wider.slots[slot_of(&wider, s->slots[i]->hash, s->slots[i]->group.name)] = s->slots[i];
    }
    free(s->slots);
    *s = wider;
    return true;
}

static void free_entry(entry *e)
{
    if (e == NULL)
        return;
    rig_samples_clear(&e->wait);
    rig_samples_clear(&e->wait_all);
    rig_samples_clear(&e->talk);
    rig_samples_clear(&e->ring);
    free(e->group.name);
    free(e);
}

static void clear_set(set *s)
{
    for (size_t i = 0; i < s->cap; i++)
        free_entry(s->slots[i]);
    free(s->slots);
    *s = (set){0};
}

/* The group of a name, made where there is none. NULL: out of memory. */
static entry *group_of(set *s, const char *name)
{
    if (2 * s->n >= s->cap && !widen(s))
        return NULL;
    uint64_t hash = rig_hash_slice(1, rig_slice_of(name));
    size_t i = slot_of(s, hash, name);
    if (s->slots[i] != NULL)
        return s->slots[i];
    if (s->n >= RIG_CALL_GROUPS_MAX - 1 && strcmp(name, OTHERS) != 0)
        return group_of(s, OTHERS);
    entry *made = calloc(1, sizeof *made);
    if (made != NULL)
        made->group.name = strdup(name);
    if (made == NULL || made->group.name == NULL) {
        free(made);
        return NULL;
    }
    made->hash = hash;
    made->number = s->n++;
    s->slots[i] = made;
    return made;
}

/* ---- a call ---- */

static bool is_hour(size_t field)
{
    return strcmp(rig_query_describe(field)->name, "hour") == 0;
}

static void put_hour(const rig_call *call, char text[RIG_QUERY_VALUE_SIZE])
{
    time_t t = (time_t)(call->t_invite_ns / RIG_NS_PER_S);
    struct tm utc;
    if (gmtime_r(&t, &utc) == NULL ||
        strftime(text, RIG_QUERY_VALUE_SIZE, "%Y-%m-%dT%H", &utc) == 0)
        (void)snprintf(text, RIG_QUERY_VALUE_SIZE, "%s", NONE);
}

static void name_of(const rig_call_group_by *by, const rig_query_call *call, char name[NAME_SIZE])
{
    size_t n = 0;
    for (size_t i = 0; i < by->n; i++) {
        char value[RIG_QUERY_VALUE_SIZE];
        if (is_hour(by->fields[i]))
            put_hour(call->finished->call, value);
        else if (!rig_query_value(by->fields[i], call, value))
            (void)snprintf(value, sizeof value, "%s", NONE);
        n += (size_t)snprintf(name + n, NAME_SIZE - n, "%s%s", i > 0 ? RIG_CALL_GROUPS_BETWEEN : "",
                              value);
    }
}

static bool add_span(rig_samples *samples, int64_t from_ns, int64_t to_ns)
{
    if (from_ns == RIG_NO_TIME || to_ns == RIG_NO_TIME)
        return true;
    return rig_samples_add(samples, to_ns - from_ns);
}

static bool add_ring(entry *e, const rig_agent_ring *ring)
{
    bool is_answered = ring->t_answer_ns != RIG_NO_TIME;
    e->group.n_rings++;
    e->group.n_missed += !is_answered && ring->t_end_ns != RIG_NO_TIME;
    return add_span(&e->ring, ring->t_ring_ns, is_answered ? ring->t_answer_ns : ring->t_end_ns);
}

/* Each ring to its own agent. */
static bool add_rings_by_agent(set *s, const rig_call_parties *parties)
{
    for (size_t i = 0; i < parties->n_rings; i++) {
        char name[RIG_QUERY_VALUE_SIZE];
        rig_parties_agent_text(&parties->rings[i], name, sizeof name);
        entry *e = group_of(s, name);
        if (e == NULL || !add_ring(e, &parties->rings[i]))
            return false;
    }
    return true;
}

static bool add_rings(entry *e, const rig_call_parties *parties)
{
    bool is_done = true;
    for (size_t i = 0; is_done && i < parties->n_rings; i++)
        is_done = add_ring(e, &parties->rings[i]);
    return is_done;
}

static void add_counts(rig_call_group *g, const rig_finished_call *finished, rig_outcome outcome)
{
    const rig_session_counts counts = rig_session_counts_of(finished);
    g->n_calls++;
    g->n_outcome[outcome]++;
    g->n_offered += counts.is_offered;
    g->n_seized += counts.is_seized;
    g->n_answered += counts.is_answered;
    g->n_deliverable += counts.is_deliverable;
    g->n_delivered += counts.is_delivered;
}

static bool add_call(rig_call_groups *groups, int which, const rig_query_call *query)
{
    char name[NAME_SIZE];
    const rig_finished_call *finished = query->finished;
    const rig_call *call = finished->call;
    set *s = &groups->sets[which];
    name_of(&groups->by, query, name);
    entry *e = group_of(s, name);
    if (e == NULL)
        return false;
    add_counts(&e->group, finished, query->if_marks ? finished->outcome_if_marks : call->outcome);
    int64_t t_over_ns =
        call->t_agent_answer_ns != RIG_NO_TIME ? call->t_agent_answer_ns : call->t_end_ns;
    bool is_done = add_span(&e->wait, call->t_queue_ns, call->t_agent_answer_ns) &&
                   add_span(&e->wait_all, call->t_queue_ns, t_over_ns) &&
                   add_span(&e->talk, call->t_agent_answer_ns, call->t_end_ns);
    if (!is_done || finished->parties == NULL)
        return is_done;
    if (rig_groups_by_is_agent(&groups->by))
        return add_rings_by_agent(s, finished->parties);
    return add_rings(e, finished->parties);
}

rig_status rig_groups_take(rig_call_groups *groups, const rig_finished_call *finished,
                           rig_error *err)
{
    rig_query_call query = {.finished = finished, .t_capture_ns = RIG_NO_TIME};
    bool is_done = add_call(groups, finished->is_open ? AS_TOLD : CERTAIN, &query);
    if (finished->is_open) {
        query.if_marks = true;
        is_done = is_done && add_call(groups, IF_MARKS, &query);
    }
    return is_done ? RIG_OK : rig_fail(err, RIG_ENOMEM, "out of memory");
}

rig_status rig_groups_new(const rig_call_group_by *by, rig_call_groups **groups, rig_error *err)
{
    rig_call_groups *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->by = *by;
    *groups = made;
    return RIG_OK;
}

void rig_groups_free(rig_call_groups *groups)
{
    if (groups == NULL)
        return;
    for (int i = 0; i < N_SETS; i++)
        clear_set(&groups->sets[i]);
    free(groups);
}

/* ---- the table ---- */

static void merge_counts(rig_call_group *to, const rig_call_group *from)
{
    to->n_calls += from->n_calls;
    to->n_offered += from->n_offered;
    to->n_seized += from->n_seized;
    to->n_answered += from->n_answered;
    to->n_deliverable += from->n_deliverable;
    to->n_delivered += from->n_delivered;
    to->n_rings += from->n_rings;
    to->n_missed += from->n_missed;
    for (int o = 0; o < RIG_N_OUTCOMES; o++)
        to->n_outcome[o] += from->n_outcome[o];
}

static int by_number(const void *a, const void *b)
{
    const entry *x = *(entry *const *)a, *y = *(entry *const *)b;
    return (x->number > y->number) - (x->number < y->number);
}

/* In the order in which they came up: where there are too many groups it shows who came first. */
static bool merge_in_order(set *to, entry **entries, size_t n)
{
    qsort(entries, n, sizeof *entries, by_number);
    for (size_t i = 0; i < n; i++) {
        const entry *e = entries[i];
        entry *at = group_of(to, e->group.name);
        if (at == NULL || !rig_samples_join(&at->wait, &e->wait) ||
            !rig_samples_join(&at->wait_all, &e->wait_all) ||
            !rig_samples_join(&at->talk, &e->talk) || !rig_samples_join(&at->ring, &e->ring))
            return false;
        merge_counts(&at->group, &e->group);
    }
    return true;
}

static bool merge_set(set *to, const set *from)
{
    if (from->n == 0)
        return true;
    entry **entries = calloc(from->n, sizeof(entry *));
    if (entries == NULL)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < from->cap; i++) {
        if (from->slots[i] != NULL)
            entries[n++] = from->slots[i];
    }
    bool is_done = merge_in_order(to, entries, n);
    free(entries);
    return is_done;
}

static void finish_group(entry *e)
{
    rig_call_group *g = &e->group;
    g->asr_offered = rig_ratio(g->n_answered, g->n_offered);
    g->asr_seized = rig_ratio(g->n_answered, g->n_seized);
    g->ner = rig_ratio(g->n_delivered, g->n_deliverable);
    g->wait = rig_samples_measure(&e->wait);
    g->wait_all = rig_samples_measure(&e->wait_all);
    g->talk = rig_samples_measure(&e->talk);
    g->ring = rig_samples_measure(&e->ring);
}

/* The value of a name that begins at `name`, as a number; false where it is none. */
static bool number_at(const char *name, size_t n, uint64_t *number)
{
    return rig_slice_u64((rig_slice){name, n}, number);
}

static int rank_of(const char *name, size_t n)
{
    const rig_slice value = {name, n};
    return rig_slice_is(value, OTHERS) ? 2 : rig_slice_is(value, NONE);
}

static int compare_values(const char *a, size_t n_a, const char *b, size_t n_b)
{
    uint64_t x, y;
    int rank = rank_of(a, n_a) - rank_of(b, n_b);
    if (rank != 0)
        return rank;
    if (number_at(a, n_a, &x) && number_at(b, n_b, &y) && x != y)
        return x < y ? -1 : 1;
    int order = memcmp(a, b, n_a < n_b ? n_a : n_b);
    return order != 0 ? order : (n_a > n_b) - (n_a < n_b);
}

static size_t value_size(const char *name)
{
    const char *between = strstr(name, RIG_CALL_GROUPS_BETWEEN);
    return between != NULL ? (size_t)(between - name) : strlen(name);
}

static int compare_groups(const void *a, const void *b)
{
    const char *x = ((const rig_call_group *)a)->name, *y = ((const rig_call_group *)b)->name;
    while (true) {
        const size_t n_x = value_size(x), n_y = value_size(y);
        int order = compare_values(x, n_x, y, n_y);
        if (order != 0 || x[n_x] == '\0' || y[n_y] == '\0')
            return order;
        x += n_x + strlen(RIG_CALL_GROUPS_BETWEEN);
        y += n_y + strlen(RIG_CALL_GROUPS_BETWEEN);
    }
}

rig_status rig_groups_finish(rig_call_groups *groups, bool has_queue_marks,
                             rig_call_group_table **table, rig_error *err)
{
    set *all = &groups->sets[CERTAIN];
    rig_call_group_table *made = calloc(1, sizeof *made);
    bool is_done =
        made != NULL && merge_set(all, &groups->sets[has_queue_marks ? IF_MARKS : AS_TOLD]);
    if (is_done)
        made->groups = calloc(all->n + 1, sizeof *made->groups);
    if (!is_done || made->groups == NULL) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    made->by = groups->by;
    for (size_t i = 0; i < all->cap; i++) {
        if (all->slots[i] == NULL)
            continue;
        finish_group(all->slots[i]);
        made->groups[made->n++] = all->slots[i]->group;
        all->slots[i]->group.name = NULL; /* the table has it now */
    }
    for (int i = 0; i < N_SETS; i++)
        clear_set(&groups->sets[i]);
    if (made->n > 0)
        qsort(made->groups, made->n, sizeof *made->groups, compare_groups);
    *table = made;
    return RIG_OK;
}

void rig_groups_table_free(rig_call_group_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->n; i++)
        free(table->groups[i].name);
    free(table->groups);
    free(table);
}
