/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What befalls our own processes in a play, SIPp and peakrig itself: one that dies or is stopped
 * makes calls end as no centre ended them. Private to the play. */
#ifndef RIG_GENERATOR_PLAY_TROUBLE_H
#define RIG_GENERATOR_PLAY_TROUBLE_H

#include "generator/play/play_run.h"

/**
 * Look at all processes, some times a second; they have not been asked to end.
 * That peakrig itself was stopped (SIGSTOP, Ctrl-Z) is seen where the caller of the play has
 * SIGCONT blocked in all threads.
 * @return whether one has died that is needed: there is no use in going on. report->trouble says
 *         which, with its exit code and the last line of its errors.
 */
bool rig_trouble_watch(rig_play_run *run);

/** Once the logs are read to their ends: callers' processes that ended without all of their calls.
 */
void rig_trouble_finish(rig_play_run *run);

#endif
