/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/play/redials.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "generator/play/injection.h"
#include "generator/sipp_log.h"
#include "scenarios/own_durations.h"

enum { POLL_MS = 20 };

/* A message that SIPp has lost is sent again after this time, as long as it is of use. */
static const int64_t AGAIN_NS = RIG_NS_PER_S;

/* What is known of a row. */
typedef enum row_state {
    ROW_WAITS = 0, /* its caller's call before it is not over */
    ROW_TOLD,      /* when to dial */
    ROW_NEVER,     /* told that it will not */
    ROW_OVER       /* its line has come */
} row_state;

struct rig_redials {
    rig_redials_spec spec;
    rig_sipp_log *logs[RIG_MAX_WORKERS];
    int watch;
    pthread_t thread;
    bool is_running;
    atomic_bool is_ending;
    atomic_uchar *state;   /* by row */
    atomic_uint *current;  /* by first row: the row that dials */
    int64_t *due_ns;       /* by row, of those told: epoch */
    uint32_t *asked_s;     /* by row: Retry-After of its refusal, wire time */
    uint32_t *n_in_second; /* calls due in each second on the wire */
    size_t n_seconds;
    int64_t again_ns; /* when to look for what must be sent again */
    uint64_t n_sent;
    rig_redials_counts counts;
};

static size_t second_of(const rig_redials *r, int64_t due_ns)
{
    const double s = rig_clock_s_of_ns(due_ns - r->spec.start_epoch_ns);
    return s <= 0.0 ? 0 : (size_t)fmin(s, (double)(r->n_seconds - 1));
}

static void count(rig_redials *r, bool is_sent)
{
    r->counts.n_failed += !is_sent;
}

static void tell_never(rig_redials *r, size_t row)
{
    atomic_store(&r->state[row], ROW_NEVER);
    count(r, rig_notices_tell(r->spec.to_callers, row, RIG_NOTICE_OVER, "", ++r->n_sent));
}

/* First the phones: they may ring as soon as he has dialled. */
static void tell_when(rig_redials *r, size_t row)
{
    const rig_schedule *schedule = r->spec.schedule;
    char when[40];
    char *phones =
        rig_injection_agents_row(schedule, r->spec.scenario, row); /* NULL: out of memory */
    (void)snprintf(when, sizeof when, "%" PRId64 ".%03" PRId64, r->due_ns[row] / 1000000,
                   r->due_ns[row] / 1000 % 1000);
    count(r, phones != NULL && rig_notices_tell_phones(r->spec.to_callers, r->spec.agents,
                                                       r->spec.agents_fd, phones, ++r->n_sent));
    free(phones);
    count(r, rig_notices_tell(r->spec.to_callers, row, RIG_NOTICE_DUE, when, ++r->n_sent));
}

/* @param lost_ns  When his call was over, epoch.
 * @param asked_s  The least that he has been asked to wait for. */
static void redial(rig_redials *r, size_t row, int64_t lost_ns, uint32_t asked_s)
{
    const rig_planned_call *call = &r->spec.schedule->calls[row];
    const double delay_s = fmax(call->redial_s / r->spec.scenario->time_scale, asked_s);
    r->due_ns[row] = lost_ns + rig_clock_ns_of_s(delay_s);
    uint32_t *n = &r->n_in_second[second_of(r, r->due_ns[row])];
    if ((double)*n + 1.0 > r->spec.scenario->limits.max_rate_per_s) {
        r->counts.n_withheld++;
        for (size_t k = row; k != 0; k = r->spec.schedule->calls[k].next)
            tell_never(r, k);
        return;
    }
    ++*n;
    r->counts.n_told++;
    atomic_store(&r->current[call->first], (unsigned)row);
    atomic_store(&r->state[row], ROW_TOLD);
    tell_when(r, row);
}

/* @return whether the line says what a refusal asked for. */
static bool note_asked(rig_redials *r, rig_slice line)
{
    const uint32_t most_s = rig_scenario_retry_after_wire_s(r->spec.scenario);
    rig_retry_line asked;
    if (!rig_retry_line_parse(line, &asked) || asked.planned_index >= r->spec.schedule->n)
        return false;
    r->asked_s[asked.planned_index] =
        asked.retry_after_s < most_s ? (uint32_t)asked.retry_after_s : most_s;
    return true;
}

static void on_line(void *ctx, rig_slice line)
{
    rig_redials *r = ctx;
    const rig_schedule *schedule = r->spec.schedule;
    rig_caller_line parsed;
    if (note_asked(r, line))
        return;
    if (!rig_caller_line_parse(line, &parsed) || parsed.planned_index >= schedule->n ||
        atomic_load(&r->state[parsed.planned_index]) == ROW_OVER)
        return;
    const rig_planned_call *call = &schedule->calls[parsed.planned_index];
    const bool was_waiting = atomic_load(&r->state[parsed.planned_index]) == ROW_NEVER;
    const bool is_content = call->self_service_s >= 0.0 &&
                            rig_caller_end_of_self_server(parsed.end) == RIG_CALLER_SELF_SERVED;
    atomic_store(&r->state[parsed.planned_index], ROW_OVER);
    if (was_waiting || call->next == 0)
        return;
    if (parsed.is_lost && !is_content) {
        redial(r, call->next, rig_clock_realtime_ns(), r->asked_s[parsed.planned_index]);
        return;
    }
    for (size_t k = call->next; k != 0; k = schedule->calls[k].next)
        tell_never(r, k);
}

