/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/seen.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/slabs.h"
#include "core/clock.h"

enum { MIN_SLOTS = 256 };

/* A message; key 0 marks a free slot. */
typedef struct entry {
    uint64_t key;
    int64_t t_ns; /* last sighting */
    uint16_t ip_id;
} entry;

/* Open addressing, linear probing, at most half full. */
typedef struct table {
    entry *slots;
    size_t n_slots; /* a power of two */
    size_t n;
} table;

/* What a leg remembers by itself. */
typedef struct rig_seen_block {
    uint64_t key[RIG_SEEN_N_RECENT]; /* 0: free */
    int64_t t_ns[RIG_SEEN_N_RECENT]; /* last sighting */
    uint16_t ip_id[RIG_SEEN_N_RECENT];
    bool has_more; /* the shared table holds further messages of this leg */
    rig_seen *seen;
    rig_seen_recent *owner;
    struct rig_seen_block *older, *newer;
    int64_t t_listed_ns; /* since when it has this place in the list */
} block;

/* Two generations, each filled for one window: old entries go by dropping a whole table. */
struct rig_seen {
    table now, before;
    int64_t t_rotated_ns;
    uint16_t last_ip_id;        /* of a message that was new */
    uint64_t n_same, n_changed; /* how often the next one had the same, another */
    rig_slabs *slabs;           /* where blocks lie */
    block *oldest, *newest;     /* all of them, as they were listed */
    size_t n_blocks;
};

static entry *find(const table *t, uint64_t key)
{
    size_t mask = t->n_slots - 1;
    size_t i = (size_t)key & mask;
    while (t->slots[i].key != 0 && t->slots[i].key != key)
        i = (i + 1) & mask;
    return &t->slots[i];
}

static bool grow(table *t)
{
    table wider = {.n_slots = t->n_slots * 2, .n = t->n};
    wider.slots = calloc(wider.n_slots, sizeof *wider.slots);
    if (wider.slots == NULL)
        return false;
    for (size_t i = 0; i < t->n_slots; i++) {
        if (t->slots[i].key != 0)
            *find(&wider, t->slots[i].key) = t->slots[i];
    }
    free(t->slots);
    *t = wider;
    return true;
}

/* Empty a table. A nearly empty one is made small first, so that the cost of clearing is paid for
 * by what was put in, however wildly the clock of a capture may jump. */
static void clear(table *t)
{
    if (t->n_slots > MIN_SLOTS && t->n < t->n_slots / 8) {
        entry *fewer = reallocarray(t->slots, MIN_SLOTS, sizeof *t->slots);
        if (fewer != NULL) {
            t->slots = fewer;
            t->n_slots = MIN_SLOTS;
        }
    }
    memset(t->slots, 0, t->n_slots * sizeof *t->slots);
    t->n = 0;
}

static void rotate(rig_seen *seen, int64_t t_ns)
{
    table spare = seen->before;
    seen->before = seen->now;
    clear(&spare);
    seen->now = spare;
    seen->t_rotated_ns = t_ns;
}

rig_status rig_seen_new(rig_seen **seen, rig_error *err)
{
    rig_seen *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->now.n_slots = made->before.n_slots = MIN_SLOTS;
    made->now.slots = calloc(MIN_SLOTS, sizeof(entry));
    made->before.slots = calloc(MIN_SLOTS, sizeof(entry));
    made->t_rotated_ns = RIG_NO_TIME;
    const rig_status status = made->now.slots == NULL || made->before.slots == NULL
                                  ? rig_fail(err, RIG_ENOMEM, "out of memory")
                                  : rig_slabs_new(&made->slabs, err);
    if (status != RIG_OK) {
        rig_seen_free(made);
        return status;
    }
    *seen = made;
    return RIG_OK;
}

void rig_seen_free(rig_seen *seen)
{
    if (seen == NULL)
        return;
    while (seen->oldest != NULL) {
        block *oldest = seen->oldest;
        seen->oldest = oldest->newer;
        rig_slabs_give(seen->slabs, oldest, sizeof *oldest);
    }
    rig_slabs_free(seen->slabs);
    free(seen->now.slots);
    free(seen->before.slots);
    free(seen);
}

/* Whether senders number their packets: some write the same into each. */
static bool has_ip_ids(const rig_seen *seen)
{
    return seen->n_changed > 8 * seen->n_same;
}

static void note_ip_id(rig_seen *seen, uint16_t ip_id)
{
    if (ip_id == 0)
        return;
    if (seen->last_ip_id != 0)
        (*(ip_id == seen->last_ip_id ? &seen->n_same : &seen->n_changed))++;
    seen->last_ip_id = ip_id;
}

static rig_seen_verdict judge(const rig_seen *seen, int64_t t_last_ns, uint16_t last_ip_id,
                              int64_t t_ns, uint16_t ip_id)
{
    int64_t age_ns = rig_clock_apart_ns(t_ns, t_last_ns);
    if (age_ns > RIG_SEEN_WINDOW_NS)
        return RIG_SEEN_NEW;
    if (last_ip_id != 0 && ip_id != 0 && last_ip_id != ip_id)
        return RIG_SEEN_RETRANSMISSION;
    if (ip_id != 0 && last_ip_id == ip_id && age_ns <= RIG_SEEN_SAME_ID_NS && has_ip_ids(seen))
        return RIG_SEEN_DUPLICATE;
    return age_ns < RIG_SEEN_TWICE_NS ? RIG_SEEN_DUPLICATE : RIG_SEEN_RETRANSMISSION;
}

/* ---- the shared table ---- */

