/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a scenario of which figures are given, and figures by name: "lost_trunk",
 * "lost_trunk[mobile]", "occupancy[agents.sales]".
 *
 * Parts are carriers (`trunks[]`), groups of agents (`agents[]`), classes of callers
 * (`callers.classes[]`) and skills (`agents[].skills`), each by its name. Where two kinds have a
 * part of one name, the key stands in front: `[trunks.x]`, `[agents.x]`, `[classes.x]`,
 * `[skills.x]`. A kind that has one part only is the whole. Parts are numbered from 1, in the
 * order of rig_scope_kind and of the scenario; those of kinds with one part have no number. */
#ifndef RIG_SCENARIOS_SCOPE_H
#define RIG_SCENARIOS_SCOPE_H

#include "core/metric.h"
#include "scenarios/scenario.h"

/** A part. */
typedef struct rig_scope_part {
    rig_scope_kind kind;
    uint32_t index; /**< among the parts of its kind */
} rig_scope_part;

/** Room for a figure's name with its part. */
#define RIG_SCOPE_TEXT_SIZE 160

/** Parts in all; 0: no kind has two. */
uint32_t rig_scope_n_parts(const rig_scenario *scenario);

/** Parts of a kind; 0 where it has one only. */
uint32_t rig_scope_n_of(const rig_scenario *scenario, rig_scope_kind kind);

/** Number of the first part of a kind; RIG_METRIC_WHOLE where it has one part only. */
uint32_t rig_scope_first(const rig_scenario *scenario, rig_scope_kind kind);

/** @param part  From 1 to rig_scope_n_parts. */
rig_scope_part rig_scope_part_of(const rig_scenario *scenario, uint32_t part);

/** The part's name in the scenario; borrowed. */
const char *rig_scope_part_name(const rig_scenario *scenario, uint32_t part);

/** "trunks", "agents", "classes", "skills"; static. */
const char *rig_scope_kind_name(rig_scope_kind kind);

/** Whether a figure exists of a part. Of carriers that are hunted (without shares) only the
 * circuits do: a call belongs to none of them before it has one. */
bool rig_scope_has(const rig_scenario *scenario, uint32_t part, rig_metric metric);

/**
 * The figure of a name.
 * @param scenario  NULL: no parts are known.
 * @param[out] ref  Untouched on error.
 * @param[out] why  What is wrong and what is expected, on RIG_EINPUT; cut to `size`.
 * @return RIG_OK or RIG_EINPUT.
 */
rig_status rig_scope_read(const rig_scenario *scenario, const char *text, size_t n_text,
                          rig_metric_ref *ref, char *why, size_t size);

/** The shortest name that reads as this figure: "lost_trunk[mobile]". Cut to `size`. */
void rig_scope_write(const rig_scenario *scenario, rig_metric_ref ref, char *text, size_t size);

#endif
