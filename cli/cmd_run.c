/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/calls_csv.h"
#include "verdict/scenario_rules.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/run_centre.h"
#include "cli/run_setup.h"
#include "cli/run_files.h"
#include "cli/run_sums.h"
#include "verdict/cut_by_rig.h"
#include "cli/run_set_up.h"
#include "cli/run_recover.h"
#include "verdict/live_analysis.h"
#include "verdict/interim.h"
#include "cli/options.h"
#include "cli/preflight.h"
#include "cli/signals.h"
#include "core/atomic_file.h"
#include "core/digest.h"
#include "generator/play.h"
#include "generator/embedded.h"
#include "reports/json_file.h"
#include "reports/play_json.h"
#include "reports/prediction_json.h"
#include "reports/wire_json.h"

static const rig_usage_text usage = {
    "run", "SCENARIO",
    "Predict what each stage loses, play the same calls as SIP at the call centre, capture the\n"
    "wire, find where each call was lost, compare, and report. Exits with the verdict."};

/* What the command line says. */
typedef struct run_options {
    rig_run_setup_options setup;
    const char *out;
    bool is_json, is_quiet, is_dry, is_patient;
} run_options;

/* One run: what it owns until its end. */
typedef struct run {
    const run_options *options;
    const rig_stop *stop;
    rig_progress progress;
    rig_run_dir dir;
    rig_run_setup setup;
    rig_embedded *target;
    rig_live_analysis *live;
    rig_interim *looks;                           /* NULL: none is taken */
    rig_stop abandon;                             /* set when the embedded centre has died */
    char centre_end[RIG_PLAY_FACTS_TROUBLE_SIZE]; /* how; "" = it lives */
    rig_play_facts play;
    char schedule_sha256[RIG_SHA256_TEXT_SIZE];
    char capture_sha256[RIG_SHA256_TEXT_SIZE]; /* of the file as it is; "": not known yet */
    bool is_noted;                             /* play.json says that the run is under way */
    char last_words[2400];
} run;

static rig_carrier_ends carrier_ends(const run *r)
{
    return (rig_carrier_ends){r->setup.route.target, r->setup.carrier_ports, r->setup.n_carriers};
}

/* The rules by which the capture is read, where they are not the built-in ones: for the option
 * --rules of `peakrig analyze`. */
static rig_status write_rules(const run *r, rig_error *err)
{
    char *text = NULL;
    rig_atomic_file *file;
    const rig_carrier_ends carriers = carrier_ends(r);
    rig_status status = rig_judge_rules_text(r->setup.scenario, &carriers, &text);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: out of memory", r->dir.rules);
    if (text == NULL)
        return RIG_OK;
    status = rig_atomic_file_new(r->dir.rules, &file, err);
    if (status == RIG_OK) {
        (void)fputs(text, rig_atomic_file_stream(file));
        status = rig_atomic_file_commit(file, err);
    }
    free(text);
    return status;
}

static rig_status predict(run *r, rig_error *err)
{
    rig_prediction *prediction = NULL;
    json_t *document = NULL;
    char sha256[RIG_SHA256_TEXT_SIZE];
    const rig_predict_options how = {.n_replications = r->setup.scenario->gate.n_replays,
                                     .schedule = r->setup.schedule,
                                     .stop = r->stop};
    rig_status status = rig_scenario_write(r->setup.scenario, r->dir.scenario, err);
    if (status == RIG_OK)
        status = rig_digest_file(r->dir.scenario, sha256, err);
    if (status == RIG_OK)
        status = rig_schedule_write(r->setup.schedule, r->dir.schedule, sha256, err);
    if (status == RIG_OK)
        status = rig_digest_file(r->dir.schedule, r->schedule_sha256, err);
    if (status == RIG_OK)
        status = rig_predict(r->setup.scenario, &how, &prediction, err);
    if (status == RIG_OK &&
        rig_json_of_prediction(prediction, r->setup.scenario, sha256, &document))
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", r->dir.prediction);
    if (status == RIG_OK)
        status = rig_json_write(document, r->dir.prediction, err);
    json_decref(document);
    rig_prediction_free(prediction);
    return status;
}

