/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan_requirement.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/language.h"
#include "models/binomial.h"
#include "models/rare.h"

rig_status rig_plan_metric_of(const char *option, const char *name, size_t n_name,
                              rig_metric *metric, rig_error *err)
{
    char known[1000];
    rig_metric whole;
    if (rig_metric_find(name, n_name, metric))
        return RIG_OK;
    const char *part = memchr(name, '[', n_name);
    if (part != NULL && rig_metric_find(name, (size_t)(part - name), &whole))
        return rig_fail(err, RIG_EINPUT,
                        "%s: \"%.*s\" is the figure of a part; expected one of the "
                        "whole (\"%.*s\")",
                        option, n_name < 60 ? (int)n_name : 60, name, (int)(part - name), name);
    rig_metric_names(known, sizeof known);
    return rig_fail(err, RIG_EINPUT, "%s: unknown metric \"%.*s\"; expected one of %s", option,
                    n_name < 60 ? (int)n_name : 60, name, known);
}

const char *rig_plan_operator_text(rig_plan_operator op)
{
    static const char *const texts[] = {"<=", "<", ">=", ">"};
    return texts[op];
}

const char *rig_plan_verdict_name(rig_plan_verdict verdict)
{
    static const char *const names[] = {N_("fails"), N_("undecided"), N_("meets")};
    return names[verdict];
}

/* The limit and its unit, in the unit of the metric. */
static rig_status read_limit(const char *text, const char *value, rig_plan_requirement *requirement,
                             rig_error *err)
{
    const char *unit = rig_metric_describe(requirement->metric)->unit;
    const bool is_share = strcmp(unit, "1") == 0, is_time = strcmp(unit, "s") == 0;
    char *end = NULL;
    double number = strtod(value, &end);
    if (strspn(value, "0123456789.+-eE") < (size_t)(end - value) || end == value ||
        !isfinite(number))
        return rig_fail(err, RIG_EINPUT,
                        "--meet %.200s: \"%.60s\" is not a number; expected METRIC<=NUMBER or "
                        "METRIC>=NUMBER",
                        text, value);
    end += strspn(end, " ");
    const bool is_percent = strcmp(end, "%") == 0;
    if (is_percent && !is_share)
        return rig_fail(err, RIG_EINPUT, "--meet %.200s: the metric is in %s, not a share", text,
                        unit);
    if ((strcmp(end, "s") == 0 || strcmp(end, "ms") == 0) && !is_time)
        return rig_fail(err, RIG_EINPUT, "--meet %.200s: the metric is %s%s, not a time", text,
                        is_share ? "a share" : "in ", is_share ? "" : unit);
    if (!is_percent && end[0] != '\0' && strcmp(end, "s") != 0 && strcmp(end, "ms") != 0)
        return rig_fail(err, RIG_EINPUT,
                        "--meet %.200s: \"%.60s\" is not a unit; expected %% for a share, s or ms "
                        "for a time",
                        text, end);
    double limit = is_percent ? number / 100.0 : strcmp(end, "ms") == 0 ? number / 1000.0 : number;
    if (limit < 0.0)
        return rig_fail(err, RIG_EINPUT, "--meet %.200s: the limit is negative", text);
    if (is_share && limit == 1.0 && !is_percent)
        return rig_fail(err, RIG_EINPUT,
                        "--meet %.200s: 1 may mean 1%% or all; expected 1%%, 0.01 or 100%%", text);
    if (is_share && limit > 1.0)
        return rig_fail(err, RIG_EINPUT,
                        "--meet %.200s: a share is from 0 to 1; expected a value such as 1%% or "
                        "0.01",
                        text);
    requirement->limit = limit;
    (void)snprintf(requirement->text, sizeof requirement->text, "%s %s %.10g%s%s",
                   requirement->name, rig_plan_operator_text(requirement->op),
                   is_share ? 100.0 * limit : limit, is_share || unit[0] != '\0' ? " " : "",
                   is_share ? "%" : unit);
    return RIG_OK;
}

/* Up to the operator; a part's name in [] may hold anything but ']'. */
static size_t length_of_name(const char *from)
{
    size_t n = strcspn(from, "<>=! [");
    if (from[n] == '[')
        n += strcspn(from + n, "]");
    return from[n] == ']' ? n + 1 : n;
}

