/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/play/play_run.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "generator/play/trouble.h"
#include "scenarios/scenario.h"

static const struct timespec TURN = {.tv_nsec = 100000000};
static const struct timespec SHORT_TURN = {.tv_nsec = 20000000};
enum { TURNS_PER_DROP_COUNT = 10 };

/* Of a stop, s: 9 in all. */
static const double CALLERS_STOP_S = 4.5;
static const double LINGER_S = 1.0;
static const double AGENTS_EXIT_S = 3.0;
static const double TERM_GRACE_S = 0.6;
static const int64_t REPEAT_STOP_NS = RIG_NS_PER_S;

char *rig_play_run_log_path(const rig_play_run *run, const char *name, const char *suffix)
{
    char *path;
    return asprintf(&path, "%s/%s.%s", run->logs, name, suffix) < 0 ? NULL : path;
}

rig_status rig_play_run_open_log(const rig_play_run *run, const char *name, rig_sipp_log **log,
                                 rig_error *err)
{
    char *path = rig_play_run_log_path(run, name, "log");
    if (path == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    (void)remove(path); /* of an earlier play in this folder */
    rig_status status = rig_sipp_log_new(path, log, err);
    free(path);
    return status;
}

rig_status rig_play_run_start_worker(const rig_play_run *run, const rig_sipp_spec *own,
                                     rig_sipp_worker *worker, rig_error *err)
{
    rig_sipp_spec spec = *own;
    spec.sipp_path = run->sipp_path;
    spec.secret = &run->secret;
    spec.run_as = &run->options->run_as;
    spec.folder = run->logs;
    spec.transport = run->scenario->target.transport;
    rig_status status = rig_privilege_give_folder(run->logs, &run->options->run_as, err);
    if (status == RIG_OK)
        status = rig_sipp_worker_start(&spec, run->options->stop, worker, err);
    return status;
}

typedef struct line_sink {
    rig_play_run *run;
    rig_play_worker *worker;
} line_sink;

static void on_caller_line(void *ctx, rig_slice line)
{
    line_sink *sink = ctx;
    rig_play_run *run = sink->run;
    rig_caller_line parsed;
    if (rig_retry_line_is(line)) /* that of the call follows */
        return;
    sink->worker->n_lines++;
    if (!rig_caller_line_parse(line, &parsed) || parsed.planned_index >= run->schedule->n) {
        sink->worker->n_bad_lines++;
        return;
    }
    uint8_t *n_seen = &run->n_seen[parsed.planned_index];
    const bool is_redial = run->schedule->calls[parsed.planned_index].attempt > 0;
    if (is_redial && parsed.end == RIG_CALLER_NOT_PLACED) { /* nobody had to redial */
        *n_seen = 1;
        return;
    }
    if (*n_seen == 0) {
        run->n_first_lines += !is_redial;
        const bool is_self_server = run->schedule->calls[parsed.planned_index].self_service_s >= 0;
        sink->worker->n_late += parsed.late_ms > RIG_LATE_MS;
        sink->worker->max_late_ms = fmax(sink->worker->max_late_ms, parsed.late_ms);
        run->report.n_sipp_lines++;
        run->said[parsed.planned_index] = rig_caller_line_said(&parsed);
        if (parsed.is_deflected)
            rig_play_call_backs_note_promise(run, parsed.planned_index);
        run->report.n_caller_ends[is_self_server ? rig_caller_end_of_self_server(parsed.end)
                                                 : parsed.end]++;
    } else if (*n_seen == 1) {
        run->report.n_repeated_lines++;
    }
    if (*n_seen < UINT8_MAX)
        ++*n_seen;
}

static void on_agent_line(void *ctx, rig_slice line)
{
    line_sink *sink = ctx;
    rig_agent_line parsed;
    rig_notice_line told;
    if (rig_notice_line_parse(line, &told))
        return; /* for the callers */
    sink->worker->n_lines++;
    if (rig_agent_line_parse(line, &parsed))
        sink->run->report.n_agent_ends[parsed.end]++;
    else
        sink->worker->n_bad_lines++;
}

static rig_status read_logs(rig_play_run *run, rig_error *err)
{
    rig_play_report *report = &run->report;
    for (size_t i = 0; i < report->n_workers; i++) {
        line_sink sink = {run, &report->callers[i]};
        rig_status status = rig_sipp_log_read(run->caller_logs[i], on_caller_line, &sink, err);
        if (status != RIG_OK)
            return status;
    }
    rig_status status = rig_play_call_backs_read(run, err);
    if (status != RIG_OK)
        return status;
    line_sink sink = {run, &report->agents};
    if (run->agents_log == NULL) /* the phones are another host's */
        return RIG_OK;
    return rig_sipp_log_read(run->agents_log, on_agent_line, &sink, err);
}

static void watch_clock(rig_play_run *run)
{
    int64_t offset_ns = rig_clock_realtime_ns() - rig_clock_monotonic_ns();
    int64_t step_ns = offset_ns - run->clock_offset_ns;
    if (llabs(step_ns) > llabs(run->report.clock_step_ns)) {
        run->report.clock_step_ns = step_ns;
        run->report.clock_step_at_ns = rig_clock_realtime_ns() - run->report.start_epoch_ns;
    }
}

static void count_drops(rig_play_run *run)
{
    for (size_t i = 0; i < run->report.n_workers; i++)
        rig_sipp_worker_count_drops(&run->callers[i]);
    rig_sipp_worker_count_drops(&run->agents);
    if (run->call_backs.is_used)
        rig_sipp_worker_count_drops(&run->call_backs.worker);
}

double rig_play_run_elapsed_s(const rig_play_run *run)
{
    return rig_clock_s_of_ns(rig_clock_realtime_ns() - run->report.start_epoch_ns);
}

void rig_play_run_progress(rig_play_run *run, rig_play_phase phase)
{
    const rig_schedule *schedule = run->schedule;
    const size_t n_first = rig_schedule_n_first(schedule);
    const double scale = run->scenario->time_scale;
    rig_play_progress progress = {.phase = phase,
                                  .duration_s = schedule->calls[n_first - 1].t_s / scale,
                                  .n_planned = n_first,
                                  .n_ended = run->report.n_sipp_lines};
    if (phase != RIG_PLAY_STARTING) {
        progress.start_epoch_ns = run->report.start_epoch_ns;
        progress.said = run->said;
        progress.report = &run->report;
        progress.elapsed_s = rig_play_run_elapsed_s(run);
        while (run->n_due < n_first &&
               schedule->calls[run->n_due].t_s / scale <= progress.elapsed_s)
            run->n_due++;
        progress.n_due = run->n_due;
        if (phase == RIG_PLAY_PLACING && progress.elapsed_s < 0)
            progress.phase = RIG_PLAY_LEAD;
        else if (phase == RIG_PLAY_PLACING && run->n_due == n_first)
            progress.phase = RIG_PLAY_DRAINING;
    }
    if (run->capture != NULL) {
        const rig_recorder_totals captured = rig_recorder_count(run->capture);
        progress.n_packets = captured.n_packets;
        progress.n_kernel_dropped = captured.n_kernel_dropped;
    }
    if (run->options->progress != NULL)
        run->options->progress(run->options->progress_ctx, &progress);
}

static bool have_callers_ended(rig_play_run *run)
{
    bool have = true;
    for (size_t i = 0; i < run->report.n_workers; i++)
        have = rig_child_has_ended(&run->callers[i].child) && have;
    return have;
}

/* End some processes together: SIGTERM to all, then SIGKILL to those that are left. */
static void end_together(rig_sipp_worker **workers, size_t n, bool is_kill)
{
    for (size_t i = 0; i < n; i++) {
        if (rig_child_has_ended(&workers[i]->child))
            continue;
        workers[i]->was_killed = is_kill;
        workers[i]->was_asked = true;
        rig_child_signal(&workers[i]->child, SIGTERM);
    }
    int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(TERM_GRACE_S);
    for (size_t i = 0; i < n; i++) {
        double left_s = rig_clock_s_of_ns(until_ns - rig_clock_monotonic_ns());
        if (!rig_child_wait(&workers[i]->child, left_s > 0 ? left_s : 0))
            rig_child_signal(&workers[i]->child, SIGKILL);
    }
    for (size_t i = 0; i < n; i++)
        (void)rig_child_wait(&workers[i]->child, 5.0);
}

/* Whether a call of the schedule is of our share. */
static bool is_ours(const rig_play_run *run, size_t row)
{
    return run->deal.worker[row] != RIG_DEAL_ELSEWHERE;
}

/* A call that has been placed, or will be in a moment, and is not over. */
static bool must_end(const rig_play_run *run, size_t row)
{
    const bool is_first = run->schedule->calls[row].attempt == 0;
    return run->n_seen[row] == 0 && is_ours(run, row) &&
           (is_first ? row < run->n_must_end : rig_redials_is_told(run->redials, row));
}

/* Wake the calls that have been placed and are not over. SIPp's socket buffer holds some thousand
 * datagrams: give it time to read. */
static void wake_calls(rig_play_run *run)
{
    enum { N_AT_ONCE = 200 };
    static const struct timespec REST = {.tv_nsec = 4000000};
    size_t n_woken = 0;
    for (size_t i = 0; i < run->schedule->n && run->to_callers.n_callers > 0; i++) {
        if (!must_end(run, i))
            continue;
        (void)rig_notices_wake(&run->to_callers, i, ++run->n_wakes);
        if (++n_woken % N_AT_ONCE == 0)
            (void)nanosleep(&REST, NULL);
    }
}

static bool have_placed_calls_ended(const rig_play_run *run)
{
    for (size_t i = 0; i < run->schedule->n; i++)
        if (must_end(run, i))
            return false;
    return true;
}

/* Every call that is up ends with CANCEL or BYE; what does not end in time is killed. Calls that
 * are not due for long need no end: their worker is just ended. */
static void stop_callers(rig_play_run *run)
{
    int64_t start_ns = rig_clock_monotonic_ns();
    int64_t until_ns = start_ns + rig_clock_ns_of_s(CALLERS_STOP_S);
    int64_t ask_ns = start_ns, ended_ns = 0;
    run->report.stop_epoch_ns = rig_clock_realtime_ns();
    rig_play_run_progress(run, RIG_PLAY_STOPPING);
    (void)rig_redials_stop(run->redials); /* nobody dials again */
    run->n_must_end = run->to_callers.n_callers > 0 ? run->n_due : 0;
    while (!have_callers_ended(run) && rig_clock_monotonic_ns() < until_ns) {
        int64_t now_ns = rig_clock_monotonic_ns();
        if (now_ns >= ask_ns) {
            for (size_t i = 0; i < run->report.n_workers; i++) {
                run->callers[i].was_asked = true;
                (void)rig_sipp_worker_ask_to_stop(&run->callers[i]);
            }
            wake_calls(run);
            ask_ns += REPEAT_STOP_NS;
        }
        watch_clock(run);
        count_drops(run);
        rig_play_run_progress(run, RIG_PLAY_STOPPING);
        if (read_logs(run, NULL) == RIG_OK && ended_ns == 0 && have_placed_calls_ended(run))
            ended_ns = now_ns;
        /* what comes late from the centre is still answered */
        if (ended_ns != 0 && now_ns >= ended_ns + rig_clock_ns_of_s(LINGER_S))
            break;
        (void)nanosleep(&TURN, NULL);
    }
    rig_sipp_worker *all[RIG_MAX_WORKERS];
    for (size_t i = 0; i < run->report.n_workers; i++)
        all[i] = &run->callers[i];
    end_together(all, run->report.n_workers, !have_placed_calls_ended(run));
}

/* One that answers calls: the agents', or that of callers who are called back. */
static void end_phones(rig_play_run *run, rig_sipp_worker *phones)
{
    int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(AGENTS_EXIT_S);
    /* No phone should be busy now; whichever is, the centre has forgotten it. SIPp takes USR1 as
     * "exit when there is no call"; a second one would abort those that are up. */
    for (bool asked = false;
         !asked && !rig_child_has_ended(&phones->child) && rig_clock_monotonic_ns() < until_ns;)
        asked = rig_sipp_worker_ask_to_stop(phones);
    rig_sipp_worker_ask_to_exit(phones);
    while (!rig_child_has_ended(&phones->child) && rig_clock_monotonic_ns() < until_ns) {
        rig_play_run_progress(run, RIG_PLAY_STOPPING);
        (void)nanosleep(&SHORT_TURN, NULL);
    }
    end_together(&phones, 1, true);
}

/* Calls of other hosts are up, and need the phones. */
static bool is_held(const rig_play_run *run)
{
    const rig_play_share *share = &run->options->share;
    return share->is_held != NULL && share->is_held(share->ctx);
}

/* A stop that all were asked for: theirs take as long as ours. */
static void await_others(rig_play_run *run)
{
    const int64_t until_ns =
        rig_clock_monotonic_ns() + rig_clock_ns_of_s(CALLERS_STOP_S + LINGER_S);
    while (is_held(run) && rig_clock_monotonic_ns() < until_ns) {
        rig_play_run_progress(run, RIG_PLAY_STOPPING);
        (void)nanosleep(&TURN, NULL);
    }
}

void rig_play_run_end(rig_play_run *run)
{
    if (!have_callers_ended(run))
        stop_callers(run);
    if (!rig_child_has_ended(&run->agents.child))
        await_others(run);
    rig_play_register_ask_to_end(run);
    if (run->call_backs.is_used && !rig_child_has_ended(&run->call_backs.worker.child))
        end_phones(run, &run->call_backs.worker);
    if (!rig_child_has_ended(&run->agents.child))
        end_phones(run, &run->agents);
    rig_play_register_end(run);
    for (size_t i = 0; i < run->report.n_workers; i++)
        rig_sipp_worker_end(&run->callers[i]); /* they have ended: closes what is left open */
    rig_sipp_worker_end(&run->agents);
    rig_sipp_worker_end(&run->call_backs.worker);
}

static void describe(const rig_sipp_worker *worker, rig_play_worker *of)
{
    of->pid = worker->child.pid;
    (void)snprintf(of->host, sizeof of->host, "%s", worker->host);
    of->port = worker->port;
    of->exit_code = worker->child.exit_code;
    of->was_killed = worker->was_killed;
    of->n_socket_drops = worker->n_drops;
}

static bool has_gone_elsewhere(rig_play_run *run)
{
    const char *found = rig_outbound_look(run->outbound);
    if (found != NULL)
        (void)snprintf(run->report.elsewhere, sizeof run->report.elsewhere, "%s", found);
    return found != NULL;
}

static void describe_all(rig_play_run *run)
{
    for (size_t i = 0; i < run->report.n_workers; i++)
        describe(&run->callers[i], &run->report.callers[i]);
    describe(&run->agents, &run->report.agents);
    if (run->call_backs.is_used)
        describe(&run->call_backs.worker, &run->report.call_backs);
}

/* Nothing answers any more: no call can be ended gracefully. */
static void abandon(rig_play_run *run)
{
    rig_sipp_worker *all[RIG_MAX_WORKERS + 3];
    size_t n = 0;
    run->n_must_end = run->n_due;
    for (size_t i = 0; i < run->report.n_workers; i++)
        all[n++] = &run->callers[i];
    all[n++] = &run->agents;
    if (run->call_backs.is_used)
        all[n++] = &run->call_backs.worker;
    if (run->registrations.group != NULL)
        all[n++] = &run->registrations.worker;
    end_together(all, n, true);
}

/* What came of the redials: they are calls of the plan once they were told when to dial. */
static void count_redials(rig_play_run *run, bool was_cut)
{
    rig_play_report *report = &run->report;
    report->redials = rig_redials_stop(run->redials);
    if (report->redials.n_withheld > 0 && report->trouble[0] == '\0')
        (void)snprintf(
            report->trouble, sizeof report->trouble,
            "%llu redials were not placed, for with them more than limits.max_rate_per_s "
            "= %g calls would have been due in a second; set a greater limit if the "
            "centre may be called so often",
            (unsigned long long)report->redials.n_withheld, run->scenario->limits.max_rate_per_s);
    report->n_planned += report->n_sipp_lines - run->n_first_lines;
    for (size_t i = rig_schedule_n_first(run->schedule); i < run->schedule->n && !was_cut; i++) {
        const bool is_missing = rig_redials_is_told(run->redials, i) && run->n_seen[i] == 0;
        report->n_missing_lines += is_missing;
        report->n_planned += is_missing;
    }
}

rig_status rig_play_run_watch(rig_play_run *run, rig_error *err)
{
    const rig_stop *stop = run->options->stop, *give_up = run->options->give_up;
    rig_play_report *report = &run->report;
    rig_status status = RIG_OK;
    bool is_uncaptured = false;
    describe_all(run); /* their addresses are asked for on the way */
    for (unsigned turn = 0;
         !have_callers_ended(run) || is_held(run) || !rig_play_call_backs_are_over(run); turn++) {
        report->was_stopped = rig_stop_is_set(stop);
        report->was_given_up = rig_stop_is_set(give_up);
        report->was_abandoned = rig_stop_is_set(run->options->abandon);
        report->ran_over = rig_clock_monotonic_ns() >= run->deadline_ns;
        report->was_broken_off = rig_play_register_watch(run);
        report->was_broken_off = rig_trouble_watch(run) || report->was_broken_off;
        if (report->was_stopped || report->was_given_up || report->was_abandoned ||
            report->was_broken_off || report->ran_over)
            break;
        /* without a whole capture nothing is proved: no further call is worth its while */
        is_uncaptured = run->capture != NULL && rig_recorder_has_failed(run->capture);
        if (is_uncaptured || has_gone_elsewhere(run))
            break;
        if (turn % TURNS_PER_DROP_COUNT == 0)
            count_drops(run);
        watch_clock(run);
        status = read_logs(run, err);
        if (status != RIG_OK)
            break;
        rig_play_run_progress(run, RIG_PLAY_PLACING);
        (void)nanosleep(&TURN, NULL); /* a signal may cut it short: so much the better */
    }
    run->callers_ended_s = rig_play_run_elapsed_s(run);
    if (report->was_abandoned)
        abandon(run);
    rig_play_run_end(run);
    (void)has_gone_elsewhere(run);
    report->tells = rig_notices_stop(run->tells);
    run->tells = NULL;
    report->end_epoch_ns = rig_clock_realtime_ns();
    watch_clock(run);
    if (status == RIG_OK)
        status = read_logs(run, err);
    rig_trouble_finish(run);

    describe_all(run);
    const bool was_cut = report->was_stopped || report->was_given_up || report->was_abandoned ||
                         report->was_broken_off || is_uncaptured || report->elsewhere[0] != '\0';
    for (size_t i = run->n_must_end; was_cut && i < rig_schedule_n_first(run->schedule); i++)
        report->n_not_due += run->n_seen[i] == 0 && is_ours(run, i);
    report->n_caller_ends[RIG_CALLER_NOT_PLACED] += report->n_not_due;
    report->n_missing_lines = run->deal.n_own - run->n_first_lines - report->n_not_due;
    count_redials(run, was_cut);
    return status;
}