/* Who plays, where, and what befell them. */
static void take_workers(const run *r, const rig_play_report *report, rig_play_facts *facts)
{
    facts->n_workers = report->n_workers;
    facts->n_socket_drops = report->agents.n_socket_drops;
    for (size_t i = 0; i < report->n_workers; i++) {
        const rig_play_worker *worker = &report->callers[i];
        facts->n_socket_drops += worker->n_socket_drops;
        facts->workers[i] = (rig_play_facts_worker){.port = worker->port,
                                                    .exit_code = worker->exit_code,
                                                    .n_calls = worker->n_calls,
                                                    .n_lines = worker->n_lines,
                                                    .n_late = worker->n_late,
                                                    .max_late_ms = worker->max_late_ms,
                                                    .n_socket_drops = worker->n_socket_drops};
        (void)snprintf(facts->workers[i].host, sizeof facts->workers[i].host, "%s", worker->host);
    }
    (void)snprintf(facts->agents_host, sizeof facts->agents_host, "%s", report->agents_host);
    facts->agents_port = report->agents.port;
    (void)snprintf(facts->trouble, sizeof facts->trouble, "%s",
                   r->centre_end[0] != '\0' ? r->centre_end : report->trouble);
}

/* The embedded centre must live: nobody answers any more. */
static void watch_target(run *r)
{
    rig_error why = {0};
    if (r->target == NULL || rig_stop_is_set(&r->abandon) ||
        rig_embedded_check(r->target, &why) == RIG_OK)
        return;
    (void)snprintf(r->centre_end, sizeof r->centre_end,
                   "the embedded call centre died in mid-run: %.300s; see logs/target.err",
                   why.text);
    rig_progress_say(&r->progress, "%s", r->centre_end);
    rig_stop_set(&r->abandon);
}

static void look(run *r, const rig_play_progress *p)
{
    rig_play_facts facts = {.n_workers = 0};
    if (r->looks == NULL || p->report == NULL)
        return;
    take_workers(r, p->report, &facts);
    const rig_interim_progress so_far = {.is_placing = p->phase == RIG_PLAY_PLACING,
                                         .start_epoch_ns = p->start_epoch_ns,
                                         .elapsed_s = p->elapsed_s,
                                         .n_packets = p->n_packets,
                                         .n_kernel_dropped = p->n_kernel_dropped,
                                         .play = &facts,
                                         .said = p->said};
    const char *found = rig_interim_turn(r->looks, &so_far);
    if (found != NULL)
        rig_progress_say(&r->progress, "%s", found);
}

/* What was played, as far as it is. */
static void take_play(run *r, const rig_play_report *report)
{
    r->play = (rig_play_facts){
        .start_epoch_ns = report->start_epoch_ns,
        .end_epoch_ns = report->end_epoch_ns,
        .stop_epoch_ns = report->stop_epoch_ns,
        .was_stopped = report->was_stopped && !report->was_given_up,
        .ran_over = report->ran_over,
        .n_planned = report->n_planned,
        .n_placed =
            report->n_sipp_lines + report->n_not_due - report->n_caller_ends[RIG_CALLER_NOT_PLACED],
        .n_missing_lines = report->n_missing_lines,
        .n_packets = report->capture.n_packets,
        .n_kernel_dropped = report->capture.n_kernel_dropped,
        .clock_step_ns = report->clock_step_ns,
        .clock_step_at_ns = report->clock_step_at_ns,
        .n_stopped = report->n_caller_ends[RIG_CALLER_NOT_PLACED],
        .n_told = report->tells.n_told,
    };
    for (int i = 0; i < RIG_N_PHONE_ENDS; i++)
        r->play.n_rung += report->n_agent_ends[i];
    take_workers(r, report, &r->play);
    (void)snprintf(r->play.elsewhere, sizeof r->play.elsewhere, "%s", report->elsewhere);
    char host[RIG_ADDRESS_SIZE + 2];
    rig_address_for_uri(r->setup.target_host, host);
    (void)snprintf(r->play.target, sizeof r->play.target, "%s%s:%u",
                   rig_target_is_embedded(&r->setup.scenario->target) ? "embedded " : "", host,
                   r->setup.target_port);
    (void)snprintf(r->play.target_address, sizeof r->play.target_address, "%s",
                   r->setup.route.target);
    (void)snprintf(r->play.sipp, sizeof r->play.sipp, "%s", r->setup.sipp);
    const rig_texts *defects = &r->options->setup.defects;
    for (r->play.n_defects = 0; r->play.n_defects < defects->n; r->play.n_defects++)
        (void)snprintf(r->play.defects[r->play.n_defects], RIG_PLAY_FACTS_DEFECT_SIZE, "%s",
                       defects->items[r->play.n_defects]);
}

