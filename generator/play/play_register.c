/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/play/play_register.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "generator/play/play_run.h"
#include "generator/register_file.h"
#include "generator/register_log.h"
#include "generator/safety.h"

/* Of the registrar's answers, beside RIG_REGISTER_PER_S: three of SIP's repetitions (RFC 3261,
 * 17.1.2.2: after 0.5, 1.5 and 3.5 s). */
static const double ANSWERS_S = 4.0;
static const double LEAVE_S = 3.0;
static const struct timespec TURN = {.tv_nsec = 20000000};
static const char NAME[] = "register";

rig_status rig_play_register_prepare(rig_play_run *run, rig_error *err)
{
    rig_play_register *r = &run->registrations;
    const rig_play_options *options = run->options;
    char host[RIG_ADDRESS_SIZE + 2];
    if (!options->share.without_phones)
        r->group = rig_scenario_registering(run->scenario);
    if (r->group == NULL)
        return RIG_OK;
    r->n_phones = r->group->n_agents;
    if (options->n_phones > 0 && options->n_phones < r->n_phones)
        r->n_phones = options->n_phones;
    const bool is_target = options->registrar_host == NULL;
    r->host = is_target ? options->target_host : options->registrar_host;
    r->is_known = calloc(r->n_phones, sizeof *r->is_known);
    if (r->is_known == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = rig_route_find(
        r->host, is_target ? options->target_port : options->registrar_port, &r->route, err);
    if (status == RIG_OK)
        status = rig_safety_check_host("registrar", r->host, &r->route, &run->scenario->target,
                                       &options->permits, err);
    if (status != RIG_OK)
        return status;
    rig_address_for_uri(r->route.target, host);
    (void)snprintf(run->report.registrar, sizeof run->report.registrar, "%s:%u", host,
                   r->route.port);
    run->report.n_phones = r->n_phones;
    return RIG_OK;
}

double rig_play_register_lead_s(const rig_play_run *run)
{
    const rig_play_register *r = &run->registrations;
    return r->group != NULL ? ANSWERS_S + r->n_phones / RIG_REGISTER_PER_S : 0.0;
}

/* ---- its files ---- */

/* A copy that people may see, and what SIPp reads where there is a password. */
static rig_status write_scenario(const rig_play_run *run, int *fd, rig_error *err)
{
    const rig_phone_register *registration = &run->registrations.group->registration;
    const rig_register_spec spec = {.registration = registration,
                                    .registrar_host = run->registrations.host,
                                    .contact_host = run->agents.host,
                                    .contact_port = run->agents.port,
                                    .transport = run->scenario->target.transport};
    const char *password = registration->password;
    char *text = NULL;
    rig_status status = rig_register_file_make(&spec, password != NULL ? "***" : "", &text, err);
    if (status == RIG_OK)
        status = rig_sipp_file_write(run->logs, RIG_SIPP_REGISTER_XML, text, err);
    free(text);
    if (status != RIG_OK || password == NULL)
        return status;
    status = rig_register_file_make(&spec, password, &text, err);
    return status == RIG_OK ? rig_sipp_memory_open("peakrig-register", text, fd, err) : status;
}

static rig_status write_rows(const rig_play_run *run, int64_t first_epoch_ns, rig_error *err)
{
    const rig_play_register *r = &run->registrations;
    char *path = rig_play_run_log_path(run, NAME, "csv");
    if (path == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status =
        rig_register_rows_write(&r->group->registration, r->n_phones, first_epoch_ns, path, err);
    free(path);
    return status;
}

rig_status rig_play_register_start(rig_play_run *run, rig_error *err)
{
    rig_play_register *r = &run->registrations;
    const int64_t lead_ns = rig_clock_ns_of_s(rig_play_register_lead_s(run));
    char domain[300];
    int fd = -1;
    if (r->group == NULL)
        return RIG_OK;
    const int64_t first_epoch_ns = run->report.start_epoch_ns - lead_ns;
    r->first_ns = rig_clock_monotonic_ns() + first_epoch_ns - rig_clock_realtime_ns();
    rig_register_domain(&r->group->registration, r->host, domain, sizeof domain);
    rig_status status = write_rows(run, first_epoch_ns, err);
    if (status == RIG_OK)
        status = rig_play_run_open_log(run, NAME, &r->log, err);
    if (status == RIG_OK)
        status = write_scenario(run, &fd, err);
    const rig_sipp_spec spec = {.role = RIG_SIPP_REGISTER,
                                .scenario_fd = fd,
                                .name = NAME,
                                .local_host = r->route.local,
                                .target_host = r->route.target,
                                .target_port = r->route.port,
                                .domain = domain,
                                .n_calls = r->n_phones};
    if (status == RIG_OK)
        status = rig_play_run_start_worker(run, &spec, &r->worker, err);
    if (fd >= 0)
        (void)close(fd);
    return status;
}

/* ---- what it says ---- */

static void fail(rig_play_run *run, const rig_register_line *line, bool was_registered,
                 double waited_s)
{
    rig_play_register *r = &run->registrations;
    const rig_register_about about = {.registration = &r->group->registration,
                                      .group = (size_t)(r->group - run->scenario->agents),
                                      .n_phones = r->n_phones,
                                      .registrar = run->report.registrar,
                                      .was_registered = was_registered,
                                      .waited_s = waited_s};
    if (r->failure[0] == '\0')
        rig_register_sentence(line, &about, r->failure, sizeof r->failure);
}

/* Which phone a user is. */
static bool find_phone(const rig_play_register *r, rig_slice user, uint32_t *phone)
{
    uint64_t first, number;
    const size_t n_name = rig_scenario_register_name(&r->group->registration, &first);
    if (user.n <= n_name || !rig_slice_u64(rig_slice_skip(user, n_name), &number) ||
        number - first >= r->n_phones)
        return false;
    *phone = (uint32_t)(number - first);
    return true;
}

static void on_line(void *ctx, rig_slice text)
{
    static const double TIMER_F_S = 32.0; /* RFC 3261, 17.1.2.2 */
    rig_play_run *run = ctx;
    rig_play_register *r = &run->registrations;
    rig_register_line line;
    uint32_t phone;
    if (!rig_register_line_parse(text, &line) || !find_phone(r, line.user, &phone))
        return;
    switch (line.event) {
    case RIG_REGISTER_DONE:
        run->report.n_registered += !r->is_known[phone];
        r->is_known[phone] = true;
        break;
    case RIG_REGISTER_REFUSED:
    case RIG_REGISTER_SHA:
    case RIG_REGISTER_SILENT:
        fail(run, &line, r->is_known[phone], TIMER_F_S);
        break;
    case RIG_REGISTER_REMOVED:
        run->report.n_unregistered++;
        break;
    case RIG_REGISTER_LONGER:
    case RIG_REGISTER_KEPT:
        break;
    }
}

static rig_status read_log(rig_play_run *run, rig_error *err)
{
    return rig_sipp_log_read(run->registrations.log, on_line, run, err);
}

/* The first phone that is not registered when it is too late. */
static void fail_silent(rig_play_run *run)
{
    const rig_play_register *r = &run->registrations;
    char user[RIG_USER_SIZE];
    uint32_t phone = 0;
    while (phone + 1 < r->n_phones && r->is_known[phone])
        phone++;
    rig_scenario_register_user(&r->group->registration, phone, user);
    const rig_register_line line = {.user = rig_slice_of(user), .event = RIG_REGISTER_SILENT};
    const double since_s =
        rig_clock_s_of_ns(rig_clock_monotonic_ns() - r->first_ns) - phone / RIG_REGISTER_PER_S;
    fail(run, &line, false, since_s);
}

rig_status rig_play_register_await(rig_play_run *run, int64_t until_ns, rig_error *err)
{
    rig_play_register *r = &run->registrations;
    rig_status status = RIG_OK;
    while (run->report.n_registered < r->n_phones && status == RIG_OK) {
        const bool has_ended = rig_child_has_ended(&r->worker.child);
        const bool is_over = rig_clock_monotonic_ns() >= until_ns;
        status = read_log(run, err); /* what it said at its end, too */
        if (status != RIG_OK || run->report.n_registered == r->n_phones)
            break;
        if (r->failure[0] == '\0' && has_ended) {
            char line[300];
            rig_sipp_last_error(run->logs, NAME, line, sizeof line);
            return rig_fail(err, RIG_EENV,
                            "the SIPp that registers our phones at %s ended (exit code %d)%s%s; "
                            "see %s/%s.*",
                            run->report.registrar, r->worker.child.exit_code,
                            line[0] != '\0' ? ": " : "", line, run->logs, NAME);
        }
        if (is_over)
            fail_silent(run);
        if (r->failure[0] != '\0')
            return rig_fail(err, RIG_EENV, "%s", r->failure);
        if (rig_stop_is_set(run->options->stop) || rig_outbound_look(run->outbound) != NULL)
            break; /* the play ends by these */
        rig_play_run_progress(run, RIG_PLAY_STARTING);
        (void)nanosleep(&TURN, NULL);
    }
    return status;
}

bool rig_play_register_watch(rig_play_run *run)
{
    rig_play_register *r = &run->registrations;
    char *trouble = run->report.trouble;
    if (r->group == NULL || read_log(run, NULL) != RIG_OK)
        return false;
    if (r->failure[0] != '\0' && trouble[0] == '\0')
        (void)snprintf(trouble, sizeof run->report.trouble, "%.330s, %.1f s into the run",
                       r->failure, rig_play_run_elapsed_s(run));
    return r->failure[0] != '\0';
}

/* ---- the end ---- */

void rig_play_register_ask_to_end(rig_play_run *run)
{
    rig_play_register *r = &run->registrations;
    if (r->group == NULL || r->asked_ns != 0 || rig_child_has_ended(&r->worker.child))
        return;
    r->asked_ns = rig_clock_monotonic_ns();
    r->worker.was_asked = true;
    for (int i = 0; i < 3 && !rig_sipp_worker_ask_to_stop(&r->worker); i++)
        ;
}

void rig_play_register_end(rig_play_run *run)
{
    rig_play_register *r = &run->registrations;
    if (r->group == NULL)
        return;
    const int64_t until_ns = r->asked_ns + rig_clock_ns_of_s(LEAVE_S);
    while (!rig_child_has_ended(&r->worker.child) && rig_clock_monotonic_ns() < until_ns)
        (void)nanosleep(&TURN, NULL);
    rig_sipp_worker_end(&r->worker);
    if (r->log != NULL)
        (void)read_log(run, NULL);
}

void rig_play_register_clear(rig_play_register *r)
{
    rig_sipp_log_free(r->log);
    free(r->is_known);
}
