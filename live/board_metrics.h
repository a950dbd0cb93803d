/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view of the wallboard as Prometheus reads it: text format 0.0.4, names and units by
 * https://prometheus.io/docs/practices/naming/ (docs/live.md lists them). */
#ifndef RIG_LIVE_BOARD_METRICS_H
#define RIG_LIVE_BOARD_METRICS_H

#include "live/board.h"

/**
 * What is not known has no sample. Each family stands once, with HELP and TYPE, and no two samples
 * of one have the same labels.
 * @param[out] text  Owned by the caller: free. Untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_board_metrics(const rig_board_view *view, char **text);

#endif
