/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request and what came of it: what a book of exchanges keeps. Private to the room. */
#ifndef RIG_ANALYZER_METRICS_EXCHANGE_H
#define RIG_ANALYZER_METRICS_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/exchanges.h"
#include "analyzer/message.h"
#include "core/clock.h"

/** At once, ns. */
#define RIG_EXCHANGE_QUICK_NS (RIG_NS_PER_S / 20)

/** One of them. */
typedef struct rig_exchange {
    uint64_t key;
    int64_t t_first_ns;
    int64_t t_copy_ns;     /**< its last copy before the answer */
    int64_t t_reply_ns;    /**< RIG_NO_TIME: none yet */
    uint16_t asker, asked; /**< of the endpoints */
    uint16_t code;         /**< the last */
    uint8_t method;
    bool is_initial, is_repeated, is_udp;
    bool is_again; /**< sent again although the answer was there */
    bool is_early; /**< its answer was captured before it, which has not come yet */
    bool is_queued, is_progress, is_other_digest;
    bool is_mark; /**< an INFO with X-Rig-Stage */
} rig_exchange;

/** A challenge offers another digest than MD5: SHA-256 or SHA-512-256 (RFC 8760). */
bool rig_exchange_offers_other_digest(const rig_packet *packet);

/** The rig's mark (docs/wire-contract.md): other INFOs are keys, or a PBX's own matter. */
bool rig_exchange_is_mark(const rig_packet *packet);

/** Its last copy was answered at once. */
static inline bool rig_exchange_is_quick(const rig_exchange *x)
{
    return x->t_reply_ns != RIG_NO_TIME && x->t_reply_ns - x->t_copy_ns <= RIG_EXCHANGE_QUICK_NS;
}

/**
 * Times in which the way to the other side was cut (analyzer/exchanges.h says what they are known
 * by).
 * @param items    In the order of their first copies, as far as they were captured so.
 * @param is_ours  By endpoint.
 * @param totals   n_cut_off and cut_off_s are added to; the rest is left alone.
 */
void rig_exchange_find_cuts(const rig_exchange *items, size_t n, const bool *is_ours,
                            int64_t until_ns, rig_exchange_totals *totals);

#endif
