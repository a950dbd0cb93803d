/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/sipp_worker.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "generator/play/injection.h"
#include "generator/sipp_files.h"

enum {
    N_START_TRIES = 3,
    N_OWN_PORTS = 2, /* SIP and control */
    N_MAX_ARGV = 96,
    EXIT_CANNOT_BIND = 254,
    ANSWER_MS = 300
};

static const double READY_TIMEOUT_S = 10.0;
static const double END_GRACE_S = 1.0;
static const struct timespec POLL_STEP = {.tv_nsec = 5000000};

const char *rig_sipp_exit_text(int exit_code)
{
    switch (exit_code) {
    case 0:
        return "all calls were played";
    case 1:
        return "a call failed, or an option or scenario is wrong";
    case 97:
        return "ended by a command of the scenario";
    case 99:
        return "ended without calls";
    case EXIT_CANNOT_BIND:
        return "cannot bind its port";
    case 255:
        return "fatal error";
    default:
        return exit_code > 128 ? "ended by a signal" : "unknown";
    }
}

/* The texts of one argument list; each lives until the worker is started. */
typedef struct arguments {
    const char *argv[N_MAX_ARGV];
    char *owned[N_MAX_ARGV];
    size_t n, n_owned;
    bool is_out_of_memory;
} arguments;

static void add(arguments *list, const char *text)
{
    if (list->n + 1 < N_MAX_ARGV)
        list->argv[list->n++] = text;
    else
        list->is_out_of_memory = true;
}

