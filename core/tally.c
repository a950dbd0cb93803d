/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tally.h"

void rig_tally_add(rig_tally *tally, rig_outcome outcome, rig_stage stage)
{
    tally->n_outcome[outcome]++;
    if (outcome == RIG_OUTCOME_NOT_PLACED) {
        tally->n_not_placed++;
        return;
    }
    tally->n_offered++;
    tally->n_ended[stage]++;
}

uint64_t rig_tally_entered(const rig_tally *tally, rig_stage stage)
{
    uint64_t n = 0;
    for (int s = (int)stage; s < RIG_N_STAGES; s++)
        n += tally->n_ended[s];
    return n;
}

uint64_t rig_tally_lost(const rig_tally *tally, rig_stage stage)
{
    return tally->n_outcome[rig_outcome_lost_at(stage)];
}

static double ratio(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0.0 : (double)part / (double)whole;
}

double rig_tally_p_lost_per_entrant(const rig_tally *tally, rig_stage stage)
{
    return ratio(rig_tally_lost(tally, stage), rig_tally_entered(tally, stage));
}

double rig_tally_p_lost_per_offered(const rig_tally *tally, rig_stage stage)
{
    return ratio(rig_tally_lost(tally, stage), tally->n_offered);
}

bool rig_tally_conserved(const rig_tally *tally, uint64_t n_planned)
{
    uint64_t n_all = 0;
    for (int i = 0; i < RIG_N_OUTCOMES; i++)
        n_all += tally->n_outcome[i];
    if (n_all != tally->n_offered + tally->n_not_placed || n_all != n_planned)
        return false;
    if (tally->n_outcome[RIG_OUTCOME_NOT_PLACED] != tally->n_not_placed)
        return false;
    for (int s = 0; s < RIG_N_STAGES; s++) {
        if (rig_tally_lost(tally, (rig_stage)s) > tally->n_ended[s])
            return false;
    }
    return rig_tally_entered(tally, RIG_STAGE_TRUNK) == tally->n_offered;
}
