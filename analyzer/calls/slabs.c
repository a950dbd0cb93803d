/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/slabs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Who looks for blocks that are used after they were given back must see each of them. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define ARE_APART 1
#endif
#elif defined __SANITIZE_ADDRESS__
#define ARE_APART 1
#endif
#ifndef ARE_APART
#define ARE_APART 0
#endif

enum {
    LINE = 64, /* bytes of a cache line */
    N_SIZES = RIG_SLABS_MAX_BYTES / RIG_SLABS_GRAIN,
    FIRST_PIECE = 64 << 10, /* a small capture needs no more */
    HUGE = 2 << 20          /* of the others: a huge page of x86-64 and of arm64 */
};

_Static_assert(RIG_SLABS_GRAIN % _Alignof(max_align_t) == 0 && LINE % RIG_SLABS_GRAIN == 0,
               "blocks hold any object");

typedef struct piece {
    struct piece *older;
} piece;

typedef struct block {
    struct block *next;
} block;

struct rig_slabs {
    block *free[N_SIZES]; /* of (i + 1) grains each */
    piece *newest;
    size_t n_piece; /* bytes of it */
    size_t n_used;  /* of these, with its head */
};

rig_status rig_slabs_new(rig_slabs **slabs, rig_error *err)
{
    rig_slabs *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    *slabs = made;
    return RIG_OK;
}

void rig_slabs_free(rig_slabs *slabs)
{
    if (slabs == NULL)
        return;
    while (slabs->newest != NULL) {
        piece *newest = slabs->newest;
        slabs->newest = newest->older;
        free(newest);
    }
    free(slabs);
}

static size_t grains_of(size_t n_bytes)
{
    return (n_bytes + RIG_SLABS_GRAIN - 1) / RIG_SLABS_GRAIN;
}

static bool add_piece(rig_slabs *slabs)
{
    const size_t n = slabs->newest == NULL ? FIRST_PIECE : HUGE;
    piece *made = aligned_alloc(n < HUGE ? LINE : HUGE, n);
    if (made == NULL)
        return false;
    if (n == HUGE)
        (void)madvise(made, n, MADV_HUGEPAGE); /* where there are none, it works as well */
    made->older = slabs->newest;
    slabs->newest = made;
    slabs->n_piece = n;
    slabs->n_used = LINE;
    return true;
}

void *rig_slabs_take(rig_slabs *slabs, size_t n_bytes)
{
    const size_t n = grains_of(n_bytes) * RIG_SLABS_GRAIN;
    if (ARE_APART || n > RIG_SLABS_MAX_BYTES)
        return calloc(1, n_bytes);
    block **last = &slabs->free[n / RIG_SLABS_GRAIN - 1];
    void *found = *last;
    if (found != NULL) {
        *last = (*last)->next;
    } else {
        if (slabs->n_piece - slabs->n_used < n && !add_piece(slabs))
            return NULL;
        found = (char *)slabs->newest + slabs->n_used;
        slabs->n_used += n;
    }
    return memset(found, 0, n_bytes);
}

void rig_slabs_give(rig_slabs *slabs, void *given, size_t n_bytes)
{
    const size_t n = grains_of(n_bytes) * RIG_SLABS_GRAIN;
    block *b = given;
    if (b == NULL)
        return;
    if (ARE_APART || n > RIG_SLABS_MAX_BYTES) {
        free(b);
        return;
    }
    b->next = slabs->free[n / RIG_SLABS_GRAIN - 1];
    slabs->free[n / RIG_SLABS_GRAIN - 1] = b;
}