/* For `peakrig diff`, should we come to no end: killed, out of memory, a full disk. */
static void note_under_way(run *r, const rig_play_progress *p)
{
    rig_error why = {0};
    if (r->is_noted || p->report == NULL)
        return;
    r->is_noted = true;
    take_play(r, p->report);
    r->play.end_epoch_ns = p->start_epoch_ns + rig_clock_ns_of_s(p->duration_s);
    (void)snprintf(r->play.trouble, sizeof r->play.trouble, "%s", RIG_RUN_UNDER_WAY);
    if (rig_json_play_write(&r->play, r->schedule_sha256, r->dir.play, &why) != RIG_OK)
        rig_progress_say(&r->progress, "%s", why.text);
    (void)snprintf(r->last_words, sizeof r->last_words,
                   "peakrig: stopped twice: ended at once; what was captured is in "
                   "%s.part-%ld; \"peakrig diff %.1000s\" takes it\n",
                   r->dir.capture, (long)getpid(), r->dir.dir);
    rig_signals_last_words(r->last_words);
}

static void show_play(void *ctx, const rig_play_progress *p)
{
    run *r = ctx;
    rig_live_counts live;
    note_under_way(r, p);
    watch_target(r);
    look(r, p);
    rig_live_analysis_read(r->live, &live);
    rig_progress_show(&r->progress,
                      "%s %.0f of %.0f s: %zu of %zu calls due, %llu on the wire, %llu up, "
                      "%llu lost at the trunk, %llu served",
                      rig_play_phase_name(p->phase), p->elapsed_s, p->duration_s, p->n_due,
                      p->n_planned, (unsigned long long)live.n_offered,
                      (unsigned long long)live.n_in_progress,
                      (unsigned long long)live.n_outcome[RIG_OUTCOME_LOST_TRUNK],
                      (unsigned long long)live.n_outcome[RIG_OUTCOME_SERVED]);
}

/* The file that the capture was written to must hold what was written: another program may have
 * changed it meanwhile. */
static void check_capture(run *r, const rig_recorder_totals *captured)
{
    struct stat file = {.st_size = 0};
    if (r->options->setup.capture != NULL || r->play.trouble[0] != '\0' ||
        (rig_digest_file(r->dir.capture, r->capture_sha256, NULL) == RIG_OK &&
         strcmp(r->capture_sha256, captured->sha256) == 0))
        return;
    char what[80] = "holds other bytes than were captured";
    if (stat(r->dir.capture, &file) != 0)
        (void)snprintf(what, sizeof what, "is gone");
    else if ((uint64_t)file.st_size != captured->n_bytes)
        (void)snprintf(what, sizeof what, "has %lld bytes, %llu were captured",
                       (long long)file.st_size, (unsigned long long)captured->n_bytes);
    (void)snprintf(r->play.trouble, sizeof r->play.trouble,
                   "the file of the capture was changed by another program while it was written: "
                   "%.200s %s; keep others away from it",
                   r->dir.capture, what);
}

static rig_status write_play(run *r, const rig_play_report *report, rig_error *err)
{
    take_play(r, report);
    if (r->looks != NULL)
        r->play.looks = rig_interim_end(r->looks, report->was_given_up ? RIG_INTERIM_GIVEN_UP
                                                                       : RIG_INTERIM_PLAYED);
    check_capture(r, &report->capture);
    if (rig_target_is_embedded(&r->setup.scenario->target))
        r->play.n_centre_offered = rig_run_centre_offered(r->dir.dir);
    return rig_json_play_write(&r->play, r->schedule_sha256, r->dir.play, err);
}

static rig_status give_up_rights(void *ctx, rig_error *err)
{
    (void)ctx;
    return rig_privilege_keep(RIG_RIGHTS_FILES, err);
}

