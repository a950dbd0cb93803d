#include "scenarios/scenario/validate.h"

#include <string.h>

static void check_name(rig_reader *reader, const config_setting_t *root, const char *name)
{
    size_t n = strlen(name);
    size_t n_good =
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
    if (n == 0 || n > 64 || n_good != n || name[0] == '.' || name[0] == '-')
        rig_reader_fail(reader, rig_reader_place(root, "name"),
                        "\"%s\" cannot name a folder; expected 1 to 64 letters, digits, '-', '_' "
                        "or '.', not beginning with '.' or '-'",
                        name);
}

static void check_dial(rig_reader *reader, const config_setting_t *root, const char *dial)
{
    size_t n = strlen(dial);
    size_t n_good = strspn(dial + (dial[0] == '+'), "0123456789*#") + (dial[0] == '+');
    if (n == 0 || n > 32 || n_good != n)
        rig_reader_fail(reader, rig_reader_place(root, "callers.dial"),
                        "\"%s\" cannot be dialled; expected 1 to 32 digits, '*' or '#', a '+' only "
                        "in front",
                        dial);
}

/* A bound of `limits` that another key passes. */
static void check_limits(rig_reader *reader, const config_setting_t *root,
                         const rig_scenario *scenario)
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
static void check_idle_agents(rig_reader *reader, const config_setting_t *root,
                              const rig_scenario *scenario)
{
    uint64_t n_most = 0;
    for (uint32_t i = 0; i < scenario->n_agents; i++) {
        uint64_t n = scenario->agents[i].n_agents;
        for (size_t k = 0; k < scenario->n_reserves; k++)
            n += scenario->reserves[k].group == i ? scenario->reserves[k].n_agents : 0;
        n_most = n > n_most ? n : n_most;
    }
    if (config_setting_get_member(root, "call_back") != NULL &&
        scenario->call_back.idle_agents > n_most)
        rig_reader_fail(reader, rig_reader_place(root, "call_back.idle_agents"),
                        "%u, but the largest group of agents has %llu, with its reserves",
                        scenario->call_back.idle_agents, (unsigned long long)n_most);
}

void rig_validate(rig_reader *reader, const config_setting_t *root, const rig_scenario *scenario)
{
    if (reader->status != RIG_OK)
        return;
    check_name(reader, root, scenario->name);
    check_dial(reader, root, scenario->callers.dial);
    if (rig_traffic_expected_calls(&scenario->traffic, scenario->traffic.duration_s) <= 0.0)
        rig_reader_fail(reader, rig_reader_place(root, "traffic.rate"),
                        "no calls before duration_s = %g", scenario->traffic.duration_s);
    if (scenario->interval_s > scenario->traffic.duration_s)
        rig_reader_fail(reader, rig_reader_place(root, "interval_s"),
                        "%g is longer than traffic.duration_s = %g", scenario->interval_s,
                        scenario->traffic.duration_s);
    if (scenario->traffic.duration_s / scenario->interval_s > 10000.0)
        rig_reader_fail(reader, rig_reader_place(root, "interval_s"),
                        "%g makes over 10000 intervals; expected fewer", scenario->interval_s);
    if (scenario->time_scale != 1.0 && !scenario->target.is_scalable)
        rig_reader_fail(reader, rig_reader_place(root, "time_scale"),
                        "%g, but the target \"%s\" does not declare target.scalable = true; "
                        "expected 1",
                        scenario->time_scale, scenario->target.host);
    if (!rig_target_is_embedded(&scenario->target) && scenario->target.port == 0)
        rig_reader_fail(reader, rig_reader_place(root, "target.port"),
                        "0; expected a port from 1 to 65535");
    check_limits(reader, root, scenario);
    check_idle_agents(reader, root, scenario);
    rig_validate_load(reader, root, scenario);
}
