/* SPDX-License-Identifier: GPL-3.0-or-later */
/* result.json: the judged run for machines, and the one source of the reports. */
#ifndef RIG_REPORTS_RESULT_JSON_H
#define RIG_REPORTS_RESULT_JSON_H

#include <jansson.h>

#include "reports/result.h"

/**
 * The document of docs/result-format.md.
 * @param created_utc    Instant of the judgement, ISO 8601.
 * @param[out] document  Owned by the caller: json_decref.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_json_of_result(const rig_result *result, const char *created_utc, json_t **document);

#endif