static rig_status play(run *r, rig_error *err)
{
    rig_play_report report;
    const rig_carrier_ends carriers = carrier_ends(r);
    rig_status status = write_rules(r, err);
    if (status == RIG_OK)
        status = rig_live_analysis_new(r->setup.scenario, &carriers, &r->live, err);
    /* without a capture of our own there is nothing to look at */
    if (status == RIG_OK && !r->options->is_patient && r->options->setup.capture == NULL)
        status = rig_interim_new(r->setup.scenario, r->setup.schedule, r->live, &r->looks, err);
    if (status != RIG_OK)
        return status;
    rig_play_options how = rig_run_setup_play(&r->setup, &r->options->setup, r->dir.dir);
    how.is_ready = give_up_rights;
    how.n_workers = r->options->setup.n_workers;
    how.without_capture = r->options->setup.capture != NULL;
    how.packet = rig_live_analysis_packet;
    how.packet_ctx = r->live;
    how.progress = show_play;
    how.progress_ctx = r;
    how.stop = r->stop;
    how.give_up = r->looks != NULL ? rig_interim_give_up(r->looks) : NULL;
    how.abandon = &r->abandon;
    status = rig_play(r->setup.scenario, r->setup.schedule, &how, &report, err);
    rig_signals_last_words(NULL);
    rig_progress_end(&r->progress);
    if (status == RIG_OK && !report.was_stopped)
        watch_target(r); /* once more: it may have died at the end */
    (void)rig_embedded_free(r->target);
    r->target = NULL;
    return status == RIG_OK ? write_play(r, &report, err) : status;
}

static rig_status take_capture(run *r, rig_error *err)
{
    rig_error why = {0};
    rig_status status =
        rig_run_files_take_capture(r->options->setup.capture, &r->dir, r->capture_sha256, &why);
    if (status != RIG_OK)
        return rig_fail(err, status,
                        "%s; the calls were played: finish with \"peakrig diff %s --capture FILE\"",
                        why.text, r->dir.dir);
    return rig_run_sums_write(&r->dir, r->capture_sha256, err);
}

static rig_status write_calls(run *r, rig_error *err)
{
    rig_calls *calls = NULL;
    rig_wire_facts wire;
    if (r->options->setup.capture != NULL)
        return take_capture(r, err);
    rig_status status = rig_live_analysis_finish(r->live, &calls, err);
    if (status == RIG_OK)
        rig_cut_by_rig(calls, r->play.stop_epoch_ns);
    if (status == RIG_OK && r->capture_sha256[0] == '\0')
        status = rig_digest_file(r->dir.capture, r->capture_sha256, err);
    const rig_cdr_stamp stamps[] = {{"peakrig", PEAKRIG_VERSION},
                                    {"capture_sha256", r->capture_sha256}};
    if (status == RIG_OK)
        status = rig_cdr_write(calls, r->dir.calls, stamps, 2, err);
    if (status == RIG_OK)
        status = rig_run_sums_write(&r->dir, r->capture_sha256, err);
    rig_calls_free(calls);
    if (status == RIG_OK)
        status = rig_live_analysis_wire(
            r->live, &r->play, rig_run_set_up_until(&r->play, r->setup.scenario->time_scale),
            &wire);
    return status == RIG_OK ? rig_json_wire_write(&wire, r->capture_sha256, r->dir.wire, err)
                            : status;
}

/* A report without pictures is one all the same: the verdict stands. */
static rig_status report(run *r, rig_error *err)
{
    rig_error why = {0};
    rig_status status = rig_run_files_report(&r->dir, RIG_RUN_FILES_MASKED, &why);
    if (status == RIG_EENV) {
        (void)fprintf(stderr, "peakrig: %s\n", why.text);
        return RIG_OK;
    }
    return status == RIG_OK ? RIG_OK : rig_fail(err, status, "%s", why.text);
}

static rig_status run_all(run *r, const char *path, rig_judgement *judgement, rig_error *err)
{
    rig_status status = rig_run_setup_make(path, &r->options->setup, &r->setup, err);
    if (status == RIG_OK && r->options->is_dry)
        return rig_preflight(&r->setup, r->options->setup.n_workers,
                             r->options->is_json ? RIG_PREFLIGHT_JSON : RIG_PREFLIGHT_TEXT, err);
    if (status == RIG_OK)
        status = rig_run_dir_new(r->options->out, r->setup.scenario->name, &r->dir, err);
    if (status == RIG_OK)
        status = predict(r, err);
    if (status == RIG_OK && rig_target_is_embedded(&r->setup.scenario->target))
        status = rig_run_centre_start(&r->setup, &r->options->setup, r->dir.scenario, r->dir.dir,
                                      &r->target, err);
    if (status == RIG_OK) {
        char host[RIG_ADDRESS_SIZE + 2];
        rig_address_for_uri(r->setup.target_host, host);
        rig_progress_say(&r->progress, "%s: %zu calls in %.0f s at %s:%u, files in %s",
                         r->setup.scenario->name, r->setup.schedule->n,
                         r->setup.scenario->traffic.duration_s / r->setup.scenario->time_scale,
                         host, r->setup.target_port, r->dir.dir);
        for (size_t i = 0; i < r->options->setup.defects.n; i++)
            rig_progress_say(&r->progress, "the target is broken on purpose: %s",
                             r->options->setup.defects.items[i]);
        status = play(r, err);
    }
    (void)rig_embedded_free(r->target);
    r->target = NULL;
    if (status == RIG_OK)
        status = write_calls(r, err);
    /* a stop has ended the calls; what was done is judged and reported all the same */
    const rig_run_files_judge_options how = {&r->progress, NULL, r->options->is_json, false};
    if (status == RIG_OK)
        status = rig_run_files_judge(&r->dir, &how, judgement, err);
    (void)fflush(
        stdout); /* the verdict is there, whatever the pictures do; main() asks for errors */
    if (status == RIG_OK)
        status = report(r, err);
    return status;
}

