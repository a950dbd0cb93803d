/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/why.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/q850.h"
#include "analyzer/parties.h"
#include "analyzer/why/rule_words.h"
#include "core/clock.h"
#include "core/language.h"

/* An explanation that is being made. */
typedef struct making {
    const rig_finished_call *finished;
    const rig_call *call;
    const rig_call_parties *parties; /* NULL: not known */
    rig_why *why;
} making;

static void say(making *m, int64_t t_ns, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(making *m, int64_t t_ns, const char *format, ...)
{
    rig_why *why = m->why;
    va_list args;
    if (t_ns == RIG_NO_TIME)
        return;
    if (why->n_events == RIG_WHY_MAX_EVENTS) {
        why->n_left_out++;
        return;
    }
    rig_why_event *event = &why->events[why->n_events++];
    event->t_ns = t_ns;
    va_start(args, format);
    (void)vsnprintf(event->text, sizeof event->text, format, args);
    va_end(args);
}

static double span_s(int64_t from_ns, int64_t to_ns)
{
    return rig_clock_s_of_ns(to_ns - from_ns);
}

/* ---- what was seen ---- */

/* ", Q.850 cause 34 (no circuit available)", or "". */
static void cause_text(const making *m, char *text, size_t size)
{
    rig_q850 cause = rig_q850_of_call(m->finished);
    text[0] = '\0';
    if (cause.value != RIG_Q850_UNKNOWN && cause.is_given)
        (void)snprintf(text, size, ", with cause %d of Q.850 (%s)", cause.value,
                       rig_q850_name(cause.value));
}

static void say_invite(making *m)
{
    char from[RIG_ADDRESS_TEXT_SIZE] = "", to[RIG_ADDRESS_TEXT_SIZE] = "";
    const rig_call *call = m->call;
    if (m->parties == NULL) {
        say(m, call->t_invite_ns, "INVITE");
    } else {
        rig_endpoint_text(m->parties->caller, from);
        rig_endpoint_text(m->parties->centre, to);
        say(m, call->t_invite_ns, "INVITE of \"%s\" from %s to %s, for \"%s\"", m->parties->number,
            from, to, m->parties->called);
    }
    if (call->invite_retransmissions > 0)
        say(m, call->t_invite_ns, "the INVITE was sent again %u times",
            call->invite_retransmissions);
}

static void say_rings(making *m)
{
    for (size_t i = 0; m->parties != NULL && i < m->parties->n_rings; i++) {
        const rig_agent_ring *ring = &m->parties->rings[i];
        char agent[RIG_ADDRESS_TEXT_SIZE];
        rig_parties_agent_text(ring, agent, sizeof agent);
        say(m, ring->t_ring_ns, "the phone of agent \"%s\" begins to ring", agent);
        say(m, ring->t_answer_ns, "agent \"%s\" answers", agent);
        if (ring->t_answer_ns == RIG_NO_TIME && ring->final_code >= 300)
            say(m, ring->t_end_ns, "the phone of agent \"%s\" stops ringing (%d)", agent,
                ring->final_code);
        else if (ring->t_answer_ns == RIG_NO_TIME)
            say(m, ring->t_end_ns, "the phone of agent \"%s\" stops ringing", agent);
    }
    if (m->parties != NULL && m->parties->n_rings > 0)
        return;
    say(m, m->call->t_agent_ring_ns, "a mark says that an agent's phone rings");
    say(m, m->call->t_agent_answer_ns, "a mark says that an agent has answered");
}

static void say_end(making *m)
{
    const rig_call *call = m->call;
    char cause[120];
    cause_text(m, cause, sizeof cause);
    if (call->bye == RIG_BYE_CALLER)
        say(m, call->t_end_ns, "BYE from the caller%s", cause);
    else if (call->bye != RIG_BYE_NONE)
        say(m, call->t_end_ns, "BYE from the centre%s", cause);
    else if (call->cancelled && call->call_back_of != NULL)
        say(m, call->t_end_ns, "CANCEL from the centre%s", cause);
    else if (call->cancelled)
        say(m, call->t_end_ns, "CANCEL from the caller%s", cause);
    else
        say(m, call->t_end_ns, "final response %d%s", call->final_code, cause);
    if (call->cancelled && m->finished->t_failed_ns != RIG_NO_TIME)
        say(m, m->finished->t_failed_ns, "final response %d", call->final_code);
}

static int by_time(const void *a, const void *b)
{
    const rig_why_event *x = a, *y = b;
    return (x->t_ns > y->t_ns) - (x->t_ns < y->t_ns);
}

/* A stable sort: what happens at one instant stays in the order in which it was said. */
static void sort_events(rig_why *why)
{
    for (size_t i = 1; i < why->n_events; i++) {
        for (size_t k = i; k > 0 && by_time(&why->events[k - 1], &why->events[k]) > 0; k--) {
            rig_why_event moved = why->events[k];
            why->events[k] = why->events[k - 1];
            why->events[k - 1] = moved;
        }
    }
}

static void say_all(making *m)
{
    const rig_call *call = m->call;
    say_invite(m);
    say(m, call->t_provisional_ns, "first provisional response (101 to 199)");
    say(m, call->t_menu_ns, "a mark says that the menu has begun");
    if (call->answered)
        say(m, call->t_answer_ns, "answered (%d)", call->final_code);
    say(m, call->t_queue_ns, "the call is in the queue");
    say_end(m);
    say_rings(m);
    sort_events(m->why);
}

/* ---- in plain words ---- */

static void plain_trunk(const making *m, char *text, size_t size)
{
    const rig_call *call = m->call;
    char cause[120];
    cause_text(m, cause, sizeof cause);
    if (call->final_code == 0) {
        (void)snprintf(text, size,
                       "No response of any kind came to the INVITE, which was sent %u times: "
                       "nobody is there, or what they sent was not captured.",
                       call->invite_retransmissions + 1);
        return;
    }
    (void)snprintf(text, size,
                   "The call was refused with %d%s %.3f s after its INVITE%s: it never got a line "
                   "into the centre.",
                   call->final_code, cause, span_s(call->t_invite_ns, call->t_end_ns),
                   call->t_provisional_ns != RIG_NO_TIME ? N_(", though it had rung") : "");
}

static void plain_ivr(const making *m, char *text, size_t size)
{
    const rig_call *call = m->call;
    (void)snprintf(text, size,
                   "The caller waited %.3f s for an answer and gave up; the centre had %s.",
                   span_s(call->t_invite_ns, call->t_end_ns),
                   call->t_provisional_ns != RIG_NO_TIME
                       ? N_("let it ring, and did not answer")
                       : N_("not even let it ring (no 101 to 199 was seen)"));
}

static void plain_queue(const making *m, char *text, size_t size)
{
    const rig_call *call = m->call;
    char cause[120], waited[80] = "";
    cause_text(m, cause, sizeof cause);
    bool is_by_caller = call->bye == RIG_BYE_CALLER || call->cancelled;
    if (call->t_queue_ns != RIG_NO_TIME)
        (void)snprintf(waited, sizeof waited, " after %.3f s in the queue",
                       span_s(call->t_queue_ns, call->t_end_ns));
    if (is_by_caller)
        (void)snprintf(text, size, "The caller hung up%s; %s.", waited,
                       call->t_agent_ring_ns == RIG_NO_TIME
                           ? N_("no agent's phone had rung")
                           : N_("the phones that had rung before were not answered"));
    else
        (void)snprintf(text, size,
                       "The centre ended the call%s%s: the queue was full or its time was over.",
                       waited, cause);
}

static void plain_agent(const making *m, char *text, size_t size)
{
    const rig_call *call = m->call;
    if (call->t_agent_ring_ns == RIG_NO_TIME)
        (void)snprintf(text, size, "The caller hung up while an agent's phone rang.");
    else
        (void)snprintf(text, size,
                       "The caller hung up when an agent's phone had rung for %.3f s, and had "
                       "waited %.3f s from the entry into the queue.",
                       span_s(call->t_agent_ring_ns, call->t_end_ns),
                       span_s(call->t_queue_ns, call->t_end_ns));
}

static void plain_other(const making *m, char *text, size_t size)
{
    static const char *const words[RIG_N_OUTCOMES] = {
        [RIG_OUTCOME_SELF_SERVED] =
            N_("The caller left from the menu, and had what he wanted: this "
               "centre marks its queue, and the call was not in it."),
        [RIG_OUTCOME_DEFLECTED] = N_(
            "The caller was told not to wait: the centre calls him back, or he is to call later."),
        [RIG_OUTCOME_SERVED] = N_("The caller talked with an agent."),
        [RIG_OUTCOME_DROPPED] = N_("The centre cut the call off."),
        [RIG_OUTCOME_IN_PROGRESS] = N_("The call was not over at the end of the capture."),
        [RIG_OUTCOME_UNCLASSIFIED] = N_("What was captured does not tell what became of the call."),
        [RIG_OUTCOME_CUT_BY_RIG] = N_("The load generator was stopped and ended the call."),
    };
    const char *word = words[m->why->outcome];
    (void)snprintf(text, size, "%s", word != NULL ? word : "");
}

/* The centre has called a caller whom it had told not to wait. */
static void plain_call_back(const making *m, char *text, size_t size)
{
    const rig_call *call = m->call;
    const char *what = N_("it was not over at the end of the capture");
    if (call->outcome == RIG_OUTCOME_SERVED)
        what = N_("he answered, and talked with an agent");
    else if (call->outcome == RIG_OUTCOME_DROPPED)
        what = N_("he answered, talked with an agent, and was cut off by the centre");
    else if (call->outcome == RIG_OUTCOME_LOST_AGENT && call->answered)
        what = N_("he answered, and no agent came");
    else if (call->outcome == RIG_OUTCOME_LOST_AGENT)
        what = call->cancelled ? N_("he did not answer until the centre gave up")
                               : N_("he did not take the call");
    (void)snprintf(text, size, "The centre calls back the caller of call %s: %s.",
                   call->call_back_of, what);
}

static void put_plain(making *m)
{
    rig_why *why = m->why;
    if (m->call->call_back_of != NULL) {
        plain_call_back(m, why->plain, sizeof why->plain);
        return;
    }
    if (m->call->t_end_ns == RIG_NO_TIME && why->outcome != RIG_OUTCOME_LOST_TRUNK) {
        plain_other(m, why->plain, sizeof why->plain);
        return;
    }
    switch (why->outcome) {
    case RIG_OUTCOME_LOST_TRUNK:
        plain_trunk(m, why->plain, sizeof why->plain);
        break;
    case RIG_OUTCOME_LOST_IVR:
        plain_ivr(m, why->plain, sizeof why->plain);
        break;
    case RIG_OUTCOME_LOST_QUEUE:
        plain_queue(m, why->plain, sizeof why->plain);
        break;
    case RIG_OUTCOME_LOST_AGENT:
        plain_agent(m, why->plain, sizeof why->plain);
        break;
    case RIG_OUTCOME_SELF_SERVED:
    case RIG_OUTCOME_DEFLECTED:
    case RIG_OUTCOME_SERVED:
    case RIG_OUTCOME_DROPPED:
    case RIG_OUTCOME_IN_PROGRESS:
    case RIG_OUTCOME_UNCLASSIFIED:
    case RIG_OUTCOME_CUT_BY_RIG:
    case RIG_OUTCOME_NOT_PLACED:
    case RIG_N_OUTCOMES:
        plain_other(m, why->plain, sizeof why->plain);
        break;
    }
}

/* ---- what was not seen ---- */

static void put_missing(making *m)
{
    const rig_call *call = m->call;
    bool has_leg = call->n_legs > 1;
    const struct {
        bool is_missing;
        const char *text;
    } all[] = {
        {call->t_provisional_ns == RIG_NO_TIME, N_("a provisional response (101 to 199)")},
        {!call->answered, N_("an answer (2xx)")},
        {call->t_queue_ns == RIG_NO_TIME, N_("a mark of the queue")},
        {!has_leg, N_("an agent's leg")},
        {call->t_agent_answer_ns == RIG_NO_TIME, N_("an agent's answer")},
        {!rig_q850_of_call(m->finished).is_given, N_("a cause of Q.850 in what ended it")},
        {call->answered && call->bye == RIG_BYE_NONE, N_("a BYE")},
        {call->final_code == 0, N_("a final response")},
    };
    char *text = m->why->missing;
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].is_missing && n < RIG_WHY_TEXT_SIZE)
            n += (size_t)snprintf(text + n, RIG_WHY_TEXT_SIZE - n, "%s%s", n > 0 ? ", " : "",
                                  all[i].text);
    }
}

