/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a capture that was made worse must still give: the outcomes of the whole one, or counts that
 * say how many calls are not certain, with bounds that hold the truth. Never silence. */
#ifndef TESTS_GOLDEN_OUTCOMES_H
#define TESTS_GOLDEN_OUTCOMES_H

#include "analyzer/analyzer.h"

/** Whether each call of the truth has its outcome, or as many as differ are said to be uncertain
 * and the losses that these leave room for hold the true ones. Says on stderr what does not hold,
 * under `what`; with OUTCOMES_VERBOSE in the environment each call that differs. */
bool outcomes_hold(const char *what, const rig_calls *got, const rig_calls *truth,
                   const rig_capture_counts *counts);

#endif
