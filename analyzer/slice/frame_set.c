/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/slice/frame_set.h"

#include <stdlib.h>
#include <string.h>

void rig_frame_set_clear(rig_frame_set *set)
{
    free(set->parts);
    free(set->runs);
    free(set->bits);
    *set = (rig_frame_set){0};
}

/* Room for one more item. */
static bool reserve(void **items, size_t n, size_t *n_allocated, size_t size)
{
    if (n < *n_allocated)
        return true;
    size_t n_new = n * 2 > 256 ? n * 2 : 256;
    void *made = reallocarray(*items, n_new, size);
    if (made == NULL)
        return false;
    *items = made;
    *n_allocated = n_new;
    return true;
}

void rig_frame_set_part(void *ctx, uint32_t frame, uint32_t other, rig_part_kind kind)
{
    rig_frame_set *set = ctx;
    void *parts = set->parts;
    if (!reserve(&parts, set->n_parts, &set->n_parts_allocated, sizeof *set->parts)) {
        set->has_failed = true;
        return;
    }
    set->parts = parts;
    set->parts[set->n_parts++] = (rig_frame_part){frame, other, kind};
}

bool rig_frame_set_has(const rig_frame_set *set, uint64_t frame)
{
    return frame < set->n_bits && (set->bits[frame / 64] >> frame % 64 & 1) != 0;
}

static void set_bit(rig_frame_set *set, uint32_t frame)
{
    if (frame >= set->n_bits) {
        size_t n_words = set->n_bits / 64 * 2 > 1024 ? set->n_bits / 64 * 2 : 1024;
        n_words = frame / 64 >= n_words ? frame / 64 + 1 : n_words;
        uint64_t *bits = reallocarray(set->bits, n_words, sizeof *bits);
        if (bits == NULL) {
            set->has_failed = true;
            return;
        }
        memset(bits + set->n_bits / 64, 0, (n_words - set->n_bits / 64) * sizeof *bits);
        set->bits = bits;
        set->n_bits = n_words * 64;
    }
    set->bits[frame / 64] |= UINT64_C(1) << frame % 64;
}

static void add_run(rig_frame_set *set, rig_frame_run run)
{
    void *runs = set->runs;
    if (!reserve(&runs, set->n_runs, &set->n_runs_allocated, sizeof *set->runs)) {
        set->has_failed = true;
        return;
    }
    set->runs = runs;
    set->runs[set->n_runs++] = run;
}

void rig_frame_set_add(rig_frame_set *set, const rig_packet *packet)
{
    set_bit(set, packet->frame);
    if (packet->first_frame != packet->frame)
        add_run(set, (rig_frame_run){packet->frame, packet->first_frame});
}

static int by_frame(const void *a, const void *b)
{
    const rig_frame_part *x = a, *y = b;
    return (x->frame > y->frame) - (x->frame < y->frame);
}

/* The first part of a frame, or the end of the list. */
static size_t find_parts(const rig_frame_set *set, uint32_t frame)
{
    size_t low = 0, high = set->n_parts;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->parts[middle].frame < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Runs back along a stream, to where the message begins. */
static void follow_stream(rig_frame_set *set, rig_frame_run run)
{
    uint32_t frame = run.last;
    for (size_t n_steps = 0; frame != run.first && n_steps <= set->n_parts; n_steps++) {
        size_t i = find_parts(set, frame);
        while (i < set->n_parts && set->parts[i].frame == frame &&
               set->parts[i].kind != RIG_PART_OF_STREAM)
            i++;
        if (i == set->n_parts || set->parts[i].frame != frame)
            break;
        frame = set->parts[i].other;
        set_bit(set, frame);
    }
    set_bit(set, run.first);
}

/* A frame holds the last fragment that came; the ones before lie in chains. Frames are added while
 * the list is gone through backwards, so each chain is followed to its end. */
static void follow_datagrams(rig_frame_set *set)
{
    for (size_t i = set->n_parts; i-- > 0;) {
        const rig_frame_part *part = &set->parts[i];
        if (part->kind == RIG_PART_OF_DATAGRAM && rig_frame_set_has(set, part->frame))
            set_bit(set, part->other);
    }
}

rig_status rig_frame_set_complete(rig_frame_set *set, rig_error *err)
{
    if (set->n_parts > 0)
        qsort(set->parts, set->n_parts, sizeof *set->parts, by_frame);
    for (size_t i = 0; i < set->n_runs; i++)
        follow_stream(set, set->runs[i]);
    follow_datagrams(set);
    return set->has_failed ? rig_fail(err, RIG_ENOMEM, "out of memory") : RIG_OK;
}
