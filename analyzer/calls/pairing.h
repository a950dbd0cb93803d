/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agents' legs that nothing joins to their calls but the time at which both end: the centre ends
 * one side within milliseconds of the other. Internal to the room.
 *
 * Such a leg comes from an address at which a call in progress has arrived. It is kept aside with
 * what happens on it; when it ends, the call that ended nearest in time is its call, if it was up
 * when the leg began and has no other agent. */
#ifndef RIG_ANALYZER_CALLS_PAIRING_H
#define RIG_ANALYZER_CALLS_PAIRING_H

#include "analyzer/calls/leg.h"
#include "core/status.h"

struct rig_book;
struct rig_fate;

/** State of the pairing; opaque. */
typedef struct rig_pairing rig_pairing;

/** What is kept of a leg that waits for its call; opaque. */
typedef struct rig_pending_leg rig_pending_leg;

/** @param[out] pairing  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_pairing_new(rig_pairing **pairing, rig_error *err);

/** NULL-safe. */
void rig_pairing_free(rig_pairing *pairing);

/** A call has arrived at an address: agents' legs may come from there. */
void rig_pairing_note_centre(rig_pairing *pairing, rig_endpoint centre);

/** Whether a new leg may be an agent's: it comes from the host of a centre. */
bool rig_pairing_may_be_agents(const rig_pairing *pairing, const rig_leg *leg);

/** Keep a stray leg aside. @param sip Its INVITE. @return whether there was memory for it. */
bool rig_pairing_keep(rig_pairing *pairing, rig_leg *leg, const rig_sip *sip, int64_t t_ns);

/** Follow an event of a leg that is kept aside; pairs it when it ends. */
void rig_pairing_on_leg(struct rig_book *book, rig_leg *leg, rig_leg_event event, int64_t t_ns);

/** A call is over; pairs it with a leg that ended just before. */
void rig_pairing_on_call_over(struct rig_book *book, struct rig_fate *state, int64_t t_ns);

/** A leg or a call is about to be freed. */
void rig_pairing_forget_leg(rig_pairing *pairing, rig_leg *leg);
void rig_pairing_forget_call(rig_pairing *pairing, const struct rig_fate *state);

#endif
