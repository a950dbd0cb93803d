/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/probe.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/slice.h"

static const int64_t TRY_NS = RIG_NS_PER_S * 13 / 10;
enum { N_TRIES = 3, SLICE_MS = 100 };

static rig_status silent(const rig_route *route, rig_transport transport, const char *what,
                         rig_error *err)
{
    char target[RIG_ADDRESS_SIZE + 2];
    rig_address_for_uri(route->target, target);
    return rig_fail(err, RIG_EENV,
                    "nobody answers SIP at %s:%u (%s); is the target running, and does it take %s "
                    "there (target.transport)?",
                    target, route->port, what, transport == RIG_TRANSPORT_TCP ? "TCP" : "UDP");
}

static bool is_sip_response(const char *data, size_t n)
{
    rig_slice message = rig_slice_trim((rig_slice){data, n});
    return rig_slice_starts_nocase(message, "SIP/2.0 ");
}

/* Wait for one response. RIG_OK with *answered false: silence. */
static rig_status wait_for_answer(int fd, const rig_route *route, rig_transport transport,
                                  const rig_stop *stop, bool *answered, rig_error *err)
{
    int64_t until_ns = rig_clock_monotonic_ns() + TRY_NS;
    *answered = false;
    while (rig_clock_monotonic_ns() < until_ns) {
        if (rig_stop_is_set(stop))
            return rig_fail(err, RIG_ECANCELLED, "stopped");
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int n = poll(&ready, 1, SLICE_MS);
        if (n < 0 && errno != EINTR)
            return rig_fail(err, RIG_EIO, "cannot wait for %s:%u: %s", route->target, route->port,
                            strerror(errno));
        if (n <= 0)
            continue;
        char data[65536];
        ssize_t got = recv(fd, data, sizeof data, MSG_DONTWAIT);
        if (got < 0 && errno == ECONNREFUSED)
            return silent(route, transport, "the host refuses", err);
        if (got == 0 && transport == RIG_TRANSPORT_TCP)
            return silent(route, transport, "it closes the connection", err);
        if (got > 0 && is_sip_response(data, (size_t)got)) {
            *answered = true;
            return RIG_OK;
        }
    }
    return RIG_OK;
}

/* A socket that is connected to the target; *own is its port. */
static rig_status open_socket(const rig_route *route, rig_transport transport, int *socket_fd,
                              uint16_t *own_port, rig_error *err)
{
    rig_address target, own;
    if (!rig_address_make(route->target, route->port, &target))
        return rig_fail(err, RIG_EDOM, "%s: not an IP address", route->target);
    int type = transport == RIG_TRANSPORT_TCP ? SOCK_STREAM : SOCK_DGRAM;
    int fd = socket(rig_address_family(&target), type | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return rig_fail(err, RIG_EIO, "cannot make a socket: %s", strerror(errno));
    /* a TCP connection that is not answered must not hold us for minutes */
    const struct timeval longest = {.tv_sec = 4};
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
    if (connect(fd, &target.at.any, target.size) != 0 || !rig_address_of_socket(fd, &own)) {
        const char *why = errno == ECONNREFUSED ? "the host refuses"
                          : errno == EINPROGRESS || errno == ETIMEDOUT
                              ? "no answer to a TCP connection in 4 s"
                              : strerror(errno);
        close(fd);
        return silent(route, transport, why, err);
    }
    *socket_fd = fd;
    *own_port = rig_address_port(&own);
    return RIG_OK;
}

rig_status rig_probe(const rig_route *route, rig_transport transport, const rig_stop *stop,
                     rig_error *err)
{
    int fd = -1;
    uint16_t port = 0;
    char target[RIG_ADDRESS_SIZE + 2], local[RIG_ADDRESS_SIZE + 2];
    rig_address_for_uri(route->target, target);
    rig_address_for_uri(route->local, local);
    rig_status status = open_socket(route, transport, &fd, &port, err);
    if (status != RIG_OK)
        return status;
    int64_t id = rig_clock_realtime_ns();
    for (int try = 0; try < N_TRIES; try++) {
        char request[1024];
        int n = snprintf(request, sizeof request,
                         "OPTIONS sip:%s:%u SIP/2.0\r\n"
                         "Via: SIP/2.0/%s %s:%u;branch=z9hG4bKprobe%" PRId64 "-%d;rport\r\n"
                         "From: <sip:peakrig@%s:%u>;tag=probe%" PRId64 "\r\n"
                         "To: <sip:%s:%u>\r\n"
                         "Call-ID: probe%" PRId64 "-%d@%s\r\n"
                         "CSeq: 1 OPTIONS\r\n"
                         "Contact: <sip:peakrig@%s:%u>\r\n"
                         "Max-Forwards: 70\r\n"
                         "Content-Length: 0\r\n\r\n",
                         target, route->port, transport == RIG_TRANSPORT_TCP ? "TCP" : "UDP", local,
                         port, id, try, local, port, id, target, route->port, id, try, local, local,
                         port);
        if (send(fd, request, (size_t)n, MSG_NOSIGNAL) < 0 && errno == ECONNREFUSED) {
            status = silent(route, transport, "the host refuses", err);
            goto out;
        }
        bool answered;
        status = wait_for_answer(fd, route, transport, stop, &answered, err);
        if (status != RIG_OK || answered)
            goto out;
    }
    status = silent(route, transport, "no answer to 3 OPTIONS in 4 s", err);
out:
    close(fd);
    return status;
}
