/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a prediction is of, as a digest. Internal to models/. */
#ifndef RIG_MODELS_PREDICTION_SIGN_H
#define RIG_MODELS_PREDICTION_SIGN_H

#include "core/digest.h"
#include "models/prediction.h"

/**
 * A SHA-256 that differs where two predictions of one search or diagnosis do: of the scenario's
 * counts and traffic, the schedule, the instants, the seen delays and the numbers of the
 * replications. What else a scenario says is left out.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_prediction_sign(const rig_scenario *scenario, const rig_predict_options *options,
                               char sign[RIG_SHA256_TEXT_SIZE]);

#endif
