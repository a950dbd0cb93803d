#include "models/plan_requirement.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/binomial.h"

static const char prefix[] = "p_", suffix[] = "_per_entrant";

rig_plan_name rig_plan_name_of(rig_metric metric)
{
    rig_plan_name name;
    const char *full = rig_metric_describe(metric)->name;
    if (strncmp(full, prefix, strlen(prefix)) == 0)
        full += strlen(prefix);
    (void)snprintf(name.text, sizeof name.text, "%s", full);
    size_t n = strlen(name.text), n_suffix = strlen(suffix);
    if (n > n_suffix && strcmp(name.text + n - n_suffix, suffix) == 0)
        name.text[n - n_suffix] = '\0';
    return name;
}

rig_status rig_plan_metric_of(const char *option, const char *name, size_t n_name,
                              rig_metric *metric, rig_error *err)
{
    char known[900] = "";
    size_t n_known = 0;
    for (int m = 0; m < RIG_N_METRICS; m++) {
        const char *full = rig_metric_describe((rig_metric)m)->name;
        rig_plan_name brief = rig_plan_name_of((rig_metric)m);
        if ((strlen(full) == n_name && strncmp(full, name, n_name) == 0) ||
            (strlen(brief.text) == n_name && strncmp(brief.text, name, n_name) == 0)) {
            *metric = (rig_metric)m;
            return RIG_OK;
        }
        if (n_known + strlen(brief.text) + 3 < sizeof known)
            n_known += (size_t)snprintf(known + n_known, sizeof known - n_known, "%s%s",
                                        m > 0 ? ", " : "", brief.text);
    }
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
    static const char *const names[] = {"fails", "undecided", "meets"};
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
    if (is_share && (limit > 1.0 || (limit >= 1.0 && !is_percent)))
        return rig_fail(err, RIG_EINPUT,
                        "--meet %.200s: a share is from 0 to 1; expected a value such as 1%% or "
                        "0.01",
                        text);
    requirement->limit = limit;
    (void)snprintf(requirement->text, sizeof requirement->text, "%s %s %.10g%s%s",
                   rig_plan_name_of(requirement->metric).text,
                   rig_plan_operator_text(requirement->op), is_share ? 100.0 * limit : limit,
                   is_share || unit[0] != '\0' ? " " : "", is_share ? "%" : unit);
    return RIG_OK;
}

rig_status rig_plan_requirement_parse(const char *text, rig_plan_requirement *requirement,
                                      rig_error *err)
{
    rig_plan_requirement made = {0};
    const char *from = text + strspn(text, " ");
    size_t n_name = strcspn(from, "<>=! ");
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
    rig_status status = rig_plan_metric_of("--meet", from, n_name, &made.metric, err);
    if (status == RIG_OK)
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

static rig_plan_judged judge_mean(const rig_plan_requirement *requirement, const double *values,
                                  size_t n, double alpha)
{
    rig_plan_judged judged = {(double)NAN, (double)NAN, (double)NAN, RIG_PLAN_FAILS};
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
    bool low_is_within = rig_plan_is_within(requirement, judged.low);
    bool high_is_within = rig_plan_is_within(requirement, judged.high);
    if (low_is_within && high_is_within)
        judged.verdict = RIG_PLAN_MEETS;
    else if (low_is_within || high_is_within)
        judged.verdict = RIG_PLAN_UNDECIDED;
    return judged;
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
