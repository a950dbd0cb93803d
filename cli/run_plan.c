/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_plan.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/atomic_file.h"
#include "reports/json_file.h"
#include "reports/prediction_json.h"

rig_carrier_ends rig_run_plan_carriers(const rig_run_setup *setup)
{
    return (rig_carrier_ends){setup->route.target, setup->carrier_ports, setup->n_carriers};
}

rig_status rig_run_plan_write(const rig_run_setup *setup, const rig_run_dir *dir,
                              char scenario_sha256[RIG_SHA256_TEXT_SIZE],
                              char schedule_sha256[RIG_SHA256_TEXT_SIZE], rig_error *err)
{
    rig_status status = rig_scenario_write(setup->scenario, dir->scenario, err);
    if (status == RIG_OK)
        status = rig_digest_file(dir->scenario, scenario_sha256, err);
    if (status == RIG_OK)
        status = rig_schedule_write(setup->schedule, dir->schedule, scenario_sha256, err);
    return status == RIG_OK ? rig_digest_file(dir->schedule, schedule_sha256, err) : status;
}

rig_status rig_run_plan_predict(const rig_run_setup *setup, const rig_run_dir *dir,
                                const char *scenario_sha256, const rig_stop *stop,
                                rig_prediction **prediction, rig_error *err)
{
    rig_prediction *made = NULL;
    json_t *document = NULL;
    const rig_predict_options how = {.n_replications = setup->scenario->gate.n_replays,
                                     .schedule = setup->schedule,
                                     .stop = stop};
    rig_status status = rig_predict(setup->scenario, &how, &made, err);
    if (status == RIG_OK &&
        rig_json_of_prediction(made, setup->scenario, scenario_sha256, &document))
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", dir->prediction);
    if (status == RIG_OK)
        status = rig_json_write(document, dir->prediction, err);
    json_decref(document);
    if (status == RIG_OK)
        *prediction = made;
    else
        rig_prediction_free(made);
    return status;
}

rig_status rig_run_plan_write_rules(const rig_run_setup *setup, const rig_run_dir *dir,
                                    rig_error *err)
{
    char *text = NULL;
    rig_atomic_file *file;
    const rig_carrier_ends carriers = rig_run_plan_carriers(setup);
    rig_status status = rig_judge_rules_text(setup->scenario, &carriers, &text);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: out of memory", dir->rules);
    if (text == NULL)
        return RIG_OK;
    status = rig_atomic_file_new(dir->rules, &file, err);
    if (status == RIG_OK) {
        (void)fputs(text, rig_atomic_file_stream(file));
        status = rig_atomic_file_commit(file, err);
    }
    free(text);
    return status;
}
