/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HOST:PORT as a command line and a scenario have it. */
#ifndef RIG_CLI_HOST_PORT_H
#define RIG_CLI_HOST_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/**
 * Read HOST[:PORT], [ADDRESS][:PORT] or a bare IPv6 address.
 * @param what          What refusals begin with: "--target".
 * @param[out] host     Without brackets.
 * @param[in,out] port  Without a port in the text it is kept.
 * @return RIG_OK or RIG_EINPUT.
 */
rig_status rig_hostport_read(const char *text, const char *what, char *host, size_t size,
                             uint16_t *port, rig_error *err);

#endif
