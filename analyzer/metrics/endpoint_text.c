/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of packets, from and to text. */
#include <arpa/inet.h>
#include <stdio.h>

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

void rig_endpoint_text(rig_endpoint at, char text[RIG_EXCHANGES_PEER_SIZE])
{
    uint8_t bytes[16];
    char host[INET6_ADDRSTRLEN] = "?";
    for (size_t i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(at.ip_high >> (56 - 8 * i));
        bytes[i + 8] = (uint8_t)(at.ip_low >> (56 - 8 * i));
    }
    const bool is_v4 = at.ip_high == 0 && at.ip_low >> 32 == 0xffff;
    (void)inet_ntop(is_v4 ? AF_INET : AF_INET6, is_v4 ? bytes + 12 : bytes, host, sizeof host);
    (void)snprintf(text, RIG_EXCHANGES_PEER_SIZE, "%s port %u", host, at.port);
}
