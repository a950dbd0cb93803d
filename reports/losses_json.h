/* The losses of a capture that has no prediction beside it, for machines. docs/analyze.md has the
 * keys.
 */
#ifndef RIG_REPORTS_LOSSES_JSON_H
#define RIG_REPORTS_LOSSES_JSON_H

#include <jansson.h>

#include "analyzer/analyzer.h"
#include "analyzer/registrations.h"
#include "analyzer/series.h"
#include "analyzer/sessions.h"
#include "analyzer/usage.h"

/** What was found in a capture; all borrowed. */
typedef struct rig_losses {
    const rig_usage *usage;
    const rig_capture_counts *counts;
    const rig_sessions *sessions;
    const rig_loss_series *series;
    const rig_registrations *registrations;
} rig_losses;

/**
 * "peakrig losses 1": stages (entered, lost, shares, intervals), outcomes, circuits, session
 * metrics, registrations, losses over time, what the packets were.
 * @param[out] document  Owned by the caller: json_decref.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_json_of_losses(const rig_losses *losses, json_t **document);

#endif
