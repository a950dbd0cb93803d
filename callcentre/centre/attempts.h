/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of its caller's calls a call is, where callers redial: the centre counts them by the number
 * that they show. So it knows what he answers this time when he is offered a call back
 * (docs/wire-contract.md). */
#ifndef RIG_CALLCENTRE_CENTRE_ATTEMPTS_H
#define RIG_CALLCENTRE_CENTRE_ATTEMPTS_H

#include <stddef.h>
#include <stdint.h>

struct rig_callcentre_centre;

/** Calls so far, by the caller's index. Zeroed: none. */
typedef struct rig_callcentre_attempts {
    uint16_t *n;
    size_t n_callers;
} rig_callcentre_attempts;

/** A call is offered. @return how many its caller has made before; 0 where nobody redials, for a
 * number that is none of the scenario's, or without memory. */
uint32_t rig_callcentre_attempts_note(struct rig_callcentre_centre *centre, const char *number);

/** Forget them all. */
void rig_callcentre_attempts_clear(rig_callcentre_attempts *attempts);

#endif
