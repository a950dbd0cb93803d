/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plan_json.h"

#include <math.h>

#include "reports/advice_json.h"
#include "reports/json_builder.h"

/* A combination: {"trunks[0].circuits": 270}. Whole numbers are integers. */
static void add_values(rig_json_builder *b, const char *key, const rig_plan_question *q,
                       const size_t *index)
{
    rig_json_open_object(b, key);
    for (size_t a = 0; a < q->n_axes; a++) {
        double number = q->axes[a].values[index[a]].number;
        if (number >= -9e15 && number <= 9e15 && number == (double)(int64_t)number)
            rig_json_add_integer(b, q->axes[a].key, (int64_t)number);
        else
            rig_json_add_real(b, q->axes[a].key, number);
    }
    rig_json_close(b);
}

static void add_axes(rig_json_builder *b, const rig_plan_question *q)
{
    rig_json_open_list(b, "axes");
    for (size_t a = 0; a < q->n_axes; a++) {
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "key", q->axes[a].key);
        rig_json_open_list(b, "values");
        for (size_t v = 0; v < q->axes[a].n; v++)
            rig_json_add_real(b, NULL, q->axes[a].values[v].number);
        rig_json_close(b);
        if (q->has_costs)
            rig_json_add_real(b, "cost", q->costs[a]);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_requirements(rig_json_builder *b, const rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    rig_json_open_list(b, "requirements");
    for (size_t r = 0; r < q->n_requirements; r++) {
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "text", q->requirements[r].text);
        rig_json_add_text(b, "metric", rig_metric_describe(q->requirements[r].metric)->name);
        rig_json_add_text(b, "figure", q->requirements[r].name);
        rig_json_add_text(b, "operator", rig_plan_operator_text(q->requirements[r].op));
        rig_json_add_real(b, "limit", q->requirements[r].limit);
        rig_json_open_object(b, "with_more");
        for (size_t a = 0; a < q->n_axes; a++)
            rig_json_add_text(b, q->axes[a].key, rig_plan_trend_name(plan->trends[r][a]));
        rig_json_close(b);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_judged(rig_json_builder *b, const rig_plan_question *q, const rig_plan_point *point)
{
    rig_json_open_list(b, "requirements");
    for (size_t r = 0; r < q->n_requirements; r++) {
        const rig_plan_judged *j = &point->judged[r];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "requirement", q->requirements[r].text);
        rig_json_add_real(b, "estimate", j->estimate);
        rig_json_add_interval(b, "bounds", j->low, j->high);
        rig_json_add_text(b, "verdict", rig_plan_verdict_name(j->verdict));
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_metrics(rig_json_builder *b, const rig_plan_point *point)
{
    rig_json_open_object(b, "metrics");
    for (int m = 0; m < RIG_N_METRICS; m++) {
        const rig_summary *s = &point->metrics[m];
        rig_json_open_object(b, rig_metric_describe((rig_metric)m)->name);
        rig_json_add_count(b, "n", s->n);
        rig_json_add_real(b, "mean", s->mean);
        rig_json_add_interval(b, "confidence_of_mean", s->ci_low, s->ci_high);
        rig_json_add_interval(b, "prediction_95_of_one_run", s->low, s->high);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_points(rig_json_builder *b, const rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    rig_json_open_list(b, "points");
    for (size_t p = 0; p < plan->n_points; p++) {
        const rig_plan_point *point = plan->points[p];
        rig_json_open_object(b, NULL);
        add_values(b, "values", q, point->index);
        rig_json_add_count(b, "replications", point->n_replications);
        if (q->n_requirements > 0) {
            rig_json_add_text(b, "verdict", rig_plan_verdict_name(point->verdict));
            add_judged(b, q, point);
        }
        add_metrics(b, point);
        rig_json_close(b);
    }
    rig_json_close(b);
}

/* The sentences of one kind. */
typedef struct sentences {
    rig_json_builder *builder;
    rig_plan_sentence kind;
    const char *key; /* of the only one; NULL: each is an item of a list */
    size_t n;
} sentences;

static void keep(void *ctx, rig_plan_sentence kind, const char *text)
{
    sentences *s = ctx;
    if (kind != s->kind || (s->key != NULL && s->n > 0))
        return;
    rig_json_add_text(s->builder, s->key, text);
    s->n++;
}

static void add_sentences(rig_json_builder *b, const char *key, const rig_report_plan *report,
                          rig_plan_sentence kind)
{
    sentences said = {.builder = b, .kind = kind};
    rig_json_open_list(b, key);
    rig_report_plan_explain(report, rig_language_english(), keep, &said);
    rig_json_close(b);
}

/* A point of the plan, or null. */
static void add_point_values(rig_json_builder *b, const char *key, const rig_plan *plan,
                             size_t point)
{
    if (point != RIG_PLAN_NONE)
        add_values(b, key, plan->question, plan->points[point]->index);
    else
        rig_json_add_null(b, key);
}

static void add_answer(rig_json_builder *b, const rig_report_plan *report)
{
    const rig_plan *plan = report->plan;
    const rig_plan_question *q = plan->question;
    rig_json_open_object(b, "answer");
    rig_json_add_text(b, "outcome", rig_report_plan_outcome(report));
    add_point_values(b, "values", plan, plan->answer);
    add_point_values(b, "nearest", plan, plan->nearest);
    rig_json_open_list(b, "minimal");
    for (size_t m = 0; m < plan->n_minimal; m++) {
        const size_t *index = plan->points[plan->minimal[m]]->index;
        rig_json_open_object(b, NULL);
        add_values(b, "values", q, index);
        rig_json_add_real(b, "cost", rig_plan_cost(q, index));
        rig_json_close(b);
    }
    rig_json_close(b);
    sentences answer = {.builder = b, .kind = RIG_PLAN_ANSWER, .key = "text"};
    rig_report_plan_explain(report, rig_language_english(), keep, &answer);
    add_sentences(b, "evidence", report, RIG_PLAN_EVIDENCE);
    add_sentences(b, "remarks", report, RIG_PLAN_REMARK);
    rig_json_close(b);
}

static void add_head(rig_json_builder *b, const rig_report_plan *report)
{
    rig_json_add_text(b, "format", "peakrig plan 1");
    rig_json_add_text(b, "peakrig", PEAKRIG_VERSION);
    rig_json_add_text(b, "name", report->scenario->name);
    rig_json_add_integer(b, "seed", (int64_t)report->scenario->seed);
    rig_json_open_object(b, "inputs");
    rig_json_add_text(b, "scenario_sha256", report->scenario_sha256);
    rig_json_close(b);
    rig_json_open_list(b, "overrides");
    for (size_t i = 0; i < report->n_overrides; i++)
        rig_json_add_text(b, NULL, report->overrides[i]);
    rig_json_close(b);
}

rig_status rig_json_of_plan(const rig_report_plan *report, json_t **document)
{
    const rig_plan *plan = report->plan;
    const rig_plan_question *q = plan->question;
    rig_json_builder b;
    rig_json_begin(&b);
    add_head(&b, report);
    rig_json_add_text(&b, "status", plan->is_complete ? "complete" : "stopped");
    add_axes(&b, q);
    add_requirements(&b, plan);
    rig_json_add_text(&b, "judged_by", q->of_days > 0.0 ? "share_of_days" : "mean");
    if (q->of_days > 0.0)
        rig_json_add_real(&b, "of_days", q->of_days);
    else
        rig_json_add_null(&b, "of_days");
    rig_json_add_real(&b, "confidence", q->confidence);
    rig_json_add_real(&b, "alpha_of_a_bound", plan->alpha);
    rig_json_add_count(&b, "replications", q->n_replications);
    rig_json_add_count(&b, "max_replications", q->n_most_replications);
    add_points(&b, plan);
    if (q->n_requirements > 0)
        add_answer(&b, report);
    if (report->advised != NULL)
        rig_json_add_advice(&b, report->advised, report->prediction, true, (double)NAN);
    return rig_json_end(&b, document);
}
