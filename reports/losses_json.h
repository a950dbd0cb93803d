/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The losses of a capture that has no prediction beside it, for machines. docs/analyze.md has the
 * keys.
 */
#ifndef RIG_REPORTS_LOSSES_JSON_H
#define RIG_REPORTS_LOSSES_JSON_H

#include <jansson.h>

#include "analyzer/figures.h"
#include "core/status.h"

/**
 * "peakrig losses 1": stages (entered, lost, shares, intervals), outcomes, circuits, session
 * metrics, registrations, losses over time, circuits, queue and agents over time and by hours,
 * patience, groups, what the packets were.
 * @param[out] document  Owned by the caller: json_decref.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_json_of_losses(const rig_found *found, json_t **document);

#endif