static void let_time_pass(rig_seen *seen, int64_t t_ns)
{
    if (seen->t_rotated_ns == RIG_NO_TIME)
        seen->t_rotated_ns = t_ns;
    else if (t_ns - seen->t_rotated_ns > RIG_SEEN_WINDOW_NS)
        rotate(seen, t_ns);
}

static const entry *recall(rig_seen *seen, uint64_t key)
{
    const entry *found = find(&seen->now, key);
    return found->key != 0 ? found : find(&seen->before, key);
}

static rig_status keep(rig_seen *seen, const entry *kept, rig_error *err)
{
    if ((seen->now.n + 1) * 2 > seen->now.n_slots && !grow(&seen->now))
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    entry *slot = find(&seen->now, kept->key);
    seen->now.n += slot->key == 0;
    *slot = *kept;
    return RIG_OK;
}

/* ---- the leg's own memory ---- */

static void take_out(block *b)
{
    rig_seen *seen = b->seen;
    *(b->older != NULL ? &b->older->newer : &seen->oldest) = b->newer;
    *(b->newer != NULL ? &b->newer->older : &seen->newest) = b->older;
}

static void put_last(rig_seen *seen, block *b, int64_t t_ns)
{
    b->t_listed_ns = t_ns;
    b->newer = NULL;
    b->older = seen->newest;
    *(seen->newest != NULL ? &seen->newest->newer : &seen->oldest) = b;
    seen->newest = b;
}

void rig_seen_forget(rig_seen_recent *recent)
{
    block *b = recent->block;
    if (b == NULL)
        return;
    take_out(b);
    recent->block = NULL;
    b->seen->n_blocks--;
    rig_slabs_give(b->seen->slabs, b, sizeof *b);
}

void rig_seen_move(rig_seen_recent *to, rig_seen_recent *from)
{
    *to = *from;
    from->block = NULL;
    if (to->block != NULL)
        to->block->owner = to;
}

size_t rig_seen_n_blocks(const rig_seen *seen)
{
    return seen->n_blocks;
}

static bool is_silent(const block *b, int64_t t_ns)
{
    for (int i = 0; i < RIG_SEEN_N_RECENT; i++) {
        if (b->key[i] != 0 && rig_clock_apart_ns(t_ns, b->t_ns[i]) <= RIG_SEEN_KEPT_NS)
            return false;
    }
    return true;
}

/* For each block that is made, the two oldest are looked at: so none is kept for long, and none is
 * looked at often. */
static void let_silent_go(rig_seen *seen, int64_t t_ns)
{
    for (int i = 0; i < 2; i++) {
        block *b = seen->oldest;
        if (b == NULL || rig_clock_apart_ns(t_ns, b->t_listed_ns) <= RIG_SEEN_KEPT_NS)
            return;
        if (is_silent(b, t_ns)) {
            rig_seen_forget(b->owner);
        } else {
            take_out(b);
            put_last(seen, b, t_ns);
        }
    }
}

static block *add_block(rig_seen *seen, rig_seen_recent *recent, int64_t t_ns)
{
    let_silent_go(seen, t_ns);
    block *made = rig_slabs_take(seen->slabs, sizeof *made);
    if (made == NULL)
        return NULL;
    made->seen = seen;
    made->owner = recent;
    put_last(seen, made, t_ns);
    seen->n_blocks++;
    recent->block = made;
    return made;
}

/* Where a message goes: a free place, or the one that was last seen longest ago. */
static int place_for(const block *b)
{
    int oldest = 0;
    for (int i = 0; i < RIG_SEEN_N_RECENT; i++) {
        if (b->key[i] == 0)
            return i;
        if (b->t_ns[i] < b->t_ns[oldest])
            oldest = i;
    }
    return oldest;
}

/* A message that the block does not hold. */
static rig_status add_message(rig_seen *seen, block *b, const entry *message,
                              rig_seen_verdict *verdict, rig_error *err)
{
    const int64_t t_ns = message->t_ns;
    rig_seen_verdict found = RIG_SEEN_NEW;
    if (b->has_more) {
        let_time_pass(seen, t_ns);
        const entry *last = recall(seen, message->key);
        if (last->key != 0)
            found = judge(seen, last->t_ns, last->ip_id, t_ns, message->ip_id);
    }
    int at = place_for(b);
    if (b->key[at] != 0 && rig_clock_apart_ns(t_ns, b->t_ns[at]) <= RIG_SEEN_WINDOW_NS) {
        let_time_pass(seen, t_ns);
        const entry pushed = {b->key[at], b->t_ns[at], b->ip_id[at]};
        rig_status status = keep(seen, &pushed, err);
        if (status != RIG_OK)
            return status;
        b->has_more = true;
    }
    b->key[at] = message->key;
    b->t_ns[at] = t_ns;
    b->ip_id[at] = message->ip_id;
    if (found == RIG_SEEN_NEW)
        note_ip_id(seen, message->ip_id);
    *verdict = found;
    return RIG_OK;
}

rig_status rig_seen_check(rig_seen *seen, rig_seen_recent *recent, uint64_t key, int64_t t_ns,
                          uint16_t ip_id, rig_seen_verdict *verdict, rig_error *err)
{
    block *b = recent->block;
    if (b == NULL)
        b = add_block(seen, recent, t_ns);
    if (b == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    if (key == 0)
        key = 1;
    for (int i = 0; i < RIG_SEEN_N_RECENT; i++) {
        if (b->key[i] == key) {
            *verdict = judge(seen, b->t_ns[i], b->ip_id[i], t_ns, ip_id);
            b->t_ns[i] = t_ns;
            b->ip_id[i] = ip_id;
            return RIG_OK;
        }
    }
    const entry message = {key, t_ns, ip_id};
    return add_message(seen, b, &message, verdict, err);
}
