/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A play of which nothing is due: does SIPp take what it would be given? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/temporary.h"
#include "generator/play/injection.h"
#include "generator/play.h"
#include "generator/register_file.h"
#include "generator/sipp_files.h"
#include "generator/sipp_worker.h"

static const double FAR_S = 1e6; /* until the first call would be due */
enum { DISCARD_PORT = 9 };

/* Its scenario is read before its port is bound. */
static rig_status try(const rig_sipp_spec *spec, rig_error *err)
{
    rig_sipp_worker worker = {.port = 0};
    rig_status status = rig_sipp_worker_start(spec, NULL, &worker, err);
    rig_sipp_worker_end(&worker);
    return status;
}

/* All calls to one SIPp, due far away. */
static rig_status write_callers(const rig_scenario *scenario, const rig_schedule *schedule,
                                const char *path, rig_error *err)
{
    rig_deal deal = {.n_workers = 0};
    const int64_t start_ns = rig_clock_realtime_ns() + rig_clock_ns_of_s(FAR_S);
    rig_status status = rig_deal_make_one(schedule, &deal, err);
    if (status == RIG_OK)
        status = rig_injection_write_callers(schedule, scenario, start_ns, &deal, 0, path, err);
    rig_deal_clear(&deal);
    return status;
}

/* Phones that register, if any do. */
static rig_status try_register(const rig_scenario *scenario, const rig_sipp_spec *as_agents,
                               rig_error *err)
{
    const rig_agent_group *group = rig_scenario_registering(scenario);
    char *text = NULL, *rows = NULL;
    if (group == NULL)
        return RIG_OK;
    const rig_register_spec file = {.registration = &group->registration,
                                    .registrar_host = as_agents->local_host,
                                    .contact_host = as_agents->local_host,
                                    .contact_port = DISCARD_PORT};
    rig_sipp_spec spec = *as_agents;
    spec.role = RIG_SIPP_REGISTER;
    spec.name = "register";
    spec.target_host = spec.domain = spec.local_host;
    spec.target_port = DISCARD_PORT;
    spec.n_calls = group->n_agents;
    const char *password = group->registration.password != NULL ? "***" : "";
    const int64_t first_ns = rig_clock_realtime_ns() + rig_clock_ns_of_s(FAR_S);
    rig_status status = RIG_OK;
    if (asprintf(&rows, "%s/register.csv", spec.folder) < 0)
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK)
        status = rig_register_file_make(&file, password, &text, err);
    if (status == RIG_OK)
        status = rig_sipp_file_write(spec.folder, RIG_SIPP_REGISTER_XML, text, err);
    if (status == RIG_OK)
        status =
            rig_register_rows_write(&group->registration, group->n_agents, first_ns, rows, err);
    if (status == RIG_OK)
        status = rig_privilege_give_folder(spec.folder, spec.run_as, err);
    if (status == RIG_OK)
        status = try(&spec, err);
    free(text);
    free(rows);
    return status;
}

rig_status rig_play_rehearse(const rig_scenario *scenario, const char *caller_xml,
                             const rig_schedule *schedule, const char *sipp_path,
                             const rig_run_as *run_as, rig_error *err)
{
    static const char LOOPBACK[] = "127.0.0.1";
    rig_secret secret;
    char folder[RIG_TEMPORARY_SIZE], *callers = NULL, *agents = NULL;
    rig_status status = rig_temporary_make("check", folder, err);
    if (status != RIG_OK)
        return status;
    const rig_sipp_spec as_callers = {.role = RIG_SIPP_CALLERS,
                                      .sipp_path = sipp_path,
                                      .secret = &secret,
                                      .run_as = run_as,
                                      .folder = folder,
                                      .name = "callers0",
                                      .transport = RIG_TRANSPORT_UDP,
                                      .local_host = LOOPBACK,
                                      .target_host = LOOPBACK,
                                      .target_port = DISCARD_PORT,
                                      .dial = scenario->callers.dial,
                                      .n_calls = schedule->n};
    const rig_sipp_spec as_agents = {.role = RIG_SIPP_AGENTS,
                                     .sipp_path = sipp_path,
                                     .secret = &secret,
                                     .run_as = run_as,
                                     .folder = folder,
                                     .name = "agents",
                                     .has_groups = scenario->n_agents > 1,
                                     .has_rings = rig_injection_has_rings(scenario),
                                     .transport = RIG_TRANSPORT_UDP,
                                     .local_host = LOOPBACK};
    status = rig_secret_make(&secret, err);
    if (status == RIG_OK)
        status = rig_sipp_files_write(scenario, caller_xml, &secret, folder, err);
    if (status == RIG_OK && (asprintf(&callers, "%s/callers0.csv", folder) < 0 ||
                             asprintf(&agents, "%s/agents.csv", folder) < 0))
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK)
        status = write_callers(scenario, schedule, callers, err);
    if (status == RIG_OK)
        status = rig_injection_write_agents(schedule, scenario, agents, err);
    if (status == RIG_OK)
        status = rig_injection_write_groups(schedule, scenario, folder, err);
    if (status == RIG_OK)
        status = rig_privilege_give_folder(folder, run_as, err);
    if (status == RIG_OK)
        status = try(&as_callers, err);
    if (status == RIG_OK)
        status = try(&as_agents, err);
    if (status == RIG_OK)
        status = try_register(scenario, &as_agents, err);
    rig_temporary_remove(folder);
    free(callers);
    free(agents);
    return status;
}
