/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/preflight.h"

#include "cli/console.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "generator/play.h"
#include "generator/ports.h"
#include "generator/register_file.h"
#include "models/advice.h"
#include "models/prediction.h"
#include "verdict/early_stop.h"
#include "verdict/assumed_delays.h"
#include "verdict/join.h"
#include "reports/advice_json.h"
#include "reports/json_builder.h"
#include "reports/json_file.h"
#include "scenarios/own_durations.h"

/* Messages of a served call on both of our legs, with Ethernet, IP and UDP headers: 8701 bytes on
 * average in a run of tests/loopback/cli.cfg at the embedded call centre. Lost calls have fewer. */
#define SIP_BYTES_PER_CALL 8700.0

/* G.711 of 20 ms over RTP, UDP, IPv4 and Ethernet: 218 bytes, 50 times a second. */
#define AUDIO_BIT_PER_S 87200.0

/* As many as tell the scatter of a loss to a tenth. */
#define N_REPLAYS 99

/* What is planned. */
typedef struct plan {
    size_t n_calls, n_workers;
    double wire_s, longest_s;
    double mean_rate_per_s, peak_rate_per_s;
    double at_once; /* predicted */
    uint32_t n_circuits;
    double sip_mbit_per_s, audio_mbit_per_s;
    rig_prediction *replays; /* of the schedule; owned */
} plan;

/* The busiest interval of some replays of the schedule. */
static rig_status predict_at_once(const rig_run_setup *g, double *at_once, rig_prediction **replays,
                                  rig_error *err)
{
    rig_prediction *prediction = NULL;
    rig_delays delays = {0};
    rig_status status = rig_reactions_assume(g->scenario, g->schedule->n, &delays);
    if (status != RIG_OK)
        return rig_fail(err, status, "check: %s", rig_status_text(status));
    const rig_predict_options how = {
        .n_replications = N_REPLAYS, .schedule = g->schedule, .delays = &delays};
    status = rig_predict(g->scenario, &how, &prediction, err);
    rig_delays_clear(&delays);
    if (status != RIG_OK)
        return status;
    double most = 0.0;
    for (size_t i = 0; i < prediction->n_intervals; i++)
        most = fmax(most, rig_prediction_band(prediction, RIG_SERIES_CIRCUITS, i).high);
    *at_once = most;
    *replays = prediction;
    return RIG_OK;
}

/* Addresses of ours that callers come from, as "192.0.2.20 ports 20000-29999, 192.0.2.21". */
static void list_callers(const rig_run_setup *g, char *text, size_t size)
{
    const rig_load *load = &g->scenario->load;
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < (load->n_local > 0 ? load->n_local : 1) && used < size; i++) {
        char host[RIG_LOCAL_HOST_SIZE];
        rig_port_range range;
        rig_ports_of_worker(load, g->route.local, i, host, &range);
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "", host);
        if (range.first > 0 && used < size)
            used += (size_t)snprintf(text + used, size - used, rig_console_words(" ports %u-%u"),
                                     range.first, range.last);
    }
}

/* Who registers where. */
static void print_registrations(const rig_run_setup *g)
{
    const rig_agent_group *group = rig_scenario_registering(g->scenario);
    char first[RIG_USER_SIZE], last[RIG_USER_SIZE], domain[300];
    if (group == NULL)
        return;
    const rig_phone_register *r = &group->registration;
    rig_scenario_register_user(r, 0, first);
    rig_scenario_register_user(r, group->n_agents - 1, last);
    rig_register_domain(r, g->registrar_host, domain, sizeof domain);
    rig_console_say(
        "phones     %u register before the first call: %s to %s of %s, at %s port %u, %s; "
        "for %u s, renewed after half of that, and taken away at the end",
        group->n_agents, first, last, domain, g->registrar_host, g->registrar_port,
        rig_console_words(r->password != NULL ? N_("with a password") : N_("without a password")),
        r->expires_s);
}

/* "port 5060", or "ports 5060, 5061": of each carrier. */
static void list_ports(const rig_run_setup *g, char *text, size_t size)
{
    size_t used = (size_t)snprintf(
        text, size, rig_console_words(g->n_carriers > 1 ? N_("ports %u") : N_("port %u")),
        g->target_port);
    for (size_t i = 1; i < g->n_carriers && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, ", %u", g->carrier_ports[i]);
}

