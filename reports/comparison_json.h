/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two runs compared, as JSON. */
#ifndef RIG_REPORTS_COMPARISON_JSON_H
#define RIG_REPORTS_COMPARISON_JSON_H

#include <jansson.h>

#include "history/compare.h"

/**
 * A document of the format "peakrig comparison 1" (docs/history.md).
 * @param[out] document  Owned by the caller. Untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_json_of_comparison(const rig_history_run *a, const rig_history_run *b,
                                  const rig_history_comparison *comparison, json_t **document);

#endif
