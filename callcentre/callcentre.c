/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/callcentre.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/clock.h"
#include "callcentre/call/agent_leg.h"
#include "callcentre/call/call.h"
#include "callcentre/centre/centre.h"
#include "callcentre/centre/classes.h"
#include "callcentre/centre/skills.h"
#include "callcentre/call/admission.h"
#include "callcentre/sip/accepted.h"
#include "callcentre/sip/sip_messages.h"
#include "callcentre/sip/permits.h"
#include "callcentre/sip/stack.h"
#include "callcentre/sip/via.h"

enum { STOP_BATCH = 64 /* calls ended between two looks at the socket: BYEs must not flood it */ };

/* How often the stop is looked at when nothing happens. */
static const int64_t poll_ns = 20 * RIG_NS_PER_S / 1000;

/* The unit of the stack's timers. */
static const int64_t stack_grain_ns = RIG_NS_PER_S / 1000;

/* A stopping centre waits this long for the others' answers. */
static const int64_t stop_grace_ns = 2 * RIG_NS_PER_S - RIG_NS_PER_S / 10;

static void on_agent_rested(void *arg)
{
    rig_callcentre_agent *agent = arg;
    rig_callcentre_agent_release(agent->centre->resources, agent->index);
}

static rig_status make_resources(rig_callcentre_centre *centre, rig_error *err)
{
    const rig_scenario *scenario = centre->scenario;
    if (scenario->n_trunks == 0 || scenario->n_agents == 0 || scenario->n_agents > RIG_MAX_GROUPS)
        return rig_fail(err, RIG_EDOM, "the scenario has no trunk group or no agents");
    uint32_t *circuits = calloc(scenario->n_trunks, sizeof circuits[0]);
    uint32_t n_agents[RIG_MAX_GROUPS], n_on_duty[RIG_MAX_GROUPS];
    rig_callcentre_pool pools[RIG_MAX_KINDS];
    uint8_t *level = rig_callcentre_skill_levels(scenario);
    rig_status status = RIG_OK;
    rig_callcentre_resources *made = NULL;
    if (!circuits || !level) {
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
        goto out;
    }
    for (size_t i = 0; i < scenario->n_trunks; i++)
        circuits[i] = scenario->trunks[i].n_circuits;
    for (size_t i = 0; i < scenario->n_agents; i++) {
        n_agents[i] = scenario->agents[i].n_agents;
        n_on_duty[i] = rig_callcentre_duty_wanted(centre, i);
    }
    rig_callcentre_capacity capacity = {
        .n_circuits = circuits,
        .n_groups = scenario->n_trunks,
        .n_ports = scenario->ivr.n_ports,
        .n_queue = scenario->queue.capacity,
        .n_lines = rig_callcentre_class_n_lines(scenario),
        .n_agents = n_agents,
        .n_on_duty = n_on_duty,
        .pools = pools,
        .n_pools = rig_callcentre_reserves_pools(centre, pools),
        .n_agent_groups = scenario->n_agents,
        .routing = scenario->queue.routing,
        .n_skills = rig_callcentre_n_skills(scenario),
        .level = level,
        .do_callers_look = rig_callcentre_centre_is_polled(centre),
        .has_first_alone = rig_callcentre_centre_is_one_at_a_time(centre) ||
                           rig_callcentre_centre_rings_all(centre),
    };
    status = rig_callcentre_resources_new(&capacity, &made, err);
    if (status == RIG_OK) {
        rig_callcentre_resources_free(centre->resources);
        centre->resources = made;
        rig_callcentre_steps_apply(centre);
    }
out:
    free(circuits);
    free(level);
    return status;
}