static void add_format(arguments *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_format(arguments *list, const char *format, ...)
{
    char *text;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    if (n < 0 || list->n_owned >= N_MAX_ARGV) {
        list->is_out_of_memory = true;
        return;
    }
    list->owned[list->n_owned++] = text;
    add(list, text);
}

static void add_option(arguments *list, const char *option, const char *value)
{
    add(list, option);
    add(list, value);
}

static void release_arguments(arguments *list)
{
    for (size_t i = 0; i < list->n_owned; i++)
        free(list->owned[i]);
}

static void add_key(arguments *list, const char *keyword)
{
    add_option(list, "-key", keyword);
}

/* What is the same in all messages of this worker, as keywords of its scenario. SIPp puts a -key in
 * its place once, when it reads the scenario; [local_ip] and its like are printed anew in each
 * message: of the 57,000 instructions in which a call's three messages were made, that is 34,000
 * (callgrind, with the fields of the injection file that are now read once). */
static void add_constants(const rig_sipp_spec *spec, const rig_nonce *nonce,
                          const uint16_t ports[N_OWN_PORTS], arguments *list)
{
    char local[RIG_ADDRESS_SIZE + 2];
    const bool is_ipv6 = strchr(spec->local_host, ':') != NULL;
    add_key(list, "rig_media");
    add_format(list, "IP%c %s", is_ipv6 ? '6' : '4', spec->local_host);
    if (spec->role == RIG_SIPP_AGENTS)
        return;
    char target[RIG_ADDRESS_SIZE + 2];
    const char *id = nonce->text;
    rig_address_for_uri(spec->local_host, local);
    rig_address_for_uri(spec->target_host, target);
    add_key(list, "rig_id"); /* in tags and branches: of this worker in this run */
    add_format(list, "%s", id);
    add_key(list, "rig_local");
    add_format(list, "%s:%u", local, ports[0]);
    add_key(list, "rig_via");
    add_format(list, "SIP/2.0/%s %s:%u;branch=z9hG4bK-%s-",
               spec->transport == RIG_TRANSPORT_TCP ? "TCP" : "UDP", local, ports[0], id);
    if (spec->role == RIG_SIPP_REGISTER) {
        add_option(list, "-auth_uri", spec->domain);
        return;
    }
    add_key(list, "rig_target");
    add_format(list, "%s:%u", target, spec->target_port);
    char *dialled = rig_injection_dialled(spec->dial);
    list->is_out_of_memory = list->is_out_of_memory || dialled == NULL;
    add_key(list, "rig_dialled");
    add_format(list, "sip:%s@%s:%u", dialled != NULL ? dialled : "", target, spec->target_port);
    add(list, "-auth_uri"); /* the Request-URI of the INVITE, as RFC 3261, 22.4 demands */
    add_format(list, "%s@%s:%u", dialled != NULL ? dialled : "", target, spec->target_port);
    free(dialled);
}

/* The first is the one that a field without a file is of. */
static void add_injection_files(const rig_sipp_spec *spec, arguments *list)
{
    add(list, "-inf");
    add_format(list, "%s.csv", spec->name);
    if (spec->role == RIG_SIPP_AGENTS) {
        add(list, "-infindex");
        add_format(list, "%s.csv", spec->name);
        add(list, "0");
    }
    if (spec->has_groups) {
        add_option(list, "-inf", RIG_SIPP_PHONES_CSV);
        add_option(list, "-infindex", RIG_SIPP_PHONES_CSV);
        add(list, "0");
    }
    if (spec->has_rings) {
        add_option(list, "-inf", RIG_SIPP_RINGS_CSV);
    }
}

/* Paths are relative to spec->folder. */
static void make_arguments(const rig_sipp_spec *spec, const rig_nonce *nonce,
                           const uint16_t ports[N_OWN_PORTS], uint16_t media_port, arguments *list)
{
    add(list, spec->sipp_path);
    if (spec->role != RIG_SIPP_AGENTS) {
        const bool is_callers = spec->role == RIG_SIPP_CALLERS;
        char target[RIG_ADDRESS_SIZE + 2];
        rig_address_for_uri(spec->target_host, target);
        add_format(list, "%s:%u", target, spec->target_port);
        add(list, "-sf");
        if (spec->scenario_fd > 0)
            add_format(list, "/proc/self/fd/%d", RIG_CHILD_KEPT_FD);
        else
            add(list, is_callers ? RIG_SIPP_CALLER_XML : RIG_SIPP_REGISTER_XML);
        add_option(list, "-oocsf", RIG_SIPP_STOP_XML);
        add(list, "-m");
        add_format(list, "%zu", spec->n_calls);
        add(list, "-l");
        add_format(list, "%zu", spec->n_calls);
        /* All calls are created at once; each waits for its own instant. */
        add_option(list, "-r", "20000");
        add_option(list, "-rp", "1000");
        add(list, "-cid_str");
        add_format(list, "r%%u-%%p-%s@%%s", nonce->text); /* row + 1, pid */
    } else {
        add_option(list, "-sf", RIG_SIPP_AGENT_XML);
    }
    add_constants(spec, nonce, ports, list);
    /* One connection for all calls: a trunk's way; one a call would need a descriptor a call. */
    add_option(list, "-t", spec->transport == RIG_TRANSPORT_TCP ? "t1" : "u1");
    add_injection_files(spec, list);
    add_option(list, "-i", spec->local_host);
    add_option(list, "-mi", spec->local_host);
    add(list, "-p");
    add_format(list, "%u", ports[0]);
    add_option(list, "-ci", "127.0.0.1"); /* the control socket is open to the world by default */
    add(list, "-cp");
    add_format(list, "%u", ports[1]);
    add(list, "-mp");
    add_format(list, "%u", media_port);
    add(list, "-nostdin"); /* else it reads commands and changes the terminal's mode */
    add_option(list, "-watchdog_interval", "0"); /* it would abort the run after a stall */
    add_option(list, "-deadcall_wait", "0");     /* 33 s of memory a call; the scenarios linger */
    add_option(list, "-default_behaviors", "none"); /* the scenarios answer what they expect */
    add_option(list, "-buff_size", RIG_SIPP_SOCKET_BYTES);
    add(list, "-trace_logs");
    add(list, "-log_file");
    add_format(list, "%s.log", spec->name);
    add(list, "-trace_err");
    add(list, "-error_file");
    add_format(list, "%s.errors", spec->name);
    list->argv[list->n] = NULL;
}

/* An earlier play in this folder must not explain a failure of this one. */
static void remove_old_errors(const rig_sipp_spec *spec)
{
    char *path;
    if (asprintf(&path, "%s/%s.errors", spec->folder, spec->name) < 0)
        return;
    (void)unlink(path);
    free(path);
}

void rig_sipp_last_error(const char *folder, const char *name, char *line, size_t size)
{
    static const char *const suffixes[] = {"errors", "err"};
    line[0] = '\0';
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes && line[0] == '\0'; i++) {
        char *path;
        if (asprintf(&path, "%s/%s.%s", folder, name, suffixes[i]) < 0)
            break;
        rig_child_last_line(path, line, size);
        if (strncmp(line, "Resolving remote host", strlen("Resolving remote host")) == 0)
            line[0] = '\0'; /* what it says whenever it starts */
        free(path);
    }
}

