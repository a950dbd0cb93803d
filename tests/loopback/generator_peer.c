/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/loopback/generator_peer.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "tests/loopback/generator_peer_impl.h"

static bool is_tcp(const peer *p)
{
    return p->kind == PEER_TCP || p->kind == PEER_TCP6;
}

void peer_report_bad(peer *p, const char *what, const char *message)
{
    pthread_mutex_lock(&p->lock);
    if (p->counts.n_bad++ == 0)
        (void)snprintf(p->counts.bad, sizeof p->counts.bad, "%s: %.100s", what, message);
    pthread_mutex_unlock(&p->lock);
}

void peer_note(double *kept_ms)
{
    if (*kept_ms <= 0.0)
        *kept_ms = (double)rig_clock_monotonic_ns() * 1e-6;
}

static void recount(peer *p)
{
    peer_counts now = {0};
    for (size_t i = 0; i < p->n_calls; i++) {
        now.n_up += p->calls[i].is_up;
        now.n_agents_up += p->calls[i].is_agent_up;
    }
    pthread_mutex_lock(&p->lock);
    p->counts.n_calls = (int)p->n_calls;
    p->counts.n_up = now.n_up;
    p->counts.n_agents_up = now.n_agents_up;
    pthread_mutex_unlock(&p->lock);
}

/* The value of the first header of a name; "" when there is none. */
void peer_header(const char *message, const char *name, char value[HEADER_SIZE])
{
    char key[64];
    value[0] = '\0';
    (void)snprintf(key, sizeof key, "\r\n%s: ", name);
    const char *at = strstr(message, key);
    if (at == NULL)
        return;
    at += strlen(key);
    size_t n = strcspn(at, "\r");
    (void)snprintf(value, HEADER_SIZE, "%.*s", (int)(n < HEADER_SIZE ? n : HEADER_SIZE - 1), at);
}

void peer_send(peer *p, const way *to, const char *text)
{
    if (is_tcp(p))
        (void)send(to->fd, text, strlen(text), MSG_NOSIGNAL);
    else
        (void)sendto(p->fd, text, strlen(text), 0, &to->address.at.any, to->address.size);
}

const char *peer_transport(const peer *p)
{
    return is_tcp(p) ? "TCP" : "UDP";
}

static void add_link(peer *p, int fd)
{
    link_in *made = p->n_links < MAX_LINKS ? calloc(1, sizeof *made) : NULL;
    if (made == NULL)
        abort();
    made->fd = fd;
    p->links[p->n_links++] = made;
}

way peer_way_to_agents(peer *p)
{
    way to = {.fd = -1};
    (void)rig_address_make(p->host, p->agents_port, &to.address);
    if (!is_tcp(p))
        return to;
    if (p->agents_fd < 0) {
        p->agents_fd = socket(rig_address_family(&to.address), SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(p->agents_fd, &to.address.at.any, to.address.size) != 0)
            peer_report_bad(p, "connect", "to the agents' phones");
        add_link(p, p->agents_fd); /* what comes back is read like all else */
    }
    to.fd = p->agents_fd;
    return to;
}

/* The whole messages that have come; a part of one stays. */
static void take_messages(peer *p, link_in *in, const way *from)
{
    for (;;) {
        in->data[in->n] = '\0';
        const char *end = strstr(in->data, "\r\n\r\n");
        char length[HEADER_SIZE], whole[sizeof in->data];
        if (end == NULL)
            return;
        peer_header(in->data, "Content-Length", length);
        size_t n = (size_t)(end + 4 - in->data) + strtoul(length, NULL, 10);
        if (n > in->n)
            return;
        (void)snprintf(whole, sizeof whole, "%.*s", (int)n, in->data);
        in->n -= n;
        memmove(in->data, in->data + n, in->n);
        peer_on_message(p, whole, from);
    }
}

