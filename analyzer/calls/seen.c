/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/seen.h"

#include <stdlib.h>
#include <string.h>

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

/* Two generations, each filled for one window: old entries go by dropping a whole table. */
struct rig_seen {
    table now, before;
    int64_t t_rotated_ns;
    uint16_t last_ip_id;        /* of a message that was new */
    uint64_t n_same, n_changed; /* how often the next one had the same, another */
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
    if (made->now.slots == NULL || made->before.slots == NULL) {
        rig_seen_free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    *seen = made;
    return RIG_OK;
}

void rig_seen_free(rig_seen *seen)
{
    if (seen == NULL)
        return;
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

/* Where a message goes: a free place, or the one that was last seen longest ago. */
static int place_for(const rig_seen_recent *recent)
{
    int oldest = 0;
    for (int i = 0; i < RIG_SEEN_N_RECENT; i++) {
        if (recent->key[i] == 0)
            return i;
        if (recent->t_ns[i] < recent->t_ns[oldest])
            oldest = i;
    }
    return oldest;
}

rig_status rig_seen_check(rig_seen *seen, rig_seen_recent *recent, uint64_t key, int64_t t_ns,
                          uint16_t ip_id, rig_seen_verdict *verdict, rig_error *err)
{
    if (key == 0)
        key = 1;
    for (int i = 0; i < RIG_SEEN_N_RECENT; i++) {
        if (recent->key[i] == key) {
            *verdict = judge(seen, recent->t_ns[i], recent->ip_id[i], t_ns, ip_id);
            recent->t_ns[i] = t_ns;
            recent->ip_id[i] = ip_id;
            return RIG_OK;
        }
    }
    rig_seen_verdict found = RIG_SEEN_NEW;
    if (recent->has_more) {
        let_time_pass(seen, t_ns);
        const entry *last = recall(seen, key);
        if (last->key != 0)
            found = judge(seen, last->t_ns, last->ip_id, t_ns, ip_id);
    }
    int at = place_for(recent);
    if (recent->key[at] != 0 && rig_clock_apart_ns(t_ns, recent->t_ns[at]) <= RIG_SEEN_WINDOW_NS) {
        let_time_pass(seen, t_ns);
        const entry pushed = {recent->key[at], recent->t_ns[at], recent->ip_id[at]};
        rig_status status = keep(seen, &pushed, err);
        if (status != RIG_OK)
            return status;
        recent->has_more = true;
    }
    recent->key[at] = key;
    recent->t_ns[at] = t_ns;
    recent->ip_id[at] = ip_id;
    if (found == RIG_SEEN_NEW)
        note_ip_id(seen, ip_id);
    *verdict = found;
    return RIG_OK;
}
