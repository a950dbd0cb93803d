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

static bool tell(const rig_notices_spec *spec, size_t index, rig_slice stage, uint64_t n_sent)
{
    const size_t k = spec->deal->worker[index];
    const rig_sipp_worker *worker = &spec->callers[k];
    const char *method = spec->method;
    char text[1024], host[RIG_ADDRESS_SIZE + 2];
    rig_address_for_uri(worker->host, host);
    n_sent++;
    int n = snprintf(text, sizeof text,
                     "%s sip:peakrig@%s:%u SIP/2.0\r\n"
                     "Via: SIP/2.0/%s %s:%u;branch=z9hG4bKtell%" PRIu64 "\r\n"
                     "From: <sip:peakrig@%s>;tag=tell\r\n"
                     "To: <sip:peakrig@%s>\r\n"
                     "Call-ID: r%zu-%d-%s@%s\r\n"
                     "CSeq: %" PRIu64 " %s\r\n"
                     "X-Rig-Stage: %.*s\r\n"
                     "Max-Forwards: 70\r\n"
                     "Content-Length: 0\r\n\r\n",
                     method, host, worker->port,
                     worker->transport == RIG_TRANSPORT_TCP ? "TCP" : "UDP", host, spec->own_port,
                     n_sent, host, host, (size_t)spec->deal->row[index] + 1, (int)worker->child.pid,
                     worker->nonce.text, worker->host, n_sent, method, (int)stage.n, stage.p);
    ssize_t sent;
    do
        sent = send(spec->fds[k], text, (size_t)n, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == n;
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
