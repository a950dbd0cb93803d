/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules that involve several sections. */
#include <math.h>

#include "scenarios/registration.h"
#include "scenarios/scenario/keys.h"

/* After a refusal, for the agent or his caller. */
#define LEAST_REST_S 0.1

/* A bound of `limits` that another key passes. */
static void check_limits(rig_reader *reader, const rig_setting *root, const rig_scenario *scenario)
{
    const rig_limits *limits = &scenario->limits;
    const rig_keep_place *keep = &scenario->queue.keep_place;
    if (scenario->traffic.n_instants > limits->max_calls)
        rig_reader_fail(reader, rig_reader_place(root, "traffic.recorded.file"),
                        "%zu instants; expected at most limits.max_calls = %llu",
                        scenario->traffic.n_instants, (unsigned long long)limits->max_calls);
    if (keep->p_accept > 0.0 && keep->max_places > limits->max_outside)
        rig_reader_fail(reader, rig_reader_place(root, "queue.keep_place.max"),
                        "%u is more than limits.max_outside = %u", keep->max_places,
                        limits->max_outside);
}

/* Calls back that wait for more idle agents than any group can have. */
static void check_idle_agents(rig_reader *reader, const rig_setting *root,
                              const rig_scenario *scenario)
{
    uint64_t n_most = 0;
    for (uint32_t i = 0; i < scenario->n_agents; i++) {
        uint64_t n = scenario->agents[i].n_agents;
        for (size_t k = 0; k < scenario->n_reserves; k++)
            n += scenario->reserves[k].group == i ? scenario->reserves[k].n_agents : 0;
        n_most = n > n_most ? n : n_most;
    }
    if (rig_setting_member(root, "call_back") != NULL && scenario->call_back.idle_agents > n_most)
        rig_reader_fail(reader, rig_reader_place(root, "call_back.idle_agents"),
                        "%u, but the largest group of agents has %llu, with its reserves",
                        scenario->call_back.idle_agents, (unsigned long long)n_most);
}

/* Marks, and the callers' SIP. */
static void check_load(rig_reader *reader, const rig_setting *root, const rig_scenario *scenario)
{
    const rig_callers *callers = &scenario->callers;
    const char *extra = callers->auth.user != NULL             ? "callers.auth"
                        : callers->dtmf.digits != NULL         ? "callers.dtmf"
                        : callers->has_audio                   ? "callers.audio"
                        : callers->session_timer.expires_s > 0 ? "callers.session_timer"
                        : callers->has_prack                   ? "callers.reliable_provisional"
                        : callers->redirected_to != NULL       ? "callers.redirected_to"
                                                               : NULL;
    if (scenario->target.marks == RIG_MARK_QUIET && scenario->ivr.menu.kind != RIG_DIST_CONSTANT)
        rig_reader_fail(reader, rig_reader_place(root, "ivr.menu"),
                        "not constant, but target.marks is \"quiet\": nobody tells a caller when "
                        "the queue begins; expected a bare number of seconds");
    if (scenario->target.marks == RIG_MARK_AUTO && rig_target_is_embedded(&scenario->target))
        rig_reader_fail(
            reader, rig_reader_place(root, "target.marks"),
            "\"auto\" asks the target, but the embedded call centre does what this key "
            "says; expected \"reinvite\", \"update\", \"info\", \"early\" or \"quiet\", "
            "or a target.host");
    if (scenario->target.marks == RIG_MARK_EARLY && callers->dtmf.digits != NULL)
        rig_reader_fail(
            reader, rig_reader_place(root, "callers.dtmf"),
            "not possible with target.marks = \"early\": there is no dialog for an INFO "
            "before the answer");
    if (scenario->target.marks == RIG_MARK_EARLY && scenario->ivr.n_choices > 1)
        rig_reader_fail(reader, rig_reader_place(root, "ivr.choices"),
                        "several are not possible with target.marks = \"early\": there is no "
                        "dialog for an INFO "
                        "before the answer");
    if (callers->dtmf.digits != NULL && scenario->ivr.n_choices > 1)
        rig_reader_fail(reader, rig_reader_place(root, "callers.dtmf"),
                        "not with several ivr.choices: callers key the digits of theirs; expected "
                        "ivr.choices[].digits and ivr.keyed_after_s");
    if (callers->auth.user != NULL && rig_scenario_has_class_numbers(scenario))
        rig_reader_fail(reader, rig_reader_place(root, "callers.auth"),
                        "not with classes that dial numbers of their own: SIPp answers a challenge "
                        "for one number alone (RFC 3261, 22.4)");
    if (callers->auth.user != NULL && callers->redirected_to != NULL)
        rig_reader_fail(reader, rig_reader_place(root, "callers.redirected_to"),
                        "not with callers.auth: SIPp answers a challenge for one number alone "
                        "(RFC 3261, 22.4)");
    if (callers->sipp_xml != NULL && callers->redial.p_redial > 0.0)
        rig_reader_fail(reader, rig_reader_place(root, "callers.redial"),
                        "not with callers.sipp_xml: a redial's call waits until it is told when to "
                        "dial; expected one of the two");
    if (callers->redial.heeds_retry_after && !(scenario->target.retry_after_s > 0.0))
        rig_reader_fail(reader, rig_reader_place(root, "callers.redial"),
                        "heeds_retry_after: has no meaning where nobody is asked to wait; expected "
                        "target.retry_after_s over 0, as the target's refusals say it");
    if (scenario->target.transport == RIG_TRANSPORT_TCP && callers->redial.p_redial > 0.0)
        rig_reader_fail(reader, rig_reader_place(root, "callers.redial"),
                        "not over TCP: SIPp loses what many of its calls are told at once over one "
                        "connection; expected target.transport = \"udp\"");
    if (callers->sipp_xml != NULL && extra != NULL)
        rig_reader_fail(reader, rig_reader_place(root, extra),
                        "not with callers.sipp_xml: a scenario of one's own does that itself");
}

