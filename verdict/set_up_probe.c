/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call that was placed to learn how a centre is wired. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/language.h"
#include "verdict/set_up.h"

/* A menu may be longer or shorter by so much of itself, and by so much wire time. */
#define MENU_SHARE 0.05
#define MENU_S     0.25

static rig_check *add(rig_check *check, const char *name, bool is_ok, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static rig_check *add(rig_check *check, const char *name, bool is_ok, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rig_check_write(check, "G0b", name, is_ok, format, args);
    va_end(args);
    return check + 1;
}

static rig_check *check_answer(const rig_set_up_input *input, const rig_call *call, rig_check *to)
{
    const bool is_early = input->scenario->target.marks == RIG_MARK_EARLY;
    const int64_t port_ns = call != NULL ? rig_call_port_ns(call, is_early) : RIG_NO_TIME;
    if (call == NULL)
        return add(to, "answer", false, "the call is not in the capture");
    if (port_ns != RIG_NO_TIME)
        return add(to, "answer", true, "the centre took the call after %.3f s",
                   rig_clock_s_of_ns(port_ns - call->t_invite_ns));
    return add(
        to, "answer", false,
        "the centre did not take the call: %s. Look at callers.dial = \"%s\", at callers.auth, and "
        "at the centre's log",
        call->reason, input->scenario->callers.dial);
}

/* From the answer to the first sign of the queue: its mark, or else a ringing phone. */
static rig_check *check_menu(const rig_set_up_input *input, const rig_call *call, rig_check *to)
{
    const rig_marks marks = input->scenario->target.marks;
    const rig_dist *menu = &input->scenario->ivr.menu;
    const double scale = input->scenario->time_scale;
    const int64_t from_ns =
        call != NULL ? rig_call_port_ns(call, marks == RIG_MARK_EARLY) : RIG_NO_TIME;
    int64_t to_ns = call != NULL ? call->t_queue_ns : RIG_NO_TIME;
    if (call != NULL && (to_ns == RIG_NO_TIME || marks == RIG_MARK_QUIET))
        to_ns = call->t_agent_ring_ns; /* in a quiet centre the mark is our own assumption */
    if (from_ns == RIG_NO_TIME || to_ns == RIG_NO_TIME)
        return add(
            to, "menu", false,
            "nothing shows how long the menu is: neither a mark of the queue nor a ringing phone "
            "came; expected ivr.menu, %g s",
            menu->mean_s);
    const double menu_s = rig_clock_s_of_ns(to_ns - from_ns) * scale;
    const double room_s =
        fmax(MENU_S * scale, MENU_SHARE * menu->mean_s) + 3.0 * menu->cv * menu->mean_s;
    const bool is_ok = fabs(menu_s - menu->mean_s) <= room_s;
    return add(to, "menu", is_ok, "%.2f s; the scenario says %g s%s", menu_s, menu->mean_s,
               is_ok ? "" : N_(". Set ivr.menu to what the centre has"));
}

static rig_check *check_header(const rig_set_up_probe_facts *facts, const rig_call *call,
                               rig_check *to)
{
    const char *shown = facts->shown_call_id;
    if (facts->set_up->wire->phones.n_invites == 0)
        return add(to, "header", false,
                   "no INVITE reached our phones, so no header of it is known");
    if (shown[0] == '\0')
        return add(
            to, "header", true,
            "no X-Caller-Call-ID: legs are joined by the caller's number, which is less certain "
            "(docs/your-own-target.md)");
    const bool is_same = call != NULL && call->call_id != NULL && strcmp(shown, call->call_id) == 0;
    if (is_same)
        return add(to, "header", true,
                   "X-Caller-Call-ID is there: the Call-ID of the caller's leg");
    return add(to, "header", false,
               "X-Caller-Call-ID is there, but not the Call-ID of the caller's leg: let the centre "
               "copy that, or leave the header out");
}

static rig_check *check_rtp(const rig_set_up_probe_facts *facts, const rig_call *call,
                            rig_check *to)
{
    const bool is_answered = call != NULL && call->answered;
    return add(
        to, "RTP", !is_answered || facts->has_audio,
        "the centre's answer %s; it sent %llu packets; we %s. A time-out for want of audio that is "
        "longer than this call's %g s does not show",
        !is_answered       ? N_("did not come")
        : facts->has_audio ? N_("takes audio")
                           : N_("takes no audio (no m=audio with a port)"),
        (unsigned long long)facts->n_rtp,
        facts->set_up->scenario->callers.has_audio ? N_("send audio (callers.audio)")
                                                   : N_("send none"),
        facts->talk_s);
}

size_t rig_set_up_probe(const rig_set_up_probe_facts *facts, rig_check *checks)
{
    const rig_set_up_input *input = facts->set_up;
    const rig_call *call = input->join->observed[0];
    rig_check *to = check_answer(input, call, checks);
    to = check_menu(input, call, to);
    to += rig_set_up_judge(input, to);
    to = check_header(facts, call, to);
    to = check_rtp(facts, call, to);
    return (size_t)(to - checks);
}
