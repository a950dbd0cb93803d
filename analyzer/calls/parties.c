/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/parties.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "core/clock.h"

const rig_agent_ring *rig_parties_agent(const rig_call_parties *parties)
{
    for (size_t i = 0; i < parties->n_rings; i++) {
        if (parties->rings[i].t_answer_ns != RIG_NO_TIME)
            return &parties->rings[i];
    }
    return parties->n_rings > 0 ? &parties->rings[parties->n_rings - 1] : NULL;
}

static bool is_v4(rig_endpoint at)
{
    return at.ip_high == 0 && at.ip_low >> 32 == 0xffff;
}

void rig_endpoint_host(rig_endpoint at, char text[RIG_ADDRESS_TEXT_SIZE])
{
    struct in6_addr v6;
    for (int i = 0; i < 8; i++) {
        v6.s6_addr[i] = (uint8_t)(at.ip_high >> (56 - 8 * i));
        v6.s6_addr[8 + i] = (uint8_t)(at.ip_low >> (56 - 8 * i));
    }
    if (is_v4(at))
        (void)inet_ntop(AF_INET, v6.s6_addr + 12, text, RIG_ADDRESS_TEXT_SIZE);
    else
        (void)inet_ntop(AF_INET6, &v6, text, RIG_ADDRESS_TEXT_SIZE);
}

void rig_endpoint_text(rig_endpoint at, char text[RIG_ADDRESS_TEXT_SIZE])
{
    char host[RIG_ADDRESS_TEXT_SIZE];
    rig_endpoint_host(at, host);
    /* an address has 45 letters at most */
    (void)snprintf(text, RIG_ADDRESS_TEXT_SIZE, is_v4(at) ? "%.45s:%u" : "[%.45s]:%u", host,
                   at.port);
}

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

void rig_parties_agent_text(const rig_agent_ring *ring, char *text, size_t size)
{
    char address[RIG_ADDRESS_TEXT_SIZE];
    if (ring->agent[0] == '\0')
        rig_endpoint_text(ring->at, address);
    (void)snprintf(text, size, "%s", ring->agent[0] == '\0' ? address : ring->agent);
}

void rig_parties_agent_name(const rig_call_parties *parties, char *name, size_t size)
{
    const rig_agent_ring *ring = parties != NULL ? rig_parties_agent(parties) : NULL;
    name[0] = '\0';
    if (ring != NULL)
        rig_parties_agent_text(ring, name, size);
}
