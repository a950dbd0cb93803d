/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan varies: keys of the scenario, each with rising values. */
#ifndef RIG_MODELS_PLAN_AXIS_H
#define RIG_MODELS_PLAN_AXIS_H

#include <stddef.h>

#include "core/status.h"

/** Most keys of one plan. */
#define RIG_PLAN_MAX_AXES 6

/** Most values of one key. */
#define RIG_PLAN_MAX_VALUES 10000
#define RIG_PLAN_MAX_GRID   1000000 /**< most combinations of a plan */

/** A value of an axis. */
typedef struct rig_plan_value {
    double number;
    char text[24]; /**< as it goes into the override: "270", "0.05" */
} rig_plan_value;

/** One key and its values. Owned: rig_plan_axis_clear. */
typedef struct rig_plan_axis {
    char *key;              /**< letters, digits and "_.[]-" only: safe in any file or script */
    rig_plan_value *values; /**< rising, no two the same */
    size_t n;               /**< >= 1 */
} rig_plan_axis;

/**
 * Read an axis: KEY=FROM:TO, KEY=FROM:TO:STEP (the step is 1 when left out) or KEY=a,b,c.
 *
 * A range holds FROM, FROM + STEP, ... up to TO; TO itself only when a step ends there. A list is
 * put in rising order.
 * @param[out] axis  Owned by the caller. Untouched on error.
 * @return RIG_OK; RIG_EINPUT naming the text (no key, no number, FROM past TO, a step that is not
 *         positive, a value twice, more than RIG_PLAN_MAX_VALUES); RIG_ENOMEM.
 */
rig_status rig_plan_axis_parse(const char *text, rig_plan_axis *axis, rig_error *err);

/** Free what the axis owns. NULL-safe. */
void rig_plan_axis_clear(rig_plan_axis *axis);

/**
 * Do the axes go together?
 * @param[out] n_grid  Combinations of their values.
 * @return RIG_OK; RIG_EINPUT for a key given twice, for circuits and e1 of one group, and for more
 *         than RIG_PLAN_MAX_GRID combinations.
 */
rig_status rig_plan_axes_check(const rig_plan_axis *axes, size_t n_axes, size_t *n_grid,
                               rig_error *err);

/** The place of a combination in grid order: the last axis turns fastest. */
size_t rig_plan_axes_place(const rig_plan_axis *axes, size_t n_axes, const size_t *index);

/** The combination at a place: the inverse of rig_plan_axes_place. */
void rig_plan_axes_index(const rig_plan_axis *axes, size_t n_axes, size_t place, size_t *index);

#endif
