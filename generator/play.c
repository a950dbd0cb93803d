/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/play.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/priority.h"
#include "generator/host_check.h"
#include "generator/play/deal.h"
#include "generator/play/injection.h"
#include "generator/play/play_run.h"
#include "generator/ports.h"
#include "generator/probe.h"
#include "generator/safety.h"
#include "generator/sipp_files.h"

static const double RATE_PER_WORKER = 2500.0;
static const double CALLS_PER_WORKER = 20000.0;
static const double AUDIO_CALLS_PER_WORKER = 500.0; /* 50 packets/s each */
static const double LEAD_S = 2.0;
static const double LEAD_PER_CALL_S = 1e-4;
static const double LEAD_STARTS =
    3.0;                           /* each worker may take so many times what the first one took */
static const double START_S = 2.0; /* of a SIPp, on load hosts that have not started one yet */
static const int64_t CALM_NS =
    RIG_NS_PER_S / 5; /* between the last registration and the first call */
static const double AFTER_LATEST_END_S = 40.0; /* more than SIP's longest time-out, 32 s */

const char *rig_play_phase_name(rig_play_phase phase)
{
    static const char *const names[] = {[RIG_PLAY_STARTING] = "starting",
                                        [RIG_PLAY_LEAD] = "waiting for the first call",
                                        [RIG_PLAY_PLACING] = "placing",
                                        [RIG_PLAY_DRAINING] = "draining",
                                        [RIG_PLAY_STOPPING] = "stopping"};
    return (unsigned)phase <= RIG_PLAY_STOPPING ? names[phase] : "?";
}

const char *rig_play_when(const rig_play_progress *progress, char *text)
{
    const char *phase = rig_play_phase_name(progress->phase);
    const double over_s = progress->elapsed_s - progress->duration_s;
    if (progress->phase == RIG_PLAY_STARTING || /* no time yet */
        (progress->phase == RIG_PLAY_STOPPING && progress->elapsed_s < 0.0))
        snprintf(text, RIG_PLAY_WHEN_SIZE, "%s", phase);
    else if (progress->elapsed_s < 0.0)
        snprintf(text, RIG_PLAY_WHEN_SIZE, "%s, in %.0f s", phase, -progress->elapsed_s);
    else if (over_s > 0.0)
        snprintf(text, RIG_PLAY_WHEN_SIZE, "%s, %.0f s after the last call was due", phase, over_s);
    else
        snprintf(text, RIG_PLAY_WHEN_SIZE, "%s %.0f of %.0f s", phase, progress->elapsed_s,
                 progress->duration_s);
    return text;
}

size_t rig_play_choose_workers(const rig_scenario *scenario, const rig_schedule *schedule)
{
    double rate_per_s = rig_traffic_peak_rate_per_s(&scenario->traffic) * scenario->time_scale;
    double n_at_once = fmin((double)schedule->n, rig_scenario_n_circuits(scenario));
    double calls_per_worker =
        scenario->callers.has_audio ? AUDIO_CALLS_PER_WORKER : CALLS_PER_WORKER;
    double n = fmax(ceil(rate_per_s / RATE_PER_WORKER), ceil(n_at_once / calls_per_worker));
    n = fmax(n, (double)scenario->load.n_local);
    n = fmin(fmax(n, 1.0), fmin(RIG_MAX_WORKERS, (double)schedule->n));
    return (size_t)n;
}

static size_t n_workers_wanted(const rig_scenario *scenario, const rig_schedule *schedule,
                               const rig_play_share *share, size_t n_wanted)
{
    const size_t n_hosts = share != NULL && share->n > 0 ? share->n : 1;
    if (n_wanted != 0 || scenario->load.n_workers != 0)
        return n_wanted != 0 ? n_wanted : scenario->load.n_workers;
    return (rig_play_choose_workers(scenario, schedule) + n_hosts - 1) / n_hosts;
}

size_t rig_play_n_workers(const rig_scenario *scenario, const rig_schedule *schedule,
                          const rig_play_share *share, size_t n_wanted)
{
    return rig_deal_n_workers(schedule, share,
                              n_workers_wanted(scenario, schedule, share, n_wanted));
}

double rig_play_deadline_s(const rig_scenario *scenario, const rig_schedule *schedule)
{
    return rig_schedule_latest_end_s(schedule, scenario) / scenario->time_scale +
           AFTER_LATEST_END_S;
}

