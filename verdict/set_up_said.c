/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Do SIPp's log and the capture agree, call by call? */
#include <stdio.h>
#include <stdlib.h>

#include "core/language.h"
#include "verdict/set_up_capture.h"

#define N(x) ((unsigned long long)(x))

static bool is_late(const rig_set_up_input *input, size_t i)
{
    return llabs(rig_set_up_offset_ns(input, i)) > RIG_SET_UP_SAID_TOLERANCE_NS;
}

/* SIPp logs a call when it is over: while calls are up, or were cut, there is nothing yet. A user's
 * own scenario may log otherwise. */
static bool must_be_said(const rig_set_up_input *input)
{
    const rig_play_facts *play = input->play;
    return input->scenario->callers.sipp_xml == NULL && !play->looks.is_stopped &&
           !play->was_stopped && !play->ran_over && !input->is_probe;
}

/* What SIPp says of a call that does not fit what the capture shows of it; NULL: they agree. */
static const char *contradiction(const rig_set_up_input *input, size_t i)
{
    const rig_said_call *said = &input->said[i];
    const rig_call *call = input->join->observed[i];
    if (!said->is_said)
        return must_be_said(input) ? N_("is on the wire, and SIPp says nothing of it") : NULL;
    if (!said->is_placed)
        return call != NULL ? N_("is on the wire, and SIPp did not place it") : NULL;
    if (call == NULL)
        return N_("was sent by SIPp, and is not on the wire");
    if (is_late(input, i))
        return N_("was on the wire at another time than SIPp sent it");
    if (said->is_unheard && (call->t_provisional_ns != RIG_NO_TIME || call->final_code > 0))
        return N_("was answered on the wire, and SIPp heard nothing");
    if (said->is_heard && rig_set_up_is_mute(input, call))
        return N_("was not answered on the wire, and SIPp heard an answer");
    if (said->code >= 300 && call->final_code > 0 && said->code != call->final_code)
        return N_("ended with another code on the wire than SIPp heard");
    return NULL;
}

void rig_set_up_said(const rig_set_up_input *input, rig_check *check)
{
    uint64_t n = 0, n_contradicted = 0;
    size_t first = 0;
    const char *what = "";
    const size_t n_compared = rig_set_up_n_compared(input);
    for (size_t i = 0; i < n_compared; i++) {
        if (!input->said[i].is_said && input->join->observed[i] == NULL)
            continue; /* neither knows it: not placed */
        const char *now = contradiction(input, i);
        n++;
        if (now == NULL)
            continue;
        first = n_contradicted == 0 ? i : first;
        what = n_contradicted == 0 ? now : what;
        n_contradicted++;
    }
    *check = (rig_check){.gate = "G0b", .name = N_("SIPp's log")};
    check->is_ok = n_contradicted <= rig_set_up_few(input, n);
    if (check->is_ok)
        (void)snprintf(check->text, sizeof check->text,
                       "SIPp and the capture agree about %llu of %llu calls", N(n - n_contradicted),
                       N(n));
    else
        (void)snprintf(check->text, sizeof check->text,
                       "SIPp and the capture do not agree about %llu of %llu calls; expected at "
                       "most %llu. The first, call %zu, %s: this host loses packets before the "
                       "wire or behind it",
                       N(n_contradicted), N(n), N(rig_set_up_few(input, n)), first, what);
}
