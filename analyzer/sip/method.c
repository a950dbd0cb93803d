/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/method.h"

static const char *const names[RIG_SIP_N_METHODS] = {
    "another method", "INVITE", "ACK",       "BYE",     "CANCEL",  "INFO",    "PRACK",    "UPDATE",
    "REFER",          "NOTIFY", "SUBSCRIBE", "MESSAGE", "PUBLISH", "OPTIONS", "REGISTER",
};

rig_sip_method rig_sip_method_of(rig_slice name)
{
    if (name.n < 3)
        return RIG_SIP_OTHER;
    for (int i = RIG_SIP_INVITE; i < RIG_SIP_N_METHODS; i++) {
        if (names[i][0] == name.p[0] && rig_slice_is(name, names[i]))
            return (rig_sip_method)i;
    }
    return RIG_SIP_OTHER;
}

const char *rig_sip_method_name(rig_sip_method method)
{
    return (unsigned)method < RIG_SIP_N_METHODS ? names[method] : "?";
}