/* Where the phones listen: options->agents_host, else the address from which we reach the target.
 */
static rig_status find_agents_host(rig_play_run *run, rig_error *err)
{
    const char *host = run->options->agents_host;
    rig_address address;
    if (run->options->share.without_phones)
        return RIG_OK;
    if (host == NULL)
        host = run->route.local;
    if (!rig_address_make(host, 0, &address))
        return rig_fail(err, RIG_EINPUT, "agents' address %s: expected an IP address", host);
    rig_address_print(&address, run->report.agents_host);
    return RIG_OK;
}

/* options->sipp_path has been asked by who found it. */
static rig_status find_sipp(rig_play_run *run, rig_error *err)
{
    const rig_play_options *options = run->options;
    rig_status status = RIG_OK;
    if (options->sipp_path == NULL)
        status = rig_sipp_find(NULL, &options->run_as, &run->own_sipp, err);
    run->sipp_path = options->sipp_path != NULL ? options->sipp_path : run->own_sipp;
    return status;
}

static rig_status prepare(rig_play_run *run, rig_error *err)
{
    const rig_play_options *options = run->options;
    if (run->schedule->n == 0)
        return rig_fail(err, RIG_EDOM, "the schedule has no calls");
    if (options->n_workers > RIG_MAX_WORKERS)
        return rig_fail(err, RIG_EDOM, "%zu workers; expected at most %d", options->n_workers,
                        RIG_MAX_WORKERS);
    rig_play_report *report = &run->report;
    const size_t n_wanted =
        n_workers_wanted(run->scenario, run->schedule, &options->share, options->n_workers);
    rig_status status = rig_deal_make(run->schedule, &options->share, n_wanted, &run->deal, err);
    if (status != RIG_OK)
        return status;
    report->n_planned = run->deal.n_own;
    report->n_workers = run->deal.n_workers;
    run->n_seen = calloc(run->schedule->n, sizeof *run->n_seen);
    run->said = calloc(run->schedule->n, sizeof *run->said);
    if (run->n_seen == NULL || run->said == NULL ||
        asprintf(&run->logs, "%s/logs", options->run_dir) < 0) {
        run->logs = NULL;
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    status = rig_route_find(options->target_host, options->target_port, &run->route, err);
    if (status == RIG_OK && options->caller_xml == NULL)
        status = rig_sipp_user_file_read(run->scenario, &run->own_xml, err);
    run->caller_xml = options->caller_xml != NULL ? options->caller_xml : run->own_xml;
    if (status == RIG_OK)
        status = rig_safety_check(run->scenario, run->caller_xml, run->schedule, &run->route,
                                  options->target_host, &options->permits, err);
    const rig_host_needs needs = {.n_workers = report->n_workers,
                                  .agents_host =
                                      options->share.without_phones ? NULL : options->agents_host,
                                  .agents_port = options->agents_port,
                                  .with_capture = !options->without_capture};
    if (status == RIG_OK)
        status = rig_host_check(run->scenario, run->schedule, &run->route, &needs, err);
    if (status == RIG_OK)
        status = find_agents_host(run, err);
    if (status == RIG_OK)
        status = rig_play_register_prepare(run, err);
    if (status == RIG_OK)
        status = find_sipp(run, err);
    if (status == RIG_OK)
        status = rig_probe(&run->route, run->scenario->target.transport, options->stop, err);
    if (status == RIG_OK && mkdir(run->logs, 0700) != 0 && errno != EEXIST)
        status =
            rig_fail(err, RIG_EIO, "%s: cannot make the folder: %s", run->logs, strerror(errno));
    if (status == RIG_OK)
        status = rig_secret_make(&run->secret, err);
    if (status == RIG_OK) {
        rig_sipp_tell_method(run->scenario, &run->secret, run->tell_method);
        status = rig_sipp_files_write(run->scenario, run->caller_xml, &run->secret, run->logs, err);
    }
    return status;
}

static rig_status start_agents(rig_play_run *run, rig_error *err)
{
    static const char NAME[] = "agents";
    char *path = rig_play_run_log_path(run, NAME, "csv");
    if (path == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = rig_injection_write_agents(run->schedule, run->scenario, path, err);
    free(path);
    if (status == RIG_OK)
        status = rig_injection_write_groups(run->schedule, run->scenario, run->logs, err);
    if (status == RIG_OK)
        status = rig_play_run_open_log(run, NAME, &run->agents_log, err);
    const rig_sipp_spec spec = {.role = RIG_SIPP_AGENTS,
                                .name = NAME,
                                .local_host = run->report.agents_host,
                                .has_groups = run->scenario->n_agents > 1,
                                .has_rings = rig_injection_has_rings(run->scenario),
                                .port = run->options->agents_port};
    if (status == RIG_OK)
        status = rig_play_run_start_worker(run, &spec, &run->agents, err);
    return status;
}

/* Where the worker's carrier comes in. */
static uint16_t port_of(const rig_play_run *run, size_t worker)
{
    const uint16_t carrier = run->deal.carrier[worker];
    return carrier < run->options->n_carriers ? run->options->carrier_ports[carrier]
                                              : run->route.port;
}

static rig_status start_callers(rig_play_run *run, size_t k, rig_error *err)
{
    char name[32], local_host[RIG_LOCAL_HOST_SIZE];
    rig_port_range range;
    rig_play_report *report = &run->report;
    rig_ports_of_worker(&run->scenario->load, run->route.local, k, local_host, &range);
    (void)snprintf(name, sizeof name, "callers%zu", k);
    report->callers[k].n_calls = run->deal.n_calls[k];
    char *path = rig_play_run_log_path(run, name, "csv");
    if (path == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = rig_injection_write_callers(
        run->schedule, run->scenario, report->start_epoch_ns, &run->deal, k, path, err);
    free(path);
    if (status == RIG_OK)
        status = rig_play_run_open_log(run, name, &run->caller_logs[k], err);
    int scenario_fd = -1;
    if (status == RIG_OK)
        status = rig_sipp_secret_open(run->scenario, &run->secret, &scenario_fd, err);
    const rig_sipp_spec spec = {.role = RIG_SIPP_CALLERS,
                                .scenario_fd = scenario_fd,
                                .name = name,
                                .local_host = local_host,
                                .ports = range,
                                .dial = run->scenario->callers.dial,
                                .target_host = run->route.target,
                                .target_port = port_of(run, k),
                                .n_calls = report->callers[k].n_calls};
    if (status == RIG_OK)
        status = rig_play_run_start_worker(run, &spec, &run->callers[k], err);
    if (scenario_fd >= 0)
        (void)close(scenario_fd);
    return status;
}

/* Opened before the last right is given up, begun after it: no thread has more than another. */
static rig_status start_capture(rig_play_run *run, rig_error *err)
{
    const rig_play_options *options = run->options;
    enum { N_PER_WORKER = 1 + RIG_SIPP_N_MEDIA_NEXT };
    rig_recorder_end ends[(RIG_MAX_WORKERS + 3) * N_PER_WORKER];
    size_t n = 0;
    char *path = NULL;
    rig_status status = RIG_OK;
    for (size_t k = 0; k < run->report.n_workers; k++)
        ends[n++] = (rig_recorder_end){.host = run->callers[k].host, .port = run->callers[k].port};
    if (!options->share.without_phones)
        ends[n++] = (rig_recorder_end){.host = run->agents.host, .port = run->agents.port};
    const rig_play_register *registrations = &run->registrations;
    const rig_sipp_worker *called = &run->call_backs.worker;
    if (run->call_backs.is_used)
        ends[n++] = (rig_recorder_end){.host = called->host, .port = called->port};
    if (registrations->group != NULL)
        ends[n++] = (rig_recorder_end){.host = registrations->worker.host,
                                       .port = registrations->worker.port};
    const size_t n_sip = n;
    for (size_t k = 0; options->with_media && k < run->report.n_workers; k++)
        for (uint16_t i = 0; i < RIG_SIPP_N_MEDIA_NEXT; i++)
            ends[n++] = (rig_recorder_end){.host = run->callers[k].host,
                                           .port = (uint16_t)(run->callers[k].media_port + i),
                                           .is_media = true};
    if (asprintf(&path, "%s/capture.pcap", options->run_dir) < 0)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    const rig_recorder_spec spec = {.interface = run->route.interface,
                                    .ends = ends,
                                    .n_ends = n,
                                    .own_port = run->tells_port,
                                    .path = path,
                                    .sink = options->packet,
                                    .ctx = options->packet_ctx};
    const rig_target *target = &run->scenario->target;
    const rig_outbound_spec outbound = {
        .ends = ends,
        .n_ends = n_sip,
        .target = run->route.target,
        .registrar = registrations->group != NULL ? registrations->route.target : NULL,
        .lists = {target->allow, options->permits.hosts},
        .n_lists = {target->n_allow, options->permits.n_hosts}};
    if (!options->without_capture)
        status = rig_recorder_open(&spec, &run->capture, err);
    if (status == RIG_OK && !options->without_capture)
        status = rig_outbound_open(&outbound, &run->outbound, err);
    if (status == RIG_OK && options->is_ready != NULL)
        status = options->is_ready(options->is_ready_ctx, err);
    if (status == RIG_OK && run->capture != NULL)
        status = rig_recorder_begin(run->capture, err);
    free(path);
    return status;
}

/* From one port of ours, which the capture leaves out. */
static rig_status connect_to_callers(rig_play_run *run, rig_error *err)
{
    rig_notices_spec *to = &run->to_callers;
    for (size_t k = 0; k < run->report.n_workers; k++) {
        const rig_sipp_worker *worker = &run->callers[k];
        run->caller_fds[k] = rig_sipp_worker_connect(worker, run->tells_port);
        if (run->caller_fds[k] < 0)
            return rig_fail(err, RIG_EENV, "%s:%u: cannot reach our own callers' SIPp: %s",
                            worker->host, worker->port, strerror(errno));
    }
    *to = (rig_notices_spec){.schedule = run->schedule,
                             .callers = run->callers,
                             .n_callers = run->report.n_workers,
                             .deal = &run->deal,
                             .with_talk = rig_sipp_is_quiet(run->scenario),
                             .method = run->tell_method,
                             .secret = &run->secret,
                             .fds = run->caller_fds,
                             .own_port = run->tells_port};
    return RIG_OK;
}

/* Who follows a log must find it: SIPp itself makes it at its first line.
 * @param[out] path  Of the log; heap. Untouched on error. */
static rig_status make_log(const rig_play_run *run, const char *name, char **path, rig_error *err)
{
    char *made = rig_play_run_log_path(run, name, "log");
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    const int fd = open(made, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) {
        rig_status status = rig_fail(err, RIG_EIO, "%s: cannot write: %s", made, strerror(errno));
        free(made);
        return status;
    }
    (void)close(fd);
    *path = made;
    return RIG_OK;
}

static rig_status start_redials(rig_play_run *run, rig_error *err)
{
    char *logs[RIG_MAX_WORKERS] = {NULL};
    rig_status status = RIG_OK;
    if (run->schedule->n_redials == 0)
        return RIG_OK;
    run->agents_fd = rig_sipp_worker_connect(&run->agents, run->tells_port);
    if (run->agents_fd < 0)
        status = rig_fail(err, RIG_EENV, "%s:%u: cannot reach our own agents' SIPp: %s",
                          run->agents.host, run->agents.port, strerror(errno));
    for (size_t k = 0; k < run->report.n_workers && status == RIG_OK; k++) {
        char name[32];
        (void)snprintf(name, sizeof name, "callers%zu", k);
        status = make_log(run, name, &logs[k], err);
    }
    const rig_redials_spec spec = {.scenario = run->scenario,
                                   .schedule = run->schedule,
                                   .to_callers = &run->to_callers,
                                   .logs = logs,
                                   .start_epoch_ns = run->report.start_epoch_ns,
                                   .agents = &run->agents,
                                   .agents_fd = run->agents_fd};
    if (status == RIG_OK)
        status = rig_redials_start(&spec, &run->redials, err);
    for (size_t k = 0; k < RIG_MAX_WORKERS; k++)
        free(logs[k]);
    return status;
}

static rig_status start_tells(rig_play_run *run, rig_error *err)
{
    char *path = NULL;
    rig_status status = connect_to_callers(run, err);
    if (status == RIG_OK)
        status = start_redials(run, err);
    if (status != RIG_OK || !rig_sipp_needs_tells(run->scenario))
        return status;
    status = make_log(run, "agents", &path, err);
    rig_notices_spec spec = run->to_callers;
    spec.agents_log = path;
    spec.redials = run->redials;
    if (status == RIG_OK)
        status = rig_notices_start(&spec, &run->tells, err);
    free(path);
    return status;
}

/* From here to the first call: SIPp reads the files, creates the calls, the capture begins. */
static rig_status start(rig_play_run *run, rig_error *err)
{
    const rig_play_share *share = &run->options->share;
    int64_t began_ns = rig_clock_monotonic_ns();
    rig_status status = share->without_phones ? RIG_OK : start_agents(run, err);
    if (status == RIG_OK && !share->without_phones)
        status = rig_play_call_backs_start(run, err);
    if (status != RIG_OK)
        return status;
    double start_s = rig_clock_s_of_ns(rig_clock_monotonic_ns() - began_ns);
    if (share->n > 0) /* who has no phones has started nothing yet */
        start_s = fmax(start_s, START_S);
    double lead_s = run->options->lead_s;
    if (lead_s <= 0)
        lead_s = LEAD_S + LEAD_PER_CALL_S * (double)run->schedule->n +
                 LEAD_STARTS * start_s * (double)run->report.n_workers;
    double deadline_s =
        rig_play_deadline_s(run->scenario, run->schedule) + rig_play_call_backs_last_s(run);
    int64_t lead_ns = rig_clock_ns_of_s(lead_s + rig_play_register_lead_s(run));
    run->report.start_epoch_ns = rig_clock_realtime_ns() + lead_ns;
    if (share->agree != NULL)
        status = share->agree(share->ctx, &run->report.start_epoch_ns, err);
    if (status != RIG_OK)
        return status;
    run->clock_offset_ns = rig_clock_realtime_ns() - rig_clock_monotonic_ns();
    const int64_t now_ns = rig_clock_monotonic_ns();
    lead_ns = run->report.start_epoch_ns - run->clock_offset_ns - now_ns;
    /* by then all is to be started; then the phones register */
    const int64_t started_ns = now_ns + lead_ns - rig_clock_ns_of_s(rig_play_register_lead_s(run));
    run->deadline_ns = now_ns + lead_ns + rig_clock_ns_of_s(deadline_s);
    status = rig_play_register_start(run, err);
    for (size_t k = 0; k < run->report.n_workers && status == RIG_OK; k++) {
        status = start_callers(run, k, err);
        rig_play_run_progress(run, RIG_PLAY_STARTING);
    }
    if (status == RIG_OK)
        status = rig_ports_find_free(run->route.local, NULL, 1, 0, &run->tells_port, err);
    if (status == RIG_OK)
        status = start_capture(run, err);
    if (status == RIG_OK)
        status = start_tells(run, err);
    if (status == RIG_OK && rig_clock_monotonic_ns() >= started_ns)
        status = rig_fail(
            err, RIG_EENV,
            "SIPp took longer than %.1f s to start; use a less busy host or a longer lead", lead_s);
    if (status == RIG_OK)
        status = rig_play_register_await(run, now_ns + lead_ns - CALM_NS, err);
    return status;
}

static void release(rig_play_run *run)
{
    for (size_t k = 0; k < RIG_MAX_WORKERS; k++)
        rig_sipp_log_free(run->caller_logs[k]);
    rig_sipp_log_free(run->agents_log);
    rig_play_register_clear(&run->registrations);
    rig_play_call_backs_clear(&run->call_backs);
    for (size_t k = 0; k < RIG_MAX_WORKERS; k++)
        if (run->caller_fds[k] > 0)
            close(run->caller_fds[k]);
    if (run->agents_fd > 0)
        close(run->agents_fd);
    rig_outbound_close(run->outbound);
    rig_deal_clear(&run->deal);
    free(run->n_seen);
    free(run->said);
    free(run->own_sipp);
    free(run->own_xml);
    free(run->logs);
    free(run);
}

rig_status rig_play(const rig_scenario *scenario, const rig_schedule *schedule,
                    const rig_play_options *options, rig_play_report *report, rig_error *err)
{
    rig_play_run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    run->scenario = scenario;
    run->schedule = schedule;
    run->options = options;
    run->report.load_nice = rig_priority_nice();
    rig_status status = prepare(run, err);
    if (status == RIG_OK)
        status = start(run, err);
    if (status != RIG_OK)
        goto out;

    status = rig_play_run_watch(run, err);
    if (run->capture != NULL) {
        rig_error why;
        if (rig_recorder_stop(run->capture, &run->report.capture, &why) != RIG_OK)
            (void)snprintf(run->report.uncaptured, sizeof run->report.uncaptured, "%.1500s",
                           why.text);
        run->capture = NULL;
    }
    if (status == RIG_OK)
        *report = run->report;
out:
    rig_play_run_end(run);
    (void)rig_notices_stop(run->tells);
    rig_redials_free(run->redials);
    rig_recorder_abandon(run->capture);
    release(run);
    return status;
}
