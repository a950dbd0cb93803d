#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "core/atomic_file.h"
#include "target/target.h"

static const rig_usage_text usage = {
    "target", "SCENARIO",
    "Be the scenario's call centre behind real SIP (UDP) until Ctrl-C: circuits, IVR ports, queue\n"
    "and agents, who are rung at sip:agentK@HOST:PORT of --agents. Prints \"ready HOST PORT\" "
    "when\n"
    "calls can come, and what it counted at the end."};

static void say_ready(void *ctx, const char *host, uint16_t port)
{
    (void)ctx;
    printf("ready %s %u\n", host, port);
    (void)fflush(stdout);
}

static void print_counts(FILE *out, const rig_target_counts *c)
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

static rig_status publish_counts(const rig_target_counts *counts, const char *path, rig_error *err)
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

int rig_cmd_target(int argc, char **argv)
{
    rig_texts operands, overrides = {.n = 0};
    const char *host = "127.0.0.1", *agents_host = "127.0.0.1";
    uint16_t port = 5060, agents_port = 5080;
    bool is_any_port = false;
    const char *counts_path = NULL;
    const rig_option options[] = {
        {"host", 0, RIG_OPTION_TEXT, &host, "ADDRESS", "listen there (127.0.0.1)"},
        {"port", 'p', RIG_OPTION_PORT, &port, "PORT", "listen there (5060)"},
        {"any-port", 0, RIG_OPTION_FLAG, &is_any_port, NULL, "listen on any free port"},
        {"agents-host", 0, RIG_OPTION_TEXT, &agents_host, "ADDRESS", "agents' phones (127.0.0.1)"},
        {"agents-port", 0, RIG_OPTION_PORT, &agents_port, "PORT", "agents' phones (5080)"},
        {"counts", 0, RIG_OPTION_TEXT, &counts_path, "FILE", "write what it counted there instead"},
        {"set", 0, RIG_OPTION_TEXTS, &overrides, "KEY=VALUE", "override a value of the scenario"},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("target", "expected one SCENARIO");
    rig_error err = {0};
    rig_scenario *scenario = NULL;
    rig_target_counts counts = {0};
    rig_status status =
        rig_scenario_read(operands.items[0], overrides.items, overrides.n, &scenario, &err);
    if (status == RIG_OK) {
        const rig_target_options how = {.listen_host = host,
                                        .listen_port = is_any_port ? 0 : port,
                                        .agents_host = agents_host,
                                        .agents_port = agents_port,
                                        .stop = rig_signals_catch(),
                                        .ready = say_ready};
        status = rig_target_run(scenario, &how, &counts, &err);
        if (status == RIG_OK)
            status = publish_counts(&counts, counts_path, &err);
    }
    rig_scenario_free(scenario);
    return status == RIG_OK ? 0 : rig_console_fail(&err);
}