/* Where carriers come in. */
static void check_ports(rig_reader *reader, const rig_setting *root, const rig_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_trunks && rig_scenario_has_carrier_ports(scenario); i++) {
        const uint16_t port = scenario->trunks[i].port;
        const rig_setting *at = rig_setting_member(
            rig_setting_element(rig_setting_member(root, "trunks"), (int)i), "port");
        if (rig_target_is_embedded(&scenario->target))
            rig_reader_fail(reader, at,
                            "%u, but the embedded call centre takes free ports for its carriers; "
                            "expected only with a target.host of yours",
                            port);
        for (size_t k = 0; k < i; k++)
            if (scenario->trunks[k].port == port)
                rig_reader_fail(reader, at,
                                "%u is the port of trunks[%zu], too; expected another one for each "
                                "carrier",
                                port, k);
    }
}

/* One group's phones alone are known by other users than agentK. */
static void check_registrations(rig_reader *reader, const rig_setting *root,
                                const rig_scenario *scenario)
{
    const rig_agent_group *first = rig_scenario_registering(scenario);
    for (size_t g = 0; g < scenario->n_agents; g++) {
        const rig_agent_group *group = &scenario->agents[g];
        if (group->registration.first_user != NULL && group != first)
            rig_reader_fail(
                reader,
                rig_setting_member(rig_setting_element(rig_setting_member(root, "agents"), (int)g),
                                   "register"),
                "the phones of agents[%td] register already; expected in one group at "
                "most",
                first - scenario->agents);
    }
}

static void fail_rest(rig_reader *reader, const rig_setting *at, double rest_s)
{
    rig_reader_fail(reader, at,
                    "%g with phones that refuse calls; expected at least %g s, else one call would "
                    "be refused without end at one instant",
                    rest_s, LEAST_REST_S);
}

/* One caller at a time, and many phones for one: among the agents of one group, who all can take
 * him, and of calls that nobody else is given. */
static void check_dealing(rig_reader *reader, const rig_setting *root, const rig_scenario *scenario)
{
    const rig_queue *queue = &scenario->queue;
    const bool rings_all = queue->routing == RIG_ROUTING_RING_ALL;
    const rig_setting *at =
        rig_reader_place(root, rings_all ? "queue.routing" : "queue.one_at_a_time");
    const char *what = rings_all ? "\"ring_all\"" : "true";
    if (!rings_all && !queue->one_at_a_time)
        return;
    if (scenario->n_agents > 1)
        rig_reader_fail(reader, at, "%s with %zu groups of agents; expected one", what,
                        scenario->n_agents);
    if (queue->keep_place.p_accept > 0.0 || queue->deflection.p_accept > 0.0)
        rig_reader_fail(reader, at, "%s, and callers who are called back; expected one of the two",
                        what);
    if (rings_all && rig_scenario_has_refusals(scenario))
        rig_reader_fail(reader, at,
                        "\"ring_all\" with phones that refuse calls; expected one of the two");
}

