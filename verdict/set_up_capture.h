/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the set-up gate (verdict/set_up.h) that asks whether the capture is one of this run,
 * and whole: if not, nothing that it shows or lacks speaks of anybody.
 *
 * SIPp's log is the witness, call by call. It has when it sent each INVITE, whether something came
 * in answer, and the Call-ID. So
 *
 *   - a call that SIPp heard an answer to was on the wire: where the capture lacks its INVITE or
 *     every answer, the capture has lost them (one that was never answered may have been lost
 *     before the wire, which is another check's matter);
 *   - where nearly all INVITEs were captured earlier or later than SIPp sent them, by the same
 *     time, the capture has another clock; with other Call-IDs, too, it is another run's;
 *   - phones that SIPp says rang, and of which no INVITE was captured, are missing from the
 *     capture, not from the centre.
 *
 * Beside it the capture's own: messages that are cut, and answers before what they answer, by more
 * than the 5 ms that a capture in bursts makes (half of the 10 ms that a step of the centre may
 * take): directions of two clocks, or packets out of order. */
#ifndef RIG_VERDICT_SET_UP_CAPTURE_H
#define RIG_VERDICT_SET_UP_CAPTURE_H

#include "core/clock.h"
#include "verdict/set_up.h"

/** So many of n may be ill without a word: one now and then says nothing of a run. Where all is
 * well none is. Faults of a second or two, and the loss of one packet in a hundred, make 35 in
 * 10,000 and more. */
uint64_t rig_set_up_few(const rig_set_up_input *input, uint64_t n);

/** SIPp's log and the capture may differ by so much: half of T1, after which an INVITE that did not
 * reach the wire is sent again. */
#define RIG_SET_UP_SAID_TOLERANCE_NS (RIG_NS_PER_S / 4)

/** How much later than SIPp sent it the INVITE of planned call i was captured; of a call that both
 * have. */
int64_t rig_set_up_offset_ns(const rig_set_up_input *input, size_t i);

/** How many of the planned calls are compared, from the first. A run that was stopped early is
 * judged as far as a look went: what is near to that may have been sent later. */
size_t rig_set_up_n_compared(const rig_set_up_input *input);

/** Whether the capture shows no answer to the INVITE of a call, though there was time for one. */
bool rig_set_up_is_mute(const rig_set_up_input *input, const rig_call *call);

/** Whether SIPp's log and the capture agree, call by call (verdict/set_up_said.c): that the call
 * was placed, when its INVITE went out, whether something came in answer, and with which code it
 * was refused. Every planned call that either of the two knows is compared. */
void rig_set_up_said(const rig_set_up_input *input, rig_check *check);

/**
 * Judge.
 * @return whether the capture can be trusted; check->text says why not, or that it can.
 */
bool rig_set_up_capture(const rig_set_up_input *input, rig_check *check);

/** Did somebody say that a port cannot be reached, although our programs listened? @param input Its
 * capture is sound. */
void rig_set_up_unreachable(const rig_set_up_input *input, rig_check *check);

#endif
