/* The losses of a capture that has no prediction beside it, for machines. */
#ifndef RIG_REPORTS_LOSSES_JSON_H
#define RIG_REPORTS_LOSSES_JSON_H

#include <jansson.h>

#include "analyzer/analyzer.h"
#include "analyzer/usage.h"

/**
 * "peakrig losses 1": stages (entered, lost, shares), outcomes, circuits, what the packets were.
 * @param[out] document  Owned by the caller: json_decref.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_losses_json(const rig_usage *usage, const rig_packet_counts *counts,
                           json_t **document);

#endif
