/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/sip/transport.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/broadcast.h"

/* Room for both families; so that no pointer need be cast but to sockaddr. */
typedef union any_address {
    struct sockaddr sa;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
} any_address;

static rig_status resolve_family(const char *host, int family, rig_callcentre_address *address,
                                 int *rc)
{
    struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *list = NULL;
    *rc = getaddrinfo(host, NULL, &hints, &list);
    if (*rc != 0)
        return RIG_EENV;
    address->family = family;
    *rc = getnameinfo(list->ai_addr, list->ai_addrlen, address->numeric, sizeof address->numeric,
                      NULL, 0, NI_NUMERICHOST);
    freeaddrinfo(list);
    return *rc == 0 ? RIG_OK : RIG_EENV;
}

rig_status rig_callcentre_resolve(const char *host, rig_callcentre_address *address, rig_error *err)
{
    rig_callcentre_address found = {.family = AF_UNSPEC};
    int rc = 0, rc6 = 0;
    if (resolve_family(host, AF_INET, &found, &rc) != RIG_OK &&
        resolve_family(host, AF_INET6, &found, &rc6) != RIG_OK)
        return rig_fail(err, RIG_EENV, "%s: cannot be resolved to an address: %s", host,
                        gai_strerror(rc));
    bool is_6 = found.family == AF_INET6;
    (void)snprintf(found.uri_host, sizeof found.uri_host, "%s%s%s", is_6 ? "[" : "", found.numeric,
                   is_6 ? "]" : "");
    *address = found;
    return RIG_OK;
}

/* All of this host, of a network, or of a group. */
static bool is_several(struct in_addr v4)
{
    const uint32_t n = ntohl(v4.s_addr);
    return n == INADDR_ANY || IN_MULTICAST(n) || rig_broadcast_is(v4);
}

bool rig_callcentre_address_is_several(const rig_callcentre_address *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address->numeric, &v4) == 1)
        return is_several(v4);
    if (inet_pton(AF_INET6, address->numeric, &v6) != 1)
        return false;
    memcpy(&v4, v6.s6_addr + 12, sizeof v4);
    return IN6_IS_ADDR_UNSPECIFIED(&v6) || IN6_IS_ADDR_MULTICAST(&v6) ||
           (IN6_IS_ADDR_V4MAPPED(&v6) && is_several(v4));
}

/* An IPv4 address as IPv6 writes it, too (RFC 4291, 2.5.5.2), so that both are one. */
static bool to_v6(const char *numeric, struct in6_addr *v6)
{
    struct in_addr v4;
    char text[NI_MAXHOST];
    if (inet_pton(AF_INET, numeric, &v4) == 1) {
        *v6 = (struct in6_addr){.s6_addr = {[10] = 0xff, [11] = 0xff}};
        memcpy(v6->s6_addr + 12, &v4, sizeof v4);
        return true;
    }
    (void)snprintf(text, sizeof text, "%.*s", (int)strcspn(numeric, "%"), numeric);
    return inet_pton(AF_INET6, text, v6) == 1;
}

/* The same address; where both name a zone (fe80::1%eth0), the same zone. */
static bool is_same(const char *a, const char *b)
{
    struct in6_addr x, y;
    const char *zone_a = strchr(a, '%'), *zone_b = strchr(b, '%');
    return to_v6(a, &x) && to_v6(b, &y) && memcmp(&x, &y, sizeof x) == 0 &&
           (zone_a == NULL || zone_b == NULL || strcmp(zone_a, zone_b) == 0);
}

