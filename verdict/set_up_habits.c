/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/set_up_habits.h"

#include "core/clock.h"

/* Causes with which centres end a call for want of audio: Asterisk's rtp_timeout says 44 of Q.850,
 * some SBCs 111 (protocol error), FreeSWITCH's rtp-timeout-sec a number of its own, 604
 * (MEDIA_TIMEOUT), under whatever protocol. */
static bool is_for_want_of_audio(const rig_call *call)
{
    const int cause = rig_call_cause(call);
    return call->bye == RIG_BYE_CALLEE &&
           (cause == 44 || cause == 111 || rig_call_other_cause(call) == 604);
}

/* Longer than the menu, and a good second more. */
static bool has_waited(const rig_call *call, const rig_scenario *scenario)
{
    const double menu_s = scenario->ivr.menu.mean_s * (1.0 + 2.0 * scenario->ivr.menu.cv);
    if (call->t_queue_ns != RIG_NO_TIME)
        return true;
    return call->t_answer_ns != RIG_NO_TIME && call->t_end_ns != RIG_NO_TIME &&
           rig_clock_s_of_ns(call->t_end_ns - call->t_answer_ns) >
               menu_s / scenario->time_scale + 1.0;
}

/* @return RIG_N_SET_UP_REFUSALS: it says nothing of the request. */
static rig_set_up_refusal refusal_of(int code)
{
    static const struct {
        int code;
        rig_set_up_refusal why;
    } rows[] = {
        {404, RIG_SET_UP_REFUSED_NUMBER}, {410, RIG_SET_UP_REFUSED_NUMBER},
        {484, RIG_SET_UP_REFUSED_NUMBER}, {485, RIG_SET_UP_REFUSED_NUMBER},
        {604, RIG_SET_UP_REFUSED_NUMBER}, {415, RIG_SET_UP_REFUSED_MEDIA},
        {488, RIG_SET_UP_REFUSED_MEDIA},  {606, RIG_SET_UP_REFUSED_MEDIA},
        {400, RIG_SET_UP_REFUSED_FORM},   {402, RIG_SET_UP_REFUSED_FORM},
        {405, RIG_SET_UP_REFUSED_FORM},   {406, RIG_SET_UP_REFUSED_FORM},
        {481, RIG_SET_UP_REFUSED_FORM},   {482, RIG_SET_UP_REFUSED_FORM},
        {483, RIG_SET_UP_REFUSED_FORM},   {493, RIG_SET_UP_REFUSED_FORM},
        {494, RIG_SET_UP_REFUSED_FORM},   {501, RIG_SET_UP_REFUSED_FORM},
        {505, RIG_SET_UP_REFUSED_FORM},   {513, RIG_SET_UP_REFUSED_FORM},
    };
    if (code / 100 == 3)
        return RIG_SET_UP_REFUSED_REDIRECT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return rows[i].why;
    return code >= 413 && code <= 423 ? RIG_SET_UP_REFUSED_FORM : RIG_N_SET_UP_REFUSALS;
}

static void count_refusal(int code, rig_set_up_habits *h)
{
    const rig_set_up_refusal why = refusal_of(code);
    if (why == RIG_N_SET_UP_REFUSALS)
        return;
    if (h->n_refused[why]++ == 0)
        h->refused_code[why] = code;
}

static bool is_sent_away(const rig_call *call)
{
    return call->answered && call->n_legs <= 1 && call->t_queue_ns == RIG_NO_TIME &&
           call->t_agent_ring_ns == RIG_NO_TIME && call->bye == RIG_BYE_CALLEE &&
           call->outcome != RIG_OUTCOME_SELF_SERVED && !is_for_want_of_audio(call);
}

rig_set_up_habits rig_set_up_habits_of(const rig_set_up_input *input)
{
    rig_set_up_habits h = {.n_seen = 0};
    for (size_t i = 0; i < input->join->n_planned; i++) {
        const rig_call *call = input->join->observed[i];
        if (call == NULL)
            continue;
        const int code = call->final_code;
        const bool is_of_credentials = code == 401 || code == 403 || code == 407;
        h.n_seen++;
        h.n_final += code > 0;
        h.code = is_of_credentials && h.n_credentials == 0 ? code : h.code;
        h.n_credentials += is_of_credentials;
        h.n_answered += call->answered;
        h.n_answered_alone += call->answered && call->n_legs <= 1;
        h.n_answered_first += call->answered && (call->t_agent_answer_ns == RIG_NO_TIME ||
                                                 call->t_answer_ns < call->t_agent_answer_ns);
        h.n_rung += call->answered && call->t_agent_ring_ns != RIG_NO_TIME;
        h.n_sent_away += is_sent_away(call);
        count_refusal(code, &h);
        h.n_waited += has_waited(call, input->scenario);
        h.n_without_audio += is_for_want_of_audio(call);
    }
    return h;
}

uint64_t rig_set_up_n_told_talks(const rig_set_up_input *input)
{
    const rig_join *join = input->join;
    uint64_t n_back = 0;
    for (size_t i = 0; i < join->n_calls_back; i++)
        n_back += join->calls_back[i].t_agent_answer_ns != RIG_NO_TIME;
    return input->wire->phones.n_taken - (n_back < input->wire->phones.n_taken ? n_back : 0);
}
