/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An address of packets from text; rig_endpoint_text (analyzer/parties.h) is the way back. */
#include <arpa/inet.h>

#include "analyzer/exchanges.h"

bool rig_endpoint_of_text(const char *host, uint16_t port, rig_endpoint *endpoint)
{
    uint8_t bytes[16] = {[10] = 0xff, [11] = 0xff};
    rig_endpoint made = {.port = port};
    if (inet_pton(AF_INET, host, bytes + 12) != 1 && inet_pton(AF_INET6, host, bytes) != 1)
        return false;
    for (size_t i = 0; i < 8; i++) {
        made.ip_high = made.ip_high << 8 | bytes[i];
        made.ip_low = made.ip_low << 8 | bytes[i + 8];
    }
    *endpoint = made;
    return true;
}
