/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members of "peakrig losses 1" that say how much was in use, and for whom. Internal to
 * reports. */
#ifndef RIG_REPORTS_JSON_FIGURES_H
#define RIG_REPORTS_JSON_FIGURES_H

#include "analyzer/figures.h"
#include "reports/json_builder.h"

/** Circuits, queue and agents over time: the members "over_time" and "hours". */
void rig_json_add_usage(rig_json_builder *b, const char *key, const rig_usage_table *table);

/** The callers' patience: the member "patience".
 * @param n_left_out  Calls that were in the queue, and of which the end is not known. */
void rig_json_add_patience(rig_json_builder *b, const char *key, const rig_survival *patience,
                           uint64_t n_left_out);

/** The tables of --by: the member "by", a list. Names come from the wire: any bytes. */
void rig_json_add_groups(rig_json_builder *b, const char *key,
                         const rig_call_group_table *const *tables, size_t n_tables);

#endif
