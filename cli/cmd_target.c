/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/password.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "cli/signals.h"
#include "core/atomic_file.h"
#include "core/child.h"
#include "callcentre/callcentre.h"

static const rig_usage_text usage = {
    "target", "SCENARIO",
    N_("Run the scenario's call centre as a SIP server until Ctrl-C: circuits, IVR ports, queue\n"
       "and agents. Agent K's phone is called at sip:agentK@HOST:PORT, or by its user of\n"
       "agents[].register, with the HOST and PORT of --agents-host and --agents-port: its own, or\n"
       "those of a registrar that knows where it is. The program prints \"ready HOST PORT\" when\n"
       "calls can come (a port for each carrier that has a share), and its counts at the end.\n"
       "--defect breaks the call centre on purpose; --defects lists the ways.")};

static void say_ready(void *ctx, const char *host, const uint16_t *ports, size_t n_ports)
{
    (void)ctx;
    printf("ready %s", host);
    for (size_t i = 0; i < n_ports; i++)
        printf(" %u", ports[i]);
    printf("\n");
    if (fflush(stdout) != 0)
        rig_signals_stop(); /* who waits for it waits in vain */
}

/* For who started us, and compares it with what he sent. A reader who is slow misses some: nobody
 * waits for him. */
static void say_offered(void *ctx, const rig_callcentre_counts *counts)
{
    char line[40];
    struct pollfd ready = {.fd = STDOUT_FILENO, .events = POLLOUT};
    (void)ctx;
    const int n =
        snprintf(line, sizeof line, "offered %llu\n", (unsigned long long)counts->n_offered);
    if (poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0 &&
        write(STDOUT_FILENO, line, (size_t)n) != n)
        rig_signals_stop(); /* he is gone */
}

