/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/result_json.h"

#include <math.h>

#include "reports/json/bands.h"
#include "reports/json/calls.h"
#include "reports/json/costs.h"
#include "reports/json/diagnosis.h"
#include "reports/json/ends.h"
#include "reports/json/lateness.h"
#include "reports/json/load.h"
#include "reports/json/over_time.h"
#include "reports/json/parts.h"
#include "reports/json_builder.h"
#include "verdict/early_stop.h"

static void add_inputs(rig_json_builder *b, const rig_result_inputs *in)
{
    rig_json_open_object(b, "inputs");
    rig_json_add_text(b, "scenario_sha256", in->scenario);
    rig_json_add_text(b, "schedule_sha256", in->schedule);
    rig_json_add_text(b, "calls_sha256", in->calls);
    rig_json_add_text(b, "play_sha256", in->play);
    rig_json_add_text(b, "capture_sha256", in->capture);
    rig_json_open_list(b, "changed");
    for (size_t i = 0; i < in->n_changed; i++)
        rig_json_add_text(b, NULL, in->changed[i]);
    rig_json_close(b);
    rig_json_close(b);
}

static void add_run(rig_json_builder *b, const rig_play_facts *play)
{
    char start_utc[RIG_UTC_TEXT_SIZE];
    rig_clock_format_utc(play->start_epoch_ns, start_utc);
    rig_json_open_object(b, "run");
    rig_json_add_text(b, "target", play->target);
    rig_json_add_text(b, "target_address", play->target_address);
    rig_json_add_text(b, "start_utc", start_utc);
    rig_json_add_real(b, "wire_s", rig_clock_s_of_ns(play->end_epoch_ns - play->start_epoch_ns));
    rig_json_add_count(b, "workers", play->n_workers);
    rig_json_add_count(b, "packets", play->n_packets);
    rig_json_add_count(b, "kernel_dropped", play->n_kernel_dropped);
    rig_json_add_real(b, "clock_step_ms", (double)play->clock_step_ns * 1e-6);
    rig_json_add_text(b, "sipp", play->sipp);
    rig_json_add_integer(b, "load_nice", play->load_nice);
    rig_json_close(b);
}

/* A run at a centre that was broken on purpose must not be taken for an honest one. */
static void add_target(rig_json_builder *b, const rig_play_facts *play)
{
    rig_json_open_object(b, "target");
    rig_json_open_list(b, "defects");
    for (size_t i = 0; i < play->n_defects; i++)
        rig_json_add_text(b, NULL, play->defects[i]);
    rig_json_close(b);
    rig_json_close(b);
}

static void add_verdict(rig_json_builder *b, const rig_verdict *verdict)
{
    rig_json_open_object(b, "verdict");
    rig_json_add_text(b, "judgement", rig_judgement_name(verdict->judgement));
    rig_json_add_integer(b, "exit_code", rig_judgement_exit_code(verdict->judgement));
    rig_json_add_text(b, "stage",
                      verdict->cause < RIG_N_STAGES ? rig_stage_name(verdict->cause) : NULL);
    rig_json_add_text(b, "summary", verdict->summary);
    rig_json_close(b);
}

