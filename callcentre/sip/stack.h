/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SIP stack of one call centre: opened, and after a crash closed and opened again. */
#ifndef RIG_CALLCENTRE_SIP_STACK_H
#define RIG_CALLCENTRE_SIP_STACK_H

#include "callcentre/centre/centre.h"

/**
 * Listen at centre->host. Sets the centre's stack, port, contact and wait_fd; keeps its event loop.
 * @param port  0 = any. @return RIG_OK; RIG_EENV; RIG_ENOMEM.
 */
rig_status rig_callcentre_stack_open(rig_callcentre_centre *centre, uint16_t port, rig_error *err);

/** Add what the stack has counted to centre->counts, and close it without a word on the wire. Calls
 * and legs must be gone. Nothing happens when it is closed. */
void rig_callcentre_stack_close(rig_callcentre_centre *centre);

#endif
