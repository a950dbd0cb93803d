#include "generator/probe.h"

#include <arpa/inet.h>
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

static rig_status silent(const rig_route *route, const char *what, rig_error *err)
{
    return rig_fail(err, RIG_EENV, "nobody answers SIP at %s:%u (%s); is the target running?",
                    route->target, route->port, what);
}

static bool is_sip_response(const char *data, size_t n)
{
    rig_slice message = rig_slice_trim((rig_slice){data, n});
    return rig_slice_starts_nocase(message, "SIP/2.0 ");
}

/* Wait for one response. RIG_OK with *answered false: silence. */
static rig_status wait_for_answer(int fd, const rig_route *route, const volatile sig_atomic_t *stop,
                                  bool *answered, rig_error *err)
{
    int64_t until_ns = rig_clock_monotonic_ns() + TRY_NS;
    *answered = false;
    while (rig_clock_monotonic_ns() < until_ns) {
        if (stop != NULL && *stop)
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
            return silent(route, "the host refuses", err);
        if (got > 0 && is_sip_response(data, (size_t)got)) {
            *answered = true;
            return RIG_OK;
        }
    }
    return RIG_OK;
}

rig_status rig_probe(const rig_route *route, const volatile sig_atomic_t *stop, rig_error *err)
{
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons(route->port)};
    struct sockaddr_in local = {0};
    socklen_t size = sizeof local;
    rig_status status = RIG_OK;
    (void)inet_pton(AF_INET, route->target, &target.sin_addr);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return rig_fail(err, RIG_EIO, "cannot make a socket: %s", strerror(errno));
    if (connect(fd, (const struct sockaddr *)&target, sizeof target) != 0 ||
        getsockname(fd, (struct sockaddr *)&local, &size) != 0) {
        status = silent(route, strerror(errno), err);
        goto out;
    }
    uint16_t port = ntohs(local.sin_port);
    int64_t id = rig_clock_realtime_ns();
    for (int try = 0; try < N_TRIES; try++) {
        char request[1024];
        int n =
            snprintf(request, sizeof request,
                     "OPTIONS sip:%s:%u SIP/2.0\r\n"
                     "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bKprobe%" PRId64 "-%d;rport\r\n"
                     "From: <sip:peakrig@%s:%u>;tag=probe%" PRId64 "\r\n"
                     "To: <sip:%s:%u>\r\n"
                     "Call-ID: probe%" PRId64 "-%d@%s\r\n"
                     "CSeq: 1 OPTIONS\r\n"
                     "Contact: <sip:peakrig@%s:%u>\r\n"
                     "Max-Forwards: 70\r\n"
                     "Content-Length: 0\r\n\r\n",
                     route->target, route->port, route->local, port, id, try, route->local, port,
                     id, route->target, route->port, id, try, route->local, route->local, port);
        if (send(fd, request, (size_t)n, 0) < 0 && errno == ECONNREFUSED) {
            status = silent(route, "the host refuses", err);
            goto out;
        }
        bool answered;
        status = wait_for_answer(fd, route, stop, &answered, err);
        if (status != RIG_OK || answered)
            goto out;
    }
    status = silent(route, "no answer to 3 OPTIONS in 4 s", err);
out:
    close(fd);
    return status;
}
