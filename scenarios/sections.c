#include "scenarios/sections.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/slice.h"

const char *const rig_words_arrivals[] = {"poisson", "regular", NULL};
const char *const rig_words_interpolation[] = {"linear", "step", NULL};
const char *const rig_words_level_metric[] = {"connect_rate", "drop_rate",   "wait_mean_s",
                                              "wait_p95_s",   "setup_p95_s", NULL};
const char *const rig_words_agent_mark[] = {"reinvite", "update", NULL};

static const rig_range positive_s = {0, 1e7, true, "a number > 0, seconds"};
static const rig_range time_s = {0, 1e7, false, "a number >= 0, seconds"};
static const rig_range share = {0, 1, false, "a share in [0, 1]"};
static const rig_range share_below_1 = {0, 0.999999, false, "a share in [0, 1)"};
static const rig_range resources = {1, 10000000, false, "a whole number from 1 to 10000000"};

#define CIRCUITS_PER_E1 30 /* ITU-T G.704: 32 time slots, 0 for framing, 16 for signalling */

static void *array_of(rig_reader *reader, int n, size_t size)
{
    void *array = calloc(n > 0 ? (size_t)n : 1, size);
    if (array == NULL)
        rig_reader_no_memory(reader);
    return array;
}

static void read_rate(rig_reader *reader, const config_setting_t *group, rig_traffic *traffic)
{
    static const char *const keys[] = {"at_s", "per_min", NULL};
    static const rig_range rate = {0, 1e9, false, "a number >= 0, calls a minute"};
    config_setting_t *list = rig_reader_list(reader, group, "rate", true);
    if (list == NULL)
        return;
    int n = config_setting_length(list);
    if (n == 0)
        rig_reader_fail(reader, list, "is empty; expected at least one { at_s; per_min; }");
    traffic->rate = array_of(reader, n, sizeof *traffic->rate);
    double sum = 0.0;
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *point = rig_reader_element(reader, list, i);
        if (point == NULL)
            return;
        rig_reader_check_keys(reader, point, keys);
        traffic->rate[i].at_s = rig_reader_number(reader, point, "at_s", &time_s, NULL);
        traffic->rate[i].rate_per_min = rig_reader_number(reader, point, "per_min", &rate, NULL);
        if (i > 0 && traffic->rate[i].at_s <= traffic->rate[i - 1].at_s)
            rig_reader_fail(reader, point, "at_s %g is not later than the point before",
                            traffic->rate[i].at_s);
        sum += traffic->rate[i].rate_per_min;
        traffic->n_rate = (size_t)i + 1;
    }
    if (sum <= 0.0)
        rig_reader_fail(reader, list, "no calls at all; expected a per_min > 0 somewhere");
}

static void read_traffic(rig_reader *reader, const config_setting_t *root, rig_traffic *traffic)
{
    static const char *const keys[] = {"arrivals", "interpolation", "duration_s", "rate", NULL};
    config_setting_t *group = rig_reader_group(reader, root, "traffic", true);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    traffic->arrivals = (rig_arrivals)rig_reader_word(reader, group, "arrivals", rig_words_arrivals,
                                                      RIG_ARRIVALS_POISSON);
    traffic->interpolation = (rig_interpolation)rig_reader_word(
        reader, group, "interpolation", rig_words_interpolation, RIG_INTERPOLATION_LINEAR);
    traffic->duration_s = rig_reader_number(reader, group, "duration_s", &positive_s, NULL);
    read_rate(reader, group, traffic);
}

static void read_callers(rig_reader *reader, const config_setting_t *root, rig_callers *callers)
{
    static const char *const keys[] = {
        "first_number",     "dial", "patience_answer", "patience_queue",
        "patience_ringing", "talk", "hangs_up_share",  NULL};
    static const double half = 0.5;
    config_setting_t *group = rig_reader_group(reader, root, "callers", true);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    char *first = rig_reader_string(reader, group, "first_number", "4930000000001");
    if (first != NULL && (!rig_slice_u64(rig_slice_of(first), &callers->first_number) ||
                          callers->first_number == 0 || strlen(first) > 15))
        rig_reader_fail(reader, config_setting_get_member(group, "first_number"),
                        "\"%s\" is no number; expected 1 to 15 digits, the first not 0", first);
    free(first);
    callers->dial = rig_reader_string(reader, group, "dial", "785");
    callers->patience_answer = rig_reader_dist(reader, group, "patience_answer", NULL);
    callers->patience_queue = rig_reader_dist(reader, group, "patience_queue", NULL);
    callers->patience_ringing =
        rig_reader_dist(reader, group, "patience_ringing", &callers->patience_queue);
    callers->talk = rig_reader_dist(reader, group, "talk", NULL);
    callers->p_caller_hangs_up = rig_reader_number(reader, group, "hangs_up_share", &share, &half);
}

