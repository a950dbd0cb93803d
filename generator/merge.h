/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The captures of several load hosts, each by its own clock, as one by one clock. */
#ifndef RIG_GENERATOR_MERGE_H
#define RIG_GENERATOR_MERGE_H

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** How far a clock is off at an instant of its own. */
typedef struct rig_merge_point {
    int64_t t_ns;     /**< by that clock */
    int64_t ahead_ns; /**< so much is taken from a stamp then */
} rig_merge_point;

/** One of the captures: a file of the recorder's (generator/recorder.h). */
typedef struct rig_merge_part {
    const char *path;
    const char *name;              /**< of its host, for messages */
    const rig_merge_point *points; /**< in the order of t_ns; between two of them the clock is taken
                                      to run evenly, before and after all as at the nearest */
    size_t n_points;               /**< 0: its stamps are right */
} rig_merge_part;

/** The stamp of an instant by the common clock. */
int64_t rig_merge_stamp(const rig_merge_point *points, size_t n, int64_t t_ns);

/**
 * Merge: the packets of all, in the order of their stamps; of the same stamp those of the first
 * part first. The parts stay as they are.
 * @param n     At least 1.
 * @param path  A pcap file with nanosecond stamps; it appears only when it is whole.
 * @return RIG_OK; RIG_EIO for a file that cannot be read or written; RIG_EINPUT when the parts are
 *         of interfaces with different link layers; RIG_ENOMEM.
 */
rig_status rig_merge_captures(const rig_merge_part *parts, size_t n, const char *path,
                              rig_error *err);

#endif
