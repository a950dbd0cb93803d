/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registrations one by one, as they are over: what the analyzer hands out beside the calls.
 *
 * An attempt is what a user agent does to be registered once: a REGISTER, and those that answer a
 * challenge (401, 407, also 402) or follow a redirection (3xx) to it, under one Call-ID (RFC 3261
 * sections 10.2.4, 22.2). A refresh is an attempt of its own. Retransmissions, copies and what a
 * proxy passes on are no further requests. Seen from where the capture was made, on the first hop
 * that it holds. */
#ifndef RIG_ANALYZER_REGISTRATION_H
#define RIG_ANALYZER_REGISTRATION_H

#include <stdint.h>

#include "core/clock.h"
#include "core/status.h"

/** No final response for so long: the request has failed. Timer F of RFC 3261, 64 x T1. A challenge
 * that nobody answers for so long ends its attempt, too. */
#define RIG_REGISTRATION_TIMEOUT_NS (32 * RIG_NS_PER_S)

/** How an attempt ended. */
typedef enum rig_registration_end {
    RIG_REGISTERED = 0,          /**< 2xx */
    RIG_REGISTRATION_FAILED,     /**< 4xx but 401, 402, 407; 5xx; 6xx */
    RIG_REGISTRATION_TIMED_OUT,  /**< no final response to the last REGISTER */
    RIG_REGISTRATION_CHALLENGED, /**< 401, 402, 407 or 3xx, and no further REGISTER */
    RIG_REGISTRATION_REPLACED,   /**< another REGISTER came before any final response was seen: it
                                      is not known how this one ended */
    RIG_REGISTRATION_PENDING,    /**< not over at the end of the capture */
    RIG_REGISTRATION_N_ENDS
} rig_registration_end;

/** An attempt that is over. */
typedef struct rig_registration {
    rig_registration_end end;
    int64_t t_first_ns;  /**< its first REGISTER; epoch */
    int64_t t_final_ns;  /**< the final response to the last one; RIG_NO_TIME: there was none */
    int final_code;      /**< of that; 0: none */
    uint32_t n_requests; /**< REGISTERs, each once */
} rig_registration;

/** Takes registrations in the order in which it is known how they ended. */
typedef struct rig_registration_sink {
    void (*take)(void *ctx, const rig_registration *registration); /**< NULL: nobody */
    void *ctx;
} rig_registration_sink;

#endif