static void read_trunks(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    static const char *const keys[] = {"name", "circuits", "e1", NULL};
    static const rig_range e1 = {1, 300000, false, "a whole number from 1 to 300000"};
    config_setting_t *list = rig_reader_list(reader, root, "trunks", true);
    if (list == NULL)
        return;
    int n = config_setting_length(list);
    if (n < 1 || n > 64)
        rig_reader_fail(reader, list, "has %d groups; expected 1 to 64", n);
    scenario->trunks = array_of(reader, n, sizeof *scenario->trunks);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *group = rig_reader_element(reader, list, i);
        if (group == NULL)
            return;
        rig_trunk_group *trunk = &scenario->trunks[i];
        scenario->n_trunks = (size_t)i + 1;
        rig_reader_check_keys(reader, group, keys);
        trunk->name = rig_reader_string(reader, group, "name", "trunks");
        bool has_e1 = rig_reader_has(group, "e1");
        if (has_e1 == rig_reader_has(group, "circuits"))
            rig_reader_fail(reader, group,
                            "expected either \"circuits\" or \"e1\" (30 circuits each)");
        uint64_t count = has_e1 ? rig_reader_count(reader, group, "e1", &e1, NULL) * CIRCUITS_PER_E1
                                : rig_reader_count(reader, group, "circuits", &resources, NULL);
        trunk->n_circuits = (uint32_t)count;
    }
}

static void read_ivr(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    static const char *const keys[] = {
        "ports", "menu", "hold_while_queued", "self_service_share", "self_service", NULL};
    static const double none = 0.0;
    static const rig_dist no_time = {.kind = RIG_DIST_CONSTANT};
    const uint64_t n_circuits = rig_scenario_n_circuits(scenario);
    rig_ivr *ivr = &scenario->ivr;
    config_setting_t *group = rig_reader_group(reader, root, "ivr", false);
    if (group == NULL) { /* the queue answers by itself */
        *ivr = (rig_ivr){.n_ports = (uint32_t)n_circuits, .menu = no_time, .self_service = no_time};
        return;
    }
    rig_reader_check_keys(reader, group, keys);
    ivr->n_ports = (uint32_t)rig_reader_count(reader, group, "ports", &resources, &n_circuits);
    ivr->menu = rig_reader_dist(reader, group, "menu", &no_time);
    ivr->hold_while_queued = rig_reader_bool(reader, group, "hold_while_queued", true);
    ivr->p_self_service =
        rig_reader_number(reader, group, "self_service_share", &share_below_1, &none);
    ivr->self_service =
        rig_reader_dist(reader, group, "self_service", ivr->p_self_service > 0.0 ? NULL : &no_time);
}

static void read_queue(rig_reader *reader, const config_setting_t *root, rig_queue *queue)
{
    static const char *const keys[] = {"capacity", "timeout_s", NULL};
    static const rig_range capacity = {0, 10000000, false, "a whole number >= 0 (0 = no limit)"};
    static const rig_range timeout = {0, 1e7, false, "a number >= 0, seconds (0 = never)"};
    static const uint64_t no_limit = 0;
    static const double never = 0.0;
    config_setting_t *group = rig_reader_group(reader, root, "queue", false);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    queue->capacity = (uint32_t)rig_reader_count(reader, group, "capacity", &capacity, &no_limit);
    queue->timeout_s = rig_reader_number(reader, group, "timeout_s", &timeout, &never);
}

static void read_agents(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    static const char *const keys[] = {"name",   "count",   "ring", "ring_timeout_s",
                                       "rest_s", "wrap_up", NULL};
    static const rig_dist no_time = {.kind = RIG_DIST_CONSTANT};
    static const double ring_timeout_s = 20.0, rest_s = 1.0;
    config_setting_t *list = rig_reader_list(reader, root, "agents", true);
    if (list == NULL)
        return;
    int n = config_setting_length(list);
    if (n != 1)
        rig_reader_fail(reader, list, "has %d groups; expected exactly one group of agents", n);
    scenario->agents = array_of(reader, n, sizeof *scenario->agents);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *group = rig_reader_element(reader, list, i);
        if (group == NULL)
            return;
        rig_agent_group *agents = &scenario->agents[i];
        scenario->n_agents = (size_t)i + 1;
        rig_reader_check_keys(reader, group, keys);
        agents->name = rig_reader_string(reader, group, "name", "agents");
        agents->n_agents = (uint32_t)rig_reader_count(reader, group, "count", &resources, NULL);
        agents->ring = rig_reader_dist(reader, group, "ring", NULL);
        agents->ring_timeout_s =
            rig_reader_number(reader, group, "ring_timeout_s", &positive_s, &ring_timeout_s);
        agents->rest_s = rig_reader_number(reader, group, "rest_s", &time_s, &rest_s);
        agents->wrap_up = rig_reader_dist(reader, group, "wrap_up", &no_time);
    }
}

