/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of a scenario, told from their table: for `peakrig keys`, completion, the tables of
 * docs/scenario.md and the JSON Schema. Failures of a stream are the caller's to find. */
#ifndef RIG_SCENARIOS_KEYS_H
#define RIG_SCENARIOS_KEYS_H

#include <stdbool.h>
#include <stdio.h>

/** The path of each key as --set takes it, one a line; an element of a list is "[]":
 * "trunks[].e1". */
void rig_scenario_write_names(FILE *out);

/**
 * Each key whose path begins with `prefix`: what it may hold, its default and its meaning, as text.
 * @return How many there are.
 */
size_t rig_scenario_write_keys(FILE *out, const char *prefix);

/** The tables of docs/scenario.md (Markdown), each between "<!-- keys: GROUP -->" and
 * "<!-- end -->". */
void rig_scenario_write_tables(FILE *out);

/** A JSON Schema (draft 2020-12) of a scenario: docs/scenario.schema.json. */
void rig_scenario_write_schema(FILE *out);

#endif
