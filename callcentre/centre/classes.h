/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which class of callers a call is of, and which line of the queue it waits in: docs/scenario.md,
 * "Classes of callers". */
#ifndef RIG_CALLCENTRE_CENTRE_CLASSES_H
#define RIG_CALLCENTRE_CENTRE_CLASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scenarios/scenario.h"

struct rig_callcentre_centre;

/**
 * The class of a call: by the number that it dials, where classes have numbers of their own, else
 * by its caller's number. What is no class's is of the least priority.
 * @param called  User of the Request-URI, without escapes; NULL: none.
 * @param number  The caller's.
 */
size_t rig_callcentre_class_of(const rig_scenario *scenario, const char *called,
                               const char *number);

/** Which caller of the scenario a number is: caller i shows callers.first_number plus i.
 * @param[out] caller  Untouched when it is none's. @return whether it is one's. */
bool rig_callcentre_caller_of(const rig_scenario *scenario, const char *number, uint64_t *caller);

/** Lines of the queue: one for each class, as several may have a priority of their own. */
uint32_t rig_callcentre_class_n_lines(const rig_scenario *scenario);

/** The line of a class: 0 is served first; classes of the same priority share one. Defects may say
 * otherwise. @return below rig_callcentre_class_n_lines. */
uint32_t rig_callcentre_class_line(const struct rig_callcentre_centre *centre, size_t caller_class);

#endif
