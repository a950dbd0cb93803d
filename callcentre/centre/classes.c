/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/classes.h"

#include <stdlib.h>
#include <string.h>

#include "callcentre/centre/centre.h"
#include "core/random.h"
#include "scenarios/backup.h"

/* The first of the least priority. */
static size_t least_class(const rig_callers *callers)
{
    size_t least = 0;
    for (size_t i = 1; i < callers->n_classes; i++)
        if (callers->classes[i].priority < callers->classes[least].priority)
            least = i;
    return least;
}

static size_t class_of_called(const rig_scenario *scenario, const char *called)
{
    for (size_t i = 0; i < scenario->callers.n_classes && called != NULL; i++)
        if (strcmp(rig_scenario_class_dial(scenario, i), called) == 0)
            return i;
    return least_class(&scenario->callers);
}

bool rig_callcentre_caller_of(const rig_scenario *scenario, const char *number, uint64_t *caller)
{
    const uint64_t first = scenario->callers.first_number;
    char *end = NULL;
    const unsigned long long value = strtoull(number, &end, 10);
    if (end == number || *end != '\0' || value < first ||
        value - first >= scenario->limits.max_calls)
        return false;
    *caller = value - first;
    return true;
}

/* The customers' list: the draw that docs/wire-contract.md names. */
static size_t class_of_caller(const rig_scenario *scenario, const char *number)
{
    const rig_callers *callers = &scenario->callers;
    uint64_t caller;
    if (!rig_callcentre_caller_of(scenario, number, &caller))
        return least_class(callers);
    const double u = rig_random_uniform(scenario->seed, RIG_CAUSE_CLASS, caller, 0, 0);
    double sum = 0.0;
    for (size_t i = 0; i < callers->n_classes; i++) {
        sum += callers->classes[i].p_share;
        if (u < sum)
            return i;
    }
    return callers->n_classes - 1;
}

size_t rig_callcentre_class_of(const rig_scenario *scenario, const char *called, const char *number)
{
    if (scenario->callers.n_classes < 2)
        return 0;
    const bool is_told =
        rig_scenario_has_class_numbers(scenario) && !rig_scenario_is_backup(scenario, called);
    return is_told ? class_of_called(scenario, called) : class_of_caller(scenario, number);
}

uint32_t rig_callcentre_class_n_lines(const rig_scenario *scenario)
{
    return scenario->callers.n_classes > 1 ? (uint32_t)scenario->callers.n_classes : 1;
}

static size_t taken_for(const rig_callcentre_centre *centre, size_t caller_class)
{
    const rig_callers *callers = &centre->scenario->callers;
    return rig_callcentre_centre_is_unknown(centre, caller_class) ? least_class(callers)
                                                                  : caller_class;
}

uint32_t rig_callcentre_class_line(const rig_callcentre_centre *centre, size_t caller_class)
{
    const rig_callers *callers = &centre->scenario->callers;
    const bool is_reversed =
        rig_callcentre_centre_defect(centre, RIG_DEFECT_PRIORITY_REVERSED) != NULL;
    uint32_t n_before = 0;
    if (callers->n_classes < 2 || rig_callcentre_centre_defect(centre, RIG_DEFECT_NO_PRIORITY))
        return 0;
    const uint32_t own = callers->classes[taken_for(centre, caller_class)].priority;
    for (size_t i = 0; i < callers->n_classes; i++) {
        const uint32_t other = callers->classes[i].priority;
        n_before += is_reversed ? other < own : other > own;
    }
    return n_before;
}
