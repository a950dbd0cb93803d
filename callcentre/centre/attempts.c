/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/attempts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "callcentre/centre/centre.h"
#include "callcentre/centre/classes.h"

static bool has_room(rig_callcentre_attempts *a, uint64_t caller)
{
    if (caller < a->n_callers)
        return true;
    const size_t n = 2 * (size_t)caller + 64;
    uint16_t *wider = reallocarray(a->n, n, sizeof *wider);
    if (wider == NULL)
        return false;
    memset(wider + a->n_callers, 0, (n - a->n_callers) * sizeof *wider);
    a->n = wider;
    a->n_callers = n;
    return true;
}

uint32_t rig_callcentre_attempts_note(rig_callcentre_centre *centre, const char *number)
{
    uint64_t caller;
    if (!(centre->scenario->callers.redial.p_redial > 0.0) ||
        !rig_callcentre_caller_of(centre->scenario, number, &caller) ||
        !has_room(&centre->attempts, caller))
        return 0;
    const uint16_t before = centre->attempts.n[caller];
    if (before < UINT16_MAX)
        centre->attempts.n[caller]++;
    return before;
}

void rig_callcentre_attempts_clear(rig_callcentre_attempts *attempts)
{
    free(attempts->n);
    *attempts = (rig_callcentre_attempts){0};
}
