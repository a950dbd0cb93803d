/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_setup.h"
#include "cli/password.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/host_port.h"
#include "core/broadcast.h"
#include "generator/host_check.h"
#include "generator/play.h"
#include "generator/probe.h"
#include "generator/safety.h"
#include "generator/sipp_files.h"
#include "generator/sipp_worker.h"
#include "scenarios/registration.h"
#include "verdict/play_facts.h"
#include "callcentre/callcentre.h"

static bool are_of_one_family(const char *a, const char *b)
{
    rig_address first, second;
    return rig_address_make(a, 0, &first) && rig_address_make(b, 0, &second) &&
           rig_address_family(&first) == rig_address_family(&second);
}

/* Of a target of the user's; the embedded one says its own when it runs. */
static void take_carrier_ports(rig_run_setup *g)
{
    const rig_scenario *s = g->scenario;
    if (!rig_scenario_has_carrier_ports(s))
        return;
    g->n_carriers = s->n_trunks;
    for (size_t i = 0; i < s->n_trunks; i++)
        g->carrier_ports[i] = s->trunks[i].port;
    g->target_port = g->carrier_ports[0]; /* who probes it asks there */
}

/* @param listen  Where the embedded call centre does. */
static rig_status read_agents_listen(rig_run_setup *g, const char *listen, bool is_embedded,
                                     rig_error *err)
{
    struct in_addr v4;
    if (g->scenario->target.agents_listen == NULL) {
        if (is_embedded)
            (void)snprintf(g->agents_host, sizeof g->agents_host, "%s", listen);
        return RIG_OK;
    }
    rig_status status =
        rig_hostport_read(g->scenario->target.agents_listen, "target.agents_listen", g->agents_host,
                          sizeof g->agents_host, &g->agents_port, err);
    if (status == RIG_OK && inet_pton(AF_INET, g->agents_host, &v4) == 1 && rig_broadcast_is(v4))
        return rig_fail(err, RIG_EINPUT,
                        "target.agents_listen \"%s\" is every host of a network, by its broadcast "
                        "address; expected an address of this host",
                        g->scenario->target.agents_listen);
    if (status == RIG_OK && is_embedded && !are_of_one_family(listen, g->agents_host))
        return rig_fail(err, RIG_EINPUT,
                        "target.agents_listen \"%s\", but the embedded call centre listens at %s; "
                        "expected two IPv4 or two IPv6 addresses",
                        g->scenario->target.agents_listen, listen);
    return status;
}

/* The scenario, with --target in the place of target.host. */
static rig_status read_scenario(const char *path, const rig_run_setup_options *options,
                                rig_run_setup *g, rig_error *err)
{
    rig_texts overrides = options->overrides;
    char host_override[300], port_override[64];
    bool has_port = false; /* of all calls */
    if (options->target != NULL) {
        uint16_t port = 0;
        rig_status status = rig_hostport_read(options->target, "--target", g->target_host,
                                              sizeof g->target_host, &port, err);
        has_port = port > 0;
        port = has_port ? port : RIG_SIP_PORT;
        if (status != RIG_OK)
            return status;
        if (overrides.n + 2 > RIG_MAX_OVERRIDES)
            return rig_fail(err, RIG_EINPUT, "--set: given more than %d times", RIG_MAX_OVERRIDES);
        (void)snprintf(host_override, sizeof host_override, "target.host=\"%s\"", g->target_host);
        (void)snprintf(port_override, sizeof port_override, "target.port=%u", port);
        overrides.items[overrides.n++] = host_override;
        overrides.items[overrides.n++] = port_override;
    }
    rig_status status = rig_scenario_read(path, overrides.items, overrides.n, &g->scenario, err);
    if (status == RIG_OK)
        status = rig_scenario_check_playable(g->scenario, err);
    if (status != RIG_OK)
        return status;
    bool is_embedded = rig_target_is_embedded(&g->scenario->target);
    if (!is_embedded && options->target_overrides.n > 0)
        return rig_fail(err, RIG_EINPUT,
                        "--target-set changes the embedded target, but the target is %s",
                        g->scenario->target.host);
    if (!is_embedded && options->defects.n > 0)
        return rig_fail(err, RIG_EINPUT,
                        "--defect %s breaks the embedded target, but the target is %s",
                        options->defects.items[0], g->scenario->target.host);
    g->target_port = g->scenario->target.port;
    if (rig_scenario_has_carrier_ports(g->scenario) && has_port)
        return rig_fail(err, RIG_EINPUT,
                        "--target %s: the carriers come in at the ports that trunks[].port says; "
                        "expected a host alone",
                        options->target);
    take_carrier_ports(g);
    const char *listen =
        g->scenario->target.listen != NULL ? g->scenario->target.listen : "127.0.0.1";
    (void)snprintf(g->target_host, sizeof g->target_host, "%s",
                   is_embedded ? listen : g->scenario->target.host);
    return read_agents_listen(g, listen, is_embedded, err);
}

