/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/branches.h"

#include <stdlib.h>

enum { TERMINATED = 487 };

static const rig_branch *at(const rig_branches *branches, unsigned i)
{
    return i < RIG_LEG_N_BRANCHES_INSIDE ? &branches->inside[i]
                                         : &branches->more[i - RIG_LEG_N_BRANCHES_INSIDE];
}

void rig_branches_clear(rig_branches *branches)
{
    free(branches->more);
    *branches = (rig_branches){.n = 0};
}

void rig_branches_begin(rig_branches *branches, uint64_t hash, uint32_t cseq)
{
    branches->n = 0;
    (void)rig_branches_add(branches, hash, cseq);
}

static bool reserve(rig_branches *branches)
{
    if (branches->n < RIG_LEG_N_BRANCHES_INSIDE + branches->n_allocated)
        return true;
    const uint8_t n = (uint8_t)(branches->n_allocated == 0 ? 3 : branches->n_allocated * 2);
    rig_branch *more = reallocarray(branches->more, n, sizeof *more);
    branches->has_failed |= more == NULL;
    if (more == NULL)
        return false;
    branches->more = more;
    branches->n_allocated = n;
    return true;
}

bool rig_branches_add(rig_branches *branches, uint64_t hash, uint32_t cseq)
{
    const rig_branch added = {.hash = hash, .cseq = cseq};
    if (branches->n == RIG_LEG_N_BRANCHES || !reserve(branches))
        return false;
    if (branches->n < RIG_LEG_N_BRANCHES_INSIDE)
        branches->inside[branches->n] = added;
    else
        branches->more[branches->n - RIG_LEG_N_BRANCHES_INSIDE] = added;
    branches->n++;
    return true;
}

/* Its place; the number of branches where there is none. */
static unsigned index_of(const rig_branches *branches, uint64_t hash, uint32_t cseq)
{
    unsigned i = 0;
    while (i < branches->n && (at(branches, i)->hash != hash || at(branches, i)->cseq != cseq))
        i++;
    return i;
}

rig_branch *rig_branches_find(rig_branches *branches, uint64_t hash, uint32_t cseq)
{
    const unsigned i = index_of(branches, hash, cseq);
    if (i == branches->n)
        return NULL;
    return i < RIG_LEG_N_BRANCHES_INSIDE ? &branches->inside[i]
                                         : &branches->more[i - RIG_LEG_N_BRANCHES_INSIDE];
}

rig_branch *rig_branches_first(rig_branches *branches)
{
    return &branches->inside[0];
}

bool rig_branches_know(const rig_branches *branches, uint64_t hash, uint32_t cseq)
{
    return index_of(branches, hash, cseq) < branches->n;
}

bool rig_branches_are_refused_by(const rig_branches *branches, uint64_t tag)
{
    for (unsigned i = 0; i < branches->n; i++) {
        if (tag != 0 && at(branches, i)->tag == tag)
            return true;
    }
    return false;
}

bool rig_branches_have_cseq(const rig_branches *branches, uint32_t cseq)
{
    for (unsigned i = 0; i < branches->n; i++) {
        if (at(branches, i)->cseq == cseq)
            return true;
    }
    return false;
}

bool rig_branches_live_beside(const rig_branches *branches, const rig_branch *one)
{
    for (unsigned i = 0; i < branches->n; i++) {
        const rig_branch *b = at(branches, i);
        if (b != one && b->has_response && b->code == 0 && !b->is_cancelled)
            return true;
    }
    return false;
}

bool rig_branches_are_declined(const rig_branches *branches)
{
    for (unsigned i = 0; i < branches->n; i++) {
        if (at(branches, i)->code >= 600)
            return true;
    }
    return false;
}

/* The smaller, the better. */
static int rank_of(int code)
{
    if (code >= 600)
        return 0;
    if (code < 400)
        return 8;
    return code == TERMINATED ? 9 : code / 100;
}

int rig_branches_best_refusal(const rig_branches *branches)
{
    int best = 0;
    for (unsigned i = 0; i < branches->n; i++) {
        int code = at(branches, i)->code;
        if (code >= 300 && (best == 0 || rank_of(code) <= rank_of(best)))
            best = code;
    }
    return best;
}
