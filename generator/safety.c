#include "generator/safety.h"

#include <ctype.h>
#include <string.h>

/* In use for police, fire or rescue somewhere in the world. Source: ITU-T E.161.1 (112, 911) and
 * the national numbering plans that the ITU publishes. */
static const char *const EMERGENCY[] = {"000", "061", "08",  "110", "111", "112", "113", "114",
                                        "115", "117", "118", "119", "120", "122", "133", "144",
                                        "155", "158", "190", "191", "192", "193", "911", "933",
                                        "988", "995", "997", "998", "999"};

/* A dial plan may strip these before it looks at the rest. */
static const char *const LINE_PREFIXES[] = {"", "0", "9", "00"};

enum { LONGEST_DIAL = 64, LONGEST_COUNTRY_CODE = 3 };

static bool is_listed(const char *digits)
{
    for (size_t i = 0; i < sizeof EMERGENCY / sizeof *EMERGENCY; i++)
        if (strcmp(digits, EMERGENCY[i]) == 0)
            return true;
    return false;
}

static bool is_listed_behind_country_code(const char *digits)
{
    size_t n = strlen(digits);
    for (size_t code = 0; code <= LONGEST_COUNTRY_CODE && code < n; code++)
        if (is_listed(digits + code))
            return true;
    return false;
}

bool rig_safety_is_emergency(const char *dial)
{
    char digits[LONGEST_DIAL];
    size_t n = 0;
    for (const char *p = dial; *p != '\0' && n + 1 < sizeof digits; p++)
        if (isdigit((unsigned char)*p))
            digits[n++] = *p;
    digits[n] = '\0';
    for (size_t i = 0; i < sizeof LINE_PREFIXES / sizeof *LINE_PREFIXES; i++) {
        size_t n_prefix = strlen(LINE_PREFIXES[i]);
        if (strncmp(digits, LINE_PREFIXES[i], n_prefix) == 0 && is_listed(digits + n_prefix))
            return true;
    }
    if (dial[0] == '+' && is_listed_behind_country_code(digits))
        return true;
    return strncmp(digits, "00", 2) == 0 && is_listed_behind_country_code(digits + 2);
}

bool rig_safety_is_allowed(const rig_route *route, const char *host, char *const *allow,
                           size_t n_allow)
{
    if (route->is_loopback)
        return true;
    for (size_t i = 0; i < n_allow; i++)
        if (strcmp(allow[i], route->target) == 0 || strcasecmp(allow[i], host) == 0)
            return true;
    return false;
}

rig_status rig_safety_check(const rig_scenario *scenario, const rig_schedule *schedule,
                            const rig_route *route, const char *host, char *const *allow,
                            size_t n_allow, rig_error *err)
{
    if (!rig_safety_is_allowed(route, host, scenario->target.allow, scenario->target.n_allow) &&
        !rig_safety_is_allowed(route, host, allow, n_allow))
        return rig_fail(
            err, RIG_EINPUT,
            "target %s (%s) is not loopback; name it in target.allow or by --allow %s if "
            "you may load it",
            host, route->target, host);
    if (rig_safety_is_emergency(scenario->callers.dial))
        return rig_fail(
            err, RIG_EINPUT,
            "callers.dial: \"%s\" is or could reach an emergency number; choose another",
            scenario->callers.dial);

    const rig_limits *limits = &scenario->limits;
    if (schedule->n > limits->max_calls)
        return rig_fail(err, RIG_EINPUT, "%zu calls; limits.max_calls is %llu", schedule->n,
                        (unsigned long long)limits->max_calls);
    double rate_per_s = rig_traffic_peak_rate_per_s(&scenario->traffic) * scenario->time_scale;
    if (rate_per_s > limits->max_rate_per_s)
        return rig_fail(err, RIG_EINPUT, "%g calls/s on the wire; limits.max_rate_per_s is %g",
                        rate_per_s, limits->max_rate_per_s);
    double run_s = rig_schedule_latest_end_s(schedule, scenario) / scenario->time_scale;
    if (run_s > limits->max_run_s)
        return rig_fail(err, RIG_EINPUT, "the run can last %.0f s; limits.max_run_s is %g", run_s,
                        limits->max_run_s);
    return RIG_OK;
}
