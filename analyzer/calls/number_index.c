/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/number_index.h"

#include <stdlib.h>

enum { MIN_BUCKETS = 256 };

rig_status rig_number_index_init(rig_number_index *index, rig_error *err)
{
    index->buckets = calloc(MIN_BUCKETS, sizeof *index->buckets);
    if (index->buckets == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    index->n_buckets = MIN_BUCKETS;
    index->n = 0;
    return RIG_OK;
}

void rig_number_index_clear(rig_number_index *index)
{
    free(index->buckets);
    *index = (rig_number_index){0};
}

static void push(rig_number_link **buckets, size_t n_buckets, rig_number_link *link)
{
    rig_number_link **head = &buckets[(size_t)link->key & (n_buckets - 1)];
    link->next = *head;
    link->at = head;
    if (*head != NULL)
        (*head)->at = &link->next;
    *head = link;
}

static void grow(rig_number_index *index)
{
    size_t n_wider = index->n_buckets * 2;
    rig_number_link **wider = calloc(n_wider, sizeof(rig_number_link *));
    if (wider == NULL)
        return;
    for (size_t i = 0; i < index->n_buckets; i++) {
        rig_number_link *link = index->buckets[i];
        while (link != NULL) {
            rig_number_link *next = link->next;
            push(wider, n_wider, link);
            link = next;
        }
    }
    free(index->buckets);
    index->buckets = wider;
    index->n_buckets = n_wider;
}

void rig_number_index_add(rig_number_index *index, rig_number_link *link, uint64_t key)
{
    if (link->at != NULL)
        return;
    if (index->n >= index->n_buckets)
        grow(index);
    link->key = key;
    push(index->buckets, index->n_buckets, link);
    index->n++;
}

void rig_number_index_remove(rig_number_index *index, rig_number_link *link)
{
    if (link->at == NULL)
        return;
    *link->at = link->next;
    if (link->next != NULL)
        link->next->at = link->at;
    link->next = NULL;
    link->at = NULL;
    index->n--;
}

static rig_number_link *skip_others(rig_number_link *link, uint64_t key)
{
    while (link != NULL && link->key != key)
        link = link->next;
    return link;
}

rig_number_link *rig_number_index_first(const rig_number_index *index, uint64_t key)
{
    return skip_others(index->buckets[(size_t)key & (index->n_buckets - 1)], key);
}

rig_number_link *rig_number_index_next(const rig_number_link *link)
{
    return skip_others(link->next, link->key);
}
