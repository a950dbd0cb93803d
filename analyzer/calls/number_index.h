/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls in progress by the caller's number and the centre's address. Internal to the room. */
#ifndef RIG_ANALYZER_CALLS_NUMBER_INDEX_H
#define RIG_ANALYZER_CALLS_NUMBER_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** What links an item into the index; a member of the item. All zero: not linked. */
typedef struct rig_number_link {
    uint64_t key; /**< may be noted before it is linked */
    struct rig_number_link *next;
    struct rig_number_link **at; /**< what points to it; NULL: it is not linked */
} rig_number_link;

/** The index: a hash table of lists. Zero it, then rig_number_index_init. */
typedef struct rig_number_index {
    rig_number_link **buckets;
    size_t n_buckets; /* a power of two */
    size_t n;
} rig_number_index;

/** @return RIG_OK or RIG_ENOMEM. */
rig_status rig_number_index_init(rig_number_index *index, rig_error *err);

/** Free the table; the items are their owner's. */
void rig_number_index_clear(rig_number_index *index);

/** Link an item in; nothing when it is linked. Never fails: without
 * memory to grow, the lists get longer. */
void rig_number_index_add(rig_number_index *index, rig_number_link *link, uint64_t key);

/** Take an item out; nothing when it is not linked. */
void rig_number_index_remove(rig_number_index *index, rig_number_link *link);

/** One of the items of a key (in no order); NULL when there is none. */
rig_number_link *rig_number_index_first(const rig_number_index *index, uint64_t key);

/** Another item of the same key; NULL behind the last. */
rig_number_link *rig_number_index_next(const rig_number_link *link);

#endif
