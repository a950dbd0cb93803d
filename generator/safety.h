/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is checked before the first packet: whom we call, what we dial, how much of it. */
#ifndef RIG_GENERATOR_SAFETY_H
#define RIG_GENERATOR_SAFETY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "generator/route.h"
#include "models/schedule.h"
#include "scenarios/scenario.h"

/** What a user has allowed beside what the scenario says. Zeroed: nothing. Borrowed. */
typedef struct rig_permits {
    char *const *hosts; /**< --allow: targets, by address or name; NULL when n_hosts is 0 */
    size_t n_hosts;
    char *const *dials; /**< --allow-dial: numbers, as written in callers.dial */
    size_t n_dials;
    bool trusts_xml; /**< --trust-xml: callers.sipp_xml may do what a program may */
} rig_permits;

/**
 * Whether a target may be called: loopback, or named in a list, by its address or as `host`.
 * @param host   As the user wrote it.
 * @param allow  May be NULL when n_allow is 0.
 */
bool rig_safety_is_allowed(const rig_route *route, const char *host, char *const *allow,
                           size_t n_allow);

/**
 * Check a host that is sent to: loopback, or named in target.allow or the permits.
 * @param what  What it is, in front of the error's text: "target".
 * @param host  As the user wrote it.
 * @return RIG_OK; RIG_EINPUT, saying how to allow it.
 */
rig_status rig_safety_check_host(const char *what, const char *host, const rig_route *route,
                                 const rig_target *target, const rig_permits *permits,
                                 rig_error *err);

/**
 * Check a number that callers dial (generator/dial.h). An emergency number is refused, whatever was
 * allowed and wherever the target is. One that is suspect or unreadable must be allowed by name; at
 * a target that is not loopback, so must one of three digits or fewer.
 * @param what  What it is, in front of the error's text: "callers.dial".
 * @return RIG_OK; RIG_EINPUT, saying the number found and how to allow it, where that is possible.
 */
rig_status rig_safety_check_dial(const char *what, const char *dial, const rig_route *route,
                                 const rig_permits *permits, rig_error *err);

/**
 * Check a run before it begins: the target, what is dialled (a user's own SIPp scenario, too:
 * generator/user_xml.h), how much, and that no caller shows an emergency number, which a centre
 * that calls back would dial.
 *
 * @param caller_xml  Of rig_sipp_user_file_read; NULL where the scenario names none.
 * @param host     The target as the user wrote it.
 * @param permits  Beside scenario->target.allow.
 * @return RIG_OK; RIG_EINPUT, saying the value and the limit, for a target that is not allowed, a
 *         number that is refused, or a run that passes scenario->limits (calls, rate, duration on
 *         the wire); RIG_ENOMEM.
 */
rig_status rig_safety_check(const rig_scenario *scenario, const char *caller_xml,
                            const rig_schedule *schedule, const rig_route *route, const char *host,
                            const rig_permits *permits, rig_error *err);

#endif
