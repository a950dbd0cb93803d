/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/leg_table.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/hash.h"
#include "analyzer/calls/slabs.h"
#include "analyzer/calls/waiting.h"

enum { MIN_SLOTS = 256 };

/* The hash stands beside the pointer, so that a probe touches no leg but the right one. */
typedef struct slot {
    uint64_t hash;
    rig_leg *leg; /* NULL: free */
} slot;

/* Open addressing, linear probing, at most three quarters full. */
struct rig_leg_table {
    slot *slots;
    rig_slabs *slabs; /* where legs lie */
    size_t n_slots;   /* a power of two */
    size_t n;
    rig_leg *oldest, *newest; /* retired, in the order of retirement */
    int64_t t_due_ns;         /* when the oldest is to be looked at; INT64_MAX for none */
    uint64_t n_numbers;       /* given so far */
    size_t n_legs;            /* with those that are no longer found */
    rig_leg_forget forget;    /* NULL: nobody is told */
    void *ctx;
};

rig_status rig_leg_table_new(rig_leg_table **table, rig_error *err)
{
    rig_leg_table *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->n_slots = MIN_SLOTS;
    made->t_due_ns = INT64_MAX;
    made->slots = calloc(MIN_SLOTS, sizeof *made->slots);
    const rig_status status = made->slots == NULL ? rig_fail(err, RIG_ENOMEM, "out of memory")
                                                  : rig_slabs_new(&made->slabs, err);
    if (status != RIG_OK) {
        free(made->slots);
        free(made);
        return status;
    }
    *table = made;
    return RIG_OK;
}

void rig_leg_table_on_forget(rig_leg_table *table, rig_leg_forget forget, void *ctx)
{
    table->forget = forget;
    table->ctx = ctx;
}

static size_t home_of(const rig_leg_table *table, uint64_t hash)
{
    return (size_t)hash & (table->n_slots - 1);
}

static size_t next_slot(const rig_leg_table *table, size_t i)
{
    return (i + 1) & (table->n_slots - 1);
}

/* Where a leg stands; a free slot where a newer one has taken its place. */
static size_t index_of(const rig_leg_table *table, const rig_leg *leg)
{
    size_t i = home_of(table, leg->hash);
    while (table->slots[i].leg != NULL && table->slots[i].leg != leg)
        i = next_slot(table, i);
    return i;
}

/* Take a leg out of the slots; the entries behind it move up, so that no tombstones pile up. */
static void unlink_leg(rig_leg_table *table, const rig_leg *leg)
{
    size_t hole = index_of(table, leg);
    if (table->slots[hole].leg == NULL)
        return;
    table->n--;
    for (size_t i = next_slot(table, hole); table->slots[i].leg != NULL; i = next_slot(table, i)) {
        size_t home = home_of(table, table->slots[i].hash);
        size_t mask = table->n_slots - 1;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            table->slots[hole] = table->slots[i];
            hole = i;
        }
    }
    table->slots[hole] = (slot){0};
}

static void free_leg(rig_leg_table *table, rig_leg *leg)
{
    rig_waiting_forget_leg(leg);
    rig_seen_forget(&leg->recent);
    free(leg->orphan);
    free(leg->pending);
    rig_branches_clear(&leg->branches);
    rig_dialogs_clear(&leg->dialogs);
    rig_slabs_give(table->slabs, leg, sizeof *leg + leg->n_call_id);
}

void rig_leg_table_free(rig_leg_table *table)
{
    if (table == NULL)
        return;
    /* Retired legs are in the list; some of them, and all the others, in the slots. */
    for (size_t i = 0; i < table->n_slots; i++) {
        if (table->slots[i].leg != NULL && !table->slots[i].leg->is_retired)
            free_leg(table, table->slots[i].leg);
    }
    while (table->oldest != NULL) {
        rig_leg *leg = table->oldest;
        table->oldest = leg->next_retired;
        free_leg(table, leg);
    }
    rig_slabs_free(table->slabs);
    free(table->slots);
    free(table);
}

static bool is_named(const rig_leg *leg, rig_slice call_id)
{
    return leg->n_call_id == call_id.n && memcmp(leg->call_id, call_id.p, call_id.n) == 0;
}

/* The slot that holds a Call-ID, or the free one where it belongs. */
static slot *find_slot(const rig_leg_table *table, uint64_t hash, rig_slice call_id)
{
    size_t i = home_of(table, hash);
    while (table->slots[i].leg != NULL &&
           (table->slots[i].hash != hash || !is_named(table->slots[i].leg, call_id)))
        i = next_slot(table, i);
    return &table->slots[i];
}

/* A leg lies in several cache lines, and most of them are wanted next: ask for them all at once. */
static void prefetch(const rig_leg *leg)
{
    const char *p = (const char *)leg;
    for (size_t at = 0; at < sizeof *leg; at += 64)
        __builtin_prefetch(p + at);
}

rig_leg *rig_leg_table_find_hashed(const rig_leg_table *table, uint64_t hash, rig_slice call_id)
{
    const slot *home = &table->slots[home_of(table, hash)];
    if (home->leg != NULL)
        prefetch(home->leg);
    return find_slot(table, hash, call_id)->leg;
}

rig_leg *rig_leg_table_find(const rig_leg_table *table, rig_slice call_id)
{
    return find_slot(table, rig_hash_slice(0, call_id), call_id)->leg;
}

