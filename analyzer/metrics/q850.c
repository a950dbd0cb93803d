/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/q850.h"

#include <stddef.h>

typedef struct code_cause {
    int code, cause;
} code_cause;

/* RFC 3398 section 8.2.6.1. */
static const code_cause mapped[] = {
    {400, 41},  {401, 21},  {402, 21},  {403, 21},  {404, 1},
    {405, 63},  {406, 79},  {407, 21},  {408, 102}, {410, 22},
    {413, 127}, {414, 127}, {415, 79},  {416, 127}, {420, 127},
    {421, 127}, {423, 127}, {480, 18},  {481, 41},  {482, 25},
    {483, 25},  {484, 28},  {485, 1},   {486, 17},  {487, RIG_Q850_UNKNOWN},
    {488, 31},  {500, 41},  {501, 79},  {502, 38},  {503, 41},
    {504, 102}, {505, 127}, {513, 127}, {600, 17},  {603, 21},
    {604, 1},   {606, 31},
};

static const struct {
    int cause;
    const char *name;
} names[] = {
    /* Q.850 section 2.2 */
    {1, "unallocated number"},
    {2, "no route to transit network"},
    {3, "no route to destination"},
    {6, "channel unacceptable"},
    {16, "normal call clearing"},
    {17, "user busy"},
    {18, "no user responding"},
    {19, "no answer from user"},
    {20, "subscriber absent"},
    {21, "call rejected"},
    {22, "number changed"},
    {25, "exchange routing error"},
    {26, "non-selected user clearing"},
    {27, "destination out of order"},
    {28, "invalid number format"},
    {29, "facility rejected"},
    {31, "normal, unspecified"},
    {34, "no circuit available"},
    {38, "network out of order"},
    {41, "temporary failure"},
    {42, "switching equipment congestion"},
    {43, "access information discarded"},
    {44, "requested circuit not available"},
    {47, "resource unavailable"},
    {50, "facility not subscribed"},
    {55, "incoming calls barred"},
    {57, "bearer capability not authorized"},
    {58, "bearer capability not available"},
    {63, "service not available"},
    {65, "bearer capability not implemented"},
    {69, "facility not implemented"},
    {79, "service not implemented"},
    {87, "user not member of the group"},
    {88, "incompatible destination"},
    {95, "invalid message"},
    {97, "message type non-existent"},
    {99, "information element non-existent"},
    {102, "recovery on timer expiry"},
    {111, "protocol error"},
    {127, "interworking"},
};

static const code_cause *find(int code)
{
    for (size_t i = 0; i < sizeof mapped / sizeof mapped[0]; i++) {
        if (mapped[i].code == code)
            return &mapped[i];
    }
    return NULL;
}

int rig_q850_of_code(int code)
{
    if (code < 400 || code > 699)
        return RIG_Q850_UNKNOWN;
    const code_cause *row = find(code);
    if (row == NULL)
        row = find(code / 100 * 100);
    return row == NULL ? RIG_Q850_UNKNOWN : row->cause;
}

rig_q850 rig_q850_of_call(const rig_finished_call *finished)
{
    const rig_call *call = finished->call;
    if (finished->q850_cause > 0 && finished->q850_cause <= 127)
        return (rig_q850){finished->q850_cause, true};
    int cause = call->answered ? RIG_Q850_UNKNOWN : rig_q850_of_code(call->final_code);
    return (rig_q850){cause, false};
}

/* Whether a cause says that the call was delivered and the called side did not take it: normal
 * clearing, busy, no answer (two), absent, rejected, another one took it. Source: ITU-T E.425 (user
 * busy, ring no answer, terminal rejection), Q.850. Not 27 (destination out of order): the
 * destination here is the centre. */
static bool is_of_user(int cause)
{
    switch (cause) {
    case 16:
    case 17:
    case 18:
    case 19:
    case 20:
    case 21:
    case 26:
        return true;
    default:
        return false;
    }
}

const char *rig_q850_name(int cause)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].cause == cause)
            return names[i].name;
    }
    return "?";
}

rig_delivery rig_delivery_of_call(const rig_finished_call *finished)
{
    const rig_call *call = finished->call;
    const int code = call->final_code;
    bool has_rung = call->t_provisional_ns != RIG_NO_TIME;
    if (call->answered || code / 100 == 2)
        return RIG_DELIVERY_ANSWERED;
    if (call->outcome == RIG_OUTCOME_IN_PROGRESS)
        return RIG_DELIVERY_PENDING;
    if (call->cancelled)
        return has_rung ? RIG_DELIVERY_BY_USER : RIG_DELIVERY_ABANDONED;
    if (code / 100 == 3 || code == 401 || code == 407)
        return RIG_DELIVERY_ELSEWHERE;
    int cause = rig_q850_of_call(finished).value;
    if (code == 487 && cause == RIG_Q850_UNKNOWN) /* the CANCEL was not captured */
        return has_rung ? RIG_DELIVERY_BY_USER : RIG_DELIVERY_ABANDONED;
    if (code == 0 && call->bye == RIG_BYE_CALLER) /* given up by a BYE */
        return has_rung ? RIG_DELIVERY_BY_USER : RIG_DELIVERY_ABANDONED;
    return is_of_user(cause) && code != 0 ? RIG_DELIVERY_BY_USER : RIG_DELIVERY_FAILED;
}
