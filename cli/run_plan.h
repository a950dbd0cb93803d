/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run writes before its first call: scenario.cfg, schedule.csv, prediction.json, and
 * rules.cfg. */
#ifndef RIG_CLI_RUN_PLAN_H
#define RIG_CLI_RUN_PLAN_H

#include "cli/run_dir.h"
#include "cli/run_setup.h"
#include "core/digest.h"
#include "models/prediction.h"
#include "verdict/scenario_rules.h"

/** Where the carriers' calls come in; borrowed from the setup. */
rig_carrier_ends rig_run_plan_carriers(const rig_run_setup *setup);

/**
 * Write scenario.cfg and schedule.csv.
 * @param[out] scenario_sha256, schedule_sha256  Of the files.
 * @return as rig_scenario_write, rig_schedule_write, rig_digest_file.
 */
rig_status rig_run_plan_write(const rig_run_setup *setup, const rig_run_dir *dir,
                              char scenario_sha256[RIG_SHA256_TEXT_SIZE],
                              char schedule_sha256[RIG_SHA256_TEXT_SIZE], rig_error *err);

/**
 * Predict, into prediction.json.
 * @param[out] prediction  Owned by the caller: rig_prediction_free.
 * @return as rig_predict, rig_json_write.
 */
rig_status rig_run_plan_predict(const rig_run_setup *setup, const rig_run_dir *dir,
                                const char *scenario_sha256, const rig_stop *stop,
                                rig_prediction **prediction, rig_error *err);

/** The rules by which the capture is read, where they are not the built-in ones, into rules.cfg:
 * for the option --rules of `peakrig analyze`. */
rig_status rig_run_plan_write_rules(const rig_run_setup *setup, const rig_run_dir *dir,
                                    rig_error *err);

#endif
