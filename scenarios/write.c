#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"
#include "scenarios/scenario.h"
#include "scenarios/sections.h"

/* A number as libconfig's float (it must hold a point or an exponent), read back exactly. */
static void put_number(FILE *out, const char *key, double value)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.17g", value);
    char shorter[40];
    for (int digits = 1; digits < 17; digits++) {
        (void)snprintf(shorter, sizeof shorter, "%.*g", digits, value);
        if (strtod(shorter, NULL) == value) {
            memcpy(text, shorter, sizeof text);
            break;
        }
    }
    const char *point = strpbrk(text, ".e") != NULL ? "" : ".0";
    (void)fprintf(out, "%s = %s%s;", key, text, point);
}

static void put_string(FILE *out, const char *key, const char *value)
{
    (void)fprintf(out, "%s = \"", key);
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            (void)fputc('\\', out);
        if (*p == '\n')
            (void)fputs("\\n", out);
        else
            (void)fputc(*p, out);
    }
    (void)fputs("\";", out);
}

static void put_dist(FILE *out, const char *key, const rig_dist *dist)
{
    (void)fprintf(out, "    %s = { ", key);
    put_string(out, "type", rig_dist_kind_name(dist->kind));
    (void)fputc(' ', out);
    if (dist->kind == RIG_DIST_EMPIRICAL) {
        char *absolute = realpath(dist->file, NULL); /* the copy may stand in another folder */
        put_string(out, "file", absolute != NULL ? absolute : dist->file);
        free(absolute);
        (void)fputc(' ', out);
        put_string(out, "column", dist->column);
    } else {
        put_number(out, "mean_s", dist->mean_s);
        if (dist->kind != RIG_DIST_CONSTANT && dist->kind != RIG_DIST_EXPONENTIAL) {
            (void)fputc(' ', out);
            put_number(out, "cv", dist->cv);
        }
    }
    (void)fputs(" };\n", out);
}

static void line_number(FILE *out, const char *key, double value)
{
    (void)fputs("    ", out);
    put_number(out, key, value);
    (void)fputc('\n', out);
}

static void line_string(FILE *out, const char *key, const char *value)
{
    (void)fputs("    ", out);
    put_string(out, key, value);
    (void)fputc('\n', out);
}

static void write_traffic(FILE *out, const rig_traffic *traffic)
{
    (void)fputs("\ntraffic: {\n", out);
    line_string(out, "arrivals", rig_words_arrivals[traffic->arrivals]);
    line_string(out, "interpolation", rig_words_interpolation[traffic->interpolation]);
    line_number(out, "duration_s", traffic->duration_s);
    (void)fputs("    rate = (", out);
    for (size_t i = 0; i < traffic->n_rate; i++) {
        (void)fprintf(out, "%s\n        { ", i ? "," : "");
        put_number(out, "at_s", traffic->rate[i].at_s);
        (void)fputc(' ', out);
        put_number(out, "per_min", traffic->rate[i].rate_per_min);
        (void)fputs(" }", out);
    }
    (void)fputs("\n    );\n};\n", out);
}

static void write_callers(FILE *out, const rig_callers *callers)
{
    (void)fputs("\ncallers: {\n", out);
    (void)fprintf(out, "    first_number = \"%llu\";\n", (unsigned long long)callers->first_number);
    line_string(out, "dial", callers->dial);
    put_dist(out, "patience_answer", &callers->patience_answer);
    put_dist(out, "patience_queue", &callers->patience_queue);
    put_dist(out, "patience_ringing", &callers->patience_ringing);
    put_dist(out, "talk", &callers->talk);
    line_number(out, "hangs_up_share", callers->p_caller_hangs_up);
    (void)fputs("};\n", out);
}

