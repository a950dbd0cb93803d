#include "reports/plan_json.h"

#include "reports/prediction_json.h"

/* A combination: {"trunks[0].circuits": 270}. Whole numbers are integers. */
static json_t *values_json(const rig_plan_question *q, const size_t *index)
{
    json_t *values = json_object();
    for (size_t a = 0; a < q->n_axes; a++) {
        double number = q->axes[a].values[index[a]].number;
        bool is_whole = number >= -9e15 && number <= 9e15 && number == (double)(json_int_t)number;
        (void)json_object_set_new(values, q->axes[a].key,
                                  is_whole ? json_integer((json_int_t)number) : json_real(number));
    }
    return values;
}

static json_t *axes_json(const rig_plan_question *q)
{
    json_t *axes = json_array();
    for (size_t a = 0; a < q->n_axes; a++) {
        json_t *values = json_array();
        for (size_t v = 0; v < q->axes[a].n; v++)
            (void)json_array_append_new(values, rig_json_real(q->axes[a].values[v].number));
        json_t *axis = json_pack("{s:s, s:o}", "key", q->axes[a].key, "values", values);
        if (q->has_costs)
            (void)json_object_set_new(axis, "cost", json_real(q->costs[a]));
        (void)json_array_append_new(axes, axis);
    }
    return axes;
}

static json_t *requirements_json(const rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    json_t *requirements = json_array();
    for (size_t r = 0; r < q->n_requirements; r++) {
        json_t *trends = json_object();
        for (size_t a = 0; a < q->n_axes; a++)
            (void)json_object_set_new(trends, q->axes[a].key,
                                      json_string(rig_plan_trend_name(plan->trends[r][a])));
        (void)json_array_append_new(
            requirements, json_pack("{s:s, s:s, s:s, s:f, s:o}", "text", q->requirements[r].text,
                                    "metric", rig_metric_describe(q->requirements[r].metric)->name,
                                    "operator", rig_plan_operator_text(q->requirements[r].op),
                                    "limit", q->requirements[r].limit, "with_more", trends));
    }
    return requirements;
}

static json_t *judged_json(const rig_plan_question *q, const rig_plan_point *point)
{
    json_t *list = json_array();
    for (size_t r = 0; r < q->n_requirements; r++) {
        const rig_plan_judged *j = &point->judged[r];
        (void)json_array_append_new(
            list, json_pack("{s:s, s:o, s:[o,o], s:s}", "requirement", q->requirements[r].text,
                            "estimate", rig_json_real(j->estimate), "bounds", rig_json_real(j->low),
                            rig_json_real(j->high), "verdict", rig_plan_verdict_name(j->verdict)));
    }
    return list;
}

static json_t *point_json(const rig_plan_question *q, const rig_plan_point *point)
{
    json_t *metrics = json_object();
    for (int m = 0; m < RIG_N_METRICS; m++) {
        const rig_summary *s = &point->metrics[m];
        (void)json_object_set_new(metrics, rig_metric_describe((rig_metric)m)->name,
                                  json_pack("{s:i, s:o, s:[o,o], s:[o,o]}", "n", (int)s->n, "mean",
                                            rig_json_real(s->mean), "confidence_of_mean",
                                            rig_json_real(s->ci_low), rig_json_real(s->ci_high),
                                            "prediction_95_of_one_run", rig_json_real(s->low),
                                            rig_json_real(s->high)));
    }
    json_t *made = json_pack("{s:o, s:i}", "values", values_json(q, point->index), "replications",
                             (int)point->n_replications);
    if (q->n_requirements > 0) {
        (void)json_object_set_new(made, "verdict",
                                  json_string(rig_plan_verdict_name(point->verdict)));
        (void)json_object_set_new(made, "requirements", judged_json(q, point));
    }
    (void)json_object_set_new(made, "metrics", metrics);
    return made;
}

typedef struct sentences {
    json_t *list[RIG_PLAN_REMARK + 1];
} sentences;

static void keep(void *ctx, rig_plan_sentence kind, const char *text)
{
    (void)json_array_append_new(((sentences *)ctx)->list[kind], json_string(text));
}

static json_t *answer_json(const rig_report_plan *report)
{
    const rig_plan *plan = report->plan;
    const rig_plan_question *q = plan->question;
    sentences said;
    for (int k = 0; k <= RIG_PLAN_REMARK; k++)
        said.list[k] = json_array();
    rig_report_plan_explain(report, keep, &said);
    json_t *answer = json_pack("{s:s}", "outcome", rig_report_plan_outcome(report));
    json_t *minimal = json_array();
    for (size_t m = 0; m < plan->n_minimal; m++) {
        const size_t *index = plan->points[plan->minimal[m]]->index;
        (void)json_array_append_new(minimal,
                                    json_pack("{s:o, s:f}", "values", values_json(q, index), "cost",
                                              rig_plan_cost(q, index)));
    }
    (void)json_object_set_new(answer, "values",
                              plan->answer != RIG_PLAN_NONE
                                  ? values_json(q, plan->points[plan->answer]->index)
                                  : json_null());
    (void)json_object_set_new(answer, "nearest",
                              plan->nearest != RIG_PLAN_NONE
                                  ? values_json(q, plan->points[plan->nearest]->index)
                                  : json_null());
    (void)json_object_set_new(answer, "minimal", minimal);
    (void)json_object_set(answer, "text", json_array_get(said.list[RIG_PLAN_ANSWER], 0));
    (void)json_object_set(answer, "evidence", said.list[RIG_PLAN_EVIDENCE]);
    (void)json_object_set(answer, "remarks", said.list[RIG_PLAN_REMARK]);
    for (int k = 0; k <= RIG_PLAN_REMARK; k++)
        json_decref(said.list[k]);
    return answer;
}

rig_status rig_json_of_plan(const rig_report_plan *report, json_t **document)
{
    const rig_plan *plan = report->plan;
    const rig_plan_question *q = plan->question;
    json_t *overrides = json_array(), *points = json_array();
    for (size_t i = 0; i < report->n_overrides; i++)
        (void)json_array_append_new(overrides, json_string(report->overrides[i]));
    for (size_t p = 0; p < plan->n_points; p++)
        (void)json_array_append_new(points, point_json(q, plan->points[p]));
    json_t *made = json_pack(
        "{s:s, s:s, s:s, s:I, s:{s:s}, s:o, s:s, s:o, s:o, s:s, s:o, s:f, s:f, s:i, s:i, s:o}",
        "format", "peakrig plan 1", "peakrig", PEAKRIG_VERSION, "name", report->scenario->name,
        "seed", (json_int_t)report->scenario->seed, "inputs", "scenario_sha256",
        report->scenario_sha256, "overrides", overrides, "status",
        plan->is_complete ? "complete" : "stopped", "axes", axes_json(q), "requirements",
        requirements_json(plan), "judged_by", q->of_days > 0.0 ? "share_of_days" : "mean",
        "of_days", q->of_days > 0.0 ? json_real(q->of_days) : json_null(), "confidence",
        q->confidence, "alpha_of_a_bound", plan->alpha, "replications", (int)q->n_replications,
        "max_replications", (int)q->n_most_replications, "points", points);
    if (made == NULL)
        return RIG_ENOMEM;
    if (q->n_requirements > 0)
        (void)json_object_set_new(made, "answer", answer_json(report));
    *document = made;
    return RIG_OK;
}
