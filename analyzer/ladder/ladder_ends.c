/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/ladder/build.h"
#include "analyzer/parties.h"

rig_status rig_ladder_find_peer(rig_ladder_build *build, rig_endpoint at, rig_ladder_role role,
                                unsigned *index, rig_error *err)
{
    for (size_t i = 0; i < build->n_peers; i++) {
        rig_ladder_peer *peer = &build->peers[i];
        if (!rig_endpoint_eq(peer->at, at))
            continue;
        if (peer->role == RIG_LADDER_PEER)
            peer->role = role; /* it was seen before its part in the call was */
        *index = (unsigned)i;
        return RIG_OK;
    }
    if (build->n_peers == build->n_peers_allocated) {
        size_t n = build->n_peers * 2 > 8 ? build->n_peers * 2 : 8;
        rig_ladder_peer *peers = reallocarray(build->peers, n, sizeof *peers);
        if (peers == NULL)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        build->peers = peers;
        build->n_peers_allocated = n;
    }
    /* Another port of the centre is the centre. */
    for (size_t i = 0; role == RIG_LADDER_PEER && i < build->n_peers; i++) {
        if (build->peers[i].role == RIG_LADDER_CENTRE &&
            rig_endpoint_same_host(build->peers[i].at, at))
            role = RIG_LADDER_CENTRE;
    }
    build->peers[build->n_peers] = (rig_ladder_peer){.at = at, .role = role};
    *index = (unsigned)build->n_peers++;
    return RIG_OK;
}

void rig_ladder_place_ends(rig_ladder_build *build)
{
    rig_ladder *ladder = &build->ladder;
    bool is_folded = build->n_peers > RIG_LADDER_MAX_ENDS;
    unsigned n_own = is_folded ? RIG_LADDER_MAX_ENDS - 1 : (unsigned)build->n_peers;
    unsigned n = 0;
    for (int role = RIG_LADDER_CALLER; role <= RIG_LADDER_AGENT; role++) {
        unsigned number = 0;
        for (size_t i = 0; i < build->n_peers; i++) {
            rig_ladder_peer *peer = &build->peers[i];
            if ((int)peer->role != role)
                continue;
            peer->column = n < n_own ? n : n_own;
            if (n < n_own)
                ladder->ends[n++] = (rig_ladder_end){peer->at, peer->role, ++number};
        }
    }
    if (is_folded)
        ladder->ends[n++] =
            (rig_ladder_end){.role = RIG_LADDER_OTHERS, .number = (unsigned)build->n_peers - n_own};
    ladder->n_ends = n;
    for (size_t i = 0; i < ladder->n_messages; i++) {
        rig_ladder_message *m = &ladder->messages[i];
        m->from = build->peers[m->from].column;
        m->to = build->peers[m->to].column;
    }
}

void rig_ladder_end_text(const rig_ladder_end *end, char text[RIG_LADDER_END_SIZE])
{
    _Static_assert(RIG_LADDER_END_SIZE >= RIG_ADDRESS_TEXT_SIZE, "an address fits");
    text[0] = '\0';
    if (end->role != RIG_LADDER_OTHERS)
        rig_endpoint_text(end->at, text);
}

void rig_ladder_end_name(const rig_ladder_end *end, char text[RIG_LADDER_END_SIZE])
{
    static const char *const names[] = {"caller", "centre", "peer", "agent"};
    if (end->role == RIG_LADDER_OTHERS)
        (void)snprintf(text, RIG_LADDER_END_SIZE, "%u others", end->number);
    else if (end->number == 1 && end->role != RIG_LADDER_AGENT)
        (void)snprintf(text, RIG_LADDER_END_SIZE, "%s", names[end->role]);
    else
        (void)snprintf(text, RIG_LADDER_END_SIZE, "%s %u", names[end->role], end->number);
}
