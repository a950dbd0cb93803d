/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/ports.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { N_TRIES = 200, LEAST_PORT = 10000, LEAST_CHOICE = 1000, EPHEMERAL = 32768 };

uint16_t rig_ports_draw(uint16_t first_ephemeral, uint32_t random)
{
    if (first_ephemeral < LEAST_PORT + LEAST_CHOICE)
        return 0;
    return (uint16_t)(LEAST_PORT + random % (uint32_t)(first_ephemeral - LEAST_PORT));
}

/* The first of those that the kernel gives to sockets that ask for none (ip(7)). */
static uint16_t first_ephemeral(void)
{
    unsigned first = EPHEMERAL;
    FILE *in = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
    if (in == NULL)
        return EPHEMERAL;
    if (fscanf(in, "%5u", &first) != 1 || first > UINT16_MAX)
        first = EPHEMERAL;
    (void)fclose(in);
    return (uint16_t)first;
}

/* One to try, any; 0: the kernel's choice. */
static uint16_t any_port(uint16_t ephemeral)
{
    uint32_t random = 0;
    return getrandom(&random, sizeof random, GRND_NONBLOCK) == (ssize_t)sizeof random
               ? rig_ports_draw(ephemeral, random)
               : 0;
}

/* A port of an address (0 = any) held for UDP and TCP; its number, or 0. */
typedef struct held_port {
    int udp, tcp;
} held_port;

static void let_go(held_port *held)
{
    if (held->udp >= 0)
        close(held->udp);
    if (held->tcp >= 0)
        close(held->tcp);
}

/* The number of the port held, or 0 with errno. */
static uint16_t hold(const char *host, uint16_t port, held_port *held)
{
    rig_address address;
    held_port made = {-1, -1};
    uint16_t number = 0;
    if (rig_address_make(host, port, &address))
        made.udp = rig_address_bind(&address, SOCK_DGRAM);
    if (made.udp >= 0 && rig_address_of_socket(made.udp, &address)) {
        made.tcp = rig_address_bind(&address, SOCK_STREAM);
        number = made.tcp >= 0 ? rig_address_port(&address) : 0;
    }
    if (number != 0) {
        *held = made;
        return number;
    }
    int saved = errno;
    let_go(&made);
    errno = saved;
    return 0;
}

static bool are_next_free(const char *host, uint16_t port, unsigned n)
{
    for (unsigned k = 1; k <= n; k++) {
        held_port next;
        if (port > UINT16_MAX - k || hold(host, (uint16_t)(port + k), &next) == 0)
            return false;
        let_go(&next);
    }
    return true;
}

void rig_ports_of_worker(const rig_load *load, const char *own, size_t worker,
                         char host[RIG_LOCAL_HOST_SIZE], rig_port_range *range)
{
    *range = (rig_port_range){0, 0};
    if (load->n_local == 0) {
        (void)snprintf(host, RIG_LOCAL_HOST_SIZE, "%s", own);
        return;
    }
    const char *text = load->local[worker % load->n_local];
    const char *colon = strrchr(text, ':');
    unsigned first, last;
    /* the scenario has checked it: what looks like ports are some, but for an IPv6 address */
    bool has_ports = colon != NULL && sscanf(colon, ":%5u-%5u", &first, &last) == 2;
    (void)snprintf(host, RIG_LOCAL_HOST_SIZE, "%.*s",
                   (int)(has_ports ? (size_t)(colon - text) : strlen(text)), text);
    if (has_ports)
        *range = (rig_port_range){(uint16_t)first, (uint16_t)last};
}

