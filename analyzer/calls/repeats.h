/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who calls again: how many calls a number has made so far. Internal to the room.
 *
 * Memory: 16 to 32 bytes for each number that has ever called, by the keyed hash of its digits
 * (hash.h); nothing is forgotten, so that who calls again hours later is known. */
#ifndef RIG_ANALYZER_CALLS_REPEATS_H
#define RIG_ANALYZER_CALLS_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/sip.h"
#include "core/slice.h"
#include "core/status.h"

/** The numbers and their counts; opaque. */
typedef struct rig_repeats rig_repeats;

/** @param[out] repeats  Owned by the caller: rig_repeats_free. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_repeats_new(rig_repeats **repeats, rig_error *err);

/** NULL-safe. */
void rig_repeats_free(rig_repeats *repeats);

/**
 * Whose call an INVITE is.
 * @return 0 for nobody (no user part in From) and for "anonymous" (RFC 3323 section 4.1.1.3), in
 *         any case of letters: many callers share that.
 */
uint64_t rig_repeats_number(const rig_sip *invite);

/**
 * A number calls.
 * @param number    rig_repeats_number, not 0.
 * @param[out] nth  Its so-manieth call, from 1.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_repeats_add(rig_repeats *repeats, uint64_t number, uint32_t *nth, rig_error *err);

/** A call of that number turned out to be none. */
void rig_repeats_take_back(rig_repeats *repeats, uint64_t number);

#endif
