/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/collect.h"

#include <stdlib.h>
#include <string.h>

/* What becomes of a call if the target shows queue marks after all. */
typedef struct alternative {
    size_t at; /* of the call */
    rig_outcome outcome;
    char reason[RIG_CALL_REASON_SIZE];
} alternative;

struct rig_collector {
    rig_call *calls;
    uint64_t *order;
    size_t n, cap;
    alternative *open;
    size_t n_open, cap_open;
    rig_call *backs;
    size_t n_backs, cap_backs;
};

rig_status rig_collector_new(rig_collector **collector, rig_error *err)
{
    rig_collector *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    *collector = made;
    return RIG_OK;
}

void rig_collector_free(rig_collector *collector)
{
    if (collector == NULL)
        return;
    for (size_t i = 0; i < collector->n; i++)
        rig_call_free_texts(&collector->calls[i]);
    for (size_t i = 0; i < collector->n_backs; i++)
        rig_call_free_texts(&collector->backs[i]);
    free(collector->backs);
    free(collector->calls);
    free(collector->order);
    free(collector->open);
    free(collector);
}

static bool make_room(rig_collector *c, bool for_open)
{
    if (c->n == c->cap) {
        size_t cap = c->cap == 0 ? 256 : c->cap * 2;
        rig_call *calls = reallocarray(c->calls, cap, sizeof *calls);
        if (calls == NULL)
            return false;
        c->calls = calls;
        uint64_t *order = reallocarray(c->order, cap, sizeof *order);
        if (order == NULL)
            return false;
        c->order = order;
        c->cap = cap;
    }
    if (for_open && c->n_open == c->cap_open) {
        size_t cap = c->cap_open == 0 ? 64 : c->cap_open * 2;
        alternative *open = reallocarray(c->open, cap, sizeof *open);
        if (open == NULL)
            return false;
        c->open = open;
        c->cap_open = cap;
    }
    return true;
}

rig_status rig_collector_take(void *ctx, const rig_finished_call *finished, rig_error *err)
{
    rig_collector *c = ctx;
    rig_call copy = *finished->call;
    const bool is_copied = rig_call_own_texts(&copy);
    if (!is_copied || !make_room(c, finished->is_open)) {
        rig_call_free_texts(&copy);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    if (finished->is_open) {
        alternative *open = &c->open[c->n_open++];
        open->at = c->n;
        open->outcome = finished->outcome_if_marks;
        memcpy(open->reason, finished->reason_if_marks, strlen(finished->reason_if_marks) + 1);
    }
    c->calls[c->n] = copy;
    c->order[c->n] = finished->order;
    c->n++;
    return RIG_OK;
}

rig_status rig_collector_take_back(void *ctx, const rig_finished_call *finished, rig_error *err)
{
    rig_collector *c = ctx;
    rig_call copy = *finished->call;
    if (c->n_backs == c->cap_backs) {
        const size_t cap = c->cap_backs == 0 ? 64 : c->cap_backs * 2;
        rig_call *backs = reallocarray(c->backs, cap, sizeof *backs);
        if (backs == NULL)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        c->backs = backs;
        c->cap_backs = cap;
    }
    if (!rig_call_own_texts(&copy)) {
        rig_call_free_texts(&copy);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    c->backs[c->n_backs++] = copy;
    return RIG_OK;
}

/* Without what the collector's record owns. */
static void copy_call(const rig_call *from, rig_call *to)
{
    *to = *from;
    to->call_id = NULL;
    to->carrier = NULL;
    to->caller_class = NULL;
    to->call_back_of = NULL;
}

void rig_collector_copy(const rig_collector *c, bool has_queue_marks, rig_calls *calls)
{
    for (size_t i = 0; i < c->n; i++)
        copy_call(&c->calls[i], &calls->items[c->order[i]]);
    for (size_t i = 0; i < c->n_backs; i++)
        copy_call(&c->backs[i], &calls->backs[calls->n_backs++]);
    for (size_t i = 0; has_queue_marks && i < c->n_open; i++)
        calls->items[c->order[c->open[i].at]].outcome = c->open[i].outcome;
}

static int by_invite(const void *a, const void *b)
{
    const int64_t x = ((const rig_call *)a)->t_invite_ns, y = ((const rig_call *)b)->t_invite_ns;
    return (x > y) - (x < y);
}

void rig_collector_sort_backs(rig_call *backs, size_t n)
{
    if (n > 0)
        qsort(backs, n, sizeof *backs, by_invite);
}

rig_status rig_collector_finish(rig_collector *c, bool has_queue_marks, rig_calls **calls,
                                rig_error *err)
{
    uint64_t n_orders = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (c->order[i] >= n_orders)
            n_orders = c->order[i] + 1;
    }
    rig_calls *made = calloc(1, sizeof *made);
    if (made != NULL)
        made->items = calloc(n_orders > 0 ? n_orders : 1, sizeof *made->items);
    if (made == NULL || made->items == NULL) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    for (size_t i = 0; has_queue_marks && i < c->n_open; i++) {
        rig_call *call = &c->calls[c->open[i].at];
        call->outcome = c->open[i].outcome;
        memcpy(call->reason, c->open[i].reason, sizeof call->reason);
    }
    for (size_t i = 0; i < c->n; i++)
        made->items[c->order[i]] = c->calls[i];
    for (uint64_t i = 0; i < n_orders; i++) { /* some orders are no call's: withdrawn */
        if (made->items[i].call_id != NULL)
            made->items[made->n++] = made->items[i];
    }
    rig_collector_sort_backs(c->backs, c->n_backs);
    made->backs = c->backs;
    made->n_backs = c->n_backs;
    c->backs = NULL;
    c->n_backs = c->cap_backs = 0;
    c->n = c->n_open = 0;
    *calls = made;
    return RIG_OK;
}
