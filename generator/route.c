#include "generator/route.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static rig_status resolve(const char *host, struct in_addr *address, rig_error *err)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *list = NULL;
    int failure = getaddrinfo(host, NULL, &hints, &list);
    if (failure != 0)
        return rig_fail(err, RIG_EENV, "%s: no IPv4 address: %s", host, gai_strerror(failure));
    struct sockaddr_in first;
    memcpy(&first, list->ai_addr, sizeof first);
    freeaddrinfo(list);
    *address = first.sin_addr;
    return RIG_OK;
}

/* The interface that has an address; all of 127.0.0.0/8 is on lo. */
static rig_status find_interface(struct in_addr address, char name[IF_NAMESIZE], rig_error *err)
{
    struct ifaddrs *list;
    if (getifaddrs(&list) != 0)
        return rig_fail(err, RIG_EENV, "cannot list the interfaces: %s", strerror(errno));
    bool found = false;
    bool is_loopback = ntohl(address.s_addr) >> 24 == 127;
    for (const struct ifaddrs *i = list; i != NULL && !found; i = i->ifa_next) {
        if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET)
            continue;
        struct sockaddr_in own;
        memcpy(&own, i->ifa_addr, sizeof own);
        found = is_loopback ? (i->ifa_flags & IFF_LOOPBACK) != 0
                            : own.sin_addr.s_addr == address.s_addr;
        if (found)
            (void)snprintf(name, IF_NAMESIZE, "%s", i->ifa_name);
    }
    freeifaddrs(list);
    if (!found)
        return rig_fail(err, RIG_EENV, "no interface has the address %s", inet_ntoa(address));
    return RIG_OK;
}

rig_status rig_route_find(const char *host, uint16_t port, rig_route *route, rig_error *err)
{
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons(port)};
    rig_status status = resolve(host, &target.sin_addr, err);
    if (status != RIG_OK)
        return status;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return rig_fail(err, RIG_EENV, "cannot make a socket: %s", strerror(errno));
    /* Connecting a UDP socket sends nothing; the kernel then tells our address towards the peer. */
    struct sockaddr_in local = {0};
    socklen_t size = sizeof local;
    bool connected = connect(fd, (const struct sockaddr *)&target, sizeof target) == 0 &&
                     getsockname(fd, (struct sockaddr *)&local, &size) == 0;
    int failure = errno;
    close(fd);
    if (!connected)
        return rig_fail(err, RIG_EENV, "%s:%u: no route: %s", host, port, strerror(failure));

    rig_route found = {.port = port};
    (void)inet_ntop(AF_INET, &target.sin_addr, found.target, sizeof found.target);
    (void)inet_ntop(AF_INET, &local.sin_addr, found.local, sizeof found.local);
    found.is_loopback = ntohl(target.sin_addr.s_addr) >> 24 == 127;
    /* Our own address, too, is reached over lo, whichever interface has it. */
    struct in_addr on = local.sin_addr;
    if (on.s_addr == target.sin_addr.s_addr)
        on.s_addr = htonl(INADDR_LOOPBACK);
    status = find_interface(on, found.interface, err);
    if (status == RIG_OK)
        *route = found;
    return status;
}
