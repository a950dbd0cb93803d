/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP methods: those that carry calls first. */
#ifndef RIG_ANALYZER_METHOD_H
#define RIG_ANALYZER_METHOD_H

#include <stdbool.h>

#include "core/slice.h"

/** Methods that have a meaning here; RIG_SIP_OTHER for the rest. */
typedef enum rig_sip_method {
    RIG_SIP_OTHER = 0,
    RIG_SIP_INVITE,
    RIG_SIP_ACK,
    RIG_SIP_BYE,
    RIG_SIP_CANCEL,
    RIG_SIP_INFO,
    RIG_SIP_PRACK,
    RIG_SIP_UPDATE, /**< the last that only a dialog of an INVITE knows */
    RIG_SIP_REFER,
    RIG_SIP_NOTIFY,
    RIG_SIP_SUBSCRIBE,
    RIG_SIP_MESSAGE,
    RIG_SIP_PUBLISH,
    RIG_SIP_OPTIONS,
    RIG_SIP_REGISTER,
    RIG_SIP_N_METHODS
} rig_sip_method;

/** The method of a name; methods have a case (RFC 3261 section 7.1). */
rig_sip_method rig_sip_method_of(rig_slice name);

/** "INVITE", ..; "another method" for RIG_SIP_OTHER; static. */
const char *rig_sip_method_name(rig_sip_method method);

/** Whether a method by itself tells that its message belongs to a dialog that an INVITE began. */
static inline bool rig_sip_method_is_of_call(rig_sip_method method)
{
    return method >= RIG_SIP_INVITE && method <= RIG_SIP_UPDATE;
}

#endif