static void read_link(peer *p, link_in *in)
{
    const way from = {.fd = in->fd};
    ssize_t n = recv(in->fd, in->data + in->n, sizeof in->data - 1 - in->n, MSG_DONTWAIT);
    if (n > 0) {
        in->n += (size_t)n;
        take_messages(p, in, &from);
    } else if (n == 0) {
        close(in->fd);
        in->fd = -1; /* poll passes it over */
    }
}

static void read_datagram(peer *p)
{
    char message[65536];
    way from = {.fd = -1};
    from.address.size = sizeof from.address.at;
    ssize_t n = recvfrom(p->fd, message, sizeof message - 1, MSG_DONTWAIT, &from.address.at.any,
                         &from.address.size);
    if (n <= 0)
        return;
    message[n] = '\0';
    peer_on_message(p, message, &from);
}

static void *run(void *arg)
{
    peer *p = arg;
    while (!atomic_load(&p->is_ending)) {
        struct pollfd ready[1 + MAX_LINKS] = {{.fd = p->fd, .events = POLLIN}};
        const size_t n_links = p->n_links;
        for (size_t i = 0; i < n_links; i++)
            ready[1 + i] = (struct pollfd){.fd = p->links[i]->fd, .events = POLLIN};
        if (poll(ready, (nfds_t)(1 + n_links), 20) <= 0)
            continue;
        for (size_t i = 0; i < n_links; i++)
            if (ready[1 + i].revents != 0)
                read_link(p, p->links[i]);
        if (ready[0].revents != 0 && is_tcp(p))
            add_link(p, accept4(p->fd, NULL, NULL, SOCK_CLOEXEC));
        else if (ready[0].revents != 0)
            read_datagram(p);
        recount(p);
    }
    return NULL;
}

peer *peer_new(peer_kind kind, const char *const *scripts, size_t n)
{
    peer *p = calloc(1, sizeof *p);
    rig_address address;
    if (p == NULL)
        abort();
    p->kind = kind;
    p->scripts = scripts;
    p->n_scripts = n;
    p->agents_fd = -1;
    (void)snprintf(p->host, sizeof p->host, "%s",
                   kind == PEER_UDP6 || kind == PEER_TCP6 ? "[::1]" : "127.0.0.1");
    pthread_mutex_init(&p->lock, NULL);
    if (!rig_address_make(p->host, 0, &address))
        abort();
    p->fd = rig_address_bind(&address, is_tcp(p) ? SOCK_STREAM : SOCK_DGRAM);
    if (p->fd < 0 || !rig_address_of_socket(p->fd, &address) ||
        (is_tcp(p) && listen(p->fd, MAX_LINKS) != 0))
        abort();
    p->port = rig_address_port(&address);
    return p;
}

uint16_t peer_port(const peer *p)
{
    return p->port;
}

void peer_start(peer *p, uint16_t agents_port)
{
    p->agents_port = agents_port;
    if (pthread_create(&p->thread, NULL, run, p) != 0)
        abort();
    p->has_thread = true;
}

peer_counts peer_count(peer *p)
{
    pthread_mutex_lock(&p->lock);
    peer_counts counts = p->counts;
    pthread_mutex_unlock(&p->lock);
    return counts;
}

void peer_end(peer *p)
{
    atomic_store(&p->is_ending, true);
    if (p->has_thread)
        pthread_join(p->thread, NULL);
    p->has_thread = false;
}

peer_instants peer_instants_of(const peer *p, size_t index)
{
    for (size_t i = 0; i < p->n_calls; i++)
        if (p->calls[i].index == index)
            return p->calls[i].at;
    return (peer_instants){0};
}

void peer_free(peer *p)
{
    peer_end(p);
    close(p->fd);
    for (size_t i = 0; i < p->n_links; i++) {
        if (p->links[i]->fd >= 0)
            close(p->links[i]->fd);
        free(p->links[i]);
    }
    pthread_mutex_destroy(&p->lock);
    free(p);
}
