/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool rig_address_make(const char *text, uint16_t port, rig_address *address)
{
    char bare[RIG_ADDRESS_SIZE + 2];
    size_t n = strlen(text);
    if (n >= sizeof bare)
        return false;
    bool is_in_brackets = n > 2 && text[0] == '[' && text[n - 1] == ']';
    (void)snprintf(bare, sizeof bare, "%.*s", (int)(is_in_brackets ? n - 2 : n),
                   is_in_brackets ? text + 1 : text);
    rig_address made = {.size = 0};
    if (!is_in_brackets && inet_pton(AF_INET, bare, &made.at.v4.sin_addr) == 1) {
        made.at.v4.sin_family = AF_INET;
        made.at.v4.sin_port = htons(port);
        made.size = sizeof made.at.v4;
    } else if (inet_pton(AF_INET6, bare, &made.at.v6.sin6_addr) == 1) {
        made.at.v6.sin6_family = AF_INET6;
        made.at.v6.sin6_port = htons(port);
        made.size = sizeof made.at.v6;
    } else {
        return false;
    }
    *address = made;
    return true;
}

int rig_address_family(const rig_address *address)
{
    return address->at.any.sa_family;
}

uint16_t rig_address_port(const rig_address *address)
{
    return ntohs(rig_address_family(address) == AF_INET6 ? address->at.v6.sin6_port
                                                         : address->at.v4.sin_port);
}

void rig_address_print(const rig_address *address, char text[RIG_ADDRESS_SIZE])
{
    const void *bytes = rig_address_family(address) == AF_INET6
                            ? (const void *)&address->at.v6.sin6_addr
                            : (const void *)&address->at.v4.sin_addr;
    if (inet_ntop(rig_address_family(address), bytes, text, RIG_ADDRESS_SIZE) == NULL)
        text[0] = '\0';
}

bool rig_address_is_loopback(const rig_address *address)
{
    if (rig_address_family(address) == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&address->at.v6.sin6_addr);
    return ntohl(address->at.v4.sin_addr.s_addr) >> 24 == 127;
}

bool rig_address_is_same_host(const rig_address *a, const rig_address *b)
{
    if (rig_address_family(a) != rig_address_family(b))
        return false;
    if (rig_address_family(a) == AF_INET6)
        return IN6_ARE_ADDR_EQUAL(&a->at.v6.sin6_addr, &b->at.v6.sin6_addr);
    return a->at.v4.sin_addr.s_addr == b->at.v4.sin_addr.s_addr;
}

void rig_address_for_uri(const char *text, char uri[RIG_ADDRESS_SIZE + 2])
{
    bool needs_brackets = strchr(text, ':') != NULL && text[0] != '[';
    (void)snprintf(uri, RIG_ADDRESS_SIZE + 2, "%s%.45s%s", needs_brackets ? "[" : "", text,
                   needs_brackets ? "]" : "");
}

int rig_address_bind(const rig_address *address, int type)
{
    int fd = socket(rig_address_family(address), type | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (bind(fd, &address->at.any, address->size) != 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

bool rig_address_of_socket(int fd, rig_address *address)
{
    rig_address made = {.size = sizeof made.at};
    if (getsockname(fd, &made.at.any, &made.size) != 0)
        return false;
    *address = made;
    return true;
}
