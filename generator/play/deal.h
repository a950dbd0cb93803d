/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which SIPp plays which call. A SIPp has one address to call: so each carrier by which calls come
 * in has its own, or several, and within a carrier the calls are dealt round. Who
 * redials stays with the SIPp of his first call. */
#ifndef RIG_GENERATOR_PLAY_DEAL_H
#define RIG_GENERATOR_PLAY_DEAL_H

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "generator/play_share.h"
#include "models/schedule.h"

/** The worker of a call that another host plays. */
#define RIG_DEAL_ELSEWHERE UINT8_MAX

/** A deal. Zeroed: none. */
typedef struct rig_deal {
    size_t n_workers;
    size_t n_calls[RIG_MAX_WORKERS];   /**< of each, >= 1 */
    uint16_t carrier[RIG_MAX_WORKERS]; /**< of its calls */
    size_t n_own;                      /**< first calls that are dealt: those of our share */
    uint8_t *worker;                   /**< of each call of the schedule, or RIG_DEAL_ELSEWHERE;
                                          owned */
    uint32_t *row;                     /**< of each call in its worker's file, from 0; owned */
} rig_deal;

/**
 * Workers of a deal: those wanted, but at least one for each carrier that brings calls, as many for
 * each, and none without calls.
 * @param share     What is dealt; NULL: all.
 * @param n_wanted  >= 1.
 */
size_t rig_deal_n_workers(const rig_schedule *schedule, const rig_play_share *share,
                          size_t n_wanted);

/**
 * Deal a schedule, or our share of it.
 * @param[out] deal  rig_deal_clear. Untouched on error.
 * @return RIG_OK; RIG_EINPUT when more carriers bring calls than there may be workers; RIG_EDOM for
 *         a share without calls; RIG_ENOMEM.
 */
rig_status rig_deal_make(const rig_schedule *schedule, const rig_play_share *share, size_t n_wanted,
                         rig_deal *deal, rig_error *err);

/** All calls to one worker, whatever their carriers: for a SIPp that calls nobody. */
rig_status rig_deal_make_one(const rig_schedule *schedule, rig_deal *deal, rig_error *err);

/** Free. */
void rig_deal_clear(rig_deal *deal);

#endif
