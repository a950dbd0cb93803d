/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/repeats.h"

#include <stdlib.h>

/* Open addressing, at most half full. */
typedef struct slot {
    uint64_t number; /* 0: free */
    uint32_t n;
} slot;

struct rig_repeats {
    slot *slots;
    size_t n_slots, n;
};

enum { MIN_SLOTS = 256 };

rig_status rig_repeats_new(rig_repeats **repeats, rig_error *err)
{
    rig_repeats *made = calloc(1, sizeof *made);
    if (made != NULL)
        made->slots = calloc(MIN_SLOTS, sizeof *made->slots);
    if (made == NULL || made->slots == NULL) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    made->n_slots = MIN_SLOTS;
    *repeats = made;
    return RIG_OK;
}

void rig_repeats_free(rig_repeats *repeats)
{
    if (repeats == NULL)
        return;
    free(repeats->slots);
    free(repeats);
}

uint64_t rig_repeats_number(const rig_sip *invite)
{
    return rig_slice_is_nocase(invite->from_name, "anonymous") ? 0 : invite->from_user;
}

/* Where a number is, or would be. */
static slot *find(slot *slots, size_t n_slots, uint64_t number)
{
    size_t at = (size_t)number & (n_slots - 1);
    while (slots[at].number != 0 && slots[at].number != number)
        at = (at + 1) & (n_slots - 1);
    return &slots[at];
}

static bool grow(rig_repeats *r)
{
    const size_t n_wider = r->n_slots * 2;
    slot *wider = calloc(n_wider, sizeof *wider);
    if (wider == NULL)
        return false;
    for (size_t i = 0; i < r->n_slots; i++)
        if (r->slots[i].number != 0)
            *find(wider, n_wider, r->slots[i].number) = r->slots[i];
    free(r->slots);
    r->slots = wider;
    r->n_slots = n_wider;
    return true;
}

rig_status rig_repeats_add(rig_repeats *repeats, uint64_t number, uint32_t *nth, rig_error *err)
{
    if (repeats->n >= repeats->n_slots / 2 && !grow(repeats))
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    slot *own = find(repeats->slots, repeats->n_slots, number);
    repeats->n += own->number == 0;
    own->number = number;
    *nth = own->n += own->n < UINT32_MAX;
    return RIG_OK;
}

void rig_repeats_take_back(rig_repeats *repeats, uint64_t number)
{
    slot *own = find(repeats->slots, repeats->n_slots, number);
    own->n -= own->n > 0;
}
