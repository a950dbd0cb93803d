#include <stdio.h>
#include <stdlib.h>

#include "core/atomic_file.h"
#include "scenarios/scenario.h"
#include "scenarios/scenario/sections.h"
#include "scenarios/scenario/write_values.h"

static void write_rate(FILE *out, const rig_traffic *traffic)
{
    rig_write_string_line(out, "interpolation", rig_words_interpolation[traffic->interpolation]);
    (void)fputs("    rate = (", out);
    for (size_t i = 0; i < traffic->n_rate; i++) {
        (void)fprintf(out, "%s\n        { ", i ? "," : "");
        rig_write_number(out, "at_s", traffic->rate[i].at_s);
        (void)fputc(' ', out);
        rig_write_number(out, "per_min", traffic->rate[i].rate_per_min);
        (void)fputs(" }", out);
    }
    (void)fputs("\n    );\n    adverts = (", out);
    for (size_t i = 0; i < traffic->n_adverts; i++) {
        const rig_advert *advert = &traffic->adverts[i];
        (void)fprintf(out, "%s\n        { ", i ? "," : "");
        rig_write_number(out, "at_s", advert->at_s);
        (void)fputc(' ', out);
        rig_write_number(out, "peak_per_min", advert->peak_per_min);
        (void)fputc(' ', out);
        rig_write_number(out, "rise_s", advert->rise_s);
        (void)fputc(' ', out);
        rig_write_number(out, "decay_s", advert->decay_s);
        (void)fputs(" }", out);
    }
    (void)fputs(");\n", out);
}

static void write_traffic(FILE *out, const rig_traffic *traffic)
{
    (void)fputs("\ntraffic: {\n", out);
    rig_write_string_line(out, "arrivals", rig_words_arrivals[traffic->arrivals]);
    rig_write_number_line(out, "duration_s", traffic->duration_s);
    rig_write_number_line(out, "day_cv", traffic->day_cv);
    if (traffic->arrivals == RIG_ARRIVALS_RECORDED) {
        (void)fputs("    recorded = { ", out);
        rig_write_string(out, "file", traffic->instants_path);
        (void)fputc(' ', out);
        rig_write_string(out, "column", traffic->instants_column);
        (void)fputs(" };\n", out);
    } else {
        write_rate(out, traffic);
    }
    (void)fputs("};\n", out);
}

static void write_callers_load(FILE *out, const rig_callers *callers)
{
    if (callers->auth.user != NULL) {
        (void)fputs("    auth = { ", out);
        rig_write_string(out, "user", callers->auth.user);
        (void)fputc(' ', out);
        rig_write_string(out, "password", callers->auth.password);
        (void)fputs(" };\n", out);
    }
    if (callers->dtmf.digits != NULL) {
        (void)fputs("    dtmf = { ", out);
        rig_write_string(out, "digits", callers->dtmf.digits);
        (void)fputc(' ', out);
        rig_write_number(out, "after_s", callers->dtmf.after_s);
        (void)fputs(" };\n", out);
    }
    (void)fprintf(out, "    audio = %s;\n", callers->has_audio ? "true" : "false");
    if (callers->sipp_xml != NULL) {
        char *absolute = realpath(callers->sipp_xml, NULL); /* the copy may stand elsewhere */
        rig_write_string_line(out, "sipp_xml", absolute != NULL ? absolute : callers->sipp_xml);
        free(absolute);
    }
}

static void write_callers(FILE *out, const rig_callers *callers)
{
    (void)fputs("\ncallers: {\n", out);
    (void)fprintf(out, "    first_number = \"%llu\";\n", (unsigned long long)callers->first_number);
    rig_write_string_line(out, "dial", callers->dial);
    rig_write_dist_line(out, "patience_answer", &callers->patience_answer);
    rig_write_dist_line(out, "patience_queue", &callers->patience_queue);
    rig_write_dist_line(out, "patience_ringing", &callers->patience_ringing);
    rig_write_dist_line(out, "talk", &callers->talk);
    rig_write_number_line(out, "hangs_up_share", callers->p_caller_hangs_up);
    (void)fputs("    classes = (", out);
    for (size_t i = 0; i < callers->n_classes; i++) {
        (void)fprintf(out, "%s\n        { ", i ? "," : "");
        rig_write_string(out, "name", callers->classes[i].name);
        (void)fputc(' ', out);
        rig_write_number(out, "share", callers->classes[i].p_share);
        (void)fprintf(out, " priority = %u; }", callers->classes[i].priority);
    }
    (void)fputs(");\n    redial = {\n    ", out);
    rig_write_number_line(out, "share", callers->redial.p_redial);
    (void)fputs("    ", out);
    rig_write_dist_line(out, "delay", &callers->redial.delay);
    (void)fprintf(out, "        max = %u;\n    };\n", callers->redial.max_redials);
    write_callers_load(out, callers);
    (void)fputs("};\n", out);
}

