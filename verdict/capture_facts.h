/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How whole a capture is, by itself: what wire.json keeps of it beside the exchanges. */
#ifndef RIG_VERDICT_CAPTURE_FACTS_H
#define RIG_VERDICT_CAPTURE_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/analyzer.h"

/** Of one capture. Zeroed: not known. */
typedef struct rig_capture_facts {
    uint64_t n_packets;     /**< read */
    uint64_t n_messages;    /**< SIP messages that were read */
    uint64_t n_cut;         /**< messages and frames that are cut: their ends were not captured */
    uint64_t n_unreachable; /**< ICMP messages that a port of ours cannot be reached; 0 of
                                 a capture of others */
    uint64_t n_early;       /**< messages captured before what they follow from .. */
    int64_t early_max_ns;   /**< .. by so much at most */
    int64_t apart_ns;       /**< clocks of two directions, the widest: by how much what one side
                                 sends is early; negative: late; 0: not known */
    bool is_broken;         /**< a file ends in the middle of a packet, or is damaged */
} rig_capture_facts;

/** Of what an analyzer has counted. */
rig_capture_facts rig_set_up_capture_facts(const rig_capture_counts *counts);

#endif
