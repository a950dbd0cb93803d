/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/calls_csv.h"
#include "verdict/scenario_rules.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/run_centre.h"
#include "cli/find_marks.h"
#include "cli/run_setup.h"
#include "cli/run_files.h"
#include "cli/run_fleet.h"
#include "cli/run_labels.h"
#include "cli/run_live.h"
#include "cli/run_plan.h"
#include "cli/run_play_facts.h"
#include "cli/run_sums.h"
#include "verdict/cut_by_rig.h"
#include "cli/run_set_up.h"
#include "cli/run_recover.h"
#include "verdict/live_analysis.h"
#include "verdict/interim.h"
#include "cli/options.h"
#include "cli/preflight.h"
#include "cli/several.h"
#include "cli/signals.h"
#include "core/digest.h"
#include "core/priority.h"
#include "generator/play.h"
#include "generator/embedded.h"
#include "reports/play_json.h"
#include "reports/wire_json.h"

static const rig_usage_text usage = {
    "run", "SCENARIO",
    N_("Predict what each stage loses, play the same calls as SIP at the call centre, capture the\n"
       "wire, find where each call was lost, compare, and report. Exits with the verdict.")};

/* What the command line says. */
typedef struct run_options {
    rig_run_setup_options setup;
    rig_run_history_options history;
    const char *out;
    const char *serve;
    bool is_json, is_quiet, is_dry, is_patient, is_fleet;
} run_options;

/* One run: what it owns until its end. */
typedef struct run {
    const run_options *options;
    const rig_stop *stop;
    rig_progress progress;
    rig_run_live board;
    char summary[RIG_VERDICT_TEXT_SIZE];
    rig_run_dir dir;
    rig_run_setup setup;
    rig_run_baseline baseline;
    rig_embedded *target;
    rig_live_analysis *live;
    rig_interim *looks;                           /* NULL: none is taken */
    rig_stop abandon;                             /* set when the embedded centre has died */
    char centre_end[RIG_PLAY_FACTS_TROUBLE_SIZE]; /* how; "" = it lives */
    rig_play_facts play;
    char schedule_sha256[RIG_SHA256_TEXT_SIZE];
    char capture_sha256[RIG_SHA256_TEXT_SIZE]; /* of the file as it is; "": not known yet */
    rig_calls *calls;                          /* of our own capture, once it is over */
    rig_wire_facts wire;
    bool is_noted; /* play.json says that the run is under way */
    char last_words[2400];
} run;

static rig_status predict(run *r, rig_error *err)
{
    rig_prediction *prediction = NULL;
    char sha256[RIG_SHA256_TEXT_SIZE];
    rig_status status = rig_run_plan_write(&r->setup, &r->dir, sha256, r->schedule_sha256, err);
    if (status == RIG_OK)
        status = rig_run_plan_predict(&r->setup, &r->dir, sha256, r->stop, &prediction, err);
    if (status == RIG_OK)
        rig_board_predict(r->board.board, prediction);
    rig_prediction_free(prediction);
    return status;
}

static rig_play_facts facts_of(const run *r, const rig_play_report *report)
{
    const rig_run_play_input input = {.report = report,
                                      .setup = &r->setup,
                                      .defects = &r->options->setup.defects,
                                      .centre_end = r->centre_end};
    rig_play_facts facts;
    rig_run_play_facts(&input, &facts);
    return facts;
}

static void watch_target(run *r)
{
    rig_run_centre_watch(r->target, &r->progress, &r->abandon, r->centre_end);
}

/* While it is stopped it is slow with everybody: its process is ours, as SIPp's are. */
static void watch_stop(run *r, const rig_play_progress *p)
{
    const double for_s = r->target != NULL ? rig_embedded_stopped_s(r->target) : 0.0;
    if (for_s > 0.0 && r->centre_end[0] == '\0')
        (void)snprintf(r->centre_end, sizeof r->centre_end,
                       "the embedded call centre was stopped by a signal (SIGSTOP, a debugger), "
                       "%.1f s into the run, for a while",
                       p->elapsed_s - for_s);
}

