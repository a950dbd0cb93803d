/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/safety.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "generator/dial.h"
#include "generator/user_xml.h"

static bool is_in(const char *text, char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

rig_status rig_safety_check_dial(const char *what, const char *dial, const rig_route *route,
                                 const rig_permits *permits, rig_error *err)
{
    const rig_dial_finding found = rig_dial_judge(dial);
    const bool is_allowed = is_in(dial, permits->dials, permits->n_dials);
    switch (found.kind) {
    case RIG_DIAL_EMERGENCY:
        return rig_fail(err, RIG_EINPUT,
                        "%s: \"%s\" is or could reach an emergency number: %s (%s); choose another",
                        what, dial, found.number, found.countries);
    case RIG_DIAL_SUSPECT:
        if (is_allowed)
            break;
        return rig_fail(err, RIG_EINPUT,
                        "%s: \"%s\" could reach an emergency number: %s (%s), behind an access or "
                        "area code; choose another, or say that it does not: --allow-dial %s",
                        what, dial, found.number, found.countries, dial);
    case RIG_DIAL_UNREADABLE:
        if (is_allowed)
            break;
        return rig_fail(err, RIG_EINPUT,
                        "%s: \"%s\": whether it reaches an emergency number cannot be told; choose "
                        "another, or say that it does not: --allow-dial %s",
                        what, dial, dial);
    case RIG_DIAL_SHORT:
        if (is_allowed || route->is_loopback)
            break;
        return rig_fail(err, RIG_EINPUT,
                        "%s: \"%s\" has three digits or fewer, as numbers of services have, and %s "
                        "is not loopback; choose another, or say that it is yours: --allow-dial %s",
                        what, dial, route->target, dial);
    case RIG_DIAL_PLAIN:
        break;
    }
    return RIG_OK;
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

rig_status rig_safety_check_host(const char *what, const char *host, const rig_route *route,
                                 const rig_target *target, const rig_permits *permits,
                                 rig_error *err)
{
    if (rig_safety_is_allowed(route, host, target->allow, target->n_allow) ||
        rig_safety_is_allowed(route, host, permits->hosts, permits->n_hosts))
        return RIG_OK;
    return rig_fail(err, RIG_EINPUT,
                    "%s %s (%s) is not loopback; name it in target.allow or by --allow %s if "
                    "you may load it",
                    what, host, route->target, host);
}

static rig_status check_limits(const rig_scenario *scenario, const rig_schedule *schedule,
                               rig_error *err)
{
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

/* What one number may lead to: itself, and what a user's SIPp scenario makes of it. */
static rig_status check_dialled(const rig_scenario *scenario, const char *caller_xml,
                                const char *what, const char *dial, const rig_route *route,
                                const rig_permits *permits, rig_error *err)
{
    rig_status status = rig_safety_check_dial(what, dial, route, permits, err);
    if (status == RIG_OK && caller_xml != NULL && !permits->trusts_xml)
        status =
            rig_user_xml_check(scenario->callers.sipp_xml, caller_xml, dial, route, permits, err);
    return status;
}

/* A centre that calls back dials what callers show. Numbers as long as these are no emergency's,
 * whatever stands in front. */
static rig_status check_shown(const rig_schedule *schedule, rig_error *err)
{
    static const uint64_t LEAST_LONG = UINT64_C(1000000000000);
    for (size_t i = 0; i < schedule->n && schedule->calls[i].number < LEAST_LONG; i++) {
        char number[24];
        (void)snprintf(number, sizeof number, "%" PRIu64, schedule->calls[i].number);
        const rig_dial_finding found = rig_dial_judge(number);
        if (found.kind == RIG_DIAL_EMERGENCY)
            return rig_fail(err, RIG_EINPUT,
                            "callers.first_number: the caller of call %zu would show \"%s\", which "
                            "is or could reach an emergency number: %s (%s), and a centre may call "
                            "back; choose another",
                            i, number, found.number, found.countries);
    }
    return RIG_OK;
}

rig_status rig_safety_check(const rig_scenario *scenario, const char *caller_xml,
                            const rig_schedule *schedule, const rig_route *route, const char *host,
                            const rig_permits *permits, rig_error *err)
{
    const rig_callers *callers = &scenario->callers;
    rig_status status =
        rig_safety_check_host("target", host, route, &scenario->target, permits, err);
    if (status == RIG_OK)
        status =
            check_dialled(scenario, caller_xml, "callers.dial", callers->dial, route, permits, err);
    if (status == RIG_OK && callers->redirected_to != NULL)
        status = rig_safety_check_dial("callers.redirected_to", callers->redirected_to, route,
                                       permits, err);
    if (status == RIG_OK && callers->redial.backup.dial != NULL)
        status = check_dialled(scenario, caller_xml, "callers.redial.backup.dial",
                               callers->redial.backup.dial, route, permits, err);
    for (size_t i = 0; i < callers->n_classes && status == RIG_OK; i++) {
        char what[48];
        (void)snprintf(what, sizeof what, "callers.classes[%zu].dial", i);
        if (callers->classes[i].dial != NULL)
            status = check_dialled(scenario, caller_xml, what, callers->classes[i].dial, route,
                                   permits, err);
    }
    if (status == RIG_OK)
        status = check_limits(scenario, schedule, err);
    return status == RIG_OK ? check_shown(schedule, err) : status;
}
