/* UDP ports of this host: finding free ones, and what the kernel says of bound ones. */
#ifndef RIG_GENERATOR_PORTS_H
#define RIG_GENERATOR_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/status.h"

/**
 * Find free UDP ports by binding them, all different. They are free again on return: what is NOT
 * promised is that nobody takes one before it is used.
 *
 * @param host        IPv4 address of this host to bind.
 * @param n_adjacent  Ports in a row that must be free behind each one found (SIPp binds two media
 *                    ports); 0 = none.
 * @param[out] ports  n of them; untouched on error.
 * @return RIG_OK; RIG_EENV when the address is not ours or no port is free; RIG_ENOMEM.
 */
rig_status rig_ports_find_free(const char *host, size_t n, unsigned n_adjacent, uint16_t *ports,
                               rig_error *err);

/** What /proc/net/udp says of one bound port. */
typedef struct rig_port_state {
    bool is_bound;    /**< some socket is bound to it, on this address or on all */
    uint64_t inode;   /**< of that socket (the last, if there are several) */
    uint64_t n_drops; /**< datagrams that the kernel dropped at the socket (receive buffer full) */
} rig_port_state;

/**
 * State of a UDP port of this host.
 * @param host  IPv4 address.
 * @return RIG_OK; RIG_EIO when /proc/net/udp cannot be read; RIG_EDOM for a bad address.
 */
rig_status rig_port_state_read(const char *host, uint16_t port, rig_port_state *state,
                               rig_error *err);

/** Whether a process of ours has the socket open that is bound to a port. */
bool rig_port_belongs_to(const rig_port_state *state, pid_t pid);

#endif
