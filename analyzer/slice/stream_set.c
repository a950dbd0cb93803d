/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/slice/stream_set.h"

#include <stdlib.h>

enum { MIN_SLOTS = 64 };

void rig_stream_set_clear(rig_stream_set *set)
{
    free(set->slots);
    *set = (rig_stream_set){0};
}

/* The slot of a connection, or the free one where it belongs. Open addressing, linear probing. */
static rig_stream_span *find(const rig_stream_set *set, uint64_t stream)
{
    size_t i = (size_t)(stream >> 8) & (set->n_slots - 1);
    while (set->slots[i].stream != 0 && set->slots[i].stream != stream)
        i = (i + 1) & (set->n_slots - 1);
    return &set->slots[i];
}

/* At most half full. */
static bool reserve(rig_stream_set *set)
{
    if ((set->n + 1) * 2 <= set->n_slots)
        return true;
    rig_stream_set wider = {.n = set->n,
                            .n_slots = set->n_slots > 0 ? set->n_slots * 2 : MIN_SLOTS};
    wider.slots = calloc(wider.n_slots, sizeof *wider.slots);
    if (wider.slots == NULL)
        return false;
    for (size_t i = 0; i < set->n_slots; i++) {
        if (set->slots[i].stream != 0)
            *find(&wider, set->slots[i].stream) = set->slots[i];
    }
    free(set->slots);
    *set = wider;
    return true;
}

void rig_stream_set_add(rig_stream_set *set, const rig_packet *packet)
{
    if (packet->stream == 0)
        return;
    if (!reserve(set)) {
        set->has_failed = true;
        return;
    }
    rig_stream_span *span = find(set, packet->stream);
    if (span->stream == 0) {
        *span = (rig_stream_span){.stream = packet->stream, .t_first_ns = packet->t_ns};
        set->n++;
    }
    if (packet->t_ns < span->t_first_ns)
        span->t_first_ns = packet->t_ns;
    if (packet->frame > span->last_frame)
        span->last_frame = packet->frame;
}

const rig_stream_span *rig_stream_set_find(const rig_stream_set *set, uint64_t stream)
{
    const rig_stream_span *span = set->n_slots > 0 ? find(set, stream) : NULL;
    return span != NULL && span->stream != 0 ? span : NULL;
}
