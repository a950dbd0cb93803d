/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which circuit a call is given: docs/scenario.md, "Lines". */
#ifndef RIG_CALLCENTRE_CENTRE_LINES_H
#define RIG_CALLCENTRE_CENTRE_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct rig_callcentre_centre;

/**
 * Seize a circuit for a call: of the carrier's own group, else of those that it overflows to, where
 * these have more than their spare circuits free.
 * @param carrier     By which the call came in; 0 where carriers are not apart.
 * @param[out] group  Whose circuit; untouched when there is none.
 * @return false when there is none.
 */
bool rig_callcentre_lines_seize(struct rig_callcentre_centre *centre, size_t carrier,
                                size_t *group);

/**
 * A circuit to call a caller back by: of the first trunk group in the scenario's order that has
 * more free than its spare ones.
 * @param[out] group  Which; untouched when there is none.
 */
bool rig_callcentre_lines_seize_to_dial(struct rig_callcentre_centre *centre, size_t *group);

/** Whether there is such a circuit. */
bool rig_callcentre_lines_can_dial(struct rig_callcentre_centre *centre);

#endif