static bool grow(rig_leg_table *table)
{
    rig_leg_table wider = *table;
    wider.n_slots = table->n_slots * 2;
    wider.slots = calloc(wider.n_slots, sizeof *wider.slots);
    if (wider.slots == NULL)
        return false;
    for (size_t i = 0; i < table->n_slots; i++) {
        if (table->slots[i].leg == NULL)
            continue;
        size_t to = home_of(&wider, table->slots[i].hash);
        while (wider.slots[to].leg != NULL)
            to = next_slot(&wider, to);
        wider.slots[to] = table->slots[i];
    }
    free(table->slots);
    *table = wider;
    return true;
}

rig_status rig_leg_table_add(rig_leg_table *table, uint64_t hash, rig_slice call_id, rig_leg **leg,
                             rig_error *err)
{
    if ((table->n + 1) * 4 > table->n_slots * 3 && !grow(table))
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_leg *made = rig_slabs_take(table->slabs, sizeof *made + call_id.n);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->hash = hash;
    made->n_call_id = (uint32_t)call_id.n;
    memcpy(made->call_id, call_id.p, call_id.n);
    slot *at = find_slot(table, made->hash, call_id);
    if (at->leg != NULL)
        rig_leg_table_retire(table, at->leg);
    else
        table->n++;
    *at = (slot){.hash = made->hash, .leg = made};
    table->n_legs++;
    made->number = ++table->n_numbers;
    *leg = made;
    return RIG_OK;
}

void rig_leg_table_retire(rig_leg_table *table, rig_leg *leg)
{
    if (leg->is_retired)
        return;
    leg->is_retired = true;
    leg->t_retired_ns = leg->t_last_ns;
    leg->next_retired = NULL;
    if (table->newest != NULL)
        table->newest->next_retired = leg;
    else
        table->oldest = leg;
    if (table->oldest == leg)
        table->t_due_ns = leg->t_retired_ns + RIG_LEG_LINGER_NS;
    table->newest = leg;
}

static bool is_found(const rig_leg_table *table, const rig_leg *leg)
{
    return table->slots[index_of(table, leg)].leg == leg;
}

/* A challenged leg may have gone on with a further attempt, a cancelled one may have been answered.
 */
static bool is_done(const rig_leg *leg)
{
    return rig_leg_is_over(leg) || leg->is_challenged || leg->is_dead ||
           leg->role == RIG_LEG_ORPHAN;
}

static void forget(rig_leg_table *table, rig_leg *leg)
{
    unlink_leg(table, leg);
    table->n_legs--;
    if (table->forget != NULL)
        table->forget(table->ctx, leg);
    free_leg(table, leg);
}

/* The next one in the list is to be looked at when its time has come. */
static void set_due(rig_leg_table *table)
{
    table->t_due_ns =
        table->oldest == NULL ? INT64_MAX : table->oldest->t_retired_ns + RIG_LEG_LINGER_NS;
}

static void look_at_oldest(rig_leg_table *table, int64_t t_now_ns)
{
    rig_leg *leg = table->oldest;
    table->oldest = leg->next_retired;
    if (table->oldest == NULL)
        table->newest = NULL;
    leg->is_retired = false;
    if (is_found(table, leg)) {
        if (!is_done(leg))
            return;
        if (t_now_ns - leg->t_last_ns < RIG_LEG_LINGER_NS) {
            rig_leg_table_retire(table, leg); /* heard of again: another round */
            return;
        }
    }
    forget(table, leg);
}

void rig_leg_table_expire(rig_leg_table *table, int64_t t_now_ns)
{
    while (t_now_ns >= table->t_due_ns) {
        look_at_oldest(table, t_now_ns);
        set_due(table);
    }
}

static bool is_silent(const rig_leg *leg, int64_t t_now_ns, int64_t silence_ns)
{
    /* Those that are retired come to their end by themselves. */
    return leg != NULL && !leg->is_retired && t_now_ns - leg->t_last_ns >= silence_ns;
}

static int by_number(const void *a, const void *b)
{
    const rig_leg *x = *(rig_leg *const *)a, *y = *(rig_leg *const *)b;
    return (x->number > y->number) - (x->number < y->number);
}

size_t rig_leg_table_forget_silent(rig_leg_table *table, int64_t t_now_ns, int64_t silence_ns)
{
    size_t n = 0;
    for (size_t i = 0; i < table->n_slots; i++)
        n += is_silent(table->slots[i].leg, t_now_ns, silence_ns);
    rig_leg **silent = n > 0 ? calloc(n, sizeof(rig_leg *)) : NULL;
    if (silent == NULL)
        return 0; /* without memory they are kept: the next sweep may have some */
    size_t k = 0;
    for (size_t i = 0; i < table->n_slots; i++) {
        if (is_silent(table->slots[i].leg, t_now_ns, silence_ns))
            silent[k++] = table->slots[i].leg;
    }
    /* in an order that anybody can foresee: their calls are told of in this order */
    qsort(silent, n, sizeof *silent, by_number);
    for (size_t i = 0; i < n; i++)
        forget(table, silent[i]);
    free(silent);
    return n;
}

size_t rig_leg_table_n(const rig_leg_table *table)
{
    return table->n_legs;
}
