/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of frames, with those that they cannot be read without. A bit a frame; twelve bytes for
 * each frame that continues another. */
#ifndef RIG_ANALYZER_SLICE_FRAME_SET_H
#define RIG_ANALYZER_SLICE_FRAME_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/message.h"
#include "core/status.h"

/** That a frame continues another. */
typedef struct rig_frame_part {
    uint32_t frame, other;
    rig_part_kind kind;
} rig_frame_part;

/** A message that is wanted. */
typedef struct rig_frame_run {
    uint32_t last, first;
} rig_frame_run;

/** The set. All zero: empty. */
typedef struct rig_frame_set {
    rig_frame_part *parts;
    size_t n_parts, n_parts_allocated;
    rig_frame_run *runs; /**< that have several frames in streams */
    size_t n_runs, n_runs_allocated;
    uint64_t *bits;
    size_t n_bits;
    bool has_failed; /**< there was no memory for something */
} rig_frame_set;

/** Free what it holds. */
void rig_frame_set_clear(rig_frame_set *set);

/** rig_frame_parts.take with a set as its context; a failure is noted in the set. */
void rig_frame_set_part(void *ctx, uint32_t frame, uint32_t other, rig_part_kind kind);

/** Add the frames of a message; those before its last one once rig_frame_set_complete is called. */
void rig_frame_set_add(rig_frame_set *set, const rig_packet *packet);

/** Add what the frames of the set continue. @return RIG_OK or RIG_ENOMEM, of any call so far. */
rig_status rig_frame_set_complete(rig_frame_set *set, rig_error *err);

/** Whether a frame is in the set. */
bool rig_frame_set_has(const rig_frame_set *set, uint64_t frame);

#endif
