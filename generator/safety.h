/* What is checked before the first packet: whom we call, what we dial, how much of it. */
#ifndef RIG_GENERATOR_SAFETY_H
#define RIG_GENERATOR_SAFETY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "generator/route.h"
#include "models/schedule.h"
#include "scenarios/scenario.h"

/**
 * Whether a dialled number is, or could be taken for, an emergency number: 112, 911, 999, ... as
 * such, behind a prefix for an outside line (0, 9, 00) or behind '+' or "00" and a country code.
 * '*' and '#' are ignored.
 */
bool rig_safety_is_emergency(const char *dial);

/**
 * Whether a target may be called: loopback, or named in a list, by its address or as `host`.
 * @param host   As the user wrote it.
 * @param allow  May be NULL when n_allow is 0.
 */
bool rig_safety_is_allowed(const rig_route *route, const char *host, char *const *allow,
                           size_t n_allow);

/**
 * Check a run before it begins.
 *
 * @param host     The target as the user wrote it.
 * @param allow    Addresses allowed beside those of scenario->target.allow (--allow).
 * @return RIG_OK; RIG_EINPUT, saying the value and the limit, for a target that is not allowed, an
 *         emergency number, or a run that passes scenario->limits (calls, rate, duration on the
 *         wire).
 */
rig_status rig_safety_check(const rig_scenario *scenario, const rig_schedule *schedule,
                            const rig_route *route, const char *host, char *const *allow,
                            size_t n_allow, rig_error *err);

#endif
