/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How late rig and centre are in a replay of what was played: each call's own delays where they
 * were seen, else drawn from those of the others. */
#ifndef RIG_MODELS_CENTRE_LATENESS_H
#define RIG_MODELS_CENTRE_LATENESS_H

#include "models/centre/state.h"

/** What a call will need of random numbers, as far as it is known now.
 * @param row  Of the schedule; RIG_NO_ROW. */
rig_drawn rig_centre_draw_ahead(rig_centre *c, uint32_t id, uint32_t caller, uint32_t attempt,
                                uint32_t row);

/** What the centre does within this time it does at once. */
double rig_centre_most_reaction_s(const rig_centre *c);

/** Whether what was seen at this instant is done at once from now on. @param seen_s  NAN: not. */
bool rig_centre_is_at_once(const rig_centre *c, double seen_s);

/** What was seen of a call's own delays; NULL = nothing. */
const rig_call_delays *rig_centre_call_own(const rig_centre *c, const rig_slot *slot);

/**
 * When the centre does what it may do from now on: at the instant that was seen, if that is at
 * once; else after a delay of this kind.
 * @param seen_s  NAN = not seen.
 */
double rig_centre_call_acts_s(const rig_centre *c, rig_delay_kind kind, const rig_slot *slot,
                              uint32_t n_rings, double seen_s);

/** The next, of a call with a row and with delays. */
double rig_centre_call_late_s(const rig_centre *c, rig_delay_kind kind, const rig_slot *slot,
                              uint32_t n_rings);

/** Lateness of rig or centre in a replay of what was played (calls with a row), the call's own
 * where it was seen; else 0. */
static inline double rig_centre_call_delay_s(const rig_centre *c, rig_delay_kind kind,
                                             const rig_slot *slot, uint32_t n_rings)
{
    return c->input->delays == NULL || slot->row == RIG_NO_ROW
               ? 0.0
               : rig_centre_call_late_s(c, kind, slot, n_rings);
}

/** How much later than it should a redial arrives in such a replay. @param row  Its row. */
double rig_centre_redial_late_s(const rig_centre *c, uint32_t row);

#endif
