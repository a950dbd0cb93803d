/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/waiting.h"

#include <stdlib.h>
#include <string.h>

struct rig_waiting {
    rig_held *oldest, *newest;
    size_t n, n_bytes;
    uint64_t n_unmatched, n_over_limit;
};

rig_status rig_waiting_new(rig_waiting **early, rig_error *err)
{
    rig_waiting *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    *early = made;
    return RIG_OK;
}

void rig_waiting_give_up(rig_held *held)
{
    held->early->n_unmatched += !held->is_again;
    free(held);
}

/* Out of the list of all; it stays in its leg's. */
static void unlink_held(rig_held *held)
{
    rig_waiting *early = held->early;
    *(held->older != NULL ? &held->older->newer : &early->oldest) = held->newer;
    *(held->newer != NULL ? &held->newer->older : &early->newest) = held->older;
    early->n--;
    early->n_bytes -= held->packet.payload.n;
}

static void give_up_oldest(rig_waiting *early)
{
    rig_held *held = early->oldest;
    rig_held **at = &held->leg->held;
    while (*at != held)
        at = &(*at)->next;
    *at = held->next;
    unlink_held(held);
    rig_waiting_give_up(held);
}

void rig_waiting_free(rig_waiting *early)
{
    if (early == NULL)
        return;
    while (early->oldest != NULL)
        give_up_oldest(early);
    free(early);
}

static void make_room(rig_waiting *early, size_t n_bytes)
{
    while (early->n > 0 && (early->n >= RIG_WAITING_MAX_MESSAGES ||
                            early->n_bytes + n_bytes > RIG_WAITING_MAX_BYTES)) {
        give_up_oldest(early);
        early->n_over_limit++;
    }
}

static size_t n_of_leg(const rig_leg *leg)
{
    size_t n = 0;
    for (const rig_held *held = leg->held; held != NULL; held = held->next)
        n++;
    return n;
}

rig_status rig_waiting_hold(rig_waiting *early, rig_leg *leg, const rig_packet *packet,
                            int64_t t_now_ns, bool is_again, rig_error *err)
{
    const size_t n = packet->payload.n;
    if (n_of_leg(leg) >= RIG_WAITING_MAX_OF_LEG) {
        early->n_unmatched += !is_again;
        early->n_over_limit += !is_again;
        return RIG_OK;
    }
    make_room(early, n);
    rig_held *made = malloc(sizeof *made + n);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    *made = (rig_held){.packet = *packet,
                       .next = leg->held,
                       .early = early,
                       .older = early->newest,
                       .leg = leg,
                       .t_held_ns = t_now_ns,
                       .is_again = is_again};
    memcpy(made->bytes, packet->payload.p, n);
    made->packet.payload.p = made->bytes;
    *(early->newest != NULL ? &early->newest->newer : &early->oldest) = made;
    early->newest = made;
    leg->held = made;
    early->n++;
    early->n_bytes += n;
    return RIG_OK;
}

/* A leg's list has the newest first; it has few. */
rig_held *rig_waiting_take(rig_leg *leg)
{
    rig_held *sorted = NULL;
    while (leg->held != NULL) {
        rig_held *held = leg->held;
        leg->held = held->next;
        unlink_held(held);
        rig_held **at = &sorted;
        while (*at != NULL && (*at)->packet.t_ns < held->packet.t_ns)
            at = &(*at)->next;
        held->next = *at;
        *at = held;
    }
    return sorted;
}

void rig_waiting_expire(rig_waiting *early, int64_t t_now_ns)
{
    while (early->oldest != NULL && t_now_ns - early->oldest->t_held_ns > RIG_WAITING_HOLD_NS)
        give_up_oldest(early);
}

void rig_waiting_forget_leg(rig_leg *leg)
{
    rig_held *held = rig_waiting_take(leg);
    while (held != NULL) {
        rig_held *next = held->next;
        rig_waiting_give_up(held);
        held = next;
    }
}

uint64_t rig_waiting_n_unmatched(const rig_waiting *early)
{
    return early->n_unmatched;
}

uint64_t rig_waiting_n_over_limit(const rig_waiting *early)
{
    return early->n_over_limit;
}
