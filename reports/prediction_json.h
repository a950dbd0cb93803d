/* SPDX-License-Identifier: GPL-3.0-or-later */
/* prediction.json: what the model says, for machines. */
#ifndef RIG_REPORTS_PREDICTION_JSON_H
#define RIG_REPORTS_PREDICTION_JSON_H

#include <jansson.h>

#include "models/prediction.h"

/**
 * The document: format, versions, seed, mode, replications; each figure with mean, confidence
 * interval of the mean and prediction interval of one run, the same of each trunk group and group
 * of agents; each series over time.
 *
 * @param scenario_sha256  Of the scenario file that was read.
 * @param[out] document    Owned by the caller: json_decref.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_json_of_prediction(const rig_prediction *prediction, const rig_scenario *scenario,
                                  const char *scenario_sha256, json_t **document);

#endif
