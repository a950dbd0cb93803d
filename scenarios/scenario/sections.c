#include "scenarios/scenario/sections.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const rig_words_arrivals[] = {"poisson", "regular", "recorded", NULL};
const char *const rig_words_interpolation[] = {"linear", "step", NULL};
const char *const rig_words_announcement[] = {"none", "position", "expected_wait", NULL};
const char *const rig_words_routing[] = {"longest_idle", "round_robin", "most_skilled", NULL};
const char *const rig_words_fault_kind[] = {"trunk", "ivr", "centre", NULL};
const char *const rig_words_level_metric[] = {"connect_rate", "drop_rate",   "wait_mean_s",
                                              "wait_p95_s",   "setup_p95_s", NULL};

const rig_range rig_range_positive_s = {0, 1e7, true, "a number > 0, seconds"};
const rig_range rig_range_time_s = {0, 1e7, false, "a number >= 0, seconds"};
const rig_range rig_range_share = {0, 1, false, "a share in [0, 1]"};
const rig_range rig_range_resources = {1, 10000000, false, "a whole number from 1 to 10000000"};
const rig_range rig_range_queue = {0, 10000000, false, "a whole number from 0 to 10000000, calls"};

char *rig_section_name(rig_reader *reader, const config_setting_t *element, const char *word,
                       int index)
{
    char other[64];
    (void)snprintf(other, sizeof other, index == 0 ? "%s" : "%s %d", word, index + 1);
    char *name = rig_reader_string(reader, element, "name", other);
    if (name != NULL && (name[0] == '\0' || strlen(name) > 64)) {
        rig_reader_fail(reader, config_setting_get_member(element, "name"),
                        "\"%s\" is no name; expected 1 to 64 characters", name);
        free(name);
        return NULL;
    }
    return name;
}

int rig_section_length(rig_reader *reader, const config_setting_t *list, int low, int high,
                       const char *of_what)
{
    int n = config_setting_length(list);
    if (n >= low && n <= high)
        return n;
    rig_reader_fail(reader, list, "has %d %s; expected %d to %d", n, of_what, low, high);
    return 0;
}

int rig_section_find(const void *first, size_t n, size_t size, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        const char *other;
        memcpy(&other, (const char *)first + i * size, sizeof other);
        if (other != NULL && strcmp(other, name) == 0)
            return (int)i;
    }
    return -1;
}

uint32_t rig_section_lookup(rig_reader *reader, const config_setting_t *group, const char *key,
                            const void *first, size_t n, size_t size, const char *of_what)
{
    char *name = rig_reader_string(reader, group, key, NULL);
    int found = name != NULL ? rig_section_find(first, n, size, name) : 0;
    if (found < 0)
        rig_reader_fail(reader, config_setting_get_member(group, key),
                        "\"%s\" is not there; expected the name of %s", name, of_what);
    free(name);
    return found > 0 ? (uint32_t)found : 0;
}

void rig_section_check_shares(rig_reader *reader, const config_setting_t *list, double sum,
                              const char *of_what)
{
    if (fabs(sum - 1.0) > 1e-6)
        rig_reader_fail(reader, list, "the \"share\"s of all %s sum to %.9g; expected 1", of_what,
                        sum);
}

void rig_sections_read(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    static const char *const keys[] = {
        "name",   "description", "seed",   "time_scale", "interval_s", "traffic",  "callers",
        "trunks", "ivr",         "queue",  "call_back",  "agents",     "reserves", "emergency",
        "faults", "gate",        "target", "limits",     "load",       NULL};
    static const rig_range seeds = {0, 9007199254740992.0, false, "a whole number from 0 to 2^53"};
    static const rig_range scale = {0, 1000, true, "a number in (0, 1000]"};
    static const uint64_t seed = 1;
    static const double real_time = 1.0;
    rig_reader_check_keys(reader, root, keys);
    scenario->name = rig_reader_string(reader, root, "name", NULL);
    scenario->description = rig_reader_string(reader, root, "description", "");
    scenario->seed = rig_reader_count(reader, root, "seed", &seeds, &seed);
    scenario->time_scale = rig_reader_number(reader, root, "time_scale", &scale, &real_time);
    rig_section_traffic(reader, root, &scenario->traffic);
    double interval_s = fmax(1.0, scenario->traffic.duration_s / 60.0);
    scenario->interval_s =
        rig_reader_number(reader, root, "interval_s", &rig_range_positive_s, &interval_s);
    rig_section_callers(reader, root, &scenario->callers);
    rig_section_trunks(reader, root, scenario);
    rig_section_ivr(reader, root, scenario);
    rig_section_agents(reader, root, scenario);
    rig_section_queue(reader, root, scenario);
    rig_section_call_back(reader, root, scenario);
    rig_section_reserves(reader, root, scenario);
    rig_section_emergency(reader, root, &scenario->emergency);
    rig_section_faults(reader, root, scenario);
    rig_section_gate(reader, root, &scenario->gate);
    rig_section_read_target(reader, root, &scenario->target);
    rig_section_read_limits(reader, root, &scenario->limits);
    rig_section_read_load(reader, root, &scenario->load);
}
