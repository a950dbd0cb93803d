/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/priority.h"

#include <sys/resource.h>
#include <unistd.h>

/* Of Linux, a nice value is a thread's. */
static int set_nice(int nice_value)
{
    return setpriority(PRIO_PROCESS, (id_t)gettid(), nice_value);
}

int rig_priority_nice(void)
{
    return getpriority(PRIO_PROCESS, (id_t)gettid());
}

bool rig_priority_raise(void)
{
    return rig_priority_nice() == 0 && set_nice(RIG_PRIORITY_LOAD_NICE) == 0;
}

void rig_priority_lower(bool was_raised)
{
    if (was_raised)
        (void)set_nice(0);
}