static void read_levels(rig_reader *reader, const config_setting_t *group, rig_gate *gate)
{
    static const char *const keys[] = {"metric", "min", "max", NULL};
    static const rig_range limit = {0, 1e7, false, "a number >= 0, in the metric's unit"};
    config_setting_t *list = rig_reader_list(reader, group, "levels", false);
    if (list == NULL)
        return;
    int n = config_setting_length(list);
    gate->levels = array_of(reader, n, sizeof *gate->levels);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = rig_reader_element(reader, list, i);
        if (element == NULL)
            return;
        rig_reader_check_keys(reader, element, keys);
        rig_level *level = &gate->levels[i];
        gate->n_levels = (size_t)i + 1;
        if (!rig_reader_has(element, "metric"))
            rig_reader_fail(reader, element, "\"metric\" is missing");
        level->metric =
            (rig_level_metric)rig_reader_word(reader, element, "metric", rig_words_level_metric, 0);
        level->is_minimum = rig_reader_has(element, "min");
        if (level->is_minimum == rig_reader_has(element, "max"))
            rig_reader_fail(reader, element, "expected either \"min\" or \"max\"");
        level->limit =
            rig_reader_number(reader, element, level->is_minimum ? "min" : "max", &limit, NULL);
    }
}

static void read_gate(rig_reader *reader, const config_setting_t *root, rig_gate *gate)
{
    static const char *const keys[] = {"margin_pp",           "margin_share", "stages", "replays",
                                       "max_lateness_p99_ms", "levels",       NULL};
    static const char *const stage_keys[] = {"trunk", "ivr", "queue", "agent", NULL};
    static const char *const margin_keys[] = {"margin_pp", "margin_share", NULL};
    static const rig_range points = {0, 100, true, "a number in (0, 100], percentage points"};
    static const rig_range of_prediction = {0, 10, false, "a share >= 0 of the prediction"};
    static const rig_range replays = {999, 1000000, false, "a whole number from 999 to 1000000"};
    static const rig_range lateness = {0, 10000, true, "a number in (0, 10000], milliseconds"};
    static const uint64_t n_replays = 999;
    static const double lateness_ms = 20.0;
    rig_margin margin = {.margin_pp = 0.1, .margin_share = 0.10};
    config_setting_t *group = rig_reader_group(reader, root, "gate", false);
    gate->n_replays = (uint32_t)n_replays;
    gate->max_lateness_p99_ms = lateness_ms;
    if (group != NULL) {
        rig_reader_check_keys(reader, group, keys);
        margin.margin_pp =
            rig_reader_number(reader, group, "margin_pp", &points, &margin.margin_pp);
        margin.margin_share =
            rig_reader_number(reader, group, "margin_share", &of_prediction, &margin.margin_share);
    }
    for (int s = 0; s < RIG_N_STAGES; s++)
        gate->margin[s] = margin;
    if (group == NULL)
        return;
    config_setting_t *stages = rig_reader_group(reader, group, "stages", false);
    if (stages != NULL)
        rig_reader_check_keys(reader, stages, stage_keys);
    for (int s = 0; stages != NULL && s < RIG_N_STAGES; s++) {
        config_setting_t *stage = rig_reader_group(reader, stages, stage_keys[s], false);
        if (stage == NULL)
            continue;
        rig_reader_check_keys(reader, stage, margin_keys);
        gate->margin[s].margin_pp =
            rig_reader_number(reader, stage, "margin_pp", &points, &margin.margin_pp);
        gate->margin[s].margin_share =
            rig_reader_number(reader, stage, "margin_share", &of_prediction, &margin.margin_share);
    }
    gate->n_replays = (uint32_t)rig_reader_count(reader, group, "replays", &replays, &n_replays);
    gate->max_lateness_p99_ms =
        rig_reader_number(reader, group, "max_lateness_p99_ms", &lateness, &lateness_ms);
    read_levels(reader, group, gate);
}

