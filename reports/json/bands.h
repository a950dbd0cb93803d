/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A predicted series as JSON: a part of prediction.json and of result.json. */
#ifndef RIG_REPORTS_JSON_BANDS_H
#define RIG_REPORTS_JSON_BANDS_H

#include "models/prediction.h"
#include "reports/json_builder.h"

/** The members `mean`, `low` and `high`: a list each, an item an interval. */
void rig_json_add_bands(rig_json_builder *builder, const rig_prediction *prediction,
                        rig_series series);

#endif
