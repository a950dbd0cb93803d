/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice on a scenario as JSON: the planning rules in numbers, and all sentences (models/advice.h).
 */
#ifndef RIG_REPORTS_ADVICE_JSON_H
#define RIG_REPORTS_ADVICE_JSON_H

#include "models/advice.h"
#include "reports/json_builder.h"

/**
 * Add the object "planning" and the list of sentences "advice".
 * @param with_formulas  The sentences on formulas, too.
 * @param alpha          The power of a run judged at this level, too (rig_advice_power); NAN: not.
 */
void rig_json_add_advice(rig_json_builder *builder, const rig_scenario *scenario,
                         const rig_prediction *prediction, bool with_formulas, double alpha);

#endif
