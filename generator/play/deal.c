/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/play/deal.h"

#include <stdbool.h>
#include <stdlib.h>

/* Calls of each carrier, and how many carriers have any. */
typedef struct counted {
    size_t n_calls[RIG_MAX_GROUPS];
    size_t n_carriers;
} counted;

static uint16_t carrier_of(const rig_schedule *schedule, size_t i)
{
    const uint16_t trunk = schedule->calls[i].trunk;
    return trunk < RIG_MAX_GROUPS ? trunk : RIG_MAX_GROUPS - 1; /* more are no scenario's */
}

/* Who redials stays on the host of his first call. */
static bool is_ours(const rig_schedule *schedule, const rig_play_share *share, size_t i)
{
    const rig_planned_call *call = &schedule->calls[i];
    const size_t first = call->attempt > 0 ? call->first : i;
    return share == NULL || share->n == 0 || first % share->n == share->index;
}

/* A redial is played where its caller's first call was, but for one to the backup number. */
static bool is_with_first(const rig_schedule *schedule, size_t i)
{
    return schedule->calls[i].attempt > 0 && !schedule->calls[i].is_backup;
}

static counted count(const rig_schedule *schedule, const rig_play_share *share)
{
    counted c = {.n_carriers = 0};
    for (size_t i = 0; i < schedule->n; i++) {
        if (is_ours(schedule, share, i) && !is_with_first(schedule, i))
            c.n_carriers += c.n_calls[carrier_of(schedule, i)]++ == 0;
    }
    return c;
}

/* Workers of each carrier, unless it has fewer calls. */
static size_t n_each(const counted *c, size_t n_wanted)
{
    const size_t n = (n_wanted + c->n_carriers - 1) / c->n_carriers;
    const size_t most = RIG_MAX_WORKERS / c->n_carriers;
    const size_t within = n < most ? n : most;
    return within > 0 ? within : 1;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t rig_deal_n_workers(const rig_schedule *schedule, const rig_play_share *share,
                          size_t n_wanted)
{
    const counted c = count(schedule, share);
    size_t n = 0;
    for (size_t k = 0; k < RIG_MAX_GROUPS && c.n_carriers > 0; k++)
        n += least(n_each(&c, n_wanted), c.n_calls[k]);
    return n;
}

static bool make_room(rig_deal *deal, size_t n_calls)
{
    deal->worker = calloc(n_calls + 1, sizeof *deal->worker);
    deal->row = calloc(n_calls + 1, sizeof *deal->row);
    if (deal->worker != NULL && deal->row != NULL)
        return true;
    rig_deal_clear(deal);
    return false;
}

rig_status rig_deal_make(const rig_schedule *schedule, const rig_play_share *share, size_t n_wanted,
                         rig_deal *deal, rig_error *err)
{
    const counted c = count(schedule, share);
    size_t first[RIG_MAX_GROUPS] = {0}, n_workers[RIG_MAX_GROUPS] = {0},
           n_dealt[RIG_MAX_GROUPS] = {0};
    if (c.n_carriers == 0)
        return rig_fail(err, RIG_EDOM, "the schedule has no calls");
    if (c.n_carriers > RIG_MAX_WORKERS)
        return rig_fail(err, RIG_EINPUT,
                        "trunks: calls come in by %zu carriers; a run can play at most %d, a SIPp "
                        "for each",
                        c.n_carriers, RIG_MAX_WORKERS);
    rig_deal made = {.n_workers = 0};
    if (!make_room(&made, schedule->n))
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t k = 0; k < RIG_MAX_GROUPS; k++) {
        first[k] = made.n_workers;
        n_workers[k] = least(n_each(&c, n_wanted), c.n_calls[k]);
        for (size_t i = 0; i < n_workers[k]; i++)
            made.carrier[made.n_workers++] = (uint16_t)k;
    }
    for (size_t i = 0; i < schedule->n; i++) {
        const uint16_t k = carrier_of(schedule, i);
        if (!is_ours(schedule, share, i)) {
            made.worker[i] = RIG_DEAL_ELSEWHERE;
            continue;
        }
        const bool is_redial = schedule->calls[i].attempt > 0;
        const size_t worker = is_with_first(schedule, i) ? made.worker[schedule->calls[i].first]
                                                         : first[k] + n_dealt[k]++ % n_workers[k];
        made.worker[i] = (uint8_t)worker;
        made.n_own += !is_redial;
        made.row[i] = (uint32_t)made.n_calls[worker]++;
    }
    *deal = made;
    return RIG_OK;
}

rig_status rig_deal_make_one(const rig_schedule *schedule, rig_deal *deal, rig_error *err)
{
    rig_deal made = {.n_workers = 1, .n_calls = {schedule->n}, .n_own = schedule->n};
    if (!make_room(&made, schedule->n))
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t i = 0; i < schedule->n; i++)
        made.row[i] = (uint32_t)i;
    *deal = made;
    return RIG_OK;
}

void rig_deal_clear(rig_deal *deal)
{
    free(deal->worker);
    free(deal->row);
    *deal = (rig_deal){.n_workers = 0};
}