bool rig_callcentre_address_is_here(const rig_callcentre_address *address)
{
    struct ifaddrs *list;
    if (getifaddrs(&list) != 0)
        return false;
    bool is_here = false;
    for (const struct ifaddrs *i = list; i != NULL && !is_here; i = i->ifa_next) {
        char text[NI_MAXHOST];
        const int family = i->ifa_addr != NULL ? i->ifa_addr->sa_family : AF_UNSPEC;
        const socklen_t n =
            family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
        is_here = (family == AF_INET || family == AF_INET6) &&
                  getnameinfo(i->ifa_addr, n, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0 &&
                  is_same(text, address->numeric);
    }
    freeifaddrs(list);
    return is_here;
}

const char *rig_callcentre_transport_name(rig_transport transport)
{
    return transport == RIG_TRANSPORT_TCP ? "tcp" : "udp";
}

void rig_callcentre_listen_url(const rig_callcentre_address *address, uint16_t port,
                               rig_transport transport, char url[RIG_CALLCENTRE_URL_SIZE])
{
    char port_text[8] = "*";
    if (port)
        (void)snprintf(port_text, sizeof port_text, "%u", port);
    (void)snprintf(url, RIG_CALLCENTRE_URL_SIZE, "sip:%s:%s;transport=%s", address->uri_host,
                   port_text, rig_callcentre_transport_name(transport));
}

static socklen_t fill(any_address *to, const rig_callcentre_address *address, uint16_t port)
{
    memset(to, 0, sizeof *to);
    to->sa.sa_family = (sa_family_t)address->family;
    if (address->family == AF_INET6) {
        to->in6.sin6_port = htons(port);
        inet_pton(AF_INET6, address->numeric, &to->in6.sin6_addr);
        return sizeof to->in6;
    }
    to->in.sin_port = htons(port);
    inet_pton(AF_INET, address->numeric, &to->in.sin_addr);
    return sizeof to->in;
}

static int bind_to(const rig_callcentre_address *address, uint16_t port, int type)
{
    any_address to;
    socklen_t n = fill(&to, address, port);
    int fd = socket(address->family, type | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    /* As the stack does: connections that wait for their last segments do not hold a port. */
    int on = 1;
    if (type == SOCK_STREAM)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, &to.sa, n) == 0 && (type != SOCK_STREAM || listen(fd, 1) == 0))
        return fd;
    int cause = errno;
    close(fd);
    errno = cause;
    return -1;
}

rig_status rig_callcentre_try_port(const rig_callcentre_address *address, uint16_t port,
                                   rig_transport transport, rig_error *err)
{
    int fd = bind_to(address, port, transport == RIG_TRANSPORT_TCP ? SOCK_STREAM : SOCK_DGRAM);
    if (fd < 0)
        return rig_fail(err, RIG_EENV, "cannot listen on %s:%u/%s: %s", address->uri_host, port,
                        rig_callcentre_transport_name(transport), strerror(errno));
    close(fd);
    return RIG_OK;
}

/* The next descriptor of this process; -1 at the end. */
static int next_fd(DIR *fds)
{
    const struct dirent *entry;
    while ((entry = readdir(fds)))
        if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
            return (int)strtol(entry->d_name, NULL, 10);
    return -1;
}

static bool is_bound_to(int fd, const rig_callcentre_address *address, uint16_t port,
                        int wanted_type)
{
    any_address wanted, bound = {0};
    socklen_t n_wanted = fill(&wanted, address, port);
    int type = 0, is_listening = 0;
    socklen_t n_bound = sizeof bound, n_type = sizeof type, n_listening = sizeof is_listening;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n_type) != 0 || type != wanted_type ||
        getsockname(fd, &bound.sa, &n_bound) != 0 || n_bound != n_wanted ||
        memcmp(&bound, &wanted, n_wanted) != 0)
        return false;
    return type != SOCK_STREAM ||
           (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &n_listening) == 0 &&
            is_listening);
}

/* The lines of an epoll descriptor say "tfd: NUMBER events: ..." (proc(5)). */
static bool watches(int fd, int socket_fd)
{
    char path[64], line[256];
    (void)snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    bool does = false;
    int watched = -1;
    while (!does && fgets(line, sizeof line, file))
        does = sscanf(line, "tfd: %d", &watched) == 1 && watched == socket_fd;
    (void)fclose(file);
    return does;
}

static bool is_epoll(int fd)
{
    char path[64], link[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(path, link, sizeof link - 1);
    if (n <= 0)
        return false;
    link[n] = '\0';
    return strcmp(link, "anon_inode:[eventpoll]") == 0;
}

int rig_callcentre_find_wait_fd(const rig_callcentre_address *address, uint16_t port,
                                rig_transport transport)
{
    int type = transport == RIG_TRANSPORT_TCP ? SOCK_STREAM : SOCK_DGRAM;
    DIR *fds = opendir("/proc/self/fd");
    if (!fds)
        return -1;
    int socket_fd = next_fd(fds); /* the only one of this process that is bound so */
    while (socket_fd >= 0 && !is_bound_to(socket_fd, address, port, type))
        socket_fd = next_fd(fds);
    rewinddir(fds);
    int fd = socket_fd < 0 ? -1 : next_fd(fds);
    while (fd >= 0 && !(is_epoll(fd) && watches(fd, socket_fd)))
        fd = next_fd(fds);
    closedir(fds);
    return fd;
}

int rig_callcentre_black_hole(const rig_callcentre_address *address, uint16_t port)
{
    return bind_to(address, port, SOCK_DGRAM);
}
