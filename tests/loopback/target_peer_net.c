/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peer's ground floor: sockets. Over UDP a datagram is a message; over TCP the peer listens,
 * may connect, and cuts messages out of its connections' bytes by Content-Length. */
#include "target_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"

typedef union any_address {
    struct sockaddr sa;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
} any_address;

static socklen_t loopback(any_address *to, int family, uint16_t port)
{
    memset(to, 0, sizeof *to);
    to->sa.sa_family = (sa_family_t)family;
    if (family == AF_INET6) {
        to->in6.sin6_addr = in6addr_loopback;
        to->in6.sin6_port = htons(port);
        return sizeof to->in6;
    }
    to->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to->in.sin_port = htons(port);
    return sizeof to->in;
}

void peer_open(peer *p, rig_transport transport, int family)
{
    any_address address;
    memset(p, 0, sizeof *p);
    p->transport = transport;
    p->family = family;
    p->host = family == AF_INET6 ? "[::1]" : "127.0.0.1";
    p->via = transport == RIG_TRANSPORT_TCP ? "TCP" : "UDP";
    for (size_t i = 0; i < PEER_CONNECTIONS; i++)
        p->connections[i].fd = -1;
    p->fd = socket(family,
                   (transport == RIG_TRANSPORT_TCP ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    assert_true(p->fd >= 0);
    socklen_t n = loopback(&address, family, 0);
    assert_int_equal(bind(p->fd, &address.sa, n), 0);
    assert_int_equal(getsockname(p->fd, &address.sa, &n), 0);
    p->port = ntohs(family == AF_INET6 ? address.in6.sin6_port : address.in.sin_port);
    if (transport == RIG_TRANSPORT_TCP)
        assert_int_equal(listen(p->fd, 8), 0);
}

void peer_close(peer *p)
{
    for (size_t i = 0; i < PEER_CONNECTIONS; i++)
        peer_disconnect(p, i);
    close(p->fd);
}

void peer_disconnect(peer *p, size_t i)
{
    if (p->connections[i].fd >= 0)
        close(p->connections[i].fd);
    free(p->connections[i].bytes);
    p->connections[i] = (peer_connection){.fd = -1};
}

static size_t add_connection(peer *p, int fd)
{
    for (size_t i = 0; i < PEER_CONNECTIONS; i++) {
        if (p->connections[i].fd >= 0)
            continue;
        p->connections[i] = (peer_connection){.fd = fd, .bytes = malloc(PEER_MESSAGE_SIZE)};
        assert_non_null(p->connections[i].bytes);
        p->n_connections++;
        return i;
    }
    fail_msg("more than %d connections", PEER_CONNECTIONS);
    return 0;
}

size_t peer_connect(peer *p)
{
    any_address to;
    socklen_t n = loopback(&to, p->family, p->target_port);
    int fd = socket(p->family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, &to.sa, n), 0);
    p->current = add_connection(p, fd);
    return p->current;
}

void peer_write(peer *p, const char *text, size_t n)
{
    if (p->transport == RIG_TRANSPORT_UDP) {
        any_address to;
        socklen_t n_to = loopback(&to, p->family, p->target_port);
        assert_int_equal(sendto(p->fd, text, n, 0, &to.sa, n_to), n);
        return;
    }
    if (p->connections[p->current].fd < 0)
        peer_connect(p);
    while (n > 0) {
        ssize_t done = send(p->connections[p->current].fd, text, n, MSG_NOSIGNAL);
        assert_true(done > 0);
        text += done;
        n -= (size_t)done;
    }
}

/* A whole message out of a connection's bytes. */
static bool cut(peer_connection *c, peer_message *message)
{
    while (c->n >= 2 && c->bytes[0] == '\r' && c->bytes[1] == '\n') { /* keep-alive */
        c->n -= 2;
        memmove(c->bytes, c->bytes + 2, c->n);
    }
    c->bytes[c->n] = '\0';
    const char *end = strstr(c->bytes, "\r\n\r\n");
    if (!end)
        return false;
    size_t n_head = (size_t)(end - c->bytes) + 4;
    memcpy(message->text, c->bytes, n_head);
    message->text[n_head] = '\0';
    size_t n = n_head + (size_t)strtoul(peer_header(message, "Content-Length"), NULL, 10);
    assert_true(n < PEER_MESSAGE_SIZE);
    if (c->n < n)
        return false;
    memcpy(message->text, c->bytes, n);
    message->text[n] = '\0';
    c->n -= n;
    memmove(c->bytes, c->bytes + n, c->n);
    return true;
}

static bool cut_any(peer *p, peer_message *message)
{
    for (size_t i = 0; i < PEER_CONNECTIONS; i++) {
        if (p->connections[i].fd >= 0 && cut(&p->connections[i], message)) {
            p->current = i; /* the answer goes back the same way (RFC 3261, 18.2.2) */
            return true;
        }
    }
    return false;
}

static void read_stream(peer *p, int wait_ms)
{
    struct pollfd wait[PEER_CONNECTIONS + 1] = {{.fd = p->fd, .events = POLLIN}};
    for (size_t i = 0; i < PEER_CONNECTIONS; i++)
        wait[i + 1] = (struct pollfd){.fd = p->connections[i].fd, .events = POLLIN};
    if (poll(wait, PEER_CONNECTIONS + 1, wait_ms) <= 0)
        return;
    if (wait[0].revents) {
        int fd = accept4(p->fd, NULL, NULL, SOCK_CLOEXEC);
        assert_true(fd >= 0);
        add_connection(p, fd);
        p->n_accepted++;
    }
    for (size_t i = 0; i < PEER_CONNECTIONS; i++) {
        peer_connection *c = &p->connections[i];
        if (!wait[i + 1].revents || c->fd < 0)
            continue;
        ssize_t n = recv(c->fd, c->bytes + c->n, PEER_MESSAGE_SIZE - 1 - c->n, 0);
        if (n > 0)
            c->n += (size_t)n;
        else
            peer_disconnect(p, i);
    }
}

static bool read_datagram(peer *p, peer_message *message, int wait_ms)
{
    struct pollfd wait = {.fd = p->fd, .events = POLLIN};
    if (poll(&wait, 1, wait_ms) <= 0)
        return false;
    ssize_t n = recv(p->fd, message->text, sizeof message->text - 1, 0);
    if (n < 0)
        return false;
    message->text[n] = '\0';
    return true;
}

bool peer_read(peer *p, peer_message *message, int wait_ms)
{
    int64_t until_ns = rig_clock_monotonic_ns() + (int64_t)wait_ms * 1000000;
    for (;;) {
        if (p->transport == RIG_TRANSPORT_TCP && cut_any(p, message))
            return true;
        int64_t left_ms = (until_ns - rig_clock_monotonic_ns()) / 1000000;
        int now_ms = left_ms > 0 ? (int)left_ms : 0;
        if (p->transport == RIG_TRANSPORT_TCP)
            read_stream(p, now_ms);
        else if (read_datagram(p, message, now_ms))
            return true;
        if (left_ms <= 0)
            return p->transport == RIG_TRANSPORT_TCP && cut_any(p, message);
    }
}
