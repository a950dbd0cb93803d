/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/route.h"

#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static rig_status resolve(const char *host, uint16_t port, rig_address *address, rig_error *err)
{
    if (rig_address_make(host, port, address))
        return RIG_OK;
    static const int families[] = {AF_INET, AF_INET6};
    int failure = 0;
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        struct addrinfo hints = {.ai_family = families[i], .ai_socktype = SOCK_DGRAM};
        struct addrinfo *list = NULL;
        failure = getaddrinfo(host, NULL, &hints, &list);
        if (failure != 0)
            continue;
        rig_address found = {.size = list->ai_addrlen};
        memcpy(&found.at, list->ai_addr, list->ai_addrlen);
        freeaddrinfo(list);
        char text[RIG_ADDRESS_SIZE];
        rig_address_print(&found, text);
        if (rig_address_make(text, port, address))
            return RIG_OK;
    }
    return rig_fail(err, RIG_EENV, "%s: no IP address: %s", host, gai_strerror(failure));
}

/* The interface that has an address; all of 127.0.0.0/8 and ::1 are on the loopback one. */
static rig_status find_interface(const rig_address *address, char name[IF_NAMESIZE], rig_error *err)
{
    struct ifaddrs *list;
    if (getifaddrs(&list) != 0)
        return rig_fail(err, RIG_EENV, "cannot list the interfaces: %s", strerror(errno));
    bool found = false;
    bool is_loopback = rig_address_is_loopback(address);
    for (const struct ifaddrs *i = list; i != NULL && !found; i = i->ifa_next) {
        int family = i->ifa_addr != NULL ? i->ifa_addr->sa_family : AF_UNSPEC;
        if (family != AF_INET && family != AF_INET6)
            continue;
        rig_address own = {.size = family == AF_INET6 ? sizeof own.at.v6 : sizeof own.at.v4};
        memcpy(&own.at, i->ifa_addr, own.size);
        found = is_loopback ? (i->ifa_flags & IFF_LOOPBACK) != 0
                            : rig_address_is_same_host(&own, address);
        if (found)
            (void)snprintf(name, IF_NAMESIZE, "%s", i->ifa_name);
    }
    freeifaddrs(list);
    char text[RIG_ADDRESS_SIZE];
    rig_address_print(address, text);
    if (!found)
        return rig_fail(err, RIG_EENV, "no interface has the address %s", text);
    return RIG_OK;
}

rig_status rig_route_find(const char *host, uint16_t port, rig_route *route, rig_error *err)
{
    rig_address target, local;
    rig_status status = resolve(host, port, &target, err);
    if (status != RIG_OK)
        return status;
    int fd = socket(rig_address_family(&target), SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return rig_fail(err, RIG_EENV, "cannot make a socket: %s", strerror(errno));
    /* Connecting a UDP socket sends nothing; the kernel then tells our address towards the peer. */
    bool connected =
        connect(fd, &target.at.any, target.size) == 0 && rig_address_of_socket(fd, &local);
    int failure = errno;
    close(fd);
    if (!connected && failure == EACCES)
        return rig_fail(
            err, RIG_EINPUT,
            "%s:%u: every host of a network, by its broadcast address; expected one host", host,
            port);
    if (!connected)
        return rig_fail(err, RIG_EENV, "%s:%u: no route: %s", host, port, strerror(failure));

    rig_route found = {.port = port};
    rig_address_print(&target, found.target);
    rig_address_print(&local, found.local);
    found.is_loopback = rig_address_is_loopback(&target);
    /* Our own address, too, is reached over lo, whichever interface has it. */
    if (rig_address_is_same_host(&local, &target))
        (void)rig_address_make("127.0.0.1", 0, &local);
    status = find_interface(&local, found.interface, err);
    if (status == RIG_OK)
        *route = found;
    return status;
}
