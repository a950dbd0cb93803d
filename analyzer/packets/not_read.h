/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the decoder did not read, by its kind: so that "no SIP" says why. Inside the packets room
 * only; decoder.h is the door. */
#ifndef RIG_ANALYZER_PACKETS_NOT_READ_H
#define RIG_ANALYZER_PACKETS_NOT_READ_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/decoder.h"

enum { RIG_NOT_READ_MAX_PORTS = 64 };

/** Counts by kind and number; all 0: nothing was passed over. */
typedef struct rig_not_read_counts {
    rig_not_read of[RIG_NOT_READ_MAX_KINDS];
    size_t n;
    uint64_t n_others; /**< for which there was no room */
    /** UDP datagrams that do not begin as SIP does, by port: the frequent ones (Misra and Gries,
     * Science of Computer Programming 2, 1982, a slot a hash). */
    struct {
        uint16_t port;
        uint64_t n;
    } ports[RIG_NOT_READ_MAX_PORTS];
} rig_not_read_counts;

/** One more of a kind. */
void rig_not_read_add(rig_not_read_counts *counts, rig_not_read_kind kind, uint32_t number);

/** One more datagram that is no SIP. */
void rig_not_read_datagram(rig_not_read_counts *counts, uint16_t src_port, uint16_t dst_port);

/** All of it, in order. */
void rig_not_read_list(const rig_not_read_counts *counts, rig_not_read_all *all);

#endif
