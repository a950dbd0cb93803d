/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IP addresses as text and as the kernel takes them: IPv4 and IPv6 alike. */
#ifndef RIG_GENERATOR_ADDRESS_H
#define RIG_GENERATOR_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/status.h"

/** Room for an address as text, without brackets. */
#define RIG_ADDRESS_SIZE INET6_ADDRSTRLEN

/** An address and a port. Zeroed: none. */
typedef struct rig_address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at;
    socklen_t size;
} rig_address;

/**
 * Make one of a text: "127.0.0.1", "::1" or "[::1]".
 * @param[out] address  Untouched unless true is returned.
 * @return false when it is no address.
 */
bool rig_address_make(const char *text, uint16_t port, rig_address *address);

/** Its family: AF_INET or AF_INET6. */
int rig_address_family(const rig_address *address);

/** Its port. */
uint16_t rig_address_port(const rig_address *address);

/** As text, without brackets or port. */
void rig_address_print(const rig_address *address, char text[RIG_ADDRESS_SIZE]);

/** Whether it is 127.0.0.0/8 or ::1. */
bool rig_address_is_loopback(const rig_address *address);

/** Same host; ports are not looked at. */
bool rig_address_is_same_host(const rig_address *a, const rig_address *b);

/** An address as it stands in a URI or behind which ":PORT" may stand: IPv6 in brackets. A name
 * stays as it is, cut to fit. */
void rig_address_for_uri(const char *text, char uri[RIG_ADDRESS_SIZE + 2]);

/**
 * A socket bound to an address (port 0 = any), close-on-exec.
 * @param type  SOCK_DGRAM or SOCK_STREAM.
 * @return the descriptor, or -1 with errno.
 */
int rig_address_bind(const rig_address *address, int type);

/** The address that a socket is bound to. @return false with errno. */
bool rig_address_of_socket(int fd, rig_address *address);

#endif