static void print_counts(FILE *out, const rig_callcentre_counts *c)
{
    const struct {
        const char *name;
        uint64_t n;
    } rows[] = {
        {"offered", c->n_offered},
        {"no circuit", c->n_no_circuit},
        {"answered", c->n_answered},
        {"cancelled unanswered", c->n_cancelled},
        {"ended in the menu", c->n_ended_in_menu},
        {"queued", c->n_queued},
        {"queue full", c->n_queue_full},
        {"queue time-outs", c->n_queue_timeout},
        {"abandoned in the queue", c->n_abandoned_in_queue},
        {"abandoned while ringing", c->n_abandoned_ringing},
        {"agent invites", c->n_agent_invites},
        {"ring time-outs", c->n_ring_timeouts},
        {"agent failures", c->n_agent_failures},
        {"talks", c->n_talks},
        {"ended by the caller", c->n_ended_by_caller},
        {"ended by the agent", c->n_ended_by_agent},
        {"dropped", c->n_dropped},
        {"cut unanswered", c->n_cut_unanswered},
        {"challenged", c->n_challenged},
        {"bad credentials", c->n_bad_credentials},
        {"bad extensions", c->n_bad_extensions},
        {"strange Contacts", c->n_strange_contacts},
        {"keys in the menu", c->n_keys},
        {"muted (defect)", c->n_muted},
        {"refused (defect)", c->n_refused},
        {"deflected", c->n_deflected},
        {"promised a call back", c->n_promised},
        {"call backs", c->n_call_backs},
        {"called back", c->n_called_back},
        {"call backs in vain", c->n_vain_call_backs},
        {"never reached", c->n_never_reached},
        {"leaked circuits (defect)", c->n_leaked_circuits},
        {"crashed early (defect)", c->n_crashed_unanswered},
        {"crashed later (defect)", c->n_crashed_answered},
        {"up at the stop", c->n_up_at_stop},
        {"peak circuits", c->n_peak_circuits},
        {"peak IVR ports", c->n_peak_ports},
        {"peak waiting", c->n_peak_waiting},
        {"peak agents", c->n_peak_agents},
        {"SIP errors", c->n_sip_errors},
        {"retransmissions received", c->n_retransmissions_received},
        {"retransmissions sent", c->n_retransmissions_sent},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        (void)fprintf(out, "%-26s %llu\n", rows[i].name, (unsigned long long)rows[i].n);
}

static rig_status publish_counts(const rig_callcentre_counts *counts, const char *path,
                                 rig_error *err)
{
    rig_atomic_file *file;
    if (path == NULL) {
        print_counts(stdout, counts);
        return RIG_OK;
    }
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    print_counts(rig_atomic_file_stream(file), counts);
    return rig_atomic_file_commit(file, err);
}

static int print_defects(void)
{
    for (int kind = 0; kind < RIG_N_DEFECTS; kind++) {
        const rig_callcentre_defect_about *about =
            rig_callcentre_defect_about_of((rig_callcentre_defect_kind)kind);
        printf("%s%s%s (%s)\n    %s\n", about->name, about->argument[0] ? "=" : "", about->argument,
               about->stage, about->meaning);
    }
    printf(
        "\nTimes are scenario seconds. NAME=ARGUMENT@FROM..TO is on from second FROM to TO since\n"
        "the first INVITE; without TO for ever. P is a share in (0, 1].\n");
    return 0;
}

/* How callers are challenged. */
static rig_status read_challenge(const char *challenge, const char *digest,
                                 rig_callcentre_options *options, rig_error *err)
{
    if (strcmp(challenge, "401") == 0)
        options->challenge = RIG_CALLCENTRE_CHALLENGE_401;
    else if (strcmp(challenge, "407") == 0)
        options->challenge = RIG_CALLCENTRE_CHALLENGE_407;
    else
        return rig_fail(err, RIG_EINPUT, "--challenge %s: expected 401 or 407", challenge);
    if (strcasecmp(digest, "MD5") == 0)
        options->digest = RIG_CALLCENTRE_DIGEST_MD5;
    else if (strcasecmp(digest, "SHA-256") == 0)
        options->digest = RIG_CALLCENTRE_DIGEST_SHA256;
    else
        return rig_fail(err, RIG_EINPUT, "--digest %s: expected MD5 or SHA-256", digest);
    return RIG_OK;
}

/* Seconds of an option; 0 where it is not given. */
static rig_status read_seconds(const char *option, const char *text, double *at_s, rig_error *err)
{
    char *end = NULL;
    double read_s = text != NULL ? strtod(text, &end) : 0.0;
    if (text != NULL && (end == text || *end != '\0' || !isfinite(read_s) || read_s < 0.0))
        return rig_fail(err, RIG_EINPUT, "%s %s: expected seconds, >= 0", option, text);
    *at_s = read_s;
    return RIG_OK;
}

static rig_status read_defects(const rig_texts *texts, rig_callcentre_defect *defects,
                               rig_error *err)
{
    rig_status status = RIG_OK;
    for (size_t i = 0; i < texts->n && status == RIG_OK; i++)
        status = rig_callcentre_defect_read(texts->items[i], &defects[i], err);
    return status;
}

static rig_status run(const char *path, const rig_texts *overrides, rig_callcentre_options *options,
                      const char *counts_path, rig_error *err)
{
    rig_scenario *scenario = NULL;
    rig_callcentre_counts counts = {0};
    bool is_taken = false;
    rig_status status = rig_scenario_read(path, overrides->items, overrides->n, &scenario, err);
    if (status == RIG_OK)
        status = rig_scenario_check_playable(scenario, err);
    if (status == RIG_OK)
        status = rig_password_find(scenario, err);
    if (status == RIG_OK)
        status = rig_outputs_of_scenario("--counts", counts_path, false, scenario, &is_taken, err);
    if (status == RIG_OK && options->listen_host == NULL)
        options->listen_host = scenario->target.listen;
    if (status == RIG_OK)
        status = rig_callcentre_run(scenario, options, &counts, err);
    if (status == RIG_OK)
        status = publish_counts(&counts, counts_path, err);
    rig_scenario_free(scenario);
    return status;
}

/* What the command line says. */
typedef struct target_words {
    rig_texts overrides, defects, allow;
    const char *host, *agents_host, *callers_host, *challenge, *digest, *first_call, *refresh,
        *counts_path;
    uint16_t port, agents_port, callers_port;
    uint32_t parent;
    bool is_any_port, is_list, tells_dialled, has_short_headers;
} target_words;

static int be_centre(const char *scenario, const target_words *w)
{
    rig_error err = {0};
    rig_callcentre_defect defects[RIG_MAX_OVERRIDES];
    rig_callcentre_options how = {.listen_host = w->host,
                                  .listen_port = w->is_any_port ? 0 : w->port,
                                  .agents_host = w->agents_host,
                                  .agents_port = w->agents_port,
                                  .callers_host = w->callers_host,
                                  .callers_port = w->callers_port,
                                  .defects = defects,
                                  .n_defects = w->defects.n,
                                  .allow = w->allow.items,
                                  .n_allow = w->allow.n,
                                  .tells_dialled = w->tells_dialled,
                                  .has_short_headers = w->has_short_headers,
                                  .stop = rig_signals_catch(),
                                  .ready = say_ready,
                                  .counted = w->parent != 0 ? say_offered : NULL};
    if (read_seconds("--first-call", w->first_call, &how.first_call_s, &err) != RIG_OK ||
        read_seconds("--refresh", w->refresh, &how.refresh_s, &err) != RIG_OK ||
        read_challenge(w->challenge, w->digest, &how, &err) != RIG_OK)
        return rig_console_usage("target", "%s", err.text);
    if (read_defects(&w->defects, defects, &err) != RIG_OK)
        return rig_console_usage("target", "--defect %s", err.text);
    rig_signals_tell_no_memory();
    rig_status status = run(scenario, &w->overrides, &how, w->counts_path, &err);
    return status == RIG_OK ? 0 : rig_console_fail(&err);
}

int rig_cmd_target(int argc, char **argv)
{
    rig_texts operands;
    target_words w = {.challenge = "401",
                      .digest = "MD5",
                      .port = 5060,
                      .agents_port = 5080,
                      .callers_port = 5082};
    const rig_option options[] = {
        {"host", 0, RIG_OPTION_TEXT, &w.host, "ADDRESS",
         N_("listen there (the scenario's target.listen; 127.0.0.1)")},
        {"port", 'p', RIG_OPTION_PORT, &w.port, "PORT", N_("listen there (5060)")},
        {"any-port", 0, RIG_OPTION_FLAG, &w.is_any_port, NULL, N_("listen on any free port")},
        {"agents-host", 0, RIG_OPTION_TEXT, &w.agents_host, "ADDRESS",
         N_("agents' phones (loopback)")},
        {"agents-port", 0, RIG_OPTION_PORT, &w.agents_port, "PORT", N_("agents' phones (5080)")},
        {"callers-host", 0, RIG_OPTION_TEXT, &w.callers_host, "ADDRESS",
         N_("where callers are called back (loopback)")},
        {"callers-port", 0, RIG_OPTION_PORT, &w.callers_port, "PORT",
         N_("where callers are called back (5082)")},
        {"allow", 0, RIG_OPTION_TEXTS, &w.allow, "HOST",
         N_("allow requests to this host, of agents or in a Contact; callers and loopback are")},
        {"counts", 0, RIG_OPTION_TEXT, &w.counts_path, "FILE",
         N_("write its counts there, instead of printing them")},
        {"parent", 0, RIG_OPTION_COUNT, &w.parent, "PID",
         N_("end when this process ends, which started it")},
        {"first-call", 0, RIG_OPTION_TEXT, &w.first_call, "SECONDS",
         N_("the first call comes then: the scenario's faults are timed by it (0)")},
        {"challenge", 0, RIG_OPTION_TEXT, &w.challenge, "CODE",
         N_("401 or 407, when the scenario has callers.auth (401)")},
        {"digest", 0, RIG_OPTION_TEXT, &w.digest, "NAME", N_("MD5 or SHA-256 (MD5)")},
        {"refresh", 0, RIG_OPTION_TEXT, &w.refresh, "SECONDS",
         N_("refresh a caller's session so often (RFC 4028), wire time: by re-INVITE with marks "
            "\"reinvite\", else by UPDATE")},
        {"connected-line", 0, RIG_OPTION_FLAG, &w.tells_dialled, NULL,
         N_("send the caller an UPDATE when an agent is dialled, as PBXs do: no mark of an "
            "answer")},
        {"short-headers", 0, RIG_OPTION_FLAG, &w.has_short_headers, NULL,
         N_("write header names in their short forms, as PBXs with compact headers do")},
        {"defect", 0, RIG_OPTION_TEXTS, &w.defects, "DEFECT",
         N_("break it in this way; may be repeated")},
        {"defects", 0, RIG_OPTION_FLAG, &w.is_list, NULL, N_("list the defects")},
        {"set", 0, RIG_OPTION_SETS, &w.overrides, "KEY=VALUE",
         N_("override a value of the scenario")},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (w.is_list)
        return print_defects();
    if (operands.n != 1)
        return rig_console_usage("target", "expected one SCENARIO");
    if (w.parent != 0)
        rig_child_bind_to_parent((pid_t)w.parent);
    return be_centre(operands.items[0], &w);
}
