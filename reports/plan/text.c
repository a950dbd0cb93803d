/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "reports/plan_report.h"

/* Decimals of a share in evidence: the bound and the limit must not look the same. */
#define N_DECIMALS 3

typedef struct speaker {
    void (*say)(void *ctx, rig_plan_sentence kind, const char *text);
    void *ctx;
    const rig_language *language;
} speaker;

/* Text that grows in fixed room, and is cut there. */
typedef struct text {
    char text[1000];
    size_t n;
    const rig_language *language;
} text;

static void add(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* By a format that is translated. */
static void add(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n =
        vsnprintf(t->text + t->n, sizeof t->text - t->n, rig_translate(t->language, format), args);
    va_end(args);
    if (n > 0)
        t->n = t->n + (size_t)n < sizeof t->text ? t->n + (size_t)n : sizeof t->text - 1;
}

/* --- figures ---------------------------------------------------------------------------------- */

rig_report_plan_figure rig_report_plan_figure_of(rig_metric metric, double value, int n_decimals)
{
    rig_report_plan_figure f = {"n/a"};
    const char *unit = rig_metric_describe(metric)->unit;
    if (isinf(value))
        (void)snprintf(f.text, sizeof f.text, N_("not reached"));
    if (!isfinite(value))
        return f;
    const bool is_share = strcmp(unit, "1") == 0;
    if (fabs(is_share ? 100.0 * value : value) < 0.5 * pow(10.0, -n_decimals))
        value = 0.0; /* no "-0.00" */
    if (is_share)
        (void)snprintf(f.text, sizeof f.text, "%.*f %%", n_decimals, 100.0 * value);
    else if (strcmp(unit, "s") == 0)
        (void)snprintf(f.text, sizeof f.text, "%.*f s", n_decimals, value);
    else
        (void)snprintf(f.text, sizeof f.text, fabs(value) < 1000.0 ? "%.1f" : "%.0f", value);
    return f;
}

rig_report_plan_figure rig_report_plan_interval_of(rig_metric metric, double value, double low,
                                                   double high, int n_decimals)
{
    rig_report_plan_figure f = rig_report_plan_figure_of(metric, value, n_decimals);
    if (!isfinite(value) || !isfinite(low) || !isfinite(high))
        return f;
    char bounds[2][64];
    const double limits[] = {low, high};
    for (int i = 0; i < 2; i++) {
        (void)snprintf(bounds[i], sizeof bounds[i], "%s",
                       rig_report_plan_figure_of(metric, limits[i], n_decimals).text);
        char *blank = strchr(bounds[i], ' '); /* the unit once */
        if (blank != NULL)
            *blank = '\0';
    }
    size_t n = strlen(f.text);
    (void)snprintf(f.text + n, sizeof f.text - n, " (%.18s..%.18s)", bounds[0], bounds[1]);
    return f;
}

/* --- parts of sentences ----------------------------------------------------------------------- */

/* "trunks[0].circuits = 360, agents[0].count = 500"; of a single axis where `brief`: "360". */
static void add_combination(text *t, const rig_plan_question *q, const size_t *index, bool brief)
{
    for (size_t a = 0; a < q->n_axes; a++) {
        const char *value = q->axes[a].values[index[a]].text;
        if (brief)
            add(t, "%s%s", a > 0 ? " / " : "", value);
        else
            add(t, "%s%s = %s", a > 0 ? ", " : "", q->axes[a].key, value);
    }
}

static void add_requirements(text *t, const rig_plan_question *q)
{
    for (size_t r = 0; r < q->n_requirements; r++)
        add(t, "%s%s",
            r == 0                       ? ""
            : r + 1 == q->n_requirements ? rig_translate(t->language, " and ")
                                         : ", ",
            q->requirements[r].text);
    if (q->of_days > 0.0)
        add(t, " (on %.4g %% of days, %.4g %% confidence)", 100.0 * q->of_days,
            100.0 * q->confidence);
    else
        add(t, " (the mean of all days, %.4g %% confidence)", 100.0 * q->confidence);
}

static void add_judged(text *t, const rig_plan_question *q, const rig_plan_point *point, size_t r)
{
    const rig_plan_judged *j = &point->judged[r];
    const rig_metric metric = q->requirements[r].metric;
    if (q->of_days > 0.0)
        add(t, "%s on %.1f %% of days (%.1f..%.1f)", q->requirements[r].text, 100.0 * j->estimate,
            100.0 * j->low, 100.0 * j->high);
    else
        add(t, "%s %s", q->requirements[r].name,
            rig_translate(t->language, rig_report_plan_interval_of(metric, j->estimate, j->low,
                                                                   j->high, N_DECIMALS)
                                           .text));
}

/* "269 fails: lost_trunk 1.030 % (0.990..1.070), of 1600 runs". Of one that fails or is undecided
 * only the requirements that make it so. */
static void say_evidence(const speaker *s, const rig_plan_question *q, const rig_plan_point *point)
{
    text t = {.language = s->language};
    add_combination(&t, q, point->index, true);
    add(&t, " %s: ",
        rig_translate(s->language, point->verdict == RIG_PLAN_UNDECIDED
                                       ? N_("is undecided")
                                       : rig_plan_verdict_name(point->verdict)));
    bool is_first = true;
    for (size_t r = 0; r < q->n_requirements; r++) {
        if (point->judged[r].verdict != point->verdict)
            continue;
        add(&t, "%s", is_first ? "" : ", ");
        add_judged(&t, q, point, r);
        is_first = false;
    }
    add(&t, "; %u runs", point->n_replications);
    s->say(s->ctx, RIG_PLAN_EVIDENCE, t.text);
}

/* --- sentences -------------------------------------------------------------------------------- */

static void say_answer(const speaker *s, const rig_report_plan *report)
{
    const rig_plan *plan = report->plan;
    const rig_plan_question *q = plan->question;
    const rig_plan_point *answer = plan->points[plan->answer];
    const char *so_far =
        plan->is_complete ? "" : rig_translate(s->language, " found until the stop");
    text t = {.language = s->language};
    add_combination(&t, q, answer->index, false);
    if (q->n_axes == 1)
        add(&t, " is the smallest%s that meets ", so_far);
    else if (plan->n_minimal == 1)
        add(&t, " is the only minimal combination%s that meets ", so_far);
    else
        add(&t, " is the cheapest of %zu minimal combinations%s that meet ", plan->n_minimal,
            so_far);
    add_requirements(&t, q);
    s->say(s->ctx, RIG_PLAN_ANSWER, t.text);
    say_evidence(s, q, answer);
    for (size_t a = 0; a < q->n_axes; a++) {
        size_t below[RIG_PLAN_MAX_AXES];
        memcpy(below, answer->index, sizeof below);
        if (below[a] == 0)
            continue;
        below[a]--;
        const rig_plan_point *point = rig_plan_find(plan, below);
        if (point != NULL)
            say_evidence(s, q, point);
    }
}

static void say_others(const speaker *s, const rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    for (size_t m = 0; m < plan->n_minimal && plan->n_minimal > 1; m++) {
        text t = {.language = s->language};
        const rig_plan_point *point = plan->points[plan->minimal[m]];
        add_combination(&t, q, point->index, true);
        if (q->has_costs)
            add(&t, ": cost %.10g", rig_plan_cost(q, point->index));
        else
            add(&t, ": %.4g of the ranges", rig_plan_cost(q, point->index));
        if (plan->minimal[m] == plan->answer)
            add(&t, ", the cheapest");
        s->say(s->ctx, RIG_PLAN_OTHER, t.text);
    }
    if (plan->n_minimal > 1 && !q->has_costs)
        s->say(s->ctx, RIG_PLAN_REMARK,
               rig_translate(s->language,
                             "without --cost the cheapest is the one with the least sum of shares "
                             "of the ranges (0 at the first value of an axis, 1 at the last)"));
}

/* A stage's loss that no combination changed by more than a tenth. */
static bool is_unmoved(const rig_plan *plan, int stage, const rig_plan_point *at)
{
    const double here = at->metrics[RIG_METRIC_P_LOST_PER_ENTRANT + stage].mean;
    if (!(at->metrics[RIG_METRIC_P_LOST_PER_OFFERED + stage].mean >= 0.005))
        return false;
    for (size_t p = 0; p < plan->n_points; p++) {
        const rig_summary *s = &plan->points[p]->metrics[RIG_METRIC_P_LOST_PER_ENTRANT + stage];
        if (s->n > 0 && fabs(s->mean - here) > 0.1 * here)
            return false;
    }
    return true;
}

/* What stands in the way of the requirements, and is not moved by what is varied. */
static void say_what_binds(const speaker *s, const rig_plan *plan)
{
    static const char *const where[RIG_N_STAGES] = {N_("at the trunk, for want of circuits"),
                                                    N_("before an IVR port answers"),
                                                    N_("in the queue"), N_("while phones ring")};
    const rig_plan_question *q = plan->question;
    const rig_plan_point *at = plan->points[plan->nearest];
    for (size_t r = 0; r < q->n_requirements; r++) {
        bool is_flat = at->judged[r].verdict == RIG_PLAN_FAILS;
        for (size_t a = 0; a < q->n_axes && is_flat; a++)
            is_flat = plan->trends[r][a] == RIG_PLAN_FLAT;
        if (!is_flat)
            continue;
        text t = {.language = s->language};
        add(&t, "no varied key changes %s: ", q->requirements[r].name);
        add_judged(&t, q, at, r);
        s->say(s->ctx, RIG_PLAN_REMARK, t.text);
    }
    for (int stage = 0; stage < RIG_N_STAGES && plan->n_points > 1; stage++) {
        text t = {.language = s->language};
        if (!is_unmoved(plan, stage, at))
            continue;
        add(&t, "no varied key can change this: %.1f %% is lost %s",
            100.0 * at->metrics[RIG_METRIC_P_LOST_PER_OFFERED + stage].mean,
            rig_translate(s->language, where[stage]));
        if (stage == RIG_STAGE_AGENT)
            add(&t, " (agents[].ring, ring_timeout_s and callers.patience_ringing do)");
        s->say(s->ctx, RIG_PLAN_REMARK, t.text);
    }
}

static void say_nothing_meets(const speaker *s, const rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    text t = {.language = s->language};
    add(&t, "no combination%s %s ",
        rig_translate(s->language, plan->is_complete ? N_(" in the range") : N_(" until the stop")),
        rig_translate(s->language, plan->is_open ? N_("is shown to meet") : N_("meets")));
    add_requirements(&t, q);
    add(&t, "; %zu of %zu were tried", plan->n_points, plan->n_grid);
    if (plan->nearest != RIG_PLAN_NONE) {
        add(&t, ", the nearest is ");
        add_combination(&t, q, plan->points[plan->nearest]->index, false);
    }
    s->say(s->ctx, RIG_PLAN_ANSWER, t.text);
    if (plan->nearest != RIG_PLAN_NONE)
        say_evidence(s, q, plan->points[plan->nearest]);
    if (plan->nearest != RIG_PLAN_NONE)
        say_what_binds(s, plan);
    if (plan->is_open)
        s->say(s->ctx, RIG_PLAN_REMARK,
               rig_translate(s->language, "some combinations are undecided: a greater "
                                          "--max-replications may decide them"));
}

/* What the answer rests on: the direction of each requirement along each axis. */
static void say_trends(const speaker *s, const rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    for (size_t r = 0; r < q->n_requirements; r++) {
        for (size_t a = 0; a < q->n_axes; a++) {
            text t = {.language = s->language};
            const char *metric = q->requirements[r].name;
            if (plan->trends[r][a] == RIG_PLAN_WORSE)
                add(&t, "%s gets worse with more %s", metric, q->axes[a].key);
            else if (plan->trends[r][a] == RIG_PLAN_MIXED)
                add(&t, "%s is not monotone: with more %s it gets now better, now worse%s", metric,
                    q->axes[a].key,
                    q->is_exhaustive
                        ? ""
                        : rig_translate(s->language, "; --exhaustive tries every combination"));
            if (t.n > 0)
                s->say(s->ctx, RIG_PLAN_REMARK, t.text);
        }
    }
}

/* More circuits may only move the loss to the next stage: say where it is, asked for or not. */
static void say_elsewhere(const speaker *s, const rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    const rig_plan_point *answer = plan->points[plan->answer];
    text t = {.language = s->language};
    for (int stage = 0; stage <= RIG_N_STAGES; stage++) {
        const rig_metric metric = stage < RIG_N_STAGES
                                      ? (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + stage)
                                      : RIG_METRIC_CONNECT_RATE;
        bool is_asked_for = false;
        for (size_t r = 0; r < q->n_requirements; r++)
            is_asked_for = is_asked_for || (q->requirements[r].metric == metric &&
                                            q->requirements[r].part == RIG_METRIC_WHOLE);
        if (!is_asked_for)
            add(&t, "%s%s %s", t.n > 0 ? ", " : "", rig_metric_short_name(metric).text,
                rig_translate(
                    s->language,
                    rig_report_plan_figure_of(metric, answer->metrics[metric].mean, 2).text));
    }
    if (t.n == 0)
        return;
    text all = {.language = s->language};
    add(&all, "not asked for, but so it is there: %s", t.text);
    s->say(s->ctx, RIG_PLAN_REMARK, all.text);
}

/* Larger than the answer, and yet they fail. */
static void say_above(const speaker *s, const rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    const rig_plan_point *answer = plan->points[plan->answer];
    size_t n = 0;
    text t = {.language = s->language};
    for (size_t p = 0; p < plan->n_points; p++) {
        const rig_plan_point *point = plan->points[p];
        if (point->verdict != RIG_PLAN_FAILS || !rig_plan_is_below(q, answer->index, point->index))
            continue;
        if (n == 0) {
            add(&t, "not every larger combination meets: ");
            add_combination(&t, q, point->index, true);
            add(&t, " fails");
            for (size_t r = 0; r < q->n_requirements; r++) {
                if (point->judged[r].verdict != RIG_PLAN_FAILS)
                    continue;
                add(&t, ", ");
                add_judged(&t, q, point, r);
            }
        }
        n++;
    }
    if (n > 1)
        add(&t, " (and %zu more)", n - 1);
    if (n > 0)
        s->say(s->ctx, RIG_PLAN_REMARK, t.text);
}

static void say_edges(const speaker *s, const rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    const rig_plan_point *answer = plan->points[plan->answer];
    for (size_t a = 0; a < q->n_axes; a++) {
        text t = {.language = s->language};
        size_t below[RIG_PLAN_MAX_AXES];
        memcpy(below, answer->index, sizeof below);
        if (below[a] == 0 && q->axes[a].n > 1) {
            add(&t, "%s = %s is the first value of its range: a smaller one may do", q->axes[a].key,
                q->axes[a].values[0].text);
        } else if (below[a] > 0) {
            below[a]--;
            const rig_plan_point *point = rig_plan_find(plan, below);
            if (point != NULL && point->verdict == RIG_PLAN_UNDECIDED) {
                add_combination(&t, q, point->index, true);
                add(&t,
                    " is undecided after %u runs, so the larger count is taken; a greater "
                    "--max-replications may decide",
                    point->n_replications);
            }
        }
        if (t.n > 0)
            s->say(s->ctx, RIG_PLAN_REMARK, t.text);
    }
}

static void say_how(const speaker *s, const rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    text t = {.language = s->language};
    add(&t,
        "%zu of %zu combinations were tried, all with the same callers; in (): bounds of %s, "
        "each wrong with a chance of %.3g %%",
        plan->n_points, plan->n_grid,
        rig_translate(s->language, q->of_days > 0.0 ? N_("the share of days") : N_("the mean")),
        100.0 * plan->alpha);
    if (rig_plan_n_looks(q) > 1)
        add(&t, " (%.3g %% shared among %u looks)", 100.0 * (1.0 - q->confidence),
            rig_plan_n_looks(q));
    s->say(s->ctx, RIG_PLAN_REMARK, t.text);
}

void rig_report_plan_explain(const rig_report_plan *report, const rig_language *language,
                             void (*say)(void *ctx, rig_plan_sentence kind, const char *text),
                             void *ctx)
{
    const rig_plan *plan = report->plan;
    const speaker s = {say, ctx, language};
    if (plan->question->n_requirements > 0) {
        if (plan->answer != RIG_PLAN_NONE) {
            say_answer(&s, report);
            say_others(&s, plan);
            say_elsewhere(&s, plan);
            say_edges(&s, plan);
            say_above(&s, plan);
        } else {
            say_nothing_meets(&s, plan);
        }
        say_trends(&s, plan);
        say_how(&s, plan);
    }
    if (!plan->is_complete) {
        text t = {.language = language};
        add(&t, "stopped: %zu of %zu combinations were tried", plan->n_points, plan->n_grid);
        say(ctx, RIG_PLAN_REMARK, t.text);
    }
}

const char *rig_report_plan_outcome(const rig_report_plan *report)
{
    const rig_plan *plan = report->plan;
    if (!plan->is_complete)
        return "stopped";
    if (plan->question->n_requirements == 0)
        return "complete";
    return plan->answer != RIG_PLAN_NONE ? "meets" : plan->is_open ? "undecided" : "not met";
}