/* Either the agent rests after a refusal, or the caller waits before he looks for another one. */
static void check_refusals(rig_reader *reader, const rig_setting *root,
                           const rig_scenario *scenario)
{
    for (size_t g = 0; g < scenario->n_agents; g++) {
        const rig_agent_group *group = &scenario->agents[g];
        const rig_setting *at = rig_setting_element(rig_setting_member(root, "agents"), (int)g);
        if (scenario->queue.retry_s >= LEAST_REST_S)
            continue;
        if (group->p_busy > 0.0 && group->busy_rest_s < LEAST_REST_S &&
            rig_reader_has(at, "busy_rest_s"))
            fail_rest(reader, rig_setting_member(at, "busy_rest_s"), group->busy_rest_s);
        else if (group->p_reject > 0.0 && group->reject_rest_s < LEAST_REST_S &&
                 rig_reader_has(at, "reject_rest_s"))
            fail_rest(reader, rig_setting_member(at, "reject_rest_s"), group->reject_rest_s);
        else if (rig_scenario_refuses(group) && group->rest_s < LEAST_REST_S)
            rig_reader_fail(
                reader, at,
                "rest_s = %g with phones that refuse calls; expected at least %g s here, or of "
                "queue.retry_s, else one call would be refused without end at one instant",
                group->rest_s, LEAST_REST_S);
    }
}

static void check_time(rig_reader *reader, const rig_setting *root, const rig_scenario *scenario)
{
    const rig_traffic *traffic = &scenario->traffic;
    if (traffic->warm_up_s > 0.0 && rig_scenario_counted_from_s(scenario) >= traffic->duration_s)
        rig_reader_fail(reader, rig_reader_place(root, "traffic.warm_up_s"),
                        "%g s, in whole intervals of %g s, leave nothing of %g s of traffic; "
                        "expected less",
                        traffic->warm_up_s, scenario->interval_s, traffic->duration_s);
    if (rig_traffic_expected_calls(traffic, traffic->duration_s) <= 0.0)
        rig_reader_fail(reader, rig_reader_place(root, "traffic.rate"),
                        "no calls before duration_s = %g", traffic->duration_s);
    if (scenario->interval_s > traffic->duration_s)
        rig_reader_fail(reader, rig_reader_place(root, "interval_s"),
                        "%g is longer than traffic.duration_s = %g", scenario->interval_s,
                        traffic->duration_s);
    if (traffic->duration_s / scenario->interval_s > 10000.0)
        rig_reader_fail(reader, rig_reader_place(root, "interval_s"),
                        "%g makes over 10000 intervals; expected fewer", scenario->interval_s);
    if ((scenario->time_scale < 1.0 || scenario->time_scale > 1.0) && !scenario->target.is_scalable)
        rig_reader_fail(reader, rig_reader_place(root, "time_scale"),
                        "%g, but the target \"%s\" does not declare target.scalable = true; "
                        "expected 1",
                        scenario->time_scale, scenario->target.host);
}

void rig_section_validate(rig_reader *reader, const rig_setting *root, const void *object)
{
    const rig_scenario *scenario = object;
    rig_section_check_idle_groups(reader, root, scenario);
    rig_section_check_call_back(reader, root, scenario);
    rig_section_check_backup(reader, root, scenario);
    check_time(reader, root, scenario);
    if (!rig_target_is_embedded(&scenario->target) && scenario->target.port == 0)
        rig_reader_fail(reader, rig_reader_place(root, "target.port"),
                        "0; expected a port from 1 to 65535");
    check_limits(reader, root, scenario);
    check_idle_agents(reader, root, scenario);
    check_load(reader, root, scenario);
    check_ports(reader, root, scenario);
    check_registrations(reader, root, scenario);
    check_refusals(reader, root, scenario);
    check_dealing(reader, root, scenario);
}
