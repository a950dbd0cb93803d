/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/learn.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/language.h"

rig_status rig_learn_begin(rig_learn *seen)
{
    *seen = (rig_learn){.answer_ns = RIG_NO_TIME,
                        .dialled_ns = RIG_NO_TIME,
                        .phone_answer_ns = RIG_NO_TIME,
                        .reinvite_ns = RIG_NO_TIME,
                        .update_ns = RIG_NO_TIME};
    const struct {
        const char *name;
        unsigned *index;
    } headers[] = {{"x-rig-stage", &seen->stage},
                   {"session-expires", &seen->expires},
                   {"p-asserted-identity", &seen->identity},
                   {"remote-party-id", &seen->party}};
    rig_status status = RIG_OK;
    for (size_t i = 0; i < sizeof headers / sizeof *headers && status == RIG_OK; i++)
        status = rig_sip_want(&seen->wanted, headers[i].name, headers[i].index);
    seen->wanted.on_requests = seen->wanted.on_responses = UINT32_MAX;
    return status;
}

static void note(int64_t *first_ns, int64_t t_ns)
{
    if (*first_ns == RIG_NO_TIME)
        *first_ns = t_ns;
}

static void take_stage(rig_learn *seen, rig_slice stage)
{
    seen->has_talk |= rig_slice_is_nocase(stage, "talk");
    seen->has_stage |= rig_slice_is_nocase(stage, "queue") || rig_slice_is_nocase(stage, "ringing");
}

/* RFC 4028: it keeps the session alive, and tells of nobody. */
static bool is_refresh(const rig_learn *seen, const rig_sip *sip)
{
    return rig_sip_extra_value(sip, seen->expires).n > 0 &&
           rig_sip_extra_value(sip, seen->identity).n == 0 &&
           rig_sip_extra_value(sip, seen->party).n == 0;
}

/* A re-INVITE or UPDATE on the caller's leg. At the phone's answer a refresh may tell, too: where
 * sessions have timers, every such request says so. */
static void take_again(rig_learn *seen, const rig_sip *sip, int64_t *first_ns, int64_t t_ns)
{
    if (seen->phone_answer_ns != RIG_NO_TIME)
        note(first_ns, t_ns);
    else if (seen->dialled_ns != RIG_NO_TIME && !is_refresh(seen, sip))
        seen->n_dialling++;
}

static void take_of_caller(rig_learn *seen, const rig_sip *sip, int64_t t_ns)
{
    const bool is_invite = sip->method == RIG_SIP_INVITE;
    if (!sip->is_request) {
        /* later ones answer re-INVITEs */
        if (!is_invite || seen->answer_ns != RIG_NO_TIME)
            return;
        seen->has_183 |= sip->code == 183;
        seen->has_182 |= sip->code == 182;
        seen->code = sip->code >= 200 ? sip->code : seen->code;
        if (sip->code / 100 == 2)
            note(&seen->answer_ns, t_ns);
        return;
    }
    if (sip->method == RIG_SIP_INFO)
        take_stage(seen, rig_sip_extra_value(sip, seen->stage));
    else if (sip->method == RIG_SIP_UPDATE)
        take_again(seen, sip, &seen->update_ns, t_ns);
    else if (is_invite && !rig_sip_is_initial_invite(sip))
        take_again(seen, sip, &seen->reinvite_ns, t_ns);
}

void rig_learn_take(rig_learn *seen, const rig_sip *sip, int64_t t_ns)
{
    if (sip->has_rig_call && seen->call_id[0] == '\0' && rig_sip_is_initial_invite(sip) &&
        sip->call_id.n < sizeof seen->call_id)
        memcpy(seen->call_id, sip->call_id.p, sip->call_id.n);
    if (seen->call_id[0] == '\0')
        return;
    if (rig_slice_is(sip->call_id, seen->call_id))
        take_of_caller(seen, sip, t_ns);
    else if (rig_sip_is_initial_invite(sip))
        note(&seen->dialled_ns, t_ns);
    else if (!sip->is_request && sip->method == RIG_SIP_INVITE && sip->code / 100 == 2)
        note(&seen->phone_answer_ns, t_ns);
}

/* Whether a request told of the phone's answer. */
static bool tells(const rig_learn *seen, int64_t t_ns)
{
    return t_ns != RIG_NO_TIME &&
           rig_clock_s_of_ns(t_ns - seen->phone_answer_ns) <= RIG_LEARN_TELL_S;
}

/* Of a call that a phone has answered, and of which the caller was told. */
static rig_marks conclude_answered(const rig_learn *seen, const char **why)
{
    if (seen->answer_ns >= seen->phone_answer_ns) {
        *why = seen->has_182
                   ? N_("the call was answered with the agent, and a 182 told of the queue")
                   : N_("the call was answered with the agent; a 183 told of the menu, and "
                        "nothing of the queue");
        return RIG_MARK_EARLY;
    }
    if (!seen->has_stage) {
        *why = N_("the call was answered before an agent, and no INFO told of the queue");
        return RIG_MARK_QUIET;
    }
    if (seen->has_talk) {
        *why = N_("INFOs told of the queue and of the agent's answer");
        return RIG_MARK_INFO;
    }
    if (seen->n_dialling == 0 && tells(seen, seen->reinvite_ns)) {
        *why = N_("INFOs told of the queue, a re-INVITE of the agent's answer");
        return RIG_MARK_REINVITE;
    }
    if (seen->n_dialling == 0 && tells(seen, seen->update_ns)) {
        *why = N_("INFOs told of the queue, an UPDATE of the agent's answer");
        return RIG_MARK_UPDATE;
    }
    *why = N_("INFOs told of the queue, but nothing of the agent's answer");
    return RIG_MARK_QUIET;
}

/* Why it does not show; NULL: it does. */
static const char *missing(const rig_learn *seen)
{
    if (seen->call_id[0] == '\0')
        return N_("our call is not in the capture");
    if (seen->dialled_ns == RIG_NO_TIME)
        return seen->answer_ns == RIG_NO_TIME
                   ? N_("the call was not answered, and no phone of ours was called")
                   : N_("the call was answered, but no phone of ours was called in half a minute");
    if (seen->phone_answer_ns == RIG_NO_TIME)
        return N_("a phone of ours was called, but the call did not live until its answer");
    if (seen->answer_ns == RIG_NO_TIME)
        return N_("a phone of ours has answered, but the caller's leg was not");
    if (seen->answer_ns >= seen->phone_answer_ns && !seen->has_183 && !seen->has_182)
        return N_("the call was answered with the agent, and neither 183 nor 182 came before: menu "
                  "and queue do not show");
    return NULL;
}

bool rig_learn_conclude(const rig_learn *seen, rig_marks *marks, char why[RIG_LEARN_TEXT_SIZE])
{
    const char *text = missing(seen);
    char code[40] = "";
    if (seen->code >= 300)
        (void)snprintf(code, sizeof code, " (it got %d)", seen->code);
    if (text != NULL) {
        (void)snprintf(why, RIG_LEARN_TEXT_SIZE, "%s%s", text, code);
        return false;
    }
    const rig_marks found = conclude_answered(seen, &text);
    (void)snprintf(why, RIG_LEARN_TEXT_SIZE, "%s%s", text,
                   seen->n_dialling > 0 ? N_("; what came when the phone was dialled is no mark")
                                        : "");
    *marks = found;
    return true;
}
