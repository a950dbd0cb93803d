/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/party_notes.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/fate_parts.h"
#include "core/clock.h"

/* Longest number that is kept. */
enum { NUMBER_SIZE = 128 };

struct rig_party_notes {
    rig_call_parties parties; /* the rings are put in when someone looks */
    rig_agent_ring *rings;
    char (*names)[RIG_AGENT_NAME_SIZE]; /* of the rings */
    size_t n, cap;
    bool has_failed; /* out of memory */
    char number[NUMBER_SIZE], called[NUMBER_SIZE];
};

static void keep(rig_slice text, char *kept, size_t size)
{
    size_t n = text.n < size ? text.n : size - 1;
    if (n > 0)
        memcpy(kept, text.p, n);
    kept[n] = '\0';
}

void rig_party_notes_agent(const rig_sip *invite, char name[RIG_AGENT_NAME_SIZE])
{
    keep(rig_sip_called_user(invite), name, RIG_AGENT_NAME_SIZE);
}

rig_party_notes *rig_party_notes_new(const rig_rules *rules, const char *carrier,
                                     const rig_leg *leg, const rig_sip *sip)
{
    rig_party_notes *notes = calloc(1, sizeof *notes);
    if (notes == NULL)
        return NULL;
    keep(rig_sip_from_user(sip), notes->number, sizeof notes->number);
    keep(rig_sip_called_user(sip), notes->called, sizeof notes->called);
    notes->parties = (rig_call_parties){
        .caller = leg->caller,
        .centre = leg->first_callee,
        .number = notes->number,
        .called = notes->called,
        .carrier = carrier,
        .has_carriers = rules->carriers.n > 0,
        .has_classes = rules->classes.n > 0,
    };
    return notes;
}

void rig_party_notes_free(rig_party_notes *notes)
{
    if (notes == NULL)
        return;
    free(notes->rings);
    free(notes->names);
    free(notes);
}

static bool make_room(rig_party_notes *notes)
{
    if (notes->n < notes->cap)
        return true;
    size_t cap = notes->cap == 0 ? 2 : notes->cap * 2;
    rig_agent_ring *rings = reallocarray(notes->rings, cap, sizeof *rings);
    if (rings == NULL)
        return false;
    notes->rings = rings;
    void *names = reallocarray(notes->names, cap, sizeof *notes->names);
    if (names == NULL)
        return false;
    notes->names = names;
    notes->cap = cap;
    return true;
}

bool rig_party_notes_add(rig_party_notes *notes, rig_leg *leg, const char name[RIG_AGENT_NAME_SIZE],
                         int64_t t_ring_ns)
{
    if (!make_room(notes)) {
        notes->has_failed = true;
        return false;
    }
    memcpy(notes->names[notes->n], name, RIG_AGENT_NAME_SIZE);
    notes->rings[notes->n++] = (rig_agent_ring){.at = leg->first_callee,
                                                .t_ring_ns = t_ring_ns,
                                                .t_answer_ns = RIG_NO_TIME,
                                                .t_end_ns = RIG_NO_TIME};
    leg->ring = (uint32_t)notes->n;
    return true;
}

void rig_party_notes_follow(rig_party_notes *notes, const rig_leg *leg, rig_leg_event event,
                            int64_t t_ns)
{
    if (leg->ring == 0)
        return;
    rig_agent_ring *ring = &notes->rings[leg->ring - 1];
    switch (event.kind) {
    case RIG_LEG_PROVISIONAL:
    case RIG_LEG_ANSWERED:
        rig_fate_set_first(&ring->t_ring_ns, t_ns);
        break;
    case RIG_LEG_RETRIED: /* its refusal was none */
        ring->t_end_ns = RIG_NO_TIME;
        break;
    case RIG_LEG_CHALLENGED:
    case RIG_LEG_FAILED:
    case RIG_LEG_CANCELLED:
    case RIG_LEG_ENDED:
        rig_fate_set_first(&ring->t_end_ns, t_ns);
        break;
    case RIG_LEG_NOTHING:
    case RIG_LEG_OFFERED:
    case RIG_LEG_FORWARDED:
    case RIG_LEG_FORKED:
    case RIG_LEG_REVIVED:
    case RIG_LEG_RESPONDED:
    case RIG_LEG_ENDED_LATE:
    case RIG_LEG_ENDED_LOOSE:
    case RIG_LEG_RENEGOTIATED:
    case RIG_LEG_ENDED_AGAIN:
        break;
    }
    ring->t_answer_ns = leg->is_talk ? leg->t_answer_ns : RIG_NO_TIME;
    ring->final_code = leg->final_code;
}

void rig_party_notes_close(rig_party_notes *notes, const rig_leg *leg, int64_t t_answer_ns,
                           int64_t t_end_ns)
{
    if (leg->ring == 0)
        return;
    rig_agent_ring *ring = &notes->rings[leg->ring - 1];
    ring->t_answer_ns = t_answer_ns;
    ring->t_end_ns = t_end_ns;
    ring->final_code = leg->final_code;
}

const rig_call_parties *rig_party_notes_see(rig_party_notes *notes)
{
    if (notes->has_failed)
        return NULL;
    for (size_t i = 0; i < notes->n; i++)
        notes->rings[i].agent = notes->names[i];
    notes->parties.rings = notes->rings;
    notes->parties.n_rings = notes->n;
    return &notes->parties;
}
