/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_fleet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/console.h"
#include "cli/fleet_gather.h"
#include "cli/run_baseline.h"
#include "cli/run_centre.h"
#include "cli/run_files.h"
#include "cli/run_labels.h"
#include "cli/run_plan.h"
#include "cli/run_sums.h"
#include "cli/signals.h"
#include "core/priority.h"
#include "generator/sipp_files.h"
#include "reports/play_json.h"

/* One run, as a rank sees it. */
typedef struct fleet_run {
    const rig_run_fleet_options *options;
    rig_run_setup_options setup_options; /* with this rank's share */
    rig_ranks *ranks;
    rig_fleet *fleet;
    rig_progress *progress;
    rig_run_setup setup;
    rig_run_dir dir, own; /* of the run; of this rank */
    rig_run_baseline baseline;
    rig_embedded *centre; /* of rank 0 */
    rig_run_host host;
    rig_play_facts facts;
    char schedule_sha256[RIG_SHA256_TEXT_SIZE];
} fleet_run;

static bool is_first(const fleet_run *r)
{
    return rig_fleet_rank(r->fleet) == 0;
}

/* What rank 0 alone knows of the target once it runs. */
typedef struct target_ports {
    uint16_t target, carriers[RIG_MAX_GROUPS];
    size_t n_carriers;
} target_ports;

/* What only who has the phones and all callers can do. */
static rig_status check_scenario(const fleet_run *r, rig_error *err)
{
    const rig_scenario *s = r->setup.scenario;
    if (rig_sipp_needs_tells(s))
        return rig_fail(err, RIG_EINPUT,
                        "%s: target.marks: with --fleet callers cannot be told what only the "
                        "phones know; expected a target whose marks tell the stages, as the "
                        "embedded call centre's (\"phases\")",
                        s->path);
    if (s->callers.redial.p_redial > 0.0)
        return rig_fail(err, RIG_EINPUT,
                        "%s: callers.redial: with --fleet nobody can redial, for his phones are "
                        "another host's; expected share = 0",
                        s->path);
    if (rig_scenario_calls_back(s))
        return rig_fail(err, RIG_EINPUT,
                        "%s: call_back: with --fleet nobody can be called back, for his phone is "
                        "another host's; expected attempts = 0",
                        s->path);
    if (s->load.n_local > 0)
        return rig_fail(err, RIG_EINPUT,
                        "%s: load.local: with --fleet each host calls from its own address towards "
                        "the target; expected none",
                        s->path);
    if (rig_fleet_n(r->fleet) > RIG_MAX_WORKERS)
        return rig_fail(err, RIG_EINPUT, "%u load hosts; expected at most %d",
                        rig_fleet_n(r->fleet), RIG_MAX_WORKERS);
    if (rig_schedule_n_first(r->setup.schedule) < rig_fleet_n(r->fleet))
        return rig_fail(err, RIG_EINPUT, "%s: %zu calls for %u load hosts; expected one for each",
                        s->path, rig_schedule_n_first(r->setup.schedule), rig_fleet_n(r->fleet));
    return RIG_OK;
}

/* All workers of all hosts have a place in the facts of the play. */
static rig_status check_workers(const fleet_run *r, rig_error *err)
{
    const size_t n = rig_play_n_workers(r->setup.scenario, r->setup.schedule,
                                        &r->setup_options.share, r->setup_options.n_workers);
    if (n * rig_fleet_n(r->fleet) <= RIG_MAX_WORKERS)
        return RIG_OK;
    return rig_fail(err, RIG_EINPUT,
                    "%zu SIPp for the callers on each of %u load hosts; expected at most %d in all "
                    "(--workers)",
                    n, rig_fleet_n(r->fleet), RIG_MAX_WORKERS);
}

static rig_status set_up(fleet_run *r, const char *path, rig_error *err)
{
    rig_status status = rig_run_history_check(r->options->history, err);
    if (status == RIG_OK)
        status = rig_run_setup_make(path, &r->setup_options, &r->setup, err);
    if (status == RIG_OK)
        status = check_scenario(r, err);
    if (status == RIG_OK)
        status = check_workers(r, err);
    return rig_ranks_agree(r->ranks, "set-up", "", status, err);
}

/* ---- folders ---- */

/* Rank 0's name of it, everywhere the same. */
static rig_status spread_folder(fleet_run *r, rig_error *err)
{
    char *name = is_first(r) ? r->dir.dir : NULL;
    size_t n = strlen(r->dir.dir);
    rig_status status = rig_ranks_spread(r->ranks, &name, &n, err);
    if (status != RIG_OK || is_first(r))
        return status;
    status = rig_run_dir_of(name, &r->dir, err);
    free(name);
    return status;
}