rig_status rig_plan_requirement_parse(const rig_scenario *scenario, const char *text,
                                      rig_plan_requirement *requirement, rig_error *err)
{
    rig_plan_requirement made = {0};
    const char *from = text + strspn(text, " ");
    size_t n_name = length_of_name(from);
    const char *op = from + n_name + strspn(from + n_name, " ");
    size_t n_op = strspn(op, "<>=!");
    static const rig_plan_operator ops[] = {RIG_PLAN_AT_MOST, RIG_PLAN_AT_LEAST, RIG_PLAN_BELOW,
                                            RIG_PLAN_ABOVE};
    bool is_known = false;
    for (size_t i = 0; i < sizeof ops / sizeof *ops && !is_known; i++) {
        const char *known = rig_plan_operator_text(ops[i]);
        is_known = strlen(known) == n_op && strncmp(op, known, n_op) == 0;
        made.op = ops[i];
    }
    if (n_name == 0 || !is_known)
        return rig_fail(err, RIG_EINPUT,
                        "--meet %.200s: expected METRIC, one of <=, <, >= and >, and a value, such "
                        "as \"lost_trunk<=1%%\"",
                        text);
    rig_metric_ref ref;
    char why[900];
    rig_status status = rig_scope_read(scenario, from, n_name, &ref, why, sizeof why);
    if (status != RIG_OK)
        return rig_fail(err, status, "--meet: %s", why);
    made.metric = ref.metric;
    made.part = ref.part;
    rig_scope_write(scenario, ref, made.name, sizeof made.name);
    status = read_limit(text, op + n_op + strspn(op + n_op, " "), &made, err);
    if (status == RIG_OK)
        *requirement = made;
    return status;
}

bool rig_plan_is_within(const rig_plan_requirement *requirement, double value)
{
    switch (requirement->op) {
    case RIG_PLAN_AT_MOST:
        return value <= requirement->limit;
    case RIG_PLAN_BELOW:
        return value < requirement->limit;
    case RIG_PLAN_AT_LEAST:
        return value >= requirement->limit;
    case RIG_PLAN_ABOVE:
        return value > requirement->limit;
    }
    return false;
}

/* A wait of which only a lower bound is known: so many gave up. */
static bool is_beyond(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (isinf(values[i]))
            return true;
    }
    return false;
}

static rig_plan_verdict verdict_of(const rig_plan_requirement *requirement, double low, double high)
{
    const bool low_is_within = rig_plan_is_within(requirement, low);
    const bool high_is_within = rig_plan_is_within(requirement, high);
    return low_is_within && high_is_within   ? RIG_PLAN_MEETS
           : low_is_within || high_is_within ? RIG_PLAN_UNDECIDED
                                             : RIG_PLAN_FAILS;
}

static rig_plan_judged judge_mean(const rig_plan_requirement *requirement, const double *values,
                                  size_t n, double alpha)
{
    rig_plan_judged judged = {(double)NAN, (double)NAN, (double)NAN, RIG_PLAN_FAILS};
    if (is_beyond(values, n)) { /* on one day at least nobody knows how long: no mean is met */
        judged.estimate = judged.low = judged.high = INFINITY;
        if (rig_plan_is_within(requirement, INFINITY))
            judged.verdict = RIG_PLAN_MEETS;
        return judged;
    }
    double sum = 0.0, squares = 0.0;
    size_t n_defined = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(values[i])) {
            sum += values[i];
            n_defined++;
        }
    }
    if (n_defined < 2)
        return judged;
    judged.estimate = sum / (double)n_defined;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(values[i]))
            squares += (values[i] - judged.estimate) * (values[i] - judged.estimate);
    }
    const double freedom = (double)n_defined - 1.0;
    double half = gsl_cdf_tdist_Qinv(alpha, freedom) * sqrt(squares / freedom / (double)n_defined);
    judged.low = judged.estimate - half;
    judged.high = judged.estimate + half;
    judged.verdict = verdict_of(requirement, judged.low, judged.high);
    return judged;
}

void rig_plan_judge_rare(const rig_plan_requirement *requirement, const double *hits,
                         const double *trials, size_t n, double alpha, rig_plan_judged *judged)
{
    if (!isnan(judged->estimate) &&
        rig_rare_bounds(hits, trials, n, alpha, &judged->low, &judged->high))
        judged->verdict = verdict_of(requirement, judged->low, judged->high);
}

static rig_plan_judged judge_days(const rig_plan_requirement *requirement, const double *values,
                                  size_t n, double of_days, double alpha)
{
    double n_within = 0.0;
    for (size_t i = 0; i < n; i++)
        n_within += rig_plan_is_within(requirement, values[i]) ? 1.0 : 0.0;
    rig_plan_judged judged = {.estimate = n_within / (double)n,
                              .low = rig_binomial_low(n_within, (double)n, alpha),
                              .high = rig_binomial_high(n_within, (double)n, alpha)};
    judged.verdict = judged.low >= of_days   ? RIG_PLAN_MEETS
                     : judged.high < of_days ? RIG_PLAN_FAILS
                                             : RIG_PLAN_UNDECIDED;
    return judged;
}

rig_plan_judged rig_plan_judge(const rig_plan_requirement *requirement, const double *values,
                               size_t n, double of_days, double alpha)
{
    return of_days > 0.0 ? judge_days(requirement, values, n, of_days, alpha)
                         : judge_mean(requirement, values, n, alpha);
}
