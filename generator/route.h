/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to a target: its address, and the address and interface that we reach it from. */
#ifndef RIG_GENERATOR_ROUTE_H
#define RIG_GENERATOR_ROUTE_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"
#include "generator/address.h"

/** The way from us to a target (IPv4 or IPv6). */
typedef struct rig_route {
    char target[RIG_ADDRESS_SIZE]; /**< the target's address */
    uint16_t port;                 /**< the target's port */
    char local[RIG_ADDRESS_SIZE];  /**< our address towards it */
    char interface[IF_NAMESIZE];   /**< the interface that has it: "lo", "eth0", ... */
    bool is_loopback;              /**< the target is in 127.0.0.0/8 or ::1 */
} rig_route;

/**
 * Find the way to a target. Sends nothing but a DNS query, for a name.
 *
 * @param host        An address or a name; a name's IPv4 address is preferred.
 * @param[out] route  Untouched on error.
 * @return RIG_OK; RIG_EENV naming host and port when it has no address or there is no route;
 *         RIG_EINPUT when it is the broadcast address of a network.
 */
rig_status rig_route_find(const char *host, uint16_t port, rig_route *route, rig_error *err);

#endif