/* DIR/rank-K: on a host of its own with the folders above it, which may be there. */
static rig_status make_own_folder(fleet_run *r, rig_error *err)
{
    char path[1100], parent[1024];
    (void)snprintf(parent, sizeof parent, "%s", r->dir.dir);
    for (char *slash = strchr(parent + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(parent, 0777);
        *slash = '/';
    }
    (void)mkdir(r->dir.dir, 0700);
    if ((size_t)snprintf(path, sizeof path, RIG_RUN_RANK_FORMAT, r->dir.dir,
                         rig_fleet_rank(r->fleet)) >= sizeof r->own.dir)
        return rig_fail(err, RIG_EINPUT, "%s: expected a shorter name", r->dir.dir);
    return rig_run_dir_new(path, r->setup.scenario->name, &r->own, err);
}

static rig_status make_folders(fleet_run *r, rig_error *err)
{
    rig_status status = RIG_OK;
    if (is_first(r))
        status = rig_run_dir_new(r->options->out, r->setup.scenario->name, &r->dir, err);
    status = rig_ranks_agree(r->ranks, "folder", "", status, err);
    if (status == RIG_OK)
        status = spread_folder(r, err);
    if (status == RIG_OK)
        status = rig_ranks_agree(r->ranks, "own folder", "", make_own_folder(r, err), err);
    return status;
}

/* ---- before the first call ---- */

/* All must have drawn the same calls. */
static rig_status write_plan(fleet_run *r, rig_error *err)
{
    char sha256[RIG_SHA256_TEXT_SIZE] = "";
    rig_prediction *prediction = NULL;
    const rig_run_dir *dir = is_first(r) ? &r->dir : &r->own;
    rig_status status = rig_run_plan_write(&r->setup, dir, sha256, r->schedule_sha256, err);
    status = rig_ranks_agree(r->ranks, "schedule", r->schedule_sha256, status, err);
    if (status != RIG_OK || !is_first(r))
        return status;
    status =
        rig_run_plan_predict(&r->setup, &r->dir, sha256, r->setup_options.stop, &prediction, err);
    rig_prediction_free(prediction);
    return status;
}

static rig_status start_centre(fleet_run *r, rig_error *err)
{
    if (!is_first(r) || !rig_target_is_embedded(&r->setup.scenario->target))
        return RIG_OK;
    return rig_run_centre_start(&r->setup, &r->setup_options, r->dir.scenario, r->dir.dir,
                                &r->centre, err);
}

/* Where the embedded centre listens, its port chosen by now. */
static rig_status spread_target(fleet_run *r, rig_error *err)
{
    target_ports ports = {.target = r->setup.target_port, .n_carriers = r->setup.n_carriers};
    char *bytes = is_first(r) ? (char *)&ports : NULL;
    size_t n = sizeof ports - 1; /* and the byte behind them */
    memcpy(ports.carriers, r->setup.carrier_ports, sizeof ports.carriers);
    rig_status status = rig_ranks_spread(r->ranks, &bytes, &n, err);
    if (status != RIG_OK || is_first(r))
        return status;
    memcpy(&ports, bytes, sizeof ports);
    free(bytes);
    r->setup.target_port = ports.target;
    r->setup.n_carriers = ports.n_carriers;
    memcpy(r->setup.carrier_ports, ports.carriers, sizeof ports.carriers);
    return RIG_OK;
}

static rig_status prepare(fleet_run *r, rig_error *err)
{
    rig_status status = RIG_OK;
    if (is_first(r))
        status = rig_run_baseline_find_for(r->options->history, &r->dir, r->setup.scenario->name,
                                           &r->baseline, err);
    if (status == RIG_OK && is_first(r))
        status = rig_run_labels_write(&r->dir, &r->options->history->labels, err);
    status = rig_ranks_agree(r->ranks, "baseline", "", status, err);
    if (status == RIG_OK)
        status = rig_ranks_agree(r->ranks, "plan", "", write_plan(r, err), err);
    if (status == RIG_OK)
        status = rig_ranks_agree(r->ranks, "call centre", "", start_centre(r, err), err);
    return status == RIG_OK ? spread_target(r, err) : status;
}

/* ---- the play, and what comes of it ---- */

static rig_status play(fleet_run *r, rig_error *err)
{
    char host[RIG_ADDRESS_SIZE + 2];
    r->host.fleet = r->fleet;
    r->host.progress = r->progress;
    r->host.setup = &r->setup;
    r->host.options = &r->setup_options;
    r->host.dir = r->own.dir;
    r->host.stop = r->setup_options.stop;
    r->host.centre = r->centre;
    rig_address_for_uri(r->setup.target_host, host);
    if (is_first(r))
        rig_progress_say(r->progress,
                         "%s: %zu calls in %.0f s at %s:%u from %u load hosts, files in %s",
                         r->setup.scenario->name, rig_schedule_n_first(r->setup.schedule),
                         r->setup.scenario->traffic.duration_s / r->setup.scenario->time_scale,
                         host, r->setup.target_port, rig_fleet_n(r->fleet), r->dir.dir);
    rig_status status = rig_run_host_play(&r->host, err);
    rig_progress_end(r->progress);
    (void)rig_embedded_free(r->centre);
    r->centre = NULL;
    return status;
}

static rig_status gather(fleet_run *r, rig_error *err)
{
    rig_status status = rig_run_host_gather(&r->host, &r->dir, &r->facts, err);
    if (status == RIG_OK && rig_target_is_embedded(&r->setup.scenario->target))
        rig_run_centre_count(r->dir.dir, &r->facts);
    return status;
}

/* From the files, as `diff` does it. */
static rig_status judge(fleet_run *r, rig_judgement *judgement, rig_error *err)
{
    char sha256[RIG_SHA256_TEXT_SIZE];
    const rig_run_files_judge_options how = {.progress = r->progress,
                                             .is_json = r->options->is_json,
                                             .history = r->options->history,
                                             .baseline = &r->baseline};
    rig_status status = rig_run_plan_write_rules(&r->setup, &r->dir, err);
    if (status == RIG_OK)
        status = rig_json_play_write(&r->facts, r->schedule_sha256, r->dir.play, err);
    if (status == RIG_OK)
        status = rig_run_files_take_capture(r->dir.capture, &r->dir, sha256, err);
    if (status == RIG_OK)
        status = rig_run_sums_write(&r->dir, sha256, err);
    if (status == RIG_OK)
        status = rig_run_files_judge(&r->dir, &how, judgement, err);
    (void)fflush(stdout);
    return status;
}

static rig_status conclude(fleet_run *r, rig_judgement *judgement, rig_error *err)
{
    if (!is_first(r)) {
        rig_run_host_send(&r->host);
        *judgement = RIG_JUDGEMENT_PASS;
        return RIG_OK;
    }
    rig_status status = gather(r, err);
    if (status == RIG_OK)
        status = judge(r, judgement, err);
    return status == RIG_OK ? rig_run_files_report_at_end(&r->dir, err) : status;
}

static rig_status run_all(fleet_run *r, const char *path, rig_judgement *judgement, rig_error *err)
{
    rig_status status = rig_fleet_new(r->ranks, &r->fleet, err);
    if (status == RIG_OK) {
        r->setup_options.share = (rig_play_share){.index = rig_fleet_rank(r->fleet),
                                                  .n = rig_fleet_n(r->fleet),
                                                  .without_phones = !is_first(r)};
        status = set_up(r, path, err);
    }
    if (status == RIG_OK)
        status = make_folders(r, err);
    const bool is_raised = rig_priority_raise(); /* the load goes before all that can wait */
    if (status == RIG_OK)
        status = prepare(r, err);
    if (status == RIG_OK)
        status = play(r, err);
    (void)rig_embedded_free(r->centre);
    rig_priority_lower(is_raised);
    return status == RIG_OK ? conclude(r, judgement, err) : status;
}

int rig_run_fleet(const char *path, const rig_run_fleet_options *options, rig_ranks *ranks)
{
    rig_error err = {0};
    rig_judgement judgement = RIG_JUDGEMENT_INVALID;
    rig_progress progress;
    fleet_run *r = calloc(1, sizeof *r);
    if (r == NULL) {
        (void)rig_fail(&err, RIG_ENOMEM, "out of memory");
        return rig_console_fail(&err);
    }
    const bool is_shown = rig_ranks_is_leader(ranks);
    rig_progress_start(&progress, options->is_quiet || !is_shown);
    *r = (fleet_run){.options = options,
                     .setup_options = *options->setup,
                     .ranks = ranks,
                     .progress = &progress};
    r->setup_options.stop = rig_signals_catch();
    r->setup_options.with_probe = true;
    const rig_status status = run_all(r, path, &judgement, &err);
    rig_progress_end(&progress);
    if (status == RIG_OK && !options->is_json && is_shown)
        rig_console_print("report: %s\n", r->dir.report);
    rig_run_baseline_clear(&r->baseline);
    rig_run_setup_clear(&r->setup);
    rig_fleet_free(r->fleet);
    free(r);
    return status == RIG_OK ? rig_judgement_exit_code(judgement) : rig_console_fail(&err);
}
