/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who places calls at their instants goes before who can wait.
 *
 * The calling thread, and what it starts from then on, gets the processor before ordinary programs
 * (nice, setpriority(2)): SIPp, the embedded call centre and the capture, so that browsers which
 * show the live page, or a build beside the run, make no call late. It takes CAP_SYS_NICE or a
 * limit of RLIMIT_NICE; without, all goes on as it was. Whoever starts peakrig with a nice value
 * (nice -n 10) has chosen one, and it is left alone. */
#ifndef RIG_CORE_PRIORITY_H
#define RIG_CORE_PRIORITY_H

#include <stdbool.h>

/** The nice value of the load, where that is allowed: the most of -20..19. */
#define RIG_PRIORITY_LOAD_NICE (-20)

/**
 * From now on the calling thread goes before others, as do threads and processes that it starts.
 * @return whether that is so; false: its nice value was not 0, or it may not.
 */
bool rig_priority_raise(void);

/** The calling thread is an ordinary one again (nice 0); what it has started stays.
 * @param was_raised  What rig_priority_raise returned; false: nothing is done. */
void rig_priority_lower(bool was_raised);

/** The nice value of the calling thread: -20..19. */
int rig_priority_nice(void);

#endif