static void write_gate(FILE *out, const rig_gate *gate)
{
    (void)fputs("\ngate: {\n    stages: {\n", out);
    for (int s = 0; s < RIG_N_STAGES; s++) {
        (void)fprintf(out, "        %s = { ", rig_stage_name((rig_stage)s));
        rig_write_number(out, "margin_pp", gate->margin[s].margin_pp);
        (void)fputc(' ', out);
        rig_write_number(out, "margin_share", gate->margin[s].margin_share);
        (void)fputs(" };\n", out);
    }
    (void)fprintf(out, "    };\n    replays = %u;\n", gate->n_replays);
    rig_write_number_line(out, "max_lateness_p99_ms", gate->max_lateness_p99_ms);
    (void)fputs("    levels = (", out);
    for (size_t i = 0; i < gate->n_levels; i++) {
        (void)fprintf(out, "%s\n        { ", i ? "," : "");
        rig_write_string(out, "metric", rig_level_metric_name(gate->levels[i].metric));
        (void)fputc(' ', out);
        rig_write_number(out, gate->levels[i].is_minimum ? "min" : "max", gate->levels[i].limit);
        (void)fputs(" }", out);
    }
    (void)fputs(");\n};\n", out);
}

static void write_target(FILE *out, const rig_target *target, const rig_limits *limits)
{
    (void)fputs("\ntarget: {\n", out);
    rig_write_string_line(out, "host", target->host);
    if (target->listen != NULL)
        rig_write_string_line(out, "listen", target->listen);
    (void)fprintf(out, "    port = %u;\n", target->port);
    if (target->agents_listen != NULL)
        rig_write_string_line(out, "agents_listen", target->agents_listen);
    (void)fprintf(out, "    scalable = %s;\n", target->is_scalable ? "true" : "false");
    rig_write_string_line(out, "marks", rig_marks_name(target->marks));
    rig_write_string_line(out, "transport", rig_transport_name(target->transport));
    (void)fputs("    allow = (", out);
    for (size_t i = 0; i < target->n_allow; i++)
        (void)fprintf(out, "%s\"%s\"", i ? ", " : "", target->allow[i]);
    (void)fputs(");\n};\n\nlimits: {\n", out);
    (void)fprintf(out, "    max_calls = %llu;\n", (unsigned long long)limits->max_calls);
    rig_write_number_line(out, "max_rate_per_s", limits->max_rate_per_s);
    rig_write_number_line(out, "max_run_s", limits->max_run_s);
    (void)fprintf(out, "    max_outside = %u;\n", limits->max_outside);
    (void)fputs("};\n", out);
}

static void write_load(FILE *out, const rig_load *load)
{
    (void)fprintf(out, "\nload: {\n    workers = %u;\n    local = (", load->n_workers);
    for (size_t i = 0; i < load->n_local; i++)
        (void)fprintf(out, "%s\"%s\"", i ? ", " : "", load->local[i]);
    (void)fputs(");\n};\n", out);
}

rig_status rig_scenario_write(const rig_scenario *scenario, const char *path, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    (void)fputs("// peakrig scenario 1: resolved, every default spelled out\n", out);
    rig_write_string(out, "name", scenario->name);
    (void)fputc('\n', out);
    rig_write_string(out, "description", scenario->description);
    (void)fprintf(out, "\nseed = %lluL;\n", (unsigned long long)scenario->seed);
    rig_write_number(out, "time_scale", scenario->time_scale);
    (void)fputc('\n', out);
    rig_write_number(out, "interval_s", scenario->interval_s);
    (void)fputc('\n', out);
    write_traffic(out, &scenario->traffic);
    write_callers(out, &scenario->callers);
    rig_write_centre(out, scenario);
    write_gate(out, &scenario->gate);
    write_target(out, &scenario->target, &scenario->limits);
    write_load(out, &scenario->load);
    return rig_atomic_file_commit(file, err);
}
