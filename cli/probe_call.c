/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/probe_call.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/decoder.h"
#include "analyzer/sip.h"
#include "cli/console.h"
#include "cli/run_centre.h"
#include "cli/one_call.h"
#include "cli/run_dir.h"
#include "core/clock.h"
#include "core/temporary.h"
#include "generator/play.h"
#include "reports/json_builder.h"
#include "reports/json_file.h"
#include "scenarios/registration.h"
#include "verdict/judge.h"
#include "verdict/live_analysis.h"

enum { RTP_VERSION = 2, RTP_HEAD = 12 };

/* A probe under way. */
typedef struct probe {
    rig_live_analysis *live;
    rig_decoder *decoder; /* for what the analysis of calls does not look at */
    rig_sip_wanted wanted;
    unsigned caller_call_id; /* index of the header */
    char shown[256];         /* its value at our phone */
    bool has_audio;
    uint64_t n_rtp;
    char call_id[256]; /* of our call */
} probe;

/* ---- what passes by ---- */

/* The number behind "m=audio "; 0: none, or refused. */
static unsigned audio_port(rig_slice body)
{
    static const char key[] = "m=audio ";
    const char *at = body.n > 0 ? memmem(body.p, body.n, key, sizeof key - 1) : NULL;
    unsigned port = 0;
    for (at = at != NULL ? at + sizeof key - 1 : NULL;
         at != NULL && at < body.p + body.n && *at >= '0' && *at <= '9' && port <= UINT16_MAX; at++)
        port = 10 * port + (unsigned)(*at - '0');
    return port;
}

static void copy(char *to, size_t size, rig_slice from)
{
    (void)snprintf(to, size, "%.*s", (int)(from.n < size ? from.n : size - 1), from.p);
}

static void see_sip(probe *p, const rig_sip *sip)
{
    if (sip->has_rig_call && rig_sip_is_initial_invite(sip))
        copy(p->call_id, sizeof p->call_id, sip->call_id);
    const bool is_of_caller = rig_slice_is(sip->call_id, p->call_id);
    if (!is_of_caller && rig_sip_is_initial_invite(sip)) {
        const rig_slice value = rig_sip_extra_value(sip, p->caller_call_id);
        if (value.n > 0)
            copy(p->shown, sizeof p->shown, value);
    }
    /* with early media the offer is answered in the 183 */
    if (is_of_caller && sip->method == RIG_SIP_INVITE &&
        (sip->code == 183 || sip->code / 100 == 2) && audio_port(sip->body) > 0)
        p->has_audio = true;
}

static rig_status on_packet(void *ctx, const rig_packet *packet, rig_error *err)
{
    probe *p = ctx;
    rig_sip sip;
    (void)err;
    if (rig_sip_parse(packet->payload, packet->is_truncated, &p->wanted, &sip) == RIG_SIP_OK)
        see_sip(p, &sip);
    else if (packet->transport == RIG_OVER_UDP && packet->payload.n >= RTP_HEAD &&
             ((unsigned char)packet->payload.p[0] >> 6) == RTP_VERSION)
        p->n_rtp++;
    return RIG_OK;
}

static void take_packet(void *ctx, int linktype, int64_t t_ns, const uint8_t *data, size_t caplen,
                        size_t len)
{
    probe *p = ctx;
    rig_live_analysis_packet(p->live, linktype, t_ns, data, caplen, len);
    (void)rig_decoder_frame(p->decoder, linktype, t_ns, data, caplen, len, NULL);
}

/* ---- the call ---- */

static rig_status play(const rig_run_setup *setup, const rig_run_setup_options *options,
                       const char *dir, probe *p, rig_play_report *report, rig_error *err)
{
    rig_play_options how = rig_run_setup_play(setup, options, dir);
    how.n_workers = 1;
    how.n_phones = 1;
    how.with_media = true;
    how.packet = take_packet;
    how.packet_ctx = p;
    how.stop = options->stop;
    return rig_play(setup->scenario, setup->schedule, &how, report, err);
}

static rig_status open_probe(const rig_run_setup *setup, probe *p, rig_error *err)
{
    rig_status status = rig_sip_want(&p->wanted, "x-caller-call-id", &p->caller_call_id);
    p->wanted.on_requests = p->wanted.on_responses = UINT32_MAX;
    if (status == RIG_OK)
        status = rig_decoder_new(on_packet, p, &p->decoder);
    if (status != RIG_OK)
        return rig_fail(err, status, "probe: %s", rig_status_text(status));
    return rig_live_analysis_new(setup->scenario, NULL, &p->live, err);
}

/* ---- what it shows ---- */

