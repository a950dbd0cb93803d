/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that a scenario is made of, noted down while it is read. */
#ifndef RIG_SCENARIOS_SCENARIO_FILES_H
#define RIG_SCENARIOS_SCENARIO_FILES_H

#include "scenarios/scenario.h"
#include "settings/config.h"

/** Where they go. */
typedef struct rig_file_noting {
    rig_reader *reader;
    rig_scenario *scenario;
} rig_file_noting;

/** rig_reader.note_file; ctx is a rig_file_noting. Each file is noted once. */
void rig_scenario_note_file(void *ctx, const char *path);

/** Note the files that settings stand in: the included ones. */
void rig_scenario_note_included(rig_file_noting *noting, const rig_setting *root);

#endif
