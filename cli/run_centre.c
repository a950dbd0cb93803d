/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_centre.h"
#include "cli/password.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "generator/ports.h"

static const double READY_S = 10.0;
static const char COPY[] = "target.cfg";

/* The scenario where another user can read it. */
static rig_status give_scenario(const rig_run_setup *setup, const char *logs, rig_error *err)
{
    char path[1200];
    (void)snprintf(path, sizeof path, "%s/%s", logs, COPY);
    rig_status status = rig_scenario_write(setup->scenario, path, err);
    return status == RIG_OK ? rig_privilege_give_folder(logs, &setup->run_as, err) : status;
}

static void take_ports(rig_run_setup *setup, const rig_embedded *centre)
{
    size_t n = 0;
    const uint16_t *ports = rig_embedded_ports(centre, &n);
    setup->target_port = ports[0];
    setup->n_carriers = n > 1 ? n : 0;
    for (size_t i = 0; i < setup->n_carriers; i++)
        setup->carrier_ports[i] = ports[i];
}

/* Of the phones: the centre must know them before they are there. */
static rig_status choose_ports(rig_run_setup *setup, rig_error *err)
{
    uint16_t ports[2];
    rig_status status = rig_ports_find_free(setup->agents_host, NULL, 2, 0, ports, err);
    if (status != RIG_OK)
        return status;
    if (setup->agents_port == 0)
        setup->agents_port = ports[0];
    if (rig_scenario_calls_back(setup->scenario))
        setup->call_backs_port = ports[1] != setup->agents_port ? ports[1] : ports[0];
    return RIG_OK;
}

/* Where callers are called back, if they are. @return how many words that is. */
static size_t put_callers(const rig_run_setup *setup, char port[8], const char **argv)
{
    const char *words[] = {"--callers-host", setup->agents_host, "--callers-port", port};
    if (setup->call_backs_port == 0)
        return 0;
    (void)snprintf(port, 8, "%u", setup->call_backs_port);
    memcpy(argv, words, sizeof words);
    return sizeof words / sizeof *words;
}

rig_status rig_run_centre_start(rig_run_setup *setup, const rig_run_setup_options *options,
                                const char *scenario, const char *dir, rig_embedded **centre,
                                rig_error *err)
{
    const rig_texts *sets = &options->target_overrides;
    const rig_texts *defects = &options->defects;
    const char *argv[RIG_MAX_OVERRIDES * 2 + RIG_PLAY_FACTS_MAX_DEFECTS * 2 + 22];
    char first_call[32], own_port[8], port[8], callers_port[8], pid[24], log[1100], folder[1100],
        counts[1200];
    const bool is_other = setup->run_as.is_set; /* who may not read all of the run's folder */
    size_t n = 0;
    rig_status status = choose_ports(setup, err);
    if (status != RIG_OK)
        return status;
    (void)snprintf(own_port, sizeof own_port, "%u", setup->target_port);
    (void)snprintf(port, sizeof port, "%u", setup->agents_port);
    (void)snprintf(first_call, sizeof first_call, "%.9f", setup->schedule->calls[0].t_s);
    (void)snprintf(pid, sizeof pid, "%ld", (long)getpid());
    (void)snprintf(log, sizeof log, "%s/logs/target.err", dir);
    (void)snprintf(folder, sizeof folder, "%s/logs", dir);
    (void)snprintf(counts, sizeof counts, "%s%starget-counts.txt", is_other ? "" : folder,
                   is_other ? "" : "/");
    const char *fixed[] = {"/proc/self/exe",
                           "target",
                           is_other ? COPY : scenario,
                           "--agents-host",
                           setup->agents_host,
                           "--agents-port",
                           port,
                           "--counts",
                           counts,
                           "--parent",
                           pid,
                           "--first-call",
                           first_call};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        argv[n++] = fixed[i];
    n += put_callers(setup, callers_port, &argv[n]);
    argv[n++] = setup->target_port == 0 ? "--any-port" : "--port";
    if (setup->target_port != 0)
        argv[n++] = own_port;
    for (size_t i = 0; i < sets->n; i++) {
        argv[n++] = "--set";
        argv[n++] = sets->items[i];
    }
    for (size_t i = 0; i < defects->n; i++) {
        argv[n++] = "--defect";
        argv[n++] = defects->items[i];
    }
    argv[n] = NULL;
    status = is_other ? give_scenario(setup, folder, err) : RIG_OK;
    rig_password_lend(setup->scenario);
    if (status == RIG_OK)
        status = rig_embedded_new(argv, is_other ? folder : NULL, &setup->run_as, log, READY_S,
                                  options->stop, centre, err);
    rig_password_take_back();
    if (status == RIG_OK)
        take_ports(setup, *centre);
    return status;
}

void rig_run_centre_watch(rig_embedded *centre, rig_progress *progress, rig_stop *abandon,
                          char end[RIG_PLAY_FACTS_TROUBLE_SIZE])
{
    rig_error why = {0};
    if (centre == NULL || rig_stop_is_set(abandon) || rig_embedded_check(centre, &why) == RIG_OK)
        return;
    (void)snprintf(end, RIG_PLAY_FACTS_TROUBLE_SIZE,
                   "the embedded call centre died in mid-run: %.300s; see logs/target.err",
                   why.text);
    rig_progress_say(progress, "%s", end);
    rig_stop_set(abandon);
}

void rig_run_centre_count(const char *dir, rig_play_facts *facts)
{
    char path[1200], line[200];
    facts->n_centre_offered = facts->n_centre_rang = 0;
    (void)snprintf(path, sizeof path, "%s/logs/target-counts.txt", dir);
    FILE *in = rig_file_open_of_others(path);
    while (in != NULL && fgets(line, sizeof line, in) != NULL) {
        unsigned long long n = 0;
        if (sscanf(line, "offered %llu", &n) == 1)
            facts->n_centre_offered = n;
        else if (sscanf(line, "agent invites %llu", &n) == 1)
            facts->n_centre_rang = n;
    }
    if (in != NULL)
        (void)fclose(in);
}