static void write_centre(FILE *out, const rig_scenario *scenario)
{
    (void)fputs("\ntrunks = (", out);
    for (size_t i = 0; i < scenario->n_trunks; i++) {
        (void)fprintf(out, "%s\n    { ", i ? "," : "");
        put_string(out, "name", scenario->trunks[i].name);
        (void)fprintf(out, " circuits = %u; }", scenario->trunks[i].n_circuits);
    }
    (void)fprintf(out, "\n);\n\nivr: {\n    ports = %u;\n", scenario->ivr.n_ports);
    put_dist(out, "menu", &scenario->ivr.menu);
    (void)fprintf(out, "    hold_while_queued = %s;\n",
                  scenario->ivr.hold_while_queued ? "true" : "false");
    line_number(out, "self_service_share", scenario->ivr.p_self_service);
    put_dist(out, "self_service", &scenario->ivr.self_service);
    (void)fprintf(out, "};\n\nqueue: {\n    capacity = %u;\n", scenario->queue.capacity);
    line_number(out, "timeout_s", scenario->queue.timeout_s);
    (void)fputs("};\n\nagents = (", out);
    for (size_t i = 0; i < scenario->n_agents; i++) {
        const rig_agent_group *agents = &scenario->agents[i];
        (void)fprintf(out, "%s{\n", i ? ", " : "");
        line_string(out, "name", agents->name);
        (void)fprintf(out, "    count = %u;\n", agents->n_agents);
        put_dist(out, "ring", &agents->ring);
        line_number(out, "ring_timeout_s", agents->ring_timeout_s);
        line_number(out, "rest_s", agents->rest_s);
        put_dist(out, "wrap_up", &agents->wrap_up);
        (void)fputs("}", out);
    }
    (void)fputs(");\n", out);
}

static void write_gate(FILE *out, const rig_gate *gate)
{
    (void)fputs("\ngate: {\n    stages: {\n", out);
    for (int s = 0; s < RIG_N_STAGES; s++) {
        (void)fprintf(out, "        %s = { ", rig_stage_name((rig_stage)s));
        put_number(out, "margin_pp", gate->margin[s].margin_pp);
        (void)fputc(' ', out);
        put_number(out, "margin_share", gate->margin[s].margin_share);
        (void)fputs(" };\n", out);
    }
    (void)fprintf(out, "    };\n    replays = %u;\n", gate->n_replays);
    line_number(out, "max_lateness_p99_ms", gate->max_lateness_p99_ms);
    (void)fputs("    levels = (", out);
    for (size_t i = 0; i < gate->n_levels; i++) {
        (void)fprintf(out, "%s\n        { ", i ? "," : "");
        put_string(out, "metric", rig_level_metric_name(gate->levels[i].metric));
        (void)fputc(' ', out);
        put_number(out, gate->levels[i].is_minimum ? "min" : "max", gate->levels[i].limit);
        (void)fputs(" }", out);
    }
    (void)fputs(");\n};\n", out);
}

static void write_target(FILE *out, const rig_target *target, const rig_limits *limits)
{
    (void)fputs("\ntarget: {\n", out);
    line_string(out, "host", target->host);
    (void)fprintf(out, "    port = %u;\n", target->port);
    if (target->agents_listen != NULL)
        line_string(out, "agents_listen", target->agents_listen);
    (void)fprintf(out, "    scalable = %s;\n", target->is_scalable ? "true" : "false");
    line_string(out, "agent_mark", rig_words_agent_mark[target->agent_mark]);
    (void)fputs("    allow = (", out);
    for (size_t i = 0; i < target->n_allow; i++)
        (void)fprintf(out, "%s\"%s\"", i ? ", " : "", target->allow[i]);
    (void)fputs(");\n};\n\nlimits: {\n", out);
    (void)fprintf(out, "    max_calls = %llu;\n", (unsigned long long)limits->max_calls);
    line_number(out, "max_rate_per_s", limits->max_rate_per_s);
    line_number(out, "max_run_s", limits->max_run_s);
    (void)fputs("};\n", out);
}

rig_status rig_scenario_write(const rig_scenario *scenario, const char *path, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    (void)fputs("// peakrig scenario 1: resolved, every default spelled out\n", out);
    put_string(out, "name", scenario->name);
    (void)fputc('\n', out);
    put_string(out, "description", scenario->description);
    (void)fprintf(out, "\nseed = %lluL;\n", (unsigned long long)scenario->seed);
    put_number(out, "time_scale", scenario->time_scale);
    (void)fputc('\n', out);
    put_number(out, "interval_s", scenario->interval_s);
    (void)fputc('\n', out);
    write_traffic(out, &scenario->traffic);
    write_callers(out, &scenario->callers);
    write_centre(out, scenario);
    write_gate(out, &scenario->gate);
    write_target(out, &scenario->target, &scenario->limits);
    return rig_atomic_file_commit(file, err);
}
