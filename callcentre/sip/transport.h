/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the call centre is on the network: addresses, ports, and what its process waits on. */
#ifndef RIG_CALLCENTRE_SIP_TRANSPORT_H
#define RIG_CALLCENTRE_SIP_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"
#include "scenarios/scenario.h"

/** A numeric address in its two forms. */
typedef struct rig_callcentre_address {
    int family;        /**< AF_INET or AF_INET6 */
    char numeric[48];  /**< "127.0.0.1", "::1" */
    char uri_host[50]; /**< as in a URI: "127.0.0.1", "[::1]" */
} rig_callcentre_address;

/**
 * Resolve an address or a name: to IPv4 when it has such an address, else to IPv6.
 * @return RIG_OK; RIG_EENV.
 */
rig_status rig_callcentre_resolve(const char *host, rig_callcentre_address *address,
                                  rig_error *err);

/** Whether it stands for all interfaces ("0.0.0.0", "::"), or a group (multicast,
 * "255.255.255.255"): who sends there reaches several. */
bool rig_callcentre_address_is_several(const rig_callcentre_address *address);

/** Whether an interface of this host has it. That it can be bound says less: any address can where
 * ip_nonlocal_bind is set, and a group. */
bool rig_callcentre_address_is_here(const rig_callcentre_address *address);

/** "udp" or "tcp"; static. */
const char *rig_callcentre_transport_name(rig_transport transport);

/** Bytes of a socket's buffers, of a URL. */
enum { RIG_CALLCENTRE_SOCKET_BUFFER = 4 * 1024 * 1024, RIG_CALLCENTRE_URL_SIZE = 128 };

/** The URL by which the SIP stack is told to listen at an address. @param port  0 = any. */
void rig_callcentre_listen_url(const rig_callcentre_address *address, uint16_t port,
                               rig_transport transport, char url[RIG_CALLCENTRE_URL_SIZE]);

/** Whether a port could be bound just now: the SIP stack's own errors say too little.
 * @param port  0 = any. @return RIG_OK; RIG_EENV. */
rig_status rig_callcentre_try_port(const rig_callcentre_address *address, uint16_t port,
                                   rig_transport transport, rig_error *err);

/**
 * A descriptor that is readable whenever one of the SIP stack's sockets is: its event loop's epoll
 * descriptor, which the stack does not give away. Found as the one that watches the socket bound to
 * this address.
 * @return the stack's, to wait on only; -1 when it cannot be found.
 */
int rig_callcentre_find_wait_fd(const rig_callcentre_address *address, uint16_t port,
                                rig_transport transport);

/** Occupy a UDP port and hear nothing: what is sent there meets no error and no answer.
 * @return a descriptor to close; -1 when it is not to be had. */
int rig_callcentre_black_hole(const rig_callcentre_address *address, uint16_t port);

#endif
