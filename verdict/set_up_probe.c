/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call that was placed to learn how a centre is wired. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "core/language.h"
#include "verdict/set_up.h"

/* A centre that is not busy takes a call within SIP's T1 (RFC 3261, 17.1.1.1), or it waits for
 * something. */
#define LATE_S 0.5

#define OTHER_MARKS                                                                                \
    N_("not known: the centre shows in another way than target.marks says where its callers are")

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

static rig_check *unknown(rig_check *to, const char *name, const char *text)
{
    rig_check *next = add(to, name, false, "%s", text);
    to->is_unknown = true;
    return next;
}

/* When the centre took the call; RIG_NO_TIME. @param call  NULL: it is not in the capture. */
static int64_t taken_ns(const rig_set_up_input *input, const rig_call *call)
{
    const bool is_early = input->scenario->target.marks == RIG_MARK_EARLY;
    return call != NULL ? rig_call_port_ns(call, is_early) : RIG_NO_TIME;
}

static rig_check *check_answer(const rig_set_up_input *input, const rig_call *call, bool fits_marks,
                               rig_check *to)
{
    const int64_t port_ns = taken_ns(input, call);
    if (call == NULL)
        return add(to, "answer", false, "the call is not in the capture");
    if (port_ns != RIG_NO_TIME) {
        const double late_s = rig_clock_s_of_ns(port_ns - call->t_invite_ns);
        const bool is_ok = late_s <= LATE_S;
        if (!is_ok && !fits_marks)
            return unknown(to, "answer", OTHER_MARKS);
        return add(to, "answer", is_ok, "the centre took the call after %.3f s%s", late_s,
                   is_ok ? ""
                         : N_(", although it had no other of ours: a scenario's IVR takes a call "
                              "as soon as a port is free, so a run would find it late. Let the "
                              "centre answer at once"));
    }
    if (!fits_marks)
        return unknown(to, "answer", OTHER_MARKS);
    return add(
        to, "answer", false,
        "the centre did not take the call: %s. Look at callers.dial = \"%s\", at callers.auth, and "
        "at the centre's log",
        call->reason, input->scenario->callers.dial);
}

/* From the answer to the first sign of the queue: its mark, or else a ringing phone. */
static rig_check *check_menu(const rig_set_up_input *input, const rig_call *call, bool fits_marks,
                             rig_check *to)
{
    const rig_marks marks = input->scenario->target.marks;
    const rig_dist *menu = &input->scenario->ivr.menu;
    const double scale = input->scenario->time_scale;
    const int64_t from_ns = taken_ns(input, call);
    int64_t to_ns = call != NULL ? call->t_queue_ns : RIG_NO_TIME;
    if (call != NULL && (to_ns == RIG_NO_TIME || marks == RIG_MARK_QUIET))
        to_ns = call->t_agent_ring_ns; /* in a quiet centre the mark is our own assumption */
    if (call == NULL || (from_ns == RIG_NO_TIME && fits_marks))
        return unknown(to, "menu", N_("not known: the centre did not take the call"));
    if (!fits_marks && (from_ns == RIG_NO_TIME || (to_ns != RIG_NO_TIME && to_ns < from_ns)))
        return unknown(to, "menu", OTHER_MARKS);
    if (to_ns == RIG_NO_TIME)
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
        return unknown(to, "header", N_("not known: no INVITE reached our phones"));
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

/* How the call ended, which had to be served. */
static rig_check *check_end(const rig_set_up_probe_facts *facts, const rig_call *call,
                            rig_check *to)
{
    if (call == NULL || taken_ns(facts->set_up, call) == RIG_NO_TIME)
        return unknown(to, "end", N_("not known: the centre did not take the call"));
    if (call->t_agent_answer_ns == RIG_NO_TIME && !rig_call_is_ended_by_centre(call))
        return unknown(to, "end", N_("not known: no agent answered before the caller gave up"));
    if (call->t_agent_answer_ns == RIG_NO_TIME)
        return add(to, "end", false,
                   "the centre sent the caller away before an agent answered: %s. Look at its "
                   "queue: who is logged in, its time-out, its capacity",
                   call->reason);
    if (call->t_end_ns == RIG_NO_TIME)
        return unknown(to, "end", N_("not known: the talk was not over when the capture ended"));
    const double talk_s = rig_clock_s_of_ns(call->t_end_ns - call->t_agent_answer_ns);
    if (call->outcome == RIG_OUTCOME_DROPPED)
        return add(to, "end", false,
                   "the centre cut the talk after %.1f s, planned were %g s: %s. Look at its RTP "
                   "time-out, its session timers, and its log",
                   talk_s, facts->talk_s, call->reason);
    return add(to, "end", true, "a talk of %.1f s: %s", talk_s, call->reason);
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

static bool holds(const rig_check *checks, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(checks[i].name, name) == 0)
            return checks[i].is_ok;
    return true;
}

size_t rig_set_up_probe(const rig_set_up_probe_facts *facts, rig_check *checks)
{
    const rig_set_up_input *input = facts->set_up;
    const rig_call *call = input->join->observed[0];
    rig_check judged[RIG_SET_UP_N_CHECKS];
    const size_t n = rig_set_up_judge(input, judged);
    const bool fits_marks = holds(judged, n, "marks");
    rig_check *to = check_answer(input, call, fits_marks, checks);
    to = check_menu(input, call, fits_marks, to);
    to = check_end(facts, call, to);
    memcpy(to, judged, n * sizeof *judged);
    to = check_header(facts, call, to + n);
    to = check_rtp(facts, call, to);
    return (size_t)(to - checks);
}