bool rig_sipp_peer_closed(rig_transport transport, int exit_code, const char *line)
{
    static const char *const words[] = {"remote peer", "reset by peer", "EPIPE", "not connected"};
    if (transport == RIG_TRANSPORT_UDP)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(line, words[i]) != NULL)
            return true;
    return exit_code == 1;
}

static rig_status fail_to_start(const rig_sipp_spec *spec, const char *what, rig_error *err)
{
    char line[400];
    rig_sipp_last_error(spec->folder, spec->name, line, sizeof line);
    return rig_fail(err, RIG_EENV, "sipp (%s): %s%s%s; see %s/%s.*", spec->name, what,
                    line[0] != '\0' ? ": " : "", line, spec->folder, spec->name);
}

/* Wait until the port is bound. *cannot_bind: somebody else has it. */
static rig_status wait_until_ready(const rig_sipp_spec *spec, rig_sipp_worker *worker,
                                   const rig_stop *stop, bool *cannot_bind, rig_error *err)
{
    int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(READY_TIMEOUT_S);
    *cannot_bind = false;
    for (;;) {
        rig_port_state state;
        bool has_ended = rig_child_has_ended(&worker->child);
        rig_status status =
            rig_port_state_read(worker->host, worker->port, worker->transport, &state, err);
        if (status != RIG_OK)
            return status;
        if (has_ended) {
            *cannot_bind = worker->child.exit_code == EXIT_CANNOT_BIND;
            return fail_to_start(spec, rig_sipp_exit_text(worker->child.exit_code), err);
        }
        if (rig_port_belongs_to(&state, worker->child.pid))
            return RIG_OK;
        if (rig_stop_is_set(stop))
            return rig_fail(err, RIG_ECANCELLED, "stopped");
        if (rig_clock_monotonic_ns() >= until_ns)
            return fail_to_start(spec, "does not bind its port", err);
        (void)nanosleep(&POLL_STEP, NULL);
    }
}

/* SIP and media in the range that was given, the control socket on 127.0.0.1. */
static rig_status find_own_ports(const rig_sipp_spec *spec, uint16_t ports[N_OWN_PORTS],
                                 uint16_t *media_port, rig_error *err)
{
    uint16_t found[RIG_SIPP_N_PORTS];
    rig_status status = rig_ports_find_free(spec->local_host, &spec->ports, RIG_SIPP_N_PORTS,
                                            RIG_SIPP_N_MEDIA_NEXT, found, err);
    if (status == RIG_OK)
        status = rig_ports_find_free("127.0.0.1", NULL, 1, 0, &ports[1], err);
    if (status != RIG_OK)
        return status;
    ports[0] = found[0];
    *media_port = found[1];
    return RIG_OK;
}

static rig_status start_once(const rig_sipp_spec *spec, const rig_stop *stop,
                             rig_sipp_worker *worker, bool *cannot_bind, rig_error *err)
{
    arguments list = {.n = 0};
    char *out_path = NULL, *err_path = NULL;
    uint16_t ports[N_OWN_PORTS], media_port;
    *cannot_bind = false;
    rig_status status = find_own_ports(spec, ports, &media_port, err);
    if (status != RIG_OK)
        return status;
    if (spec->port != 0)
        ports[0] = spec->port;
    rig_sipp_worker made = {.role = spec->role,
                            .transport = spec->transport,
                            .port = ports[0],
                            .media_port = media_port,
                            .secret = *spec->secret};
    rig_address local;
    if (!rig_address_make(spec->local_host, 0, &local))
        return rig_fail(err, RIG_EDOM, "%s: not an IP address", spec->local_host);
    rig_address_print(&local, made.host);

    remove_old_errors(spec);
    status = rig_nonce_make(&made.nonce, err);
    if (status != RIG_OK)
        return status;
    make_arguments(spec, &made.nonce, ports, media_port, &list);
    if (list.is_out_of_memory || asprintf(&out_path, "%s/%s.out", spec->folder, spec->name) < 0 ||
        asprintf(&err_path, "%s/%s.err", spec->folder, spec->name) < 0) {
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
        goto out;
    }
    const rig_child_spec child = {.argv = list.argv,
                                  .folder = spec->folder,
                                  .stdout_path = out_path,
                                  .stderr_path = err_path,
                                  .kept_fd = spec->scenario_fd,
                                  .run_as = spec->run_as};
    status = rig_child_start(&child, &made.child, err);
    if (status != RIG_OK)
        goto out;
    status = wait_until_ready(spec, &made, stop, cannot_bind, err);
    if (status == RIG_OK)
        *worker = made;
    else
        rig_child_end(&made.child, END_GRACE_S);
out:
    release_arguments(&list);
    free(out_path);
    free(err_path);
    return status;
}

