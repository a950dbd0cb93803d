/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls whose first leg beyond the centre went out before their answer, to another number than the
 * one that was dialled: an agent's phone rings, or a border controller sends the call on to the
 * centre with other numbers. Internal to the room.
 *
 * An address that answers several of them at one time, or that sends legs itself which show the
 * number of such a call, is no phone. Of the latter that is proof: from then on, legs to it are the
 * call on its way (RIG_LEG_OF_RELAY). All calls that had been sent there before are counted, and
 * so are the legs from there that had to be taken for calls. A rule may say it beforehand
 * (`relays`, docs/rules.md): then nothing is guessed. */
#ifndef RIG_ANALYZER_CALLS_SENT_ON_H
#define RIG_ANALYZER_CALLS_SENT_ON_H

#include "analyzer/calls/leg.h"
#include "core/status.h"

struct rig_book;
struct rig_fate;

/** Addresses that are told apart; a capture has a handful, or its agents' phones. */
#define RIG_SENT_ON_MAX_PLACES 256

/** What is known of an address. */
typedef struct rig_sent_on_place {
    rig_endpoint at;
    uint64_t n_calls;        /**< that were sent there before their answer */
    uint32_t n_talk, n_most; /**< legs of these that are up there: now, and at one time */
    bool is_relay;           /**< it has sent a leg with the number of one */
} rig_sent_on_place;

/** All addresses. All zero: none. */
typedef struct rig_sent_on {
    rig_sent_on_place places[RIG_SENT_ON_MAX_PLACES];
    size_t n;
    uint64_t n_beyond; /**< calls that came from such an address with the number of such a call */
} rig_sent_on;

/** A leg has been taken for an agent's; that counts where its call is not answered and has no other
 * leg yet. */
void rig_sent_on_note(struct rig_book *book, struct rig_fate *state, rig_leg *leg);

/** Such a leg is answered, or over, or about to be forgotten. */
void rig_sent_on_note_talk(struct rig_book *book, rig_leg *leg, bool talks);

/** Whether legs to an address are calls on their way: by the rules, or by what it has shown. */
bool rig_sent_on_is_relay(const struct rig_book *book, rig_endpoint at);

/** Whether a new call is a leg of one that was sent to where it comes from, by the number that it
 * shows. Counts it, and notes what that shows of the address. */
bool rig_sent_on_is_beyond(struct rig_book *book, const rig_leg *leg, const rig_sip *sip);

#endif