rig_status rig_ports_find_free(const char *host, const rig_port_range *range, size_t n,
                               unsigned n_adjacent, uint16_t *ports, rig_error *err)
{
    rig_address address;
    if (!rig_address_make(host, 0, &address))
        return rig_fail(err, RIG_EDOM, "%s: not an IP address", host);
    bool is_anywhere = range == NULL || range->first == 0;
    const uint16_t ephemeral = is_anywhere ? first_ephemeral() : 0;
    uint32_t next = is_anywhere ? 0 : range->first;
    size_t n_tries = is_anywhere ? n + N_TRIES : (size_t)(range->last - range->first) + 1;
    /* All found stay bound until the end, so that none is found twice. */
    held_port *held = malloc((n_tries + 1) * sizeof *held);
    uint16_t *found = malloc((n + 1) * sizeof *found);
    rig_status status = RIG_OK;
    size_t n_held = 0, n_found = 0;
    if (held == NULL || found == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
        goto out;
    }
    for (size_t i = 0; i < n_tries && n_found < n; i++) {
        const uint16_t wanted = is_anywhere ? any_port(ephemeral) : (uint16_t)next++;
        uint16_t port = hold(host, wanted, &held[n_held]);
        if (port == 0) {
            if (errno == EADDRINUSE)
                continue; /* for UDP or for TCP */
            status = rig_fail(err, RIG_EENV, "%s: cannot bind a port: %s", host, strerror(errno));
            goto out;
        }
        n_held++;
        if (!are_next_free(host, port, n_adjacent))
            continue;
        found[n_found++] = port;
        next += is_anywhere ? 0 : n_adjacent;
    }
    if (n_found < n) {
        status = is_anywhere ? rig_fail(err, RIG_EENV, "%s: no free ports", host)
                             : rig_fail(err, RIG_EENV, "%s: no free ports from %u to %u", host,
                                        range->first, range->last);
        goto out;
    }
    memcpy(ports, found, n * sizeof *ports);
out:
    for (size_t i = 0; i < n_held; i++)
        let_go(&held[i]);
    free(held);
    free(found);
    return status;
}

/* An address as /proc/net prints it: 32-bit words as they lie in memory. */
static void print_as_kernel(const rig_address *address, char text[33])
{
    uint32_t words[4];
    size_t n = 1;
    if (rig_address_family(address) == AF_INET6) {
        memcpy(words, &address->at.v6.sin6_addr, sizeof words);
        n = 4;
    } else {
        memcpy(words, &address->at.v4.sin_addr, sizeof *words);
    }
    for (size_t i = 0; i < n; i++)
        (void)snprintf(text + 8 * i, 9, "%08" PRIX32, words[i]);
}

rig_status rig_port_state_read(const char *host, uint16_t port, rig_transport transport,
                               rig_port_state *state, rig_error *err)
{
    enum { TCP_LISTEN_STATE = 0x0a };
    rig_address address;
    if (!rig_address_make(host, 0, &address))
        return rig_fail(err, RIG_EDOM, "%s: not an IP address", host);
    bool is_tcp = transport == RIG_TRANSPORT_TCP;
    bool is_v6 = rig_address_family(&address) == AF_INET6;
    const char *path = is_tcp ? (is_v6 ? "/proc/net/tcp6" : "/proc/net/tcp")
                              : (is_v6 ? "/proc/net/udp6" : "/proc/net/udp");
    char own[33];
    print_as_kernel(&address, own);
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return rig_fail(err, RIG_EIO, "%s: cannot read: %s", path, strerror(errno));
    rig_port_state found = {0};
    char line[512];
    while (fgets(line, sizeof line, in) != NULL) {
        char bound_to[33];
        unsigned bound_port, socket_state;
        uint64_t inode, n_drops = 0;
        int n = sscanf(
            line, " %*d: %32[0-9A-F]:%4x %*s %2x %*s %*s %*s %*s %*s %" SCNu64 " %*s %*s %" SCNu64,
            bound_to, &bound_port, &socket_state, &inode, &n_drops);
        if (n < 4) /* the header */
            continue;
        bool is_ours = strcmp(bound_to, own) == 0 || strspn(bound_to, "0") == strlen(bound_to);
        if (bound_port == port && is_ours && (!is_tcp || socket_state == TCP_LISTEN_STATE)) {
            found.is_bound = true;
            found.inode = inode;
            found.n_drops += is_tcp ? 0 : n_drops;
        }
    }
    fclose(in);
    *state = found;
    return RIG_OK;
}

bool rig_port_belongs_to(const rig_port_state *state, pid_t pid)
{
    char path[64], socket_name[64], name[64];
    if (!state->is_bound)
        return false;
    (void)snprintf(path, sizeof path, "/proc/%ld/fd", (long)pid);
    (void)snprintf(socket_name, sizeof socket_name, "socket:[%" PRIu64 "]", state->inode);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return false;
    bool found = false;
    for (const struct dirent *entry = readdir(folder); entry != NULL && !found;
         entry = readdir(folder)) {
        ssize_t n = readlinkat(dirfd(folder), entry->d_name, name, sizeof name - 1);
        name[n > 0 ? n : 0] = '\0';
        found = strcmp(name, socket_name) == 0;
    }
    closedir(folder);
    return found;
}