static void add_checks(rig_json_builder *b, const rig_verdict *verdict)
{
    rig_json_open_list(b, "checks");
    for (size_t i = 0; i < verdict->n_checks; i++) {
        const rig_check *c = &verdict->checks[i];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "gate", c->gate);
        rig_json_add_text(b, "name", c->name);
        rig_json_add_truth(b, "ok", c->is_ok);
        rig_json_add_text(b, "text", c->text);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_stage(rig_json_builder *b, const rig_result *r, const rig_stage_verdict *v,
                      rig_metric per_offered)
{
    rig_json_open_object(b, NULL);
    rig_json_add_text(b, "stage", rig_stage_name(v->stage));
    rig_json_add_count(b, "entered", v->n_entered);
    rig_json_add_count(b, "lost", v->n_lost);
    rig_json_add_real(b, "p_observed", v->p_observed);
    rig_json_add_real(b, "p_predicted", v->p_predicted);
    rig_json_add_real(b, "predicted_low", v->predicted_low);
    rig_json_add_real(b, "predicted_high", v->predicted_high);
    rig_json_add_real(b, "difference", v->difference);
    rig_json_add_interval(b, "d90", v->d90_low, v->d90_high);
    rig_json_add_interval(b, "d95", v->d95_low, v->d95_high);
    rig_json_add_real(b, "margin", v->margin);
    rig_json_add_real(b, "margin_wanted", v->margin_wanted);
    rig_json_add_real(b, "p_value", v->p_value);
    rig_json_add_real(b, "p_value_holm", v->p_value_holm);
    rig_json_add_interval(b, "bounds", v->bound_low, v->bound_high);
    rig_json_add_real(b, "minutes_to_decide", v->minutes_to_decide);
    rig_json_add_text(b, "judgement", rig_judgement_name(v->judgement));
    rig_json_add_over_time(b, r, v);
    rig_json_add_real(b, "p_observed_per_offered", r->observed->metrics[per_offered]);
    rig_json_add_real(b, "p_predicted_per_offered", r->prediction->metrics[per_offered].mean);
    rig_json_close(b);
}

static void add_stages(rig_json_builder *b, const rig_result *r)
{
    rig_json_open_list(b, "stages");
    for (int s = 0; s < RIG_N_STAGES; s++)
        add_stage(b, r, &r->verdict->stages[s], (rig_metric)(RIG_METRIC_P_LOST_PER_OFFERED + s));
    rig_json_close(b);
}

static void add_carriers(rig_json_builder *b, const rig_parts_verdict *carriers)
{
    rig_json_open_list(b, "carriers");
    for (size_t i = 0; i < carriers->n; i++) {
        const rig_part_verdict *v = &carriers->items[i];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "name", v->name);
        rig_json_add_count(b, "n_offered", v->n_entered);
        rig_json_add_count(b, "n_lost", v->n_lost);
        rig_json_add_real(b, "p_observed", v->observed);
        rig_json_add_real(b, "p_predicted", v->predicted);
        rig_json_add_interval(b, "predicted", v->low, v->high);
        rig_json_add_real(b, "margin", v->margin);
        rig_json_add_real(b, "p_value_holm", v->p_value_holm);
        rig_json_add_text(b, "judgement", rig_judgement_name(v->judgement));
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_kind(rig_json_builder *b, const char *name, const rig_parts_verdict *parts)
{
    rig_json_open_list(b, name);
    for (size_t i = 0; i < parts->n; i++) {
        const rig_part_verdict *v = &parts->items[i];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "name", v->name);
        rig_json_add_text(b, "figure", rig_metric_short_name(v->metric).text);
        rig_json_add_text(b, "unit", rig_metric_describe(v->metric)->unit);
        rig_json_add_count(b, "n_entered", v->n_entered);
        rig_json_add_count(b, "n_lost", v->n_lost);
        rig_json_add_real(b, "observed", v->observed);
        rig_json_add_real(b, "predicted_mean", v->predicted);
        rig_json_add_interval(b, "predicted", v->low, v->high);
        rig_json_add_real(b, "margin", v->margin);
        rig_json_add_real(b, "p_value_holm", v->p_value_holm);
        rig_json_add_text(b, "judgement", rig_judgement_name(v->judgement));
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_levels(rig_json_builder *b, const rig_verdict *verdict)
{
    rig_json_open_list(b, "levels");
    for (size_t i = 0; i < verdict->n_levels; i++) {
        const rig_level_verdict *v = &verdict->levels[i];
        const rig_metric metric = v->level.metric.metric;
        rig_json_open_object(b, NULL);
        rig_json_add_text(
            b, "metric",
            v->level.metric.part == RIG_METRIC_WHOLE ? rig_metric_describe(metric)->name : v->name);
        rig_json_add_text(b, "unit", rig_metric_describe(metric)->unit);
        rig_json_add_real(b, v->level.is_minimum ? "min" : "max", v->level.limit);
        rig_json_add_real(b, "observed", v->observed);
        rig_json_add_real(b, "low", v->low);
        rig_json_add_real(b, "high", v->high);
        rig_json_add_text(b, "judgement", rig_judgement_name(v->judgement));
        rig_json_close(b);
    }
    rig_json_close(b);
}

/* Whether a look has stopped the run, and by what level its stages were failed. */
static void add_early_stop(rig_json_builder *b, const rig_result *r)
{
    const rig_verdict *verdict = r->verdict;
    const rig_interim_facts *looks = &r->play->looks;
    const rig_stage_verdict *v = NULL;
    for (int s = RIG_N_STAGES; s-- > 0 && looks->is_stopped;) {
        if (verdict->stages[s].judgement == RIG_JUDGEMENT_FAIL)
            v = &verdict->stages[s];
    }
    rig_json_open_object(b, "early_stop");
    rig_json_add_truth(b, "on", looks->is_on);
    rig_json_add_truth(b, "stopped", looks->is_stopped);
    rig_json_add_count(b, "looks", looks->n_looks);
    rig_json_add_real(b, "alpha", verdict->alpha);
    rig_json_add_real(b, "share", looks->is_stopped ? rig_early_stop_share(looks->look) : 1.0);
    rig_json_add_real(b, "at_s", looks->is_stopped ? looks->at_s : (double)NAN);
    rig_json_add_text(b, "stage", v != NULL ? rig_stage_name(v->stage) : NULL);
    rig_json_add_real(b, "p_value", v != NULL ? v->p_value_holm : (double)NAN);
    rig_json_add_count(b, "planned", rig_schedule_n_first(r->schedule));
    rig_json_add_count(b, "due", r->join->n_due);
    rig_json_add_count(b, "placed", r->play->n_placed);
    rig_json_close(b);
}

static void add_metrics(rig_json_builder *b, const rig_result *r)
{
    rig_json_open_list(b, "metrics");
    for (int m = 0; m < RIG_N_METRICS; m++) {
        const rig_metric_info *info = rig_metric_describe((rig_metric)m);
        const rig_summary *s = &r->prediction->metrics[m];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "name", info->name);
        rig_json_add_text(b, "description", info->description);
        rig_json_add_text(b, "unit", info->unit);
        rig_json_add_real(b, "observed", r->observed->metrics[m]);
        rig_json_add_real(b, "predicted", s->mean);
        rig_json_add_real(b, "low", s->low);
        rig_json_add_real(b, "high", s->high);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_faults(rig_json_builder *b, const rig_scenario *scenario)
{
    rig_json_open_list(b, "faults");
    for (size_t i = 0; i < scenario->n_faults; i++) {
        const rig_fault *f = &scenario->faults[i];
        const bool is_trunk = f->kind == RIG_FAULT_TRUNK;
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "kind", rig_fault_kind_name(f->kind));
        rig_json_add_text(b, "trunk", is_trunk ? scenario->trunks[f->trunk].name : NULL);
        rig_json_add_text(b, "group", f->has_group ? scenario->agents[f->group].name : NULL);
        rig_json_add_real(b, "at_s", f->at_s);
        rig_json_add_real(b, "for_s", f->for_s);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_in_use_at_refusal(rig_json_builder *b, const rig_observed *o)
{
    if (o->refusals_begin_at < 0) {
        rig_json_add_null(b, "in_use_at_refusal");
        return;
    }
    rig_json_open_object(b, "in_use_at_refusal");
    rig_json_add_integer(b, "min", o->refusals_begin_at);
    rig_json_add_real(b, "median", o->refusal_median);
    rig_json_add_integer(b, "max", o->refusal_max);
    rig_json_close(b);
}

static void add_trunk(rig_json_builder *b, const rig_result *r)
{
    const rig_observed *o = r->observed;
    rig_json_open_object(b, "trunk");
    rig_json_add_count(b, "circuits", rig_scenario_n_circuits(r->scenario));
    rig_json_add_real(b, "peak_in_use", o->metrics[RIG_METRIC_PEAK_CIRCUITS]);
    rig_json_add_count(b, "refusals", o->tally.n_outcome[RIG_OUTCOME_LOST_TRUNK]);
    add_in_use_at_refusal(b, o);
    rig_json_add_real(b, "carried_erl", o->carried_erl);
    rig_json_close(b);
}

static void add_intervals(rig_json_builder *b, const rig_result *r)
{
    rig_json_open_object(b, "intervals");
    rig_json_add_real(b, "length_s", r->prediction->interval_s);
    rig_json_open_object(b, "series");
    for (int s = 0; s < RIG_N_SERIES; s++) {
        rig_json_open_object(b, rig_series_name((rig_series)s));
        rig_json_open_list(b, "observed");
        for (size_t i = 0; i < r->prediction->n_intervals; i++)
            rig_json_add_real(b, NULL, rig_series_value((rig_series)s, &r->observed->intervals[i]));
        rig_json_close(b);
        rig_json_add_bands(b, r->prediction, (rig_series)s);
        rig_json_close(b);
    }
    rig_json_close(b);
    rig_json_close(b);
}

static void add_head(rig_json_builder *b, const rig_result *r, const char *created_utc)
{
    rig_json_add_text(b, "format", "peakrig result 1");
    rig_json_add_text(b, "peakrig", PEAKRIG_VERSION);
    rig_json_add_text(b, "created_utc", created_utc);
    rig_json_add_text(b, "name", r->scenario->name);
    rig_json_add_text(b, "description", r->scenario->description);
    rig_json_add_integer(b, "seed", (int64_t)r->scenario->seed);
    rig_json_add_real(b, "time_scale", r->scenario->time_scale);
    rig_json_add_text(b, "status",
                      r->play->looks.is_stopped ? "stopped_early"
                      : r->play->was_stopped    ? "stopped"
                                                : "complete");
}

rig_status rig_json_of_result(const rig_result *r, const char *created_utc, json_t **document)
{
    rig_json_builder b;
    rig_json_begin(&b);
    add_head(&b, r, created_utc);
    add_inputs(&b, r->inputs);
    add_run(&b, r->play);
    add_target(&b, r->play);
    add_verdict(&b, r->verdict);
    add_early_stop(&b, r);
    add_checks(&b, r->verdict);
    add_stages(&b, r);
    add_carriers(&b, &r->verdict->carriers);
    add_kind(&b, "classes", &r->verdict->kinds[RIG_SCOPE_CLASSES]);
    add_kind(&b, "skills", &r->verdict->kinds[RIG_SCOPE_SKILLS]);
    add_kind(&b, "groups", &r->verdict->kinds[RIG_SCOPE_AGENTS]);
    add_kind(&b, "told", &r->verdict->told);
    add_levels(&b, r->verdict);
    rig_json_add_diagnosis(&b, r->diagnosis);
    rig_json_add_calls(&b, r);
    rig_json_add_ends(&b, r);
    add_metrics(&b, r);
    rig_json_add_parts(&b, r);
    add_trunk(&b, r);
    rig_json_add_costs(&b, r);
    add_faults(&b, r->scenario);
    rig_json_add_lateness(&b, r);
    rig_json_add_load(&b, r);
    rig_json_add_delays(&b, r);
    rig_json_add_count(&b, "odd_durations", r->n_odd_durations);
    rig_json_add_agreement(&b, r);
    add_intervals(&b, r);
    return rig_json_end(&b, document);
}
