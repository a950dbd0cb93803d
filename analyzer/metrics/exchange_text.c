/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a message says beside its parsed headers. */
#include <string.h>
#include <strings.h>

#include "analyzer/metrics/exchange.h"

bool rig_exchange_offers_other_digest(const rig_packet *packet)
{
    static const char *const names[] = {"SHA-256", "SHA-512-256"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (memmem(packet->payload.p, packet->payload.n, names[i], strlen(names[i])) != NULL)
            return true;
    }
    return false;
}

bool rig_exchange_is_mark(const rig_packet *packet)
{
    static const char name[] = "X-Rig-Stage";
    const size_t n_name = sizeof name - 1;
    for (size_t i = 0; i + n_name <= packet->payload.n; i++)
        if (strncasecmp(packet->payload.p + i, name, n_name) == 0)
            return true;
    return false;
}
