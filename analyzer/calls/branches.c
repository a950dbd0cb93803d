/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/branches.h"

enum { TERMINATED = 487 };

void rig_branches_begin(rig_branches *branches, uint64_t hash, uint32_t cseq)
{
    branches->n = 0;
    (void)rig_branches_add(branches, hash, cseq);
}

bool rig_branches_add(rig_branches *branches, uint64_t hash, uint32_t cseq)
{
    if (branches->n == RIG_LEG_N_BRANCHES)
        return false;
    branches->at[branches->n++] = (rig_branch){.hash = hash, .cseq = cseq};
    return true;
}

/* Its place; the number of branches where there is none. */
static unsigned index_of(const rig_branches *branches, uint64_t hash, uint32_t cseq)
{
    unsigned i = 0;
    while (i < branches->n && (branches->at[i].hash != hash || branches->at[i].cseq != cseq))
        i++;
    return i;
}

rig_branch *rig_branches_find(rig_branches *branches, uint64_t hash, uint32_t cseq)
{
    const unsigned i = index_of(branches, hash, cseq);
    return i < branches->n ? &branches->at[i] : NULL;
}

bool rig_branches_know(const rig_branches *branches, uint64_t hash, uint32_t cseq)
{
    return index_of(branches, hash, cseq) < branches->n;
}

bool rig_branches_are_refused_by(const rig_branches *branches, uint64_t tag)
{
    for (unsigned i = 0; i < branches->n; i++) {
        if (tag != 0 && branches->at[i].tag == tag)
            return true;
    }
    return false;
}

bool rig_branches_have_cseq(const rig_branches *branches, uint32_t cseq)
{
    for (unsigned i = 0; i < branches->n; i++) {
        if (branches->at[i].cseq == cseq)
            return true;
    }
    return false;
}

bool rig_branches_live_beside(const rig_branches *branches, const rig_branch *one)
{
    for (unsigned i = 0; i < branches->n; i++) {
        const rig_branch *b = &branches->at[i];
        if (b != one && b->has_response && b->code == 0 && !b->is_cancelled)
            return true;
    }
    return false;
}

bool rig_branches_are_declined(const rig_branches *branches)
{
    for (unsigned i = 0; i < branches->n; i++) {
        if (branches->at[i].code >= 600)
            return true;
    }
    return false;
}

/* The smaller, the better. */
static int rank_of(int code)
{
    if (code >= 600)
        return 0;
    return code == TERMINATED ? 9 : code / 100;
}

int rig_branches_best_refusal(const rig_branches *branches)
{
    int best = 0;
    for (unsigned i = 0; i < branches->n; i++) {
        int code = branches->at[i].code;
        if (code >= 300 && (best == 0 || rank_of(code) <= rank_of(best)))
            best = code;
    }
    return best;
}
