/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a call was not answered, in one vocabulary: the causes of ITU-T Q.850, from the Reason header
 * (RFC 3326) where it tells one, else from the final response.
 *
 * The response alone tells too little: exchanges send 603 Decline for temporary failures (41),
 * channels that are not available (44) and lack of resources (47), and a callee who declines sends
 * it too. Cause 0 stands for none: many stacks write it where they know of no cause. */
#ifndef RIG_ANALYZER_Q850_H
#define RIG_ANALYZER_Q850_H

#include <stdbool.h>

#include "analyzer/call_sink.h"

/** No cause. */
#define RIG_Q850_UNKNOWN (-1)

/** A cause and where it comes from. */
typedef struct rig_q850 {
    int value;     /**< 1..127, or RIG_Q850_UNKNOWN */
    bool is_given; /**< by a Reason header; else mapped from the response */
} rig_q850;

/** What became of an attempt to reach the called side (E.425's view). */
typedef enum rig_delivery {
    RIG_DELIVERY_ANSWERED = 0,
    RIG_DELIVERY_BY_USER,   /**< busy, not answered, rejected by the called side */
    RIG_DELIVERY_FAILED,    /**< the network (trunk, proxy, centre) did not deliver it */
    RIG_DELIVERY_ABANDONED, /**< the caller gave up before anything rang */
    RIG_DELIVERY_ELSEWHERE, /**< redirected (3xx) or challenged (401, 407), and no more came */
    RIG_DELIVERY_PENDING,   /**< not over, and not answered so far */
    RIG_N_DELIVERIES
} rig_delivery;

/**
 * The cause that a final response stands for.
 * @param code  300..699; others have none. A code that the table lacks counts as x00 of its class
 *              (RFC 3261 section 8.1.3.2).
 * @return 1..127, or RIG_Q850_UNKNOWN (3xx, and 487: the caller's own CANCEL).
 * Source: RFC 3398 section 8.2.6.1; 488 and 606, which it leaves to the Warning header, are 31
 * (normal, unspecified) as in ITU-T Q.1912.5.
 */
int rig_q850_of_code(int code);

/** The cause of what ended a call: given, or else mapped from its final response if that refused
 * it. */
rig_q850 rig_q850_of_call(const rig_finished_call *call);

/** "user busy", ..; "?" for a number that Q.850 does not define; static. */
const char *rig_q850_name(int cause);

/** What became of a call. */
rig_delivery rig_delivery_of_call(const rig_finished_call *call);

#endif
