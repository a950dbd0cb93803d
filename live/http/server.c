/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"

#define END_NS (2 * RIG_NS_PER_S)

enum { TIMEOUT_S = 10, MEMORY = 32768, STACK = 1 << 20, LEAST_PRIORITY = 19 };

/* ---- the port ---- */

/* An address as the kernel takes it. */
typedef struct place {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at;
    socklen_t size;
} place;

static bool is_all(const place *p)
{
    return p->at.any.sa_family == AF_INET ? p->at.v4.sin_addr.s_addr == htonl(INADDR_ANY)
                                          : IN6_IS_ADDR_UNSPECIFIED(&p->at.v6.sin6_addr);
}

static bool is_loopback(const place *p)
{
    return p->at.any.sa_family == AF_INET ? ntohl(p->at.v4.sin_addr.s_addr) >> 24 == 127
                                          : IN6_IS_ADDR_LOOPBACK(&p->at.v6.sin6_addr);
}

static bool read_place(const char *host, uint16_t port, place *p)
{
    *p = (place){.size = 0};
    if (inet_pton(AF_INET, host, &p->at.v4.sin_addr) == 1) {
        p->at.v4.sin_family = AF_INET;
        p->at.v4.sin_port = htons(port);
        p->size = sizeof p->at.v4;
    } else if (inet_pton(AF_INET6, host, &p->at.v6.sin6_addr) == 1) {
        p->at.v6.sin6_family = AF_INET6;
        p->at.v6.sin6_port = htons(port);
        p->size = sizeof p->at.v6;
    }
    return p->size > 0 && !is_all(p);
}

static rig_status take_port(rig_board_server *server, rig_error *err)
{
    static const int on = 1;
    const rig_board_server_spec *spec = &server->spec;
    place p;
    if (!read_place(spec->host, spec->port, &p))
        return rig_fail(err, RIG_EINPUT,
                        "the live page at %s: expected one IP address of this machine", spec->host);
    server->is_loopback = is_loopback(&p);
    server->fd = socket(p.at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->fd < 0 || setsockopt(server->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(server->fd, &p.at.any, p.size) != 0 ||
        listen(server->fd, RIG_BOARD_SERVER_MAX_CONNECTIONS) != 0 ||
        getsockname(server->fd, &p.at.any, &p.size) != 0)
        return rig_fail(err, RIG_EENV, "the live page at %s port %u: cannot listen: %s", spec->host,
                        spec->port, strerror(errno));
    const bool is_v6 = p.at.any.sa_family == AF_INET6;
    (void)snprintf(server->url, sizeof server->url, "http://%s%s%s:%u/?token=%s", is_v6 ? "[" : "",
                   spec->host, is_v6 ? "]" : "",
                   ntohs(is_v6 ? p.at.v6.sin6_port : p.at.v4.sin_port), server->token.text);
    return RIG_OK;
}

rig_status rig_board_server_open(const rig_board_server_spec *spec, rig_board_server **server,
                                 rig_error *err)
{
    rig_board_server *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "the live page: out of memory");
    made->spec = *spec;
    made->fd = -1;
    rig_status status = rig_secret_make(&made->token, err);
    if (status == RIG_OK &&
        rig_board_page_make(spec->language != NULL ? spec->language : rig_language_english(),
                            &made->page) != RIG_OK)
        status = rig_fail(err, RIG_ENOMEM, "the live page: out of memory");
    if (status == RIG_OK)
        status = take_port(made, err);
    made->spec.host = NULL; /* the caller's */
    if (status != RIG_OK) {
        rig_board_server_end(made);
        return status;
    }
    *server = made;
    return RIG_OK;
}

const char *rig_board_server_url(const rig_board_server *server)
{
    return server->url;
}

bool rig_board_server_is_loopback(const rig_board_server *server)
{
    return server->is_loopback;
}

/* ---- its threads ---- */

/* What clients do wrong is theirs. */
static void say_nothing(void *ctx, const char *format, va_list args)
{
    (void)ctx, (void)format, (void)args;
}

/* Threads have the priority and the signals of the one that starts them: this one's. The least
 * priority is enough: a thread that ran only when nobody else does could hold what others need
 * (memory's locks) for as long. */
static void *start_daemon(void *arg)
{
    rig_board_server *server = arg;
    sigset_t all;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, NULL);
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), LEAST_PRIORITY);
    server->daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL,
        NULL, rig_board_answer, server, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_LISTEN_SOCKET, server->fd, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)RIG_BOARD_SERVER_MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
    return NULL;
}

rig_status rig_board_server_begin(rig_board_server *server, rig_error *err)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, start_daemon, server) != 0)
        return rig_fail(err, RIG_EENV, "the live page: no thread for it");
    (void)pthread_join(thread, NULL);
    if (server->daemon == NULL)
        return rig_fail(err, RIG_EENV, "%.60s..: the live page cannot be served", server->url);
    server->fd = -1;
    return RIG_OK;
}

void rig_board_server_end(rig_board_server *server)
{
    static const struct timespec turn = {.tv_nsec = 20000000};
    if (server == NULL)
        return;
    const int64_t until_ns = rig_clock_monotonic_ns() + END_NS;
    while (server->daemon != NULL && rig_board_is_over(server->spec.board) &&
           atomic_load(&server->n_streams) > 0 && rig_clock_monotonic_ns() < until_ns)
        (void)nanosleep(&turn, NULL);
    atomic_store(&server->is_ending, true);
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    if (server->fd >= 0)
        (void)close(server->fd);
    rig_board_page_clear(&server->page);
    free(server);
}
