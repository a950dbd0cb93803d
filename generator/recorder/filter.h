/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a capture takes, in the language of pcap-filter(7). Private to the recorder. */
#ifndef RIG_GENERATOR_RECORDER_FILTER_H
#define RIG_GENERATOR_RECORDER_FILTER_H

#include "generator/recorder.h"

/**
 * Write the filter of a capture.
 * @param[out] text  free(3). NULL on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_recorder_filter(const rig_recorder_spec *spec, char **text, rig_error *err);

#endif
