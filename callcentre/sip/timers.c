/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/sip/timers.h"

#include <stdlib.h>
#include <string.h>

static void place(rig_callcentre_timers *timers, rig_callcentre_timer *timer, size_t slot)
{
    timers->heap[slot] = timer;
    timer->slot = slot;
}

static void sift_up(rig_callcentre_timers *timers, rig_callcentre_timer *timer, size_t slot)
{
    while (slot > 1 && timers->heap[slot / 2]->at_ns > timer->at_ns) {
        place(timers, timers->heap[slot / 2], slot);
        slot /= 2;
    }
    place(timers, timer, slot);
}

static void sift_down(rig_callcentre_timers *timers, rig_callcentre_timer *timer, size_t slot)
{
    for (;;) {
        size_t child = 2 * slot;
        if (child > timers->n)
            break;
        if (child < timers->n && timers->heap[child + 1]->at_ns < timers->heap[child]->at_ns)
            child++;
        if (timers->heap[child]->at_ns >= timer->at_ns)
            break;
        place(timers, timers->heap[child], slot);
        slot = child;
    }
    place(timers, timer, slot);
}

bool rig_callcentre_timers_reserve(rig_callcentre_timers *timers)
{
    if (timers->n_reserved + 1 >= timers->capacity) {
        size_t capacity = timers->capacity ? 2 * timers->capacity : 64;
        rig_callcentre_timer **heap = realloc(timers->heap, capacity * sizeof heap[0]);
        if (!heap)
            return false;
        timers->heap = heap;
        timers->capacity = capacity;
    }
    timers->n_reserved++;
    return true;
}

void rig_callcentre_timers_unreserve(rig_callcentre_timers *timers, rig_callcentre_timer *timer)
{
    rig_callcentre_timers_cancel(timers, timer);
    timers->n_reserved--;
}

void rig_callcentre_timers_set(rig_callcentre_timers *timers, rig_callcentre_timer *timer,
                               int64_t at_ns)
{
    rig_callcentre_timers_cancel(timers, timer);
    timer->at_ns = at_ns;
    sift_up(timers, timer, ++timers->n);
}

void rig_callcentre_timers_cancel(rig_callcentre_timers *timers, rig_callcentre_timer *timer)
{
    size_t slot = timer->slot;
    if (slot == 0)
        return;
    timer->slot = 0;
    rig_callcentre_timer *last = timers->heap[timers->n--];
    if (last == timer)
        return;
    if (slot > 1 && timers->heap[slot / 2]->at_ns > last->at_ns)
        sift_up(timers, last, slot);
    else
        sift_down(timers, last, slot);
}

int64_t rig_callcentre_timers_next_ns(const rig_callcentre_timers *timers)
{
    return timers->n ? timers->heap[1]->at_ns : INT64_MAX;
}

size_t rig_callcentre_timers_run(rig_callcentre_timers *timers, int64_t now_ns)
{
    size_t n_fired = 0;
    while (timers->n && timers->heap[1]->at_ns <= now_ns) {
        rig_callcentre_timer *timer = timers->heap[1];
        rig_callcentre_timers_cancel(timers, timer);
        timer->fire(timer->arg);
        n_fired++;
    }
    return n_fired;
}

void rig_callcentre_timers_clear(rig_callcentre_timers *timers)
{
    free(timers->heap);
    memset(timers, 0, sizeof *timers);
}
