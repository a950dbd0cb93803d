/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept of a call's parties while it goes on. Internal to the room; what comes out of it is
 * in parties.h. */
#ifndef RIG_ANALYZER_CALLS_PARTY_NOTES_H
#define RIG_ANALYZER_CALLS_PARTY_NOTES_H

#include <stdbool.h>

#include "analyzer/calls/leg.h"
#include "analyzer/parties.h"
#include "analyzer/rules.h"

/** Longest name of an agent that is kept, its NUL included. */
#define RIG_AGENT_NAME_SIZE 64

/** The notes on one call; opaque. */
typedef struct rig_party_notes rig_party_notes;

/**
 * Begin with the caller's leg and its first INVITE.
 * @param carrier  By which the call came; NULL: none of the rules says so.
 * @return NULL when out of memory; else owned by the caller: free().
 */
rig_party_notes *rig_party_notes_new(const rig_rules *rules, const char *carrier,
                                     const rig_leg *leg, const rig_sip *sip);

/** Free. NULL-safe. */
void rig_party_notes_free(rig_party_notes *notes);

/** The user part of an INVITE's Request-URI, cut to fit. */
void rig_party_notes_agent(const rig_sip *invite, char name[RIG_AGENT_NAME_SIZE]);

/**
 * An agent's leg has turned out to be the call's. Fills leg->ring.
 * @param t_ring_ns  RIG_NO_TIME: it does not ring yet.
 * @return false when out of memory; rig_party_notes_see says so again.
 */
bool rig_party_notes_add(rig_party_notes *notes, rig_leg *leg, const char name[RIG_AGENT_NAME_SIZE],
                         int64_t t_ring_ns);

/** Follow an event of an agent's leg of this call, after the call's state has. */
void rig_party_notes_follow(rig_party_notes *notes, const rig_leg *leg, rig_leg_event event,
                            int64_t t_ns);

/** An agent's leg that was added at its end: when it was answered and when it ended. */
void rig_party_notes_close(rig_party_notes *notes, const rig_leg *leg, int64_t t_answer_ns,
                           int64_t t_end_ns);

/** The parties as they are now; owned by the notes. NULL: a ring is lacking for want of memory. */
const rig_call_parties *rig_party_notes_see(rig_party_notes *notes);

#endif
