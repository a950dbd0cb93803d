/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where answers go: to who asked.
 *
 * "maddr" in the topmost Via is where the answer to a request goes (RFC 3261, section 18.2.2), with
 * all its repetitions, so that whoever calls could aim them at others. Sofia-SIP follows it, in its
 * own refusals, too (413, 400, 482), which no callback sees. So it is forgotten where Via is read:
 * answers go to the address that the request came from. */
#ifndef RIG_CALLCENTRE_SIP_VIA_H
#define RIG_CALLCENTRE_SIP_VIA_H

#include "callcentre/sip/sofia.h"

/** Readers of SIP messages as Sofia-SIP has them, but for Via. One that is read whole can be told
 * before the stack has it. */
typedef struct rig_callcentre_parser rig_callcentre_parser;

/** @return NULL: out of memory. Free it when no message is left. */
rig_callcentre_parser *rig_callcentre_parser_new(void);

/** For NTATAG_MCLASS. */
msg_mclass_t *rig_callcentre_parser_class(rig_callcentre_parser *parser);

/** Each message that is read, whole and with its body; it is the stack's. */
typedef void rig_callcentre_read(void *magic, msg_t *message, const sip_t *sip);

/** Tell messages from now on; NULL: none. */
void rig_callcentre_parser_tell(rig_callcentre_parser *parser, rig_callcentre_read *told,
                                void *magic);

/** NULL-safe. */
void rig_callcentre_parser_free(rig_callcentre_parser *parser);

#endif
