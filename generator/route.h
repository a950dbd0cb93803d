/* The way to a target: its address, and the address and interface that we reach it from. */
#ifndef RIG_GENERATOR_ROUTE_H
#define RIG_GENERATOR_ROUTE_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"

/** The way from us to a target (IPv4). */
typedef struct rig_route {
    char target[INET_ADDRSTRLEN]; /**< the target's address */
    uint16_t port;                /**< the target's port */
    char local[INET_ADDRSTRLEN];  /**< our address towards it */
    char interface[IF_NAMESIZE];  /**< the interface that has it: "lo", "eth0", ... */
    bool is_loopback;             /**< the target is in 127.0.0.0/8 */
} rig_route;

/**
 * Find the way to a target. Sends nothing but a DNS query, for a name.
 *
 * @param host        IPv4 address or name.
 * @param[out] route  Untouched on error.
 * @return RIG_OK; RIG_EENV naming host and port when it has no IPv4 address or there is no route.
 */
rig_status rig_route_find(const char *host, uint16_t port, rig_route *route, rig_error *err);

#endif
