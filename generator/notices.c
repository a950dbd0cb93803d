/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/notices.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "generator/play/redials.h"
#include "generator/sipp_files.h"
#include "generator/sipp_log.h"

enum { POLL_MS = 50 };

struct rig_notices {
    rig_notices_spec spec;
    rig_sipp_log *log;
    int watch;
    pthread_t thread;
    atomic_bool is_ending;
    uint64_t n_sent; /* all are different to SIPp, which takes the same one twice as a repetition */
    rig_notices_counts counts;
};

/* The planned call of a caller's number; schedule->n when there is none. */
static size_t index_of(const rig_schedule *schedule, uint64_t number)
{
    uint64_t first = schedule->n > 0 ? schedule->calls[0].number : 0;
    size_t i = number >= first ? (size_t)(number - first) : schedule->n;
    if (i < schedule->n && schedule->calls[i].number == number)
        return i;
    for (i = 0; i < schedule->n && schedule->calls[i].number != number; i++)
        ;
    return i;
}

/* A request to a SIPp of ours. */
static bool send_request(const rig_notices_spec *spec, const rig_sipp_worker *worker, int fd,
                         const char *method, const char *call_id, const char *header,
                         uint64_t n_sent)
{
    char text[1200], host[RIG_ADDRESS_SIZE + 2];
    rig_address_for_uri(worker->host, host);
    n_sent++;
    int n =
        snprintf(text, sizeof text,
                 "%s sip:peakrig@%s:%u SIP/2.0\r\n"
                 "Via: SIP/2.0/%s %s:%u;branch=z9hG4bKtell%" PRIu64 "\r\n"
                 "From: <sip:peakrig@%s>;tag=tell\r\n"
                 "To: <sip:peakrig@%s>\r\n"
                 "Call-ID: %s\r\n"
                 "CSeq: %" PRIu64 " %s\r\n"
                 "%s\r\n"
                 "Max-Forwards: 70\r\n"
                 "Content-Length: 0\r\n\r\n",
                 method, host, worker->port, worker->transport == RIG_TRANSPORT_TCP ? "TCP" : "UDP",
                 host, spec->own_port, n_sent, host, host, call_id, n_sent, method, header);
    ssize_t sent;
    if (n < 0 || (size_t)n >= sizeof text)
        return false;
    do
        sent = send(fd, text, (size_t)n, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == n;
}

static bool tell_call(const rig_notices_spec *spec, size_t index, const char *method,
                      const char *header, uint64_t n_sent)
{
    const size_t k = spec->deal->worker[index];
    const rig_sipp_worker *worker = &spec->callers[k];
    char call_id[RIG_ADDRESS_SIZE + 80];
    (void)snprintf(call_id, sizeof call_id, "r%zu-%d-%s@%s", (size_t)spec->deal->row[index] + 1,
                   (int)worker->child.pid, worker->nonce.text, worker->host);
    return send_request(spec, worker, spec->fds[k], method, call_id, header, n_sent);
}

static bool tell(const rig_notices_spec *spec, size_t index, rig_slice stage, uint64_t n_sent)
{
    char header[80];
    (void)snprintf(header, sizeof header, "X-Rig-Stage: %.*s", (int)stage.n, stage.p);
    return tell_call(spec, index, spec->method, header, n_sent);
}

bool rig_notices_tell(const rig_notices_spec *spec, size_t index, rig_notice_kind kind,
                      const char *text, uint64_t n_sent)
{
    char method[RIG_SIPP_METHOD_SIZE], header[80];
    (void)snprintf(method, sizeof method, "X-OVER-%s", spec->secret->text);
    (void)snprintf(header, sizeof header, "X-Rig-Due: %s", text);
    return tell_call(spec, index, kind == RIG_NOTICE_OVER ? method : spec->method, header, n_sent);
}

bool rig_notices_tell_phones(const rig_notices_spec *spec, const rig_sipp_worker *agents, int fd,
                             const char *row, uint64_t n_sent)
{
    char method[RIG_SIPP_METHOD_SIZE], call_id[80], header[400];
    (void)snprintf(method, sizeof method, "X-ROW-%s", spec->secret->text);
    (void)snprintf(call_id, sizeof call_id, "row%" PRIu64 "-%s", n_sent, agents->nonce.text);
    if ((size_t)snprintf(header, sizeof header, "X-Rig-Row: %s", row) >= sizeof header)
        return false;
    return send_request(spec, agents, fd, method, call_id, header, n_sent);
}

bool rig_notices_wake(const rig_notices_spec *spec, size_t index, uint64_t n_sent)
{
    return tell(spec, index, rig_slice_of("wake"), n_sent);
}

static void on_line(void *ctx, rig_slice line)
{
    rig_notices *tells = ctx;
    rig_notice_line parsed;
    if (!rig_notice_line_parse(line, &parsed))
        return;
    if (rig_slice_is(parsed.stage, "talk") && !tells->spec.with_talk)
        return;
    size_t index = index_of(tells->spec.schedule, parsed.number);
    if (index < tells->spec.schedule->n)
        index = rig_redials_row(tells->spec.redials, index);
    if (index < tells->spec.schedule->n && tell(&tells->spec, index, parsed.stage, ++tells->n_sent))
        tells->counts.n_told++;
    else
        tells->counts.n_failed++;
}

static void *run(void *arg)
{
    rig_notices *tells = arg;
    char events[4096];
    for (;;) {
        bool is_last = atomic_load(&tells->is_ending);
        (void)rig_sipp_log_read(tells->log, on_line, tells, NULL); /* the play reports its errors */
        if (is_last)
            return NULL;
        struct pollfd ready = {.fd = tells->watch, .events = POLLIN};
        if (poll(&ready, 1, POLL_MS) > 0)
            (void)!read(tells->watch, events, sizeof events);
    }
}

static void release(rig_notices *tells)
{
    if (tells->watch >= 0)
        close(tells->watch);
    rig_sipp_log_free(tells->log);
    free(tells);
}

rig_status rig_notices_start(const rig_notices_spec *spec, rig_notices **tells, rig_error *err)
{
    rig_notices *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->spec = *spec;
    made->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    rig_status status = rig_sipp_log_new(spec->agents_log, &made->log, err);
    if (status == RIG_OK &&
        (made->watch < 0 || inotify_add_watch(made->watch, spec->agents_log, IN_MODIFY) < 0))
        status =
            rig_fail(err, RIG_EENV, "%s: cannot watch it: %s", spec->agents_log, strerror(errno));
    if (status == RIG_OK) {
        /* Signals are for the thread that plays. */
        sigset_t all, before;
        sigfillset(&all);
        (void)pthread_sigmask(SIG_SETMASK, &all, &before);
        int failure = pthread_create(&made->thread, NULL, run, made);
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (failure != 0)
            status = rig_fail(err, RIG_ENOMEM, "cannot start a thread: %s", strerror(failure));
    }
    if (status == RIG_OK)
        *tells = made;
    else
        release(made);
    return status;
}

rig_notices_counts rig_notices_stop(rig_notices *tells)
{
    if (tells == NULL)
        return (rig_notices_counts){0};
    atomic_store(&tells->is_ending, true);
    (void)pthread_join(tells->thread, NULL);
    rig_notices_counts counts = tells->counts;
    release(tells);
    return counts;
}