rig_status rig_sipp_worker_start(const rig_sipp_spec *spec, const rig_stop *stop,
                                 rig_sipp_worker *worker, rig_error *err)
{
    rig_status status = RIG_OK;
    for (int try = 0; try < N_START_TRIES; try++) {
        bool cannot_bind;
        status = start_once(spec, stop, worker, &cannot_bind, err);
        if (status == RIG_OK || !cannot_bind || spec->port != 0)
            return status;
    }
    return status;
}

void rig_sipp_worker_count_drops(rig_sipp_worker *worker)
{
    rig_port_state state;
    if (worker->child.is_running &&
        rig_port_state_read(worker->host, worker->port, worker->transport, &state, NULL) ==
            RIG_OK &&
        state.n_drops > worker->n_drops)
        worker->n_drops = state.n_drops;
}

int rig_sipp_worker_connect(const rig_sipp_worker *worker, uint16_t own_port)
{
    rig_address own, to;
    bool is_tcp = worker->transport == RIG_TRANSPORT_TCP;
    const int yes = 1;
    if (!rig_address_make(worker->host, own_port, &own) ||
        !rig_address_make(worker->host, worker->port, &to)) {
        errno = EINVAL;
        return -1;
    }
    int fd =
        socket(rig_address_family(&own), (is_tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, &own.at.any, own.size) == 0 && connect(fd, &to.at.any, to.size) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static void close_stop_fd(rig_sipp_worker *worker)
{
    if (worker->stop_fd > 0)
        close(worker->stop_fd);
    worker->stop_fd = 0;
}

bool rig_sipp_worker_ask_to_stop(rig_sipp_worker *worker)
{
    rig_address own;
    if (!worker->child.is_running)
        return false;
    int fd = rig_sipp_worker_connect(worker, 0);
    if (fd < 0)
        return false;
    char request[1024], host[RIG_ADDRESS_SIZE + 2];
    int64_t id = rig_clock_monotonic_ns(); /* a new call each time: a lost one can be repeated */
    bool has_understood = false;
    rig_address_for_uri(worker->host, host);
    if (!rig_address_of_socket(fd, &own))
        goto out;
    int n = snprintf(request, sizeof request,
                     "OPTIONS sip:%s:%u SIP/2.0\r\n"
                     "Via: SIP/2.0/%s %s:%u;branch=z9hG4bKstop%" PRId64 "\r\n"
                     "From: <sip:peakrig@%s>;tag=stop\r\n"
                     "To: <sip:%s:%u>\r\n"
                     "Call-ID: stop%" PRId64 "@%s\r\n"
                     "CSeq: 1 OPTIONS\r\n"
                     "X-Rig-Stop: %s\r\n"
                     "Max-Forwards: 70\r\n"
                     "Content-Length: 0\r\n\r\n",
                     host, worker->port, worker->transport == RIG_TRANSPORT_TCP ? "TCP" : "UDP",
                     host, rig_address_port(&own), id, host, host, worker->port, id, host,
                     worker->secret.text);
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    has_understood = send(fd, request, (size_t)n, MSG_NOSIGNAL) == n &&
                     poll(&ready, 1, ANSWER_MS) > 0 &&
                     recv(fd, request, sizeof request, MSG_DONTWAIT) > 0;
out:
    close_stop_fd(worker);
    worker->stop_fd = fd;
    return has_understood;
}

void rig_sipp_worker_ask_to_exit(const rig_sipp_worker *worker)
{
    rig_child_signal(&worker->child, SIGUSR1);
}

void rig_sipp_worker_end(rig_sipp_worker *worker)
{
    if (worker == NULL)
        return;
    if (!rig_child_has_ended(&worker->child)) {
        worker->was_killed = worker->was_asked = true;
        rig_child_end(&worker->child, END_GRACE_S);
    }
    close_stop_fd(worker);
}