static void read_allow(rig_reader *reader, const config_setting_t *group, rig_target *target)
{
    config_setting_t *list = rig_reader_list(reader, group, "allow", false);
    if (list == NULL)
        return;
    int n = config_setting_length(list);
    target->allow = array_of(reader, n, sizeof *target->allow);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        config_setting_t *element = config_setting_get_elem(list, (unsigned)i);
        const char *host = config_setting_get_string(element);
        if (host == NULL) {
            rig_reader_fail(reader, element, "expected an address as a string");
            return;
        }
        target->allow[i] = strdup(host);
        if (target->allow[i] == NULL)
            rig_reader_no_memory(reader);
        else
            target->n_allow = (size_t)i + 1;
    }
}

static void read_target(rig_reader *reader, const config_setting_t *root, rig_target *target)
{
    static const char *const keys[] = {"host",  "port", "agents_listen", "scalable", "agent_mark",
                                       "allow", NULL};
    static const rig_range port = {0, 65535, false, "a port from 0 to 65535"};
    static const uint64_t port_embedded = 0, port_sip = 5060;
    config_setting_t *group = rig_reader_group(reader, root, "target", false);
    if (group == NULL) {
        target->host = strdup("embedded");
        target->is_scalable = true;
        if (target->host == NULL)
            rig_reader_no_memory(reader);
        return;
    }
    rig_reader_check_keys(reader, group, keys);
    target->host = rig_reader_string(reader, group, "host", "embedded");
    if (target->host == NULL)
        return;
    bool is_embedded = rig_target_is_embedded(target);
    target->port = (uint16_t)rig_reader_count(reader, group, "port", &port,
                                              is_embedded ? &port_embedded : &port_sip);
    if (rig_reader_has(group, "agents_listen"))
        target->agents_listen = rig_reader_string(reader, group, "agents_listen", NULL);
    target->is_scalable = rig_reader_bool(reader, group, "scalable", is_embedded) || is_embedded;
    target->agent_mark = (rig_agent_mark)rig_reader_word(reader, group, "agent_mark",
                                                         rig_words_agent_mark, RIG_MARK_REINVITE);
    read_allow(reader, group, target);
}

static void read_limits(rig_reader *reader, const config_setting_t *root, rig_limits *limits)
{
    static const char *const keys[] = {"max_calls", "max_rate_per_s", "max_run_s", NULL};
    static const rig_range calls = {1, 100000000, false, "a whole number from 1 to 100000000"};
    static const rig_range rate = {0, 1e6, true, "a number > 0, calls a second on the wire"};
    static const uint64_t max_calls = 1000000;
    static const double max_rate_per_s = 1000.0;
    static const double max_run_s = 4 * 3600.0;
    *limits = (rig_limits){max_calls, max_rate_per_s, max_run_s};
    config_setting_t *group = rig_reader_group(reader, root, "limits", false);
    if (group == NULL)
        return;
    rig_reader_check_keys(reader, group, keys);
    limits->max_calls = rig_reader_count(reader, group, "max_calls", &calls, &max_calls);
    limits->max_rate_per_s =
        rig_reader_number(reader, group, "max_rate_per_s", &rate, &max_rate_per_s);
    limits->max_run_s = rig_reader_number(reader, group, "max_run_s", &positive_s, &max_run_s);
}

void rig_sections_read(rig_reader *reader, const config_setting_t *root, rig_scenario *scenario)
{
    static const char *const keys[] = {
        "name", "description", "seed",   "time_scale", "interval_s", "traffic", "callers", "trunks",
        "ivr",  "queue",       "agents", "gate",       "target",     "limits",  NULL};
    static const rig_range seeds = {0, 9007199254740992.0, false, "a whole number from 0 to 2^53"};
    static const rig_range scale = {0, 1000, true, "a number in (0, 1000]"};
    static const uint64_t seed = 1;
    static const double real_time = 1.0;
    rig_reader_check_keys(reader, root, keys);
    scenario->name = rig_reader_string(reader, root, "name", NULL);
    scenario->description = rig_reader_string(reader, root, "description", "");
    scenario->seed = rig_reader_count(reader, root, "seed", &seeds, &seed);
    scenario->time_scale = rig_reader_number(reader, root, "time_scale", &scale, &real_time);
    read_traffic(reader, root, &scenario->traffic);
    double interval_s = fmax(1.0, scenario->traffic.duration_s / 60.0);
    scenario->interval_s = rig_reader_number(reader, root, "interval_s", &positive_s, &interval_s);
    read_callers(reader, root, &scenario->callers);
    read_trunks(reader, root, scenario);
    read_ivr(reader, root, scenario);
    read_queue(reader, root, &scenario->queue);
    read_agents(reader, root, scenario);
    read_gate(reader, root, &scenario->gate);
    read_target(reader, root, &scenario->target);
    read_limits(reader, root, &scenario->limits);
}
