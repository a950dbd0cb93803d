/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/loss_bounds.h"

#include <math.h>

uint64_t rig_capture_n_open_by_clocks(const rig_capture_counts *counts)
{
    const bool has_more = counts->n_crossed > counts->n_doubtful;
    return has_more && counts->disorder.n_at_once < 2 ? counts->n_crossed - counts->n_doubtful : 0;
}

uint64_t rig_capture_n_open(const rig_capture_counts *counts)
{
    const bool has_clocks = counts->disorder.n_at_once >= 2;
    const uint64_t n_order = has_clocks && counts->n_crossed > counts->n_doubtful
                                 ? counts->n_crossed
                                 : counts->n_doubtful;
    const uint64_t n_whose =
        counts->n_leg_pairs + counts->n_retargeted + counts->n_by_agents + counts->n_sent_on;
    const uint64_t n_lost = counts->n_messages_cut + counts->n_messages_part +
                            counts->packets.n_datagrams_headless + counts->packets.n_messages_lost;
    const uint64_t n_untied = counts->untied.n_pairs > 0 ? counts->untied.n_calls_near : 0;
    /* an agent's leg that no call was found for is one of some call; what goes on with a leg that
     * began before the capture, or in a gap of it, may have been taken for a call */
    const uint64_t n_edge = counts->n_stray_legs + counts->n_orphan_legs + counts->n_gapped;
    return n_order + n_untied + n_edge + counts->n_backwards + n_whose + n_lost;
}

rig_loss_bounds rig_loss_bounds_of(const rig_tally *tally, rig_stage stage, uint64_t n_open)
{
    const double n_entered = (double)rig_tally_entered(tally, stage);
    const double n_lost = (double)rig_tally_lost(tally, stage);
    const double n_most = n_entered + (double)n_open;
    return (rig_loss_bounds){
        .low = n_most > 0 ? fmax(0.0, n_lost - (double)n_open) / n_most : 0.0,
        .high = n_entered > 0 ? fmin(1.0, (n_lost + (double)n_open) / n_entered)
                              : (n_open > 0 ? 1.0 : 0.0)};
}