/* ---- the whole ---- */

rig_status rig_why_explain(const rig_finished_call *finished, bool if_marks, rig_why *why,
                           rig_error *err)
{
    rig_why made = {.order = finished->order,
                    .t_invite_ns = finished->call->t_invite_ns,
                    .outcome = if_marks ? finished->outcome_if_marks : finished->call->outcome};
    made.call_id = strdup(finished->call->call_id);
    made.events = calloc(RIG_WHY_MAX_EVENTS, sizeof *made.events);
    if (made.call_id == NULL || made.events == NULL) {
        rig_why_clear(&made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    (void)snprintf(made.reason, sizeof made.reason, "%s",
                   if_marks ? finished->reason_if_marks : finished->call->reason);
    making m = {
        .finished = finished, .call = finished->call, .parties = finished->parties, .why = &made};
    say_all(&m);
    rig_why_event *shorter = reallocarray(made.events, made.n_events, sizeof *shorter);
    made.events = shorter != NULL ? shorter : made.events; /* many may be kept */
    put_plain(&m);
    put_missing(&m);
    if (finished->call->call_back_of != NULL)
        (void)snprintf(made.decided, sizeof made.decided,
                       "where it goes: from the centre to the number of a call that was deflected");
    else
        rig_rule_words(if_marks ? finished->rule_if_marks : finished->rule, made.decided,
                       sizeof made.decided);
    *why = made;
    return RIG_OK;
}

void rig_why_clear(rig_why *why)
{
    free(why->call_id);
    free(why->events);
    *why = (rig_why){0};
}
