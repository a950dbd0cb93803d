/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ports of this host: finding free ones, and what the kernel says of bound ones. */
#ifndef RIG_GENERATOR_PORTS_H
#define RIG_GENERATOR_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/status.h"
#include "generator/address.h"
#include "scenarios/scenario.h"

/** Ports that may be taken, both ends included; first 0: any. */
typedef struct rig_port_range {
    uint16_t first, last;
} rig_port_range;

/** Room for an address of load.local, with brackets. */
#define RIG_LOCAL_HOST_SIZE (RIG_ADDRESS_SIZE + 2)

/**
 * The address of a callers' worker and its ports: one of load.local, dealt round.
 * @param own         Our address towards the target: where load.local is empty.
 * @param[out] range  {0, 0} where none is given.
 */
void rig_ports_of_worker(const rig_load *load, const char *own, size_t worker,
                         char host[RIG_LOCAL_HOST_SIZE], rig_port_range *range);

/**
 * Find ports that are free for UDP and for TCP by binding them, all different. They are free again
 * on return: what is NOT promised is that nobody takes one before it is used. Where there is no
 * range, they are drawn at random from below those that the kernel gives to sockets that ask for
 * none (/proc/sys/net/ipv4/ip_local_port_range), so that only who asks for that very number can.
 *
 * @param host        Address of this host to bind, IPv4 or IPv6.
 * @param range       Where to look; NULL = anywhere.
 * @param n_adjacent  Ports in a row that must be free behind each one found (SIPp binds two media
 *                    ports); 0 = none.
 * @param[out] ports  n of them; untouched on error.
 * @return RIG_OK; RIG_EENV when the address is not ours or too few ports are free; RIG_EDOM when it
 *         is no address; RIG_ENOMEM.
 */
rig_status rig_ports_find_free(const char *host, const rig_port_range *range, size_t n,
                               unsigned n_adjacent, uint16_t *ports, rig_error *err);

/**
 * A port from 10000 to below the kernel's own.
 * @param first_ephemeral  The first of these.
 * @return 0 where there is no room below them (under 1,000 ports): whoever takes the kernel's
 *         choice then can lose it again before it is used.
 */
uint16_t rig_ports_draw(uint16_t first_ephemeral, uint32_t random);

/** What /proc/net says of one bound port. */
typedef struct rig_port_state {
    bool is_bound;    /**< some socket is bound to it, on this address or on all (TCP: listens) */
    uint64_t inode;   /**< of that socket (the last, if there are several) */
    uint64_t n_drops; /**< UDP: datagrams that the kernel dropped at the socket (buffer full) */
} rig_port_state;

/**
 * State of a port of this host.
 * @param host  Address, IPv4 or IPv6.
 * @return RIG_OK; RIG_EIO when /proc/net cannot be read; RIG_EDOM for a bad address.
 */
rig_status rig_port_state_read(const char *host, uint16_t port, rig_transport transport,
                               rig_port_state *state, rig_error *err);

/** Whether a process of ours has the socket open that is bound to a port. */
bool rig_port_belongs_to(const rig_port_state *state, pid_t pid);

#endif