static void look(run *r, const rig_play_progress *p)
{
    if (r->looks == NULL || p->report == NULL)
        return;
    rig_play_facts facts = facts_of(r, p->report);
    /* SIPp is ahead of the capture, and says nothing of the calls that are up: what was due counts
     */
    facts.n_placed = 0;
    facts.n_missing_lines = p->n_due;
    facts.n_centre_offered = r->target != NULL ? rig_embedded_offered(r->target) : 0;
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

/* For `peakrig diff`, should we come to no end: killed, out of memory, a full disk. */
static void note_under_way(run *r, const rig_play_progress *p)
{
    rig_error why = {0};
    if (r->is_noted || p->report == NULL)
        return;
    r->is_noted = true;
    r->play = facts_of(r, p->report);
    r->play.end_epoch_ns = p->start_epoch_ns + rig_clock_ns_of_s(p->duration_s);
    (void)snprintf(r->play.trouble, sizeof r->play.trouble, "%s", RIG_RUN_UNDER_WAY);
    rig_oom_mark_now(&r->play.oom);
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
    note_under_way(r, p);
    watch_target(r);
    watch_stop(r, p);
    look(r, p);
    rig_run_live_show(&r->board, &r->progress, r->live, p);
}

/* What cannot be captured ends a run, whatever its programs do then. */
static void take_uncaptured(run *r, const rig_play_report *report)
{
    if (report->uncaptured[0] == '\0')
        return;
    rig_progress_end(&r->progress);
    (void)fprintf(stderr, "peakrig: %s\n", report->uncaptured);
    (void)snprintf(r->play.trouble, sizeof r->play.trouble, "the capture does not hold all: %.360s",
                   report->uncaptured);
}

/* What was played, whole. */
static void finish_play(run *r, const rig_play_report *report)
{
    r->play = facts_of(r, report);
    take_uncaptured(r, report);
    if (r->looks != NULL)
        r->play.looks = rig_interim_end(r->looks, report->was_given_up ? RIG_INTERIM_GIVEN_UP
                                                                       : RIG_INTERIM_PLAYED);
    if (r->options->setup.capture == NULL)
        rig_run_play_check_capture(r->dir.capture, &report->capture, &r->play, r->capture_sha256);
    if (rig_target_is_embedded(&r->setup.scenario->target))
        rig_run_centre_count(r->dir.dir, &r->play);
}

static rig_status give_up_rights(void *ctx, rig_error *err)
{
    run *r = ctx;
    rig_status status = rig_privilege_keep(RIG_RIGHTS_FILES, err);
    return status == RIG_OK ? rig_run_live_begin(&r->board, &r->dir, err) : status;
}

static rig_status play(run *r, rig_error *err)
{
    rig_play_report report;
    const rig_carrier_ends carriers = rig_run_plan_carriers(&r->setup);
    rig_status status = rig_run_plan_write_rules(&r->setup, &r->dir, err);
    if (status == RIG_OK)
        status = rig_live_analysis_new(r->setup.scenario, &carriers, &r->live, err);
    const rig_call_watch watch = rig_board_watch(r->board.board);
    if (status == RIG_OK)
        rig_live_analysis_watch(r->live, &watch);
    /* without a capture of our own there is nothing to look at */
    if (status == RIG_OK && !r->options->is_patient && r->options->setup.capture == NULL)
        status = rig_interim_new(r->setup.scenario, r->setup.schedule, r->live, &r->looks, err);
    if (status != RIG_OK)
        return status;
    rig_play_options how = rig_run_setup_play(&r->setup, &r->options->setup, r->dir.dir);
    how.is_ready = give_up_rights;
    how.is_ready_ctx = r;
    how.n_workers = r->options->setup.n_workers;
    r->board.analysis = r->live;
    how.without_capture = r->board.is_blind = r->options->setup.capture != NULL;
    how.packet = rig_run_live_packet;
    how.packet_ctx = &r->board;
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
    if (status == RIG_OK)
        finish_play(r, &report);
    return status;
}

static void say_start(run *r)
{
    char host[RIG_ADDRESS_SIZE + 2];
    rig_address_for_uri(r->setup.target_host, host);
    rig_progress_say(&r->progress, "%s: %zu calls in %.0f s at %s:%u, files in %s",
                     r->setup.scenario->name, rig_schedule_n_first(r->setup.schedule),
                     r->setup.scenario->traffic.duration_s / r->setup.scenario->time_scale, host,
                     r->setup.target_port, r->dir.dir);
    for (size_t i = 0; i < r->options->setup.defects.n; i++)
        rig_progress_say(&r->progress, "the target is broken on purpose: %s",
                         r->options->setup.defects.items[i]);
}

/* Start the centre, where it is ours, and play: before all that can wait. */
static rig_status place_calls(run *r, rig_error *err)
{
    const bool is_raised = rig_priority_raise();
    rig_status status = RIG_OK;
    if (rig_target_is_embedded(&r->setup.scenario->target))
        status = rig_run_centre_start(&r->setup, &r->options->setup, r->dir.scenario, r->dir.dir,
                                      &r->target, err);
    if (status == RIG_OK) {
        say_start(r);
        status = play(r, err);
    }
    (void)rig_embedded_free(r->target);
    r->target = NULL;
    rig_priority_lower(is_raised);
    return status;
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

/* What was captured, in memory. */
static rig_status finish_calls(run *r, rig_error *err)
{
    if (r->options->setup.capture != NULL)
        return RIG_OK;
    rig_status status = rig_live_analysis_finish(r->live, &r->calls, err);
    if (status != RIG_OK)
        return status;
    rig_cut_by_rig(r->calls, r->play.stop_epoch_ns);
    status = rig_live_analysis_wire(
        r->live, &r->play, rig_run_set_up_until(&r->play, r->setup.scenario->time_scale), &r->wire);
    return status == RIG_OK ? RIG_OK : rig_fail(err, status, "live analysis: out of memory");
}

static rig_status write_calls(run *r, rig_error *err)
{
    if (r->options->setup.capture != NULL)
        return take_capture(r, err);
    rig_status status = RIG_OK;
    /* where the capture does not hold all, what it holds is beside it */
    if (r->capture_sha256[0] == '\0' && access(r->dir.capture, F_OK) == 0)
        status = rig_digest_file(r->dir.capture, r->capture_sha256, err);
    const rig_cdr_stamp stamps[] = {{"peakrig", PEAKRIG_VERSION},
                                    {"capture_sha256", r->capture_sha256}};
    if (status == RIG_OK)
        status = rig_cdr_write(r->calls, r->dir.calls, stamps, r->capture_sha256[0] != '\0' ? 2 : 1,
                               err);
    if (status == RIG_OK)
        status = rig_run_sums_write(&r->dir, r->capture_sha256, err);
    return status == RIG_OK ? rig_json_wire_write(&r->wire, r->capture_sha256, r->dir.wire, err)
                            : status;
}

/* From files, so that `diff` says the same; where they cannot be written, from memory: the verdict
 * is printed, and the exit code says that its evidence is not kept. */
static rig_status judge(run *r, rig_judgement *judgement, rig_error *err)
{
    const rig_run_files_judge_options how = {.progress = &r->progress,
                                             .is_json = r->options->is_json,
                                             .history = &r->options->history,
                                             .baseline = &r->baseline,
                                             .summary = r->summary};
    rig_error why = {0}, lost = {0};
    rig_status status = rig_json_play_write(&r->play, r->schedule_sha256, r->dir.play, &lost);
    if (status == RIG_OK)
        status = write_calls(r, &lost);
    if (status == RIG_OK)
        status = rig_run_files_judge(&r->dir, &how, judgement, &lost);
    if (status != RIG_EIO || r->calls == NULL)
        return status == RIG_OK ? RIG_OK : rig_fail(err, status, "%s", lost.text);
    const rig_run_files_memory memory = {r->setup.scenario, r->setup.schedule, &r->play, r->calls,
                                         &r->wire};
    if (rig_run_files_judge_memory(&r->dir, &memory, &how, judgement, &why) != RIG_OK)
        return rig_fail(err, status, "%s; nor can it be judged from memory: %s", lost.text,
                        why.text);
    return rig_fail(err, status, "%s; the verdict above is from memory, and stands in no file",
                    lost.text);
}

static rig_status run_all(run *r, const char *path, rig_judgement *judgement, rig_error *err)
{
    rig_status status = rig_run_history_check(&r->options->history, err);
    if (status == RIG_OK)
        status = rig_run_setup_make(path, &r->options->setup, &r->setup, err);
    if (status == RIG_OK && r->options->is_dry)
        return rig_preflight(&r->setup, r->options->setup.n_workers,
                             r->options->is_json ? RIG_PREFLIGHT_JSON : RIG_PREFLIGHT_TEXT, err);
    if (status == RIG_OK)
        status = rig_find_marks(path, &r->options->setup, &r->progress, &r->setup, err);
    if (status == RIG_OK)
        status = rig_run_live_make(r->setup.scenario, r->setup.target_host, &r->board, err);
    if (status == RIG_OK)
        status = rig_run_live_open(&r->board, r->options->serve, err);
    if (status == RIG_OK)
        status = rig_run_dir_new(r->options->out, r->setup.scenario->name, &r->dir, err);
    if (status == RIG_OK) /* before a call is placed */
        status = rig_run_baseline_find_for(&r->options->history, &r->dir, r->setup.scenario->name,
                                           &r->baseline, err);
    if (status == RIG_OK)
        status = rig_run_labels_write(&r->dir, &r->options->history.labels, err);
    if (status == RIG_OK)
        status = predict(r, err);
    if (status == RIG_OK)
        status = place_calls(r, err);
    if (status == RIG_OK)
        status = finish_calls(r, err);
    rig_run_live_judging(&r->board);
    /* a stop has ended the calls; what was done is judged and reported all the same */
    if (status == RIG_OK)
        status = judge(r, judgement, err);
    (void)fflush(
        stdout); /* the verdict is there, whatever the pictures do; main() asks for errors */
    if (status == RIG_OK)
        status = rig_run_files_report_at_end(&r->dir, err);
    rig_run_baseline_clear(&r->baseline);
    return status;
}

/* @param failed  Why there is no verdict; NULL: there is one. */
static void end(run *r, const rig_error *failed, rig_judgement judgement)
{
    (void)fflush(stdout); /* the verdict is there before the page's last moment */
    rig_run_live_finish(&r->board, failed, judgement, r->summary, r->dir.report);
    rig_interim_free(r->looks);
    rig_calls_free(r->calls);
    rig_live_analysis_free(r->live);
    rig_run_live_clear(&r->board);
    rig_run_setup_clear(&r->setup);
}

/* From this host. */
static int run_alone(const char *path, run_options *options)
{
    rig_error err = {0};
    rig_judgement judgement = RIG_JUDGEMENT_INVALID;
    run r = {.options = options, .stop = rig_signals_catch()};
    options->setup.stop = r.stop;
    options->setup.with_probe = !options->is_dry;
    rig_progress_start(&r.progress, options->is_quiet);
    rig_status status = run_all(&r, path, &judgement, &err);
    rig_progress_end(&r.progress);
    if (status == RIG_OK && !options->is_json && !options->is_dry)
        rig_console_print("report: %s\n", r.dir.report);
    end(&r, status == RIG_OK ? NULL : &err, judgement);
    if (status == RIG_OK && options->is_dry)
        return 0;
    return status == RIG_OK ? rig_judgement_exit_code(judgement) : rig_console_fail(&err);
}

/* From several load hosts. */
static int run_fleet(const char *path, const run_options *options, rig_ranks *ranks)
{
    const rig_run_fleet_options how = {&options->setup, &options->history, options->out,
                                       options->is_json, options->is_quiet};
    if (ranks == NULL)
        return rig_console_usage("run", "--fleet: started alone; expected mpirun --host A,B,.. "
                                        "peakrig run SCENARIO --fleet");
    if (options->setup.capture != NULL || options->serve != NULL || options->is_dry)
        return rig_console_usage("run", "--fleet goes with none of --capture, --serve, --dry-run");
    return rig_run_fleet(path, &how, ranks);
}

static int run_with(int argc, char **argv, rig_ranks *ranks)
{
    run_options options = {.out = NULL};
    rig_texts operands;
    const rig_option table[] = {
        {"target", 0, RIG_OPTION_TEXT, &options.setup.target, "HOST[:PORT]",
         N_("call this centre instead of the scenario's")},
        {"out", 'o', RIG_OPTION_TEXT, &options.out, "DIR",
         N_("write the files of the run there (runs/<UTC>-<name>)")},
        {"set", 0, RIG_OPTION_SETS, &options.setup.overrides, "KEY=VALUE",
         N_("override a value of the scenario")},
        {"target-set", 0, RIG_OPTION_SETS, &options.setup.target_overrides, "KEY=VALUE",
         N_("override a value for the embedded call centre only")},
        {"defect", 0, RIG_OPTION_TEXTS, &options.setup.defects, "DEFECT",
         N_("break the embedded call centre in this way; may be repeated; `peakrig target "
            "--defects` "
            "lists the ways")},
        {"allow", 0, RIG_OPTION_TEXTS, &options.setup.allow, "HOST",
         N_("allow calls to this address; loopback is always allowed")},
        {"allow-dial", 0, RIG_OPTION_TEXTS, &options.setup.allow_dial, "NUMBER",
         N_("allow to dial this number: short, or like an emergency number behind a code")},
        {"trust-xml", 0, RIG_OPTION_FLAG, &options.setup.trusts_xml, NULL,
         N_("let callers.sipp_xml do what a program may, and dial what it likes")},
        {"workers", 0, RIG_OPTION_COUNT, &options.setup.n_workers, "N",
         N_("SIPp processes for the callers (as many as needed)")},
        {"sipp", 0, RIG_OPTION_TEXT, &options.setup.sipp, "PROGRAM", N_("SIPp (found in PATH)")},
        {"user", 0, RIG_OPTION_TEXT, &options.setup.user, "NAME",
         N_("as root: run SIPp and the embedded call centre as this user (who called sudo)")},
        {"capture", 0, RIG_OPTION_TEXT, &options.setup.capture, "FILE",
         N_("judge from this capture, which another program writes during the run; capture "
            "nothing")},
        {"no-early-stop", 0, RIG_OPTION_FLAG, &options.is_patient, NULL,
         N_("place all calls, even when the run is certain to fail (looked at after 20, 40, 60, 80 "
            "%)")},
        {"dry-run", 0, RIG_OPTION_FLAG, &options.is_dry, NULL,
         N_("check all, print the plan, place no call (the same as `peakrig check`)")},
        RIG_RUN_HISTORY_OPTIONS(options.history),
        {"serve", 0, RIG_OPTION_TEXT, &options.serve, "[ADDRESS:]PORT",
         N_("serve a live page while it runs; its address is printed (127.0.0.1; port 0: any)")},
        {"fleet", 0, RIG_OPTION_FLAG, &options.is_fleet, NULL,
         N_("each of the ranks that mpirun has started is a load host with its share of the "
            "callers")},
        {"json", 0, RIG_OPTION_FLAG, &options.is_json, NULL, N_("result.json on standard output")},
        {"quiet", 'q', RIG_OPTION_FLAG, &options.is_quiet, NULL, N_("no progress")},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, table, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("run", "expected one SCENARIO");
    return options.is_fleet ? run_fleet(operands.items[0], &options, ranks)
                            : run_alone(operands.items[0], &options);
}

int rig_cmd_run(int argc, char **argv)
{
    bool is_fleet = false;
    int exit_code;
    for (int i = 1; i < argc; i++) /* ranks begin before a word is read */
        is_fleet = is_fleet || strcmp(argv[i], "--fleet") == 0;
    if (is_fleet)
        return rig_several_run(argc, argv, run_with);
    return rig_several_refuse("run", &exit_code) ? exit_code : run_with(argc, argv, NULL);
}