/* SIPp's socket may have dropped a message. */
static void send_again(rig_redials *r)
{
    const int64_t now_ns = rig_clock_realtime_ns();
    if (rig_clock_monotonic_ns() < r->again_ns)
        return;
    r->again_ns = rig_clock_monotonic_ns() + AGAIN_NS;
    for (size_t row = rig_schedule_n_first(r->spec.schedule); row < r->spec.schedule->n; row++) {
        const unsigned char state = atomic_load(&r->state[row]);
        if (state == ROW_NEVER)
            tell_never(r, row);
        else if (state == ROW_TOLD && r->due_ns[row] > now_ns)
            tell_when(r, row);
    }
}

static void *run(void *arg)
{
    rig_redials *r = arg;
    char events[4096];
    while (!atomic_load(&r->is_ending)) {
        for (size_t k = 0; k < r->spec.to_callers->n_callers; k++)
            (void)rig_sipp_log_read(r->logs[k], on_line, r, NULL); /* the play reports its errors */
        send_again(r);
        struct pollfd ready = {.fd = r->watch, .events = POLLIN};
        if (poll(&ready, 1, POLL_MS) > 0)
            (void)!read(r->watch, events, sizeof events);
    }
    return NULL;
}

/* First calls, by the second in which they are due. */
static rig_status count_first(rig_redials *r)
{
    const rig_schedule *schedule = r->spec.schedule;
    const double scale = r->spec.scenario->time_scale;
    r->n_seconds = (size_t)(rig_schedule_latest_end_s(schedule, r->spec.scenario) / scale) + 2;
    r->n_in_second = calloc(r->n_seconds, sizeof *r->n_in_second);
    if (r->n_in_second == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < rig_schedule_n_first(schedule); i++)
        r->n_in_second[second_of(r, r->spec.start_epoch_ns +
                                        rig_clock_ns_of_s(schedule->calls[i].t_s / scale))]++;
    return RIG_OK;
}

static rig_status make(rig_redials *r, rig_error *err)
{
    const size_t n = r->spec.schedule->n;
    r->state = calloc(n + 1, sizeof *r->state);
    r->current = calloc(n + 1, sizeof *r->current);
    r->due_ns = calloc(n + 1, sizeof *r->due_ns);
    r->asked_s = calloc(n + 1, sizeof *r->asked_s);
    if (r->state == NULL || r->current == NULL || r->due_ns == NULL || r->asked_s == NULL ||
        count_first(r) != RIG_OK)
        return rig_fail(err, RIG_ENOMEM, "redials: out of memory");
    for (size_t i = 0; i < n; i++)
        atomic_init(&r->current[i], (unsigned)i);
    r->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    rig_status status = RIG_OK;
    for (size_t k = 0; k < r->spec.to_callers->n_callers && status == RIG_OK; k++) {
        status = rig_sipp_log_new(r->spec.logs[k], &r->logs[k], err);
        if (status == RIG_OK &&
            (r->watch < 0 || inotify_add_watch(r->watch, r->spec.logs[k], IN_MODIFY) < 0))
            status = rig_fail(err, RIG_EENV, "%s: cannot watch it: %s", r->spec.logs[k],
                              strerror(errno));
    }
    return status;
}

rig_status rig_redials_start(const rig_redials_spec *spec, rig_redials **redials, rig_error *err)
{
    rig_redials *r = calloc(1, sizeof *r);
    if (r == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    r->spec = *spec;
    r->watch = -1;
    rig_status status = make(r, err);
    if (status == RIG_OK) {
        /* Signals are for the thread that plays. */
        sigset_t all, before;
        sigfillset(&all);
        (void)pthread_sigmask(SIG_SETMASK, &all, &before);
        const int failure = pthread_create(&r->thread, NULL, run, r);
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
        r->is_running = failure == 0;
        if (failure != 0)
            status = rig_fail(err, RIG_ENOMEM, "cannot start a thread: %s", strerror(failure));
    }
    if (status == RIG_OK)
        *redials = r;
    else
        rig_redials_free(r);
    return status;
}

size_t rig_redials_row(const rig_redials *redials, size_t first)
{
    return redials != NULL ? atomic_load(&redials->current[first]) : first;
}

bool rig_redials_is_told(const rig_redials *redials, size_t row)
{
    /* a line may be read by another before it is by the thread: who has dialled was told */
    return redials != NULL &&
           (atomic_load(&redials->state[row]) == ROW_TOLD ||
            (atomic_load(&redials->state[row]) == ROW_OVER && redials->due_ns[row] != 0));
}

rig_redials_counts rig_redials_stop(rig_redials *redials)
{
    if (redials == NULL)
        return (rig_redials_counts){0};
    atomic_store(&redials->is_ending, true);
    if (redials->is_running)
        (void)pthread_join(redials->thread, NULL);
    redials->is_running = false;
    return redials->counts;
}

void rig_redials_free(rig_redials *redials)
{
    if (redials == NULL)
        return;
    (void)rig_redials_stop(redials);
    for (size_t k = 0; k < RIG_MAX_WORKERS; k++)
        rig_sipp_log_free(redials->logs[k]);
    if (redials->watch >= 0)
        close(redials->watch);
    free(redials->state);
    free(redials->current);
    free(redials->due_ns);
    free(redials->asked_s);
    free(redials->n_in_second);
    free(redials);
}