static rig_status make_agents(rig_callcentre_centre *centre, rig_error *err)
{
    const rig_scenario *scenario = centre->scenario;
    size_t group = 0;
    for (size_t g = 0; g < scenario->n_agents; g++)
        centre->n_agents += rig_scenario_n_numbers(scenario, g);
    centre->agents = calloc(centre->n_agents, sizeof centre->agents[0]);
    if (!centre->agents)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (uint32_t i = 0, n_before = 0; i < centre->n_agents; i++) {
        rig_callcentre_agent *agent = &centre->agents[i];
        for (; i - n_before >= rig_scenario_n_numbers(scenario, group); group++)
            n_before += rig_scenario_n_numbers(scenario, group);
        agent->centre = centre;
        agent->group = &scenario->agents[group];
        agent->index = i;
        agent->timer.fire = on_agent_rested;
        agent->timer.arg = agent;
        if (!rig_callcentre_timers_reserve(&centre->timers))
            return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    return RIG_OK;
}

/* Wait until there is something to do. The stack's own waiting counts in whole milliseconds,
 * rounded down: with thousands of its timers a second it would spin, and our deadlines would be
 * missed by up to a millisecond. So it is only asked to do what is due, and the waiting is done
 * here. */
static void wait_for_work(const rig_callcentre_centre *centre, su_duration_t stack_ms,
                          int64_t most_ns)
{
    int64_t wait_ns = most_ns;
    /* 0: it has done something, and may have more, which its sockets tell; or a timer is near. */
    if (stack_ms >= 0 && wait_ns > stack_grain_ns)
        wait_ns = stack_ms ? MIN(wait_ns, stack_ms * stack_grain_ns) : stack_grain_ns;
    int64_t next_ns = rig_callcentre_timers_next_ns(&centre->timers);
    if (next_ns != INT64_MAX)
        wait_ns = MIN(wait_ns, next_ns - rig_clock_monotonic_ns());
    if (wait_ns <= 0)
        return;
    struct timespec wait = {.tv_sec = wait_ns / RIG_NS_PER_S, .tv_nsec = wait_ns % RIG_NS_PER_S};
    struct pollfd readable = {.fd = centre->wait_fd, .events = POLLIN};
    ppoll(&readable, 1, &wait, NULL);
}

static void step(rig_callcentre_centre *centre, int64_t wait_ns)
{
    su_duration_t stack_ms = su_root_step(centre->root, 0);
    rig_callcentre_timers_run(&centre->timers, rig_clock_monotonic_ns());
    rig_callcentre_centre_settle(centre);
    wait_for_work(centre, stack_ms, wait_ns);
}

static bool is_stopped(const rig_callcentre_options *options)
{
    return rig_stop_is_set(options->stop);
}

/* The peaks of the resources as they are now; after a crash they begin anew. */
static void note_peaks(rig_callcentre_centre *centre)
{
    const rig_callcentre_usage *usage = rig_callcentre_resources_usage(centre->resources);
    rig_callcentre_counts *counts = &centre->counts;
    counts->n_peak_circuits = MAX(counts->n_peak_circuits, usage->n_peak_circuits);
    counts->n_peak_ports = MAX(counts->n_peak_ports, usage->n_peak_ports);
    counts->n_peak_waiting = MAX(counts->n_peak_waiting, usage->n_peak_waiting);
    counts->n_peak_agents = MAX(counts->n_peak_agents, usage->n_peak_agents);
}

static void on_crash(void *arg)
{
    rig_callcentre_centre *centre = arg;
    centre->crash_is_due = true;
}

/* The loop does what is to be done after each deadline. */
static void on_look(void *arg)
{
    (void)arg;
}

static double crash_length_s(const rig_callcentre_centre *centre)
{
    for (size_t i = 0; i < centre->n_defects; i++)
        if (centre->defects[i].kind == RIG_DEFECT_CRASH)
            return centre->defects[i].value2;
    return 0;
}

/* All is lost, without a word on the wire. */
static rig_status crash(rig_callcentre_centre *centre, rig_error *err)
{
    centre->crash_is_due = false;
    rig_callcentre_held_lose(centre);
    while (centre->calls)
        rig_callcentre_call_lose(centre->calls);
    while (centre->agent_legs)
        rig_callcentre_agent_leg_free(centre->agent_legs);
    for (uint32_t i = 0; i < centre->n_agents; i++)
        rig_callcentre_timers_cancel(&centre->timers, &centre->agents[i].timer);
    rig_callcentre_timers_cancel(&centre->timers, &centre->look);
    rig_callcentre_reserves_forget(centre);
    rig_callcentre_promises_clear(centre);
    centre->n_being_rung = 0;
    centre->next_look_ns = 0;
    note_peaks(centre);
    rig_callcentre_stack_close(centre);
    if (centre->transport == RIG_TRANSPORT_UDP)
        rig_callcentre_entrances_mute(centre);
    centre->restart_ns = rig_callcentre_centre_after_ns(centre, crash_length_s(centre));
    return make_resources(centre, err);
}

/* One round of the loop, also of a crashed centre. */
static rig_status run_round(rig_callcentre_centre *centre, rig_error *err)
{
    if (centre->nta) {
        step(centre, poll_ns);
        return centre->crash_is_due ? crash(centre, err) : RIG_OK;
    }
    int64_t left_ns = centre->restart_ns - rig_clock_monotonic_ns();
    if (left_ns > 0) {
        int64_t wait_ns = MIN(left_ns, poll_ns);
        struct timespec wait = {.tv_nsec = wait_ns};
        ppoll(NULL, 0, &wait, NULL);
        return RIG_OK;
    }
    rig_callcentre_entrances_unmute(centre);
    return rig_callcentre_stack_open(centre, centre->port, err);
}

static void stop_all(rig_callcentre_centre *centre)
{
    int64_t until_ns = rig_clock_monotonic_ns() + stop_grace_ns;
    centre->is_stopping = true;
    rig_callcentre_held_admit(centre);
    size_t n = 0;
    centre->next_to_stop = centre->calls;
    while (centre->next_to_stop) {
        rig_callcentre_call *call = centre->next_to_stop;
        centre->next_to_stop = rig_callcentre_call_next(call);
        rig_callcentre_call_stop(call);
        if (++n % STOP_BATCH == 0)
            for (int i = 0; i < STOP_BATCH && rig_clock_monotonic_ns() < until_ns; i++)
                step(centre, 0);
    }
    while ((centre->n_calls || centre->n_agent_legs) && rig_clock_monotonic_ns() < until_ns)
        step(centre, stack_grain_ns);
}

static void free_centre(rig_callcentre_centre *centre)
{
    rig_callcentre_held_lose(centre);
    while (centre->calls)
        rig_callcentre_call_free(centre->calls);
    while (centre->agent_legs)
        rig_callcentre_agent_leg_free(centre->agent_legs);
    rig_callcentre_promises_clear(centre);
    rig_callcentre_attempts_clear(&centre->attempts);
    rig_callcentre_stack_close(centre);
    su_root_destroy(centre->root);
    rig_callcentre_accepted_free(centre->accepted);
    rig_callcentre_parser_free(centre->parser);
    rig_callcentre_entrances_clear(centre);
    rig_callcentre_faults_clear(centre);
    rig_callcentre_duty_clear(centre);
    rig_callcentre_steps_clear(centre);
    rig_callcentre_reserves_clear(centre);
    free(centre->sdp);
    free(centre->agents);
    rig_callcentre_timers_clear(&centre->timers);
    rig_callcentre_resources_free(centre->resources);
}

/* Phones of others must be allowed; an address of this host is ours. @param host  NULL: loopback.
 * @param whose  In words. */
static rig_status find_phones(const rig_callcentre_centre *centre, const char *host,
                              const char *whose, rig_callcentre_address *at, rig_error *err)
{
    if (host == NULL)
        host = centre->host.family == AF_INET6 ? "::1" : "127.0.0.1";
    const rig_status status = rig_callcentre_resolve(host, at, err);
    if (status != RIG_OK)
        return status;
    if (at->family != centre->host.family)
        return rig_fail(err, RIG_EDOM,
                        "%s at %s cannot be called from %s; expected both addresses to be IPv4 or "
                        "both to be IPv6",
                        whose, at->numeric, centre->host.numeric);
    if (rig_callcentre_address_is_several(at))
        return rig_fail(err, RIG_EINPUT,
                        "%s at %s: that is every address of this host, of a network or of a group; "
                        "expected one address",
                        whose, host);
    if (rig_callcentre_permits_other(centre, at->numeric) ||
        rig_callcentre_permits_other(centre, host) || rig_callcentre_address_is_here(at))
        return RIG_OK;
    return rig_fail(err, RIG_EINPUT,
                    "%s at %s are neither at loopback nor here; name the host in "
                    "target.allow or by --allow %s if you may call it",
                    whose, host, host);
}

static rig_status find_addresses(rig_callcentre_centre *centre,
                                 const rig_callcentre_options *options, rig_error *err)
{
    rig_status status = rig_callcentre_resolve(
        options->listen_host ? options->listen_host : "127.0.0.1", &centre->host, err);
    if (status != RIG_OK)
        return status;
    if (rig_callcentre_address_is_several(&centre->host))
        return rig_fail(err, RIG_EDOM,
                        "%s: Contact must show one address; expected that of one interface",
                        options->listen_host);
    status =
        find_phones(centre, options->agents_host, "the agents' phones", &centre->agents_host, err);
    if (status != RIG_OK || !rig_scenario_calls_back(centre->scenario))
        return status;
    centre->callers_port = options->callers_port;
    return find_phones(centre, options->callers_host, "the callers' phones", &centre->callers_host,
                       err);
}

/* The callers' credentials are the scenario's; how they are asked for is the options'. */
static rig_status make_auth(const rig_scenario *scenario, const rig_callcentre_options *options,
                            rig_callcentre_auth *auth, rig_error *err)
{
    *auth = (rig_callcentre_auth){
        .user = scenario->callers.auth.user,
        .password = scenario->callers.auth.password ? scenario->callers.auth.password : "",
        .realm = "peakrig",
        .digest = options->digest,
        .nonce_life_s = options->nonce_life_s > 0 ? options->nonce_life_s : 300,
    };
    if (getrandom(auth->secret, sizeof auth->secret, 0) != (ssize_t)sizeof auth->secret)
        return rig_fail(err, RIG_EENV, "cannot get random bytes: %s", strerror(errno));
    return RIG_OK;
}

static rig_status make_parts(rig_callcentre_centre *centre, rig_error *err)
{
    rig_status status = rig_callcentre_duty_make(centre, err);
    if (status == RIG_OK)
        status = rig_callcentre_steps_make(centre, err);
    if (status == RIG_OK)
        status = rig_callcentre_reserves_make(centre, err);
    if (status == RIG_OK)
        status = rig_callcentre_promises_make(centre, err);
    if (status == RIG_OK)
        status = make_resources(centre, err);
    if (status == RIG_OK)
        status = make_agents(centre, err);
    if (status == RIG_OK)
        status = rig_callcentre_entrances_make(centre, err);
    return status == RIG_OK ? rig_callcentre_faults_make(centre, err) : status;
}

static void say_ready(const rig_callcentre_centre *centre, const rig_callcentre_options *options)
{
    uint16_t ports[RIG_MAX_GROUPS] = {0};
    for (size_t i = 0; i < centre->n_entrances && i < RIG_MAX_GROUPS; i++)
        ports[i] = centre->entrances[i].port;
    if (options->ready)
        options->ready(options->ctx, centre->host.numeric, ports, centre->n_entrances);
}

static void say_counts(const rig_callcentre_centre *centre, const rig_callcentre_options *options,
                       int64_t *next_ns)
{
    const int64_t now_ns = rig_clock_monotonic_ns();
    if (options->counted == NULL || now_ns < *next_ns)
        return;
    *next_ns = now_ns + RIG_NS_PER_S;
    options->counted(options->ctx, &centre->counts);
}

static rig_status check_options(const rig_scenario *scenario, const rig_callcentre_options *options,
                                rig_error *err)
{
    if (options->agents_port == 0)
        return rig_fail(err, RIG_EDOM, "the agents' phones need a port; expected 1 to 65535");
    if (options->callers_port == 0 && rig_scenario_calls_back(scenario))
        return rig_fail(
            err, RIG_EDOM,
            "callers are called back, and their phones need a port; expected 1 to 65535");
    if (scenario->target.marks == RIG_MARK_AUTO)
        return rig_fail(
            err, RIG_EINPUT,
            "%s: target.marks: \"auto\" is for who calls a centre; a centre itself has "
            "to know: expected \"reinvite\", \"update\", \"info\", \"early\" or \"quiet\"",
            scenario->path);
    return RIG_OK;
}

rig_status rig_callcentre_run(const rig_scenario *scenario, const rig_callcentre_options *options,
                              rig_callcentre_counts *counts, rig_error *err)
{
    rig_callcentre_auth auth;
    rig_callcentre_centre centre = {.scenario = scenario,
                                    .transport = scenario->target.transport,
                                    .defects = options->defects,
                                    .n_defects = options->n_defects,
                                    .agents_port = options->agents_port,
                                    .allow = options->allow,
                                    .n_allow = options->n_allow,
                                    .challenge = options->challenge,
                                    .wait_fd = -1,
                                    .first_invite_ns = RIG_NO_TIME,
                                    .first_call_s = options->first_call_s,
                                    .refresh_s = options->refresh_s,
                                    .tells_dialled = options->tells_dialled,
                                    .has_short_headers = options->has_short_headers,
                                    .look.fire = on_look,
                                    .crash.fire = on_crash,
                                    .crash.arg = &centre};
    rig_status status = check_options(scenario, options, err);
    if (status == RIG_OK)
        status = rig_callcentre_check_defects(scenario, options->defects, options->n_defects, err);
    if (status == RIG_OK)
        status = find_addresses(&centre, options, err);
    if (status == RIG_OK)
        status = make_auth(scenario, options, &auth, err);
    if (status == RIG_OK && auth.user)
        centre.auth = &auth;
    if (status == RIG_OK)
        status = rig_callcentre_try_port(&centre.host, options->listen_port, centre.transport, err);
    if (status == RIG_OK)
        status = make_parts(&centre, err);
    if (status == RIG_OK && (!rig_callcentre_timers_reserve(&centre.timers) ||
                             !rig_callcentre_timers_reserve(&centre.timers)))
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK && !(centre.sdp = rig_callcentre_sdp_new(&centre.host)))
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK)
        status = rig_callcentre_stack_open(&centre, options->listen_port, err);
    if (status != RIG_OK)
        goto out;

    say_ready(&centre, options);
    int64_t count_ns = rig_clock_monotonic_ns() + RIG_NS_PER_S;
    while (status == RIG_OK && !is_stopped(options)) {
        status = run_round(&centre, err);
        say_counts(&centre, options, &count_ns);
    }
    if (status != RIG_OK)
        goto out;
    stop_all(&centre);
    note_peaks(&centre);
out:
    free_centre(&centre);
    if (status == RIG_OK && counts) {
        *counts = centre.counts;
        counts->n_up_at_stop = counts->n_stopped_unanswered + counts->n_stopped_answered;
    }
    return status;
}