/* Where phones register, if they do. */
static rig_status find_registrar(rig_run_setup *g, rig_error *err)
{
    const rig_agent_group *group = rig_scenario_registering(g->scenario);
    char key[64];
    if (group == NULL)
        return RIG_OK;
    (void)snprintf(key, sizeof key, "agents[%zu].register", (size_t)(group - g->scenario->agents));
    if (rig_target_is_embedded(&g->scenario->target))
        return rig_fail(err, RIG_EINPUT,
                        "%s: %s: the embedded call centre knows its phones, and takes no REGISTER; "
                        "expected --target HOST[:PORT] or target.host beside it, or no %s",
                        g->scenario->path, key, key);
    if (group->registration.registrar == NULL) {
        (void)snprintf(g->registrar_host, sizeof g->registrar_host, "%s", g->target_host);
        g->registrar_port = g->target_port;
        return RIG_OK;
    }
    g->registrar_port = RIG_SIP_PORT;
    (void)snprintf(key + strlen(key), sizeof key - strlen(key), ".registrar");
    return rig_hostport_read(group->registration.registrar, key, g->registrar_host,
                             sizeof g->registrar_host, &g->registrar_port, err);
}

static rig_status read_defects(const rig_texts *texts, rig_callcentre_defect *defects,
                               rig_error *err)
{
    if (texts->n > RIG_PLAY_FACTS_MAX_DEFECTS)
        return rig_fail(err, RIG_EINPUT, "--defect: given %zu times; expected at most %u", texts->n,
                        RIG_PLAY_FACTS_MAX_DEFECTS);
    for (size_t i = 0; i < texts->n; i++) {
        rig_error why = {0};
        if (strlen(texts->items[i]) >= RIG_PLAY_FACTS_DEFECT_SIZE)
            return rig_fail(err, RIG_EINPUT, "--defect %.40s...: expected at most %d characters",
                            texts->items[i], RIG_PLAY_FACTS_DEFECT_SIZE - 1);
        if (rig_callcentre_defect_read(texts->items[i], &defects[i], &why) != RIG_OK)
            return rig_fail(err, why.status, "--defect %s", why.text);
    }
    return RIG_OK;
}

/* What only the embedded target is told: read as it will read it, before anything is written. */
static rig_status check_target(const char *path, const rig_run_setup_options *options,
                               rig_error *err)
{
    const rig_texts *sets = &options->overrides, *more = &options->target_overrides;
    rig_callcentre_defect defects[RIG_PLAY_FACTS_MAX_DEFECTS];
    const char *all[2 * RIG_MAX_OVERRIDES];
    rig_scenario *scenario = NULL;
    if (options->defects.n == 0 && more->n == 0)
        return RIG_OK;
    rig_status status = read_defects(&options->defects, defects, err);
    if (status != RIG_OK)
        return status;
    memcpy(all, sets->items, sets->n * sizeof *all);
    memcpy(all + sets->n, more->items, more->n * sizeof *all);
    status = rig_scenario_read(path, all, sets->n + more->n, &scenario, err);
    if (status == RIG_OK)
        status = rig_scenario_check_playable(scenario, err);
    if (status == RIG_OK)
        status = rig_callcentre_check_defects(scenario, defects, options->defects.n, err);
    rig_scenario_free(scenario);
    return status;
}