int rig_cmd_run(int argc, char **argv)
{
    run_options options = {.out = NULL};
    rig_texts operands;
    const rig_option table[] = {
        {"target", 0, RIG_OPTION_TEXT, &options.setup.target, "HOST[:PORT]",
         "call this centre instead of the scenario's"},
        {"out", 'o', RIG_OPTION_TEXT, &options.out, "DIR",
         "write the files of the run there (runs/<UTC>-<name>)"},
        {"set", 0, RIG_OPTION_SETS, &options.setup.overrides, "KEY=VALUE",
         "override a value of the scenario"},
        {"target-set", 0, RIG_OPTION_SETS, &options.setup.target_overrides, "KEY=VALUE",
         "override a value for the embedded call centre only"},
        {"defect", 0, RIG_OPTION_TEXTS, &options.setup.defects, "DEFECT",
         "break the embedded call centre in this way; may be repeated; `peakrig target --defects` "
         "lists the ways"},
        {"allow", 0, RIG_OPTION_TEXTS, &options.setup.allow, "HOST",
         "allow calls to this address; loopback is always allowed"},
        {"allow-dial", 0, RIG_OPTION_TEXTS, &options.setup.allow_dial, "NUMBER",
         "allow to dial this number: short, or like an emergency number behind a code"},
        {"trust-xml", 0, RIG_OPTION_FLAG, &options.setup.trusts_xml, NULL,
         "let callers.sipp_xml do what a program may, and dial what it likes"},
        {"workers", 0, RIG_OPTION_COUNT, &options.setup.n_workers, "N",
         "SIPp processes for the callers (as many as needed)"},
        {"sipp", 0, RIG_OPTION_TEXT, &options.setup.sipp, "PROGRAM", "SIPp (found in PATH)"},
        {"user", 0, RIG_OPTION_TEXT, &options.setup.user, "NAME",
         "as root: run SIPp and the embedded call centre as this user (who called sudo)"},
        {"capture", 0, RIG_OPTION_TEXT, &options.setup.capture, "FILE",
         "judge from this capture, which another program writes during the run; capture nothing"},
        {"no-early-stop", 0, RIG_OPTION_FLAG, &options.is_patient, NULL,
         "place all calls, even when the run is certain to fail (looked at after 20, 40, 60, 80 "
         "%)"},
        {"dry-run", 0, RIG_OPTION_FLAG, &options.is_dry, NULL,
         "check all, print the plan, place no call (the same as `peakrig check`)"},
        {"json", 0, RIG_OPTION_FLAG, &options.is_json, NULL, "result.json on standard output"},
        {"quiet", 'q', RIG_OPTION_FLAG, &options.is_quiet, NULL, "no progress"},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, table, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("run", "expected one SCENARIO");
    rig_error err = {0};
    rig_judgement judgement = RIG_JUDGEMENT_INVALID;
    run r = {.options = &options, .stop = rig_signals_catch()};
    options.setup.stop = r.stop;
    options.setup.with_probe = !options.is_dry;
    rig_progress_start(&r.progress, options.is_quiet);
    rig_status status = run_all(&r, operands.items[0], &judgement, &err);
    rig_progress_end(&r.progress);
    if (status == RIG_OK && !options.is_json && !options.is_dry)
        printf("report: %s\n", r.dir.report);
    rig_interim_free(r.looks);
    rig_live_analysis_free(r.live);
    rig_run_setup_clear(&r.setup);
    if (status == RIG_OK && options.is_dry)
        return 0;
    return status == RIG_OK ? rig_judgement_exit_code(judgement) : rig_console_fail(&err);
}
