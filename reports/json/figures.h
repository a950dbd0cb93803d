/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sections of "peakrig losses 1" that say how much was in use, and for whom. Internal to
 * reports. */
#ifndef RIG_REPORTS_JSON_FIGURES_H
#define RIG_REPORTS_JSON_FIGURES_H

#include <jansson.h>

#include "analyzer/figures.h"

/** "over_time", "hours": each NULL when out of memory. */
json_t *rig_json_of_usage(const rig_usage_table *table);

/** "patience". */
json_t *rig_json_of_patience(const rig_survival *patience, uint64_t n_left_out);

/** "by": a list of tables. */
json_t *rig_json_of_groups(const rig_call_group_table *const *tables, size_t n_tables);

#endif
