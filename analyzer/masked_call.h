/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A finished call with pseudonyms in the place of what names people and machines (mask.h): its
 * Call-ID, its numbers, addresses and agents, and what looks like them in its reason. Codes, times
 * and the names of carriers that a rule gives stay. */
#ifndef RIG_ANALYZER_MASKED_CALL_H
#define RIG_ANALYZER_MASKED_CALL_H

#include "analyzer/call_sink.h"
#include "analyzer/mask.h"
#include "core/status.h"

/** Room for one masked call after the other; opaque. */
typedef struct rig_masked_call rig_masked_call;

/** @param mask         Borrowed until rig_masked_call_free.
 * @param[out] masked  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_masked_call_new(const rig_mask *mask, rig_masked_call **masked, rig_error *err);

/** NULL-safe. */
void rig_masked_call_free(rig_masked_call *masked);

/**
 * Mask a call.
 * @param[out] shown  Lives until the next call of this function; untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_masked_call_of(rig_masked_call *masked, const rig_finished_call *call,
                              const rig_finished_call **shown, rig_error *err);

#endif