/* What the centre will see of us, and what a firewall in between must let through. */
static void print_addresses(const rig_run_setup *g)
{
    const rig_scenario *s = g->scenario;
    const char *transport = rig_transport_name(s->target.transport);
    const char *phones = g->agents_host[0] != '\0' ? g->agents_host : g->route.local;
    char callers[1000], port[64], centre[RIG_MAX_GROUPS * 7 + 40];
    list_callers(g, callers, sizeof callers);
    list_ports(g, centre, sizeof centre);
    if (g->agents_port > 0)
        (void)snprintf(port, sizeof port, rig_console_words("port %u"), g->agents_port);
    else
        (void)snprintf(port, sizeof port, "%s", rig_console_words("any free port"));
    rig_console_say("addresses  the centre sees callers come from %s, and calls the agents' phones "
                    "at %s %s",
                    callers, phones, port);
    rig_console_say("firewall   both ways: %s %s to %s %s; %s %s to %s %s; udp (audio) between "
                    "%s and those of ours, any ports",
                    transport, callers, g->route.target, centre, transport, g->route.target, phones,
                    port, g->route.target);
}

/* SIPp 3.6 ends at a challenge that it does not know (3.6.1 of Debian 12; 3.7.7 answers it). */
static bool ends_at_sha256(const rig_run_setup *g, char *features, size_t size)
{
    const rig_scenario *s = g->scenario;
    unsigned major = 0, minor = 0;
    char text[140];
    if (s->callers.auth.user == NULL && rig_scenario_registering(s) == NULL)
        return false;
    if (rig_sipp_features(g->sipp, NULL, features, size, NULL) != RIG_OK)
        return false;
    (void)snprintf(text, sizeof text, "SIPp v%s", features);
    return rig_sipp_version(text, &major, &minor) && major == 3 && minor < 7;
}

/* What our callers and phones do not do, as far as a centre of one's own may ask for it. */
static void print_limits(const rig_run_setup *g)
{
    char features[100];
    const rig_callers *c = &g->scenario->callers;
    if (c->sipp_xml == NULL) {
        if (c->redirected_to != NULL)
            rig_console_say("callers    follow a 300, 301 or 302 to %s, and to no other number",
                            c->redirected_to);
        else
            rig_console_say("callers    follow no redirection (3xx): callers.redirected_to");
        if (c->session_timer.expires_s == 0)
            rig_console_say("callers    offer no session timer, and take a 421 for a refusal: "
                            "callers.session_timer");
        if (!c->has_prack)
            rig_console_say("callers    offer no 100rel, and take a 421 for a refusal: "
                            "callers.reliable_provisional");
        if (c->redial.heeds_retry_after)
            rig_console_say("callers    heed Retry-After, up to %u s (target.retry_after_s)",
                            rig_scenario_retry_after_wire_s(g->scenario));
        else
            rig_console_say("callers    heed no Retry-After: callers.redial.heeds_retry_after");
    }
    if (ends_at_sha256(g, features, sizeof features))
        rig_console_say(
            "digests    MD5 alone: a SHA-256 challenge ends this SIPp (%s), and the run "
            "with it",
            features);
}

static void print_text(const rig_run_setup *g, const plan *p)
{
    const rig_scenario *s = g->scenario;
    bool is_embedded = rig_target_is_embedded(&s->target);
    char at[320];
    (void)snprintf(at, sizeof at, "%s", rig_console_words("the embedded call centre"));
    if (!is_embedded)
        (void)snprintf(at, sizeof at, rig_console_words("%s (%s port %u)"), g->target_host,
                       g->route.target, g->target_port);
    rig_console_say("scenario   %s (%s): valid, and SIPp takes it", s->name, s->path);
    rig_console_say(
        "target     %s, %s over %s, marks \"%s\"", at, rig_transport_name(s->target.transport),
        strchr(g->route.target, ':') ? "IPv6" : "IPv4", rig_marks_name(s->target.marks));
    if (s->target.kind != RIG_TARGET_PLAIN)
        rig_console_say(
            "kind       \"%s\": what it does otherwise than the plain centre is said below",
            rig_target_kind_name(s->target.kind));
    rig_console_say("calls      %zu to \"%s\" in %.1f s on the wire (time_scale %g)", p->n_calls,
                    s->callers.dial, p->wire_s, s->time_scale);
    rig_console_say("rate       %.2f calls/s on average as drawn, %.2f expected at the peak",
                    p->mean_rate_per_s, p->peak_rate_per_s);
    rig_console_say("at once    %.0f calls at most (95 %% of replays), %u circuits",
                    ceil(p->at_once), p->n_circuits);
    rig_console_say("workers    %zu SIPp for the callers, 1 for the agents (%s)", p->n_workers,
                    g->sipp);
    if (!is_embedded) {
        print_addresses(g);
        print_limits(g);
    }
    print_registrations(g);
    rig_console_say("duration   %.0f s at most", p->longest_s);
    rig_console_say("bandwidth  about %.2f Mbit/s of SIP at the peak, audio %.2f Mbit/s",
                    p->sip_mbit_per_s, p->audio_mbit_per_s);
    rig_advice_settling(s, p->replays, rig_console_advice, NULL);
    rig_advice_rules(s, rig_console_advice, NULL);
    rig_console_say(
        "power, by stage, from %u replays (FAIL at p < %.4f, the last look of a run that "
        "could be stopped early, with Holm's strictest correction):",
        p->replays->n_replications, rig_early_stop_alpha(RIG_N_LOOKS - 1));
    rig_advice_power(s, p->replays, rig_early_stop_alpha(RIG_N_LOOKS - 1), rig_console_advice,
                     NULL);
}