static rig_status check_registrar(const rig_run_setup *g, const rig_permits *permits,
                                  rig_error *err)
{
    rig_route route;
    if (g->registrar_host[0] == '\0')
        return RIG_OK;
    rig_status status = rig_route_find(g->registrar_host, g->registrar_port, &route, err);
    return status == RIG_OK ? rig_safety_check_host("registrar", g->registrar_host, &route,
                                                    &g->scenario->target, permits, err)
                            : status;
}

rig_permits rig_run_setup_permits(const rig_run_setup_options *options)
{
    return (rig_permits){.hosts = (char *const *)options->allow.items,
                         .n_hosts = options->allow.n,
                         .dials = (char *const *)options->allow_dial.items,
                         .n_dials = options->allow_dial.n,
                         .trusts_xml = options->trusts_xml};
}

rig_play_options rig_run_setup_play(const rig_run_setup *setup,
                                    const rig_run_setup_options *options, const char *dir)
{
    return (rig_play_options){
        .run_dir = dir,
        .target_host = setup->target_host,
        .target_port = setup->target_port,
        .carrier_ports = setup->carrier_ports,
        .n_carriers = setup->n_carriers,
        .agents_host = setup->agents_host[0] != '\0' ? setup->agents_host : NULL,
        .agents_port = setup->agents_port,
        .call_backs_port = setup->call_backs_port,
        .registrar_host = setup->registrar_host[0] != '\0' ? setup->registrar_host : NULL,
        .registrar_port = setup->registrar_port,
        .permits = rig_run_setup_permits(options),
        .caller_xml = setup->caller_xml,
        .share = options->share,
        .sipp_path = setup->sipp,
        .run_as = setup->run_as};
}

rig_status rig_run_setup_make(const char *path, const rig_run_setup_options *options,
                              rig_run_setup *g, rig_error *err)
{
    const rig_permits permits = rig_run_setup_permits(options);
    if (options->n_workers > RIG_MAX_WORKERS)
        return rig_fail(err, RIG_EINPUT, "--workers %u; expected at most %d", options->n_workers,
                        RIG_MAX_WORKERS);
    rig_status status = rig_privilege_find_user(options->user, &g->run_as, err);
    if (status == RIG_OK)
        status = read_scenario(path, options, g, err);
    if (status == RIG_OK)
        status = find_registrar(g, err);
    if (status == RIG_OK)
        status = check_target(path, options, err);
    if (status == RIG_OK)
        status = rig_password_find(g->scenario, err);
    if (status == RIG_OK)
        status = rig_password_find_agents(g->scenario, err);
    if (status == RIG_OK)
        status = rig_sipp_user_file_read(g->scenario, &g->caller_xml, err);
    if (status == RIG_OK)
        status = rig_schedule_draw(g->scenario, 0, &g->schedule, err);
    if (status == RIG_OK && g->schedule->n == 0)
        status = rig_fail(err, RIG_EINPUT, "%s: traffic: no call was drawn; expected at least one",
                          g->scenario->path);
    if (status == RIG_OK)
        status = rig_sipp_find(options->sipp, &g->run_as, &g->sipp, err);
    if (status == RIG_OK)
        status = rig_route_find(g->target_host, g->target_port, &g->route, err);
    if (status == RIG_OK)
        status = rig_safety_check(g->scenario, g->caller_xml, g->schedule, &g->route,
                                  g->target_host, &permits, err);
    if (status == RIG_OK)
        status = check_registrar(g, &permits, err);
    if (status == RIG_OK) {
        const rig_host_needs needs = {
            .n_workers =
                rig_play_n_workers(g->scenario, g->schedule, &options->share, options->n_workers),
            .agents_host = options->share.without_phones ? NULL : g->agents_host,
            .agents_port = g->agents_port,
            .with_capture = options->capture == NULL};
        status = rig_host_check(g->scenario, g->schedule, &g->route, &needs, err);
    }
    if (status == RIG_OK && options->with_probe && !rig_target_is_embedded(&g->scenario->target))
        status = rig_probe(&g->route, g->scenario->target.transport, options->stop, err);
    return status;
}

void rig_run_setup_clear(rig_run_setup *g)
{
    rig_schedule_free(g->schedule);
    rig_scenario_free(g->scenario);
    free(g->sipp);
    free(g->caller_xml);
    *g = (rig_run_setup){.target_port = 0};
}
