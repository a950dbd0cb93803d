/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The broadcast address of a network: all of its hosts at once (RFC 919). Which it is hangs on the
 * masks of this host's interfaces, so the kernel is asked. */
#ifndef RIG_CORE_BROADCAST_H
#define RIG_CORE_BROADCAST_H

#include <netinet/in.h>
#include <stdbool.h>

/** Whether an IPv4 address means all hosts of a network of ours, or of every one. Sends nothing. */
bool rig_broadcast_is(struct in_addr address);

#endif