static rig_status print_json(const rig_run_setup *g, const plan *p, rig_error *err)
{
    const rig_scenario *s = g->scenario;
    json_t *document = NULL;
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig plan of a run 1");
    rig_json_add_text(&b, "name", s->name);
    rig_json_add_text(&b, "target", g->target_host);
    rig_json_add_text(&b, "address", g->route.target);
    rig_json_add_count(&b, "port", g->target_port);
    rig_json_add_text(&b, "transport", rig_transport_name(s->target.transport));
    rig_json_add_text(&b, "marks", rig_marks_name(s->target.marks));
    rig_json_add_text(&b, "kind", rig_target_kind_name(s->target.kind));
    rig_json_add_count(&b, "calls", p->n_calls);
    rig_json_add_real(&b, "wire_s", p->wire_s);
    rig_json_add_real(&b, "longest_s", p->longest_s);
    rig_json_add_real(&b, "mean_rate_per_s", p->mean_rate_per_s);
    rig_json_add_real(&b, "peak_rate_per_s", p->peak_rate_per_s);
    rig_json_add_real(&b, "at_once", p->at_once);
    rig_json_add_count(&b, "circuits", p->n_circuits);
    rig_json_add_count(&b, "workers", p->n_workers);
    if (rig_scenario_registering(s) != NULL) {
        rig_json_add_count(&b, "phones", rig_scenario_registering(s)->n_agents);
        rig_json_add_text(&b, "registrar", g->registrar_host);
        rig_json_add_count(&b, "registrar_port", g->registrar_port);
    }
    rig_json_add_real(&b, "sip_mbit_per_s", p->sip_mbit_per_s);
    rig_json_add_real(&b, "audio_mbit_per_s", p->audio_mbit_per_s);
    rig_json_add_advice(&b, s, p->replays, false, rig_early_stop_alpha(RIG_N_LOOKS - 1));
    rig_status status = rig_json_end(&b, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "plan: %s", rig_status_text(status));
    status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

rig_status rig_preflight(const rig_run_setup *g, uint32_t n_workers, rig_preflight_form form,
                         rig_error *err)
{
    const rig_scenario *s = g->scenario;
    const double wire_s = s->traffic.duration_s / s->time_scale;
    plan p = {.n_calls = rig_schedule_n_first(g->schedule),
              .wire_s = wire_s,
              .longest_s = rig_play_deadline_s(s, g->schedule),
              .mean_rate_per_s = (double)rig_schedule_n_first(g->schedule) / wire_s,
              .peak_rate_per_s = rig_traffic_peak_rate_per_s(&s->traffic) * s->time_scale,
              .n_circuits = rig_scenario_n_circuits(s)};
    p.n_workers = rig_play_n_workers(s, g->schedule, NULL, n_workers);
    rig_status status = rig_play_rehearse(s, g->caller_xml, g->schedule, g->sipp, &g->run_as, err);
    if (status == RIG_OK)
        status = predict_at_once(g, &p.at_once, &p.replays, err);
    if (status != RIG_OK)
        return status;
    p.sip_mbit_per_s = p.peak_rate_per_s * SIP_BYTES_PER_CALL * 8e-6;
    p.audio_mbit_per_s = s->callers.has_audio ? p.at_once * AUDIO_BIT_PER_S * 1e-6 : 0.0;
    if (form == RIG_PREFLIGHT_JSON)
        status = print_json(g, &p, err);
    else
        print_text(g, &p);
    if (form == RIG_PREFLIGHT_TEXT)
        rig_console_say("No call was placed.");
    rig_prediction_free(p.replays);
    return status;
}