static rig_status print_json(const rig_check *checks, size_t n, bool is_ok, rig_error *err)
{
    json_t *document = NULL;
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig probe 1");
    rig_json_add_truth(&b, "ok", is_ok);
    rig_json_open_list(&b, "checks");
    for (size_t i = 0; i < n; i++) {
        rig_json_open_object(&b, NULL);
        rig_json_add_text(&b, "name", checks[i].name);
        rig_json_add_truth(&b, "ok", checks[i].is_ok);
        rig_json_add_truth(&b, "known", !checks[i].is_unknown);
        rig_json_add_text(&b, "text", checks[i].text);
        rig_json_close(&b);
    }
    rig_json_close(&b);
    rig_status status = rig_json_end(&b, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "probe: %s", rig_status_text(status));
    status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

static void print_text(const rig_check *checks, size_t n, const char *dir)
{
    size_t n_ill = 0, n_unknown = 0;
    printf("\n");
    for (size_t i = 0; i < n; i++) {
        const char *word = checks[i].is_ok        ? N_("OK")
                           : checks[i].is_unknown ? N_("unknown")
                                                  : N_("differs");
        n_ill += !checks[i].is_ok && !checks[i].is_unknown;
        n_unknown += checks[i].is_unknown;
        rig_console_say("%s %s  %s", rig_cell(rig_console_retell(checks[i].name).text, -12).text,
                        rig_console_cell(word, -7).text, rig_console_retell(checks[i].text).text);
    }
    if (n_ill > 0)
        rig_console_say("One call was placed: %zu of %zu differ; its files are in %s", n_ill, n,
                        dir);
    else if (n_unknown > 0)
        rig_console_say("One call was placed: none of %zu differ, but %zu are not known; its files "
                        "are in %s",
                        n, n_unknown, dir);
    else
        rig_console_say("One call was placed: the centre is wired as the scenario says.");
}

/* The first phone did register: else there were no call. */
static size_t check_registration(const rig_run_setup *setup, const rig_play_report *report,
                                 rig_check *to)
{
    const bool is_removed = report->n_unregistered == report->n_registered;
    *to = (rig_check){.gate = "G0b", .name = N_("register"), .is_ok = is_removed};
    (void)snprintf(to->text, sizeof to->text, "agent %s registered at %s, and %s",
                   rig_scenario_registering(setup->scenario)->registration.first_user,
                   report->registrar,
                   is_removed ? N_("left it again")
                              : N_("could not leave it again: it refused that, or did not answer"));
    return 1;
}

static rig_status show(const rig_run_setup *setup, const probe *p, const rig_play_report *report,
                       const rig_calls *calls, const char *dir, bool is_json, bool *is_ok,
                       rig_error *err)
{
    rig_play_facts facts = {.start_epoch_ns = report->start_epoch_ns, .n_workers = 1};
    rig_wire_facts wire;
    rig_join *join = NULL;
    rig_check checks[RIG_SET_UP_N_PROBE_CHECKS + 1];
    facts.workers[0].port = report->callers[0].port;
    facts.agents_port = report->agents.port;
    (void)snprintf(facts.workers[0].host, sizeof facts.workers[0].host, "%s",
                   report->callers[0].host);
    (void)snprintf(facts.agents_host, sizeof facts.agents_host, "%s", report->agents_host);
    (void)snprintf(facts.marks_found, sizeof facts.marks_found, "%s", setup->marks_found);
    (void)snprintf(facts.trouble, sizeof facts.trouble, "%s", report->trouble);
    rig_status status = rig_live_analysis_wire(p->live, &facts, INT64_MAX, &wire);
    if (status == RIG_OK)
        status = rig_join_new(setup->schedule, calls, facts.start_epoch_ns,
                              setup->scenario->time_scale, &join);
    if (status != RIG_OK)
        return rig_fail(err, status, "probe: %s", rig_status_text(status));
    const rig_set_up_input input = {.scenario = setup->scenario,
                                    .schedule = setup->schedule,
                                    .play = &facts,
                                    .join = join,
                                    .wire = &wire,
                                    .n_served = 1.0,
                                    .is_probe = true};
    size_t n = rig_set_up_probe(&(rig_set_up_probe_facts){.set_up = &input,
                                                          .shown_call_id = p->shown,
                                                          .has_audio = p->has_audio,
                                                          .n_rtp = p->n_rtp,
                                                          .talk_s = RIG_ONE_CALL_TALK_S},
                                checks);
    if (report->registrar[0] != '\0')
        n += check_registration(setup, report, &checks[n]);
    *is_ok = true;
    for (size_t i = 0; i < n; i++)
        *is_ok = *is_ok && checks[i].is_ok;
    if (is_json)
        status = print_json(checks, n, *is_ok, err);
    else
        print_text(checks, n, dir);
    rig_join_free(join);
    return status;
}

rig_status rig_run_probe(rig_run_setup *setup, const rig_run_setup_options *options, bool is_json,
                         bool *is_ok, rig_error *err)
{
    probe p = {.n_rtp = 0};
    rig_run_dir run = {.dir = ""};
    rig_play_report report;
    rig_embedded *centre = NULL;
    rig_calls *calls = NULL;
    bool is_well = false;
    rig_one_call_make(setup, true);
    rig_status status = rig_one_call_folder(&run, err);
    if (status == RIG_OK)
        status = open_probe(setup, &p, err);
    if (status == RIG_OK)
        status = rig_scenario_write(setup->scenario, run.scenario, err);
    if (status == RIG_OK && rig_target_is_embedded(&setup->scenario->target))
        status = rig_run_centre_start(setup, options, run.scenario, run.dir, &centre, err);
    if (status == RIG_OK)
        status = play(setup, options, run.dir, &p, &report, err);
    (void)rig_embedded_free(centre);
    if (status == RIG_OK && report.uncaptured[0] != '\0')
        status = rig_fail(err, RIG_EIO, "%s", report.uncaptured);
    if (status == RIG_OK)
        status = rig_live_analysis_finish(p.live, &calls, err);
    if (status == RIG_OK)
        status = show(setup, &p, &report, calls, run.dir, is_json, &is_well, err);
    if (run.dir[0] != '\0' && (status != RIG_OK || is_well))
        rig_temporary_remove(run.dir);
    else if (run.dir[0] != '\0')
        rig_temporary_keep(run.dir);
    rig_calls_free(calls);
    rig_decoder_free(p.decoder);
    rig_live_analysis_free(p.live);
    if (status == RIG_OK)
        *is_ok = is_well;
    return status;
}
