/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/outcome.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/sip.h"

enum { Q850_NORMAL = 16 };

#define PHASE(p)    (1u << RIG_PHASE_##p)
#define ANY_PHASE   ((1u << RIG_N_PHASES) - 1u)
#define NOT_QUEUED  (PHASE(OFFERED) | PHASE(MENU))
#define WAITING     (PHASE(QUEUE) | PHASE(RINGING))
#define NOT_TALKING (ANY_PHASE & ~PHASE(TALKING))
#define AT_AN_AGENT (PHASE(RINGING) | PHASE(TALKING))

/* The first rule that fits decides. */
static const rig_outcome_rule built_in[] = {
    /* clang-format off */
    {.end = RIG_END_NONE, .phases = ANY_PHASE, .causes = RIG_Q850_ANY, .conditions = RIG_IF_SILENT,
     .outcome = RIG_OUTCOME_UNCLASSIFIED, .reason = "nothing was heard of it any more"},
    {.end = RIG_END_NONE, .phases = ANY_PHASE, .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_IN_PROGRESS, .reason = "not over at the end of the capture"},

    {.end = RIG_END_NO_RESPONSE, .phases = ANY_PHASE, .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_TRUNK, .reason = "no response"},

    {.end = RIG_END_CHALLENGED, .phases = ANY_PHASE, .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_UNCLASSIFIED, .reason = "%c without a further attempt"},

    /* RFC 3261 section 21.4.25: 487 says that a CANCEL or BYE ended the request. */
    {.end = RIG_END_REFUSED, .phases = PHASE(OFFERED), .causes = RIG_Q850_ANY, .conditions = RIG_IF_487,
     .outcome = RIG_OUTCOME_LOST_IVR, .reason = "%c; its CANCEL was not captured"},
    {.end = RIG_END_REFUSED, .phases = PHASE(OFFERED), .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_TRUNK, .reason = "%c%q"},
    {.end = RIG_END_REFUSED, .phases = NOT_TALKING, .causes = RIG_Q850_ANY, .conditions = RIG_IF_DEFLECTED,
     .outcome = RIG_OUTCOME_DEFLECTED, .reason = "%c%q; a call back was promised"},
    {.end = RIG_END_REFUSED, .phases = PHASE(TALKING), .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_DROPPED, .reason = "%c%q after an agent's answer"},
    {.end = RIG_END_REFUSED, .phases = ANY_PHASE, .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_QUEUE, .reason = "%c%q from the queue"},

    {.end = RIG_END_CANCELLED, .phases = AT_AN_AGENT, .causes = RIG_Q850_ANY, .conditions = RIG_IF_EARLY_BYE,
     .outcome = RIG_OUTCOME_LOST_AGENT, .reason = "caller BYE before the answer"},
    {.end = RIG_END_CANCELLED, .phases = AT_AN_AGENT, .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_AGENT, .reason = "caller CANCEL"},
    {.end = RIG_END_CANCELLED, .phases = PHASE(QUEUE), .causes = RIG_Q850_ANY, .conditions = RIG_IF_EARLY_BYE,
     .outcome = RIG_OUTCOME_LOST_QUEUE, .reason = "caller BYE before the answer"},
    {.end = RIG_END_CANCELLED, .phases = PHASE(QUEUE), .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_QUEUE, .reason = "caller CANCEL"},
    {.end = RIG_END_CANCELLED, .phases = ANY_PHASE, .causes = RIG_Q850_ANY, .conditions = RIG_IF_EARLY_BYE,
     .outcome = RIG_OUTCOME_LOST_IVR, .reason = "caller BYE before the answer"},
    {.end = RIG_END_CANCELLED, .phases = ANY_PHASE, .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_IVR, .reason = "caller CANCEL"},

    /* The phase is the one before the answer: that is all the caller knew. */
    {.end = RIG_END_CROSSED, .phases = AT_AN_AGENT, .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_AGENT, .reason = "answer crossed CANCEL"},
    {.end = RIG_END_CROSSED, .phases = PHASE(QUEUE), .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_QUEUE, .reason = "answer crossed CANCEL"},
    {.end = RIG_END_CROSSED, .phases = ANY_PHASE, .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_IVR, .reason = "answer crossed CANCEL"},

    {.end = RIG_END_CALLER_BYE, .phases = NOT_TALKING, .causes = RIG_Q850_ANY, .conditions = RIG_IF_DEFLECTED,
     .outcome = RIG_OUTCOME_DEFLECTED, .reason = "caller BYE; a call back was promised"},
    {.end = RIG_END_CENTRE_BYE, .phases = NOT_TALKING, .causes = RIG_Q850_ANY, .conditions = RIG_IF_DEFLECTED,
     .outcome = RIG_OUTCOME_DEFLECTED, .reason = "centre BYE%t; a call back was promised"},

    {.end = RIG_END_CALLER_BYE, .phases = PHASE(TALKING), .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_SERVED, .reason = "caller BYE"},
    /* A refused re-INVITE is no proof of an agent, and none that there was no agent. */
    {.end = RIG_END_CALLER_BYE, .phases = WAITING, .causes = RIG_Q850_ANY, .conditions = RIG_IF_CONNECT_REFUSED,
     .outcome = RIG_OUTCOME_UNCLASSIFIED, .reason = "caller BYE; the re-INVITE or UPDATE of an agent's answer was not accepted"},
    {.end = RIG_END_CALLER_BYE, .phases = PHASE(RINGING), .causes = RIG_Q850_ANY, .conditions = RIG_IF_ANSWER_CROSSED,
     .outcome = RIG_OUTCOME_LOST_AGENT, .reason = "caller BYE; the agent's answer crossed it"},
    {.end = RIG_END_CALLER_BYE, .phases = PHASE(RINGING), .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_AGENT, .reason = "caller BYE"},
    {.end = RIG_END_CALLER_BYE, .phases = PHASE(QUEUE), .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_QUEUE, .reason = "caller BYE"},
    {.end = RIG_END_CALLER_BYE, .phases = NOT_QUEUED, .causes = RIG_Q850_ANY, .conditions = RIG_IF_MARKS | RIG_IF_ANSWER_SEEN,
     .outcome = RIG_OUTCOME_SELF_SERVED, .reason = "caller BYE"},
    {.end = RIG_END_CALLER_BYE, .phases = NOT_QUEUED, .causes = RIG_Q850_ANY, .conditions = RIG_IF_ANSWER_SEEN,
     .outcome = RIG_OUTCOME_UNCLASSIFIED, .reason = "left after the answer; the target shows no queue marks"},
    {.end = RIG_END_CALLER_BYE, .phases = NOT_QUEUED, .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_UNCLASSIFIED, .reason = "caller BYE; the answer was not captured"},

    {.end = RIG_END_CENTRE_BYE, .phases = PHASE(TALKING), .causes = RIG_Q850_QUEUE | RIG_Q850_OTHER, .conditions = 0,
     .outcome = RIG_OUTCOME_DROPPED, .reason = "centre BYE%t"},
    {.end = RIG_END_CENTRE_BYE, .phases = PHASE(TALKING), .causes = RIG_Q850_ANY, .conditions = RIG_IF_BY_AGENT,
     .outcome = RIG_OUTCOME_SERVED, .reason = "agent BYE"},
    {.end = RIG_END_CENTRE_BYE, .phases = PHASE(TALKING), .causes = RIG_Q850_ANY, .conditions = RIG_IF_BY_CENTRE,
     .outcome = RIG_OUTCOME_DROPPED, .reason = "centre BYE to the caller and to the agent%t"},
    {.end = RIG_END_CENTRE_BYE, .phases = PHASE(TALKING), .causes = RIG_Q850_ANY, .conditions = RIG_IF_AGENT_LEG,
     .outcome = RIG_OUTCOME_UNCLASSIFIED, .reason = "centre BYE%t; the end of the agent's leg was not captured"},
    {.end = RIG_END_CENTRE_BYE, .phases = PHASE(TALKING), .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_SERVED, .reason = "centre BYE%t"},
    {.end = RIG_END_CENTRE_BYE, .phases = WAITING, .causes = RIG_Q850_QUEUE, .conditions = RIG_IF_CONNECT_REFUSED,
     .outcome = RIG_OUTCOME_LOST_QUEUE, .reason = "centre BYE%t"},
    {.end = RIG_END_CENTRE_BYE, .phases = WAITING, .causes = RIG_Q850_ANY, .conditions = RIG_IF_CONNECT_REFUSED,
     .outcome = RIG_OUTCOME_UNCLASSIFIED, .reason = "centre BYE; the re-INVITE or UPDATE of an agent's answer was not accepted"},
    {.end = RIG_END_CENTRE_BYE, .phases = PHASE(RINGING), .causes = RIG_Q850_QUEUE, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_QUEUE, .reason = "centre BYE%t"},
    /* A queue's time-out that does not spare ringing: Asterisk 20.20.1 with timeoutpriority=app, its default. */
    {.end = RIG_END_CENTRE_BYE, .phases = PHASE(RINGING), .causes = RIG_Q850_NORMAL | RIG_Q850_NONE, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_QUEUE, .reason = "centre BYE%t while an agent's phone rang"},
    {.end = RIG_END_CENTRE_BYE, .phases = PHASE(RINGING), .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_DROPPED, .reason = "centre BYE%t while an agent's phone rang"},
    {.end = RIG_END_CENTRE_BYE, .phases = PHASE(QUEUE), .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_QUEUE, .reason = "centre BYE%t"},
    {.end = RIG_END_CENTRE_BYE, .phases = NOT_QUEUED, .causes = RIG_Q850_QUEUE, .conditions = 0,
     .outcome = RIG_OUTCOME_LOST_QUEUE, .reason = "centre BYE%t"},
    {.end = RIG_END_CENTRE_BYE, .phases = NOT_QUEUED, .causes = RIG_Q850_OTHER, .conditions = 0,
     .outcome = RIG_OUTCOME_DROPPED, .reason = "centre BYE%t before the queue"},
    {.end = RIG_END_CENTRE_BYE, .phases = NOT_QUEUED, .causes = RIG_Q850_ANY, .conditions = RIG_IF_MARKS,
     .outcome = RIG_OUTCOME_DROPPED, .reason = "centre BYE%t before the queue"},
    {.end = RIG_END_CENTRE_BYE, .phases = NOT_QUEUED, .causes = RIG_Q850_ANY, .conditions = 0,
     .outcome = RIG_OUTCOME_UNCLASSIFIED, .reason = "centre BYE%t after the answer; the target shows no queue marks"},
    /* clang-format on */
};

static bool speaks_of_queue(rig_slice text)
{
    for (; text.n > 0; text = rig_slice_skip(text, 1)) {
        if ((text.p[0] | 0x20) == 'q' && rig_slice_starts_nocase(text, "queue"))
            return true;
    }
    return false;
}

static unsigned cause_of(const rig_call_facts *facts)
{
    if (speaks_of_queue(facts->q850_text))
        return RIG_Q850_QUEUE;
    if (facts->q850_cause == RIG_SIP_NO_CAUSE || facts->q850_cause == 0)
        return facts->other_cause > 0 ? RIG_Q850_OTHER : RIG_Q850_NONE;
    return facts->q850_cause == Q850_NORMAL ? RIG_Q850_NORMAL : RIG_Q850_OTHER;
}

static unsigned conditions_of(const rig_call_facts *facts)
{
    unsigned held = 0;
    if (facts->capture_has_queue_marks)
        held |= RIG_IF_MARKS;
    if (facts->is_answer_seen)
        held |= RIG_IF_ANSWER_SEEN;
    if (facts->is_early_bye)
        held |= RIG_IF_EARLY_BYE;
    if (facts->final_code == 487)
        held |= RIG_IF_487;
    if (facts->has_agent_leg)
        held |= RIG_IF_AGENT_LEG;
    if (facts->agent_end == RIG_AGENT_END_BY_AGENT)
        held |= RIG_IF_BY_AGENT;
    if (facts->agent_end == RIG_AGENT_END_BY_CENTRE)
        held |= RIG_IF_BY_CENTRE;
    if (facts->is_answer_crossed)
        held |= RIG_IF_ANSWER_CROSSED;
    if (facts->is_deflected)
        held |= RIG_IF_DEFLECTED;
    if (facts->is_connect_refused)
        held |= RIG_IF_CONNECT_REFUSED;
    if (facts->is_silent)
        held |= RIG_IF_SILENT;
    return held;
}

/* A reason under construction: what does not fit is left out; the text of the wire is made
 * printable. */
typedef struct writer {
    char *text;
    size_t n;
} writer;

static void put(writer *w, const char *p, size_t n)
{
    for (size_t i = 0; i < n && w->n + 1 < RIG_CALL_REASON_SIZE; i++)
        w->text[w->n++] = p[i] >= ' ' && p[i] <= '~' ? p[i] : '?';
}

static void put_number(writer *w, int number)
{
    char digits[16];
    int n = snprintf(digits, sizeof digits, "%d", number);
    put(w, digits, (size_t)n);
}

static void put_cause(writer *w, const rig_call_facts *facts)
{
    static const char q850[] = " Q.850;cause=", other[] = " cause=";
    if (facts->q850_cause != RIG_SIP_NO_CAUSE) {
        put(w, q850, sizeof q850 - 1);
        put_number(w, facts->q850_cause);
    } else if (facts->other_cause > 0) {
        put(w, other, sizeof other - 1);
        put_number(w, facts->other_cause);
    }
}

static void put_text(writer *w, const rig_call_facts *facts)
{
    if (facts->q850_text.n == 0)
        return;
    put(w, " (", 2);
    put(w, facts->q850_text.p, facts->q850_text.n);
    put(w, ")", 1);
}

static void write_reason(const char *format, const rig_call_facts *facts, char *reason)
{
    writer w = {.text = reason};
    while (*format != '\0') {
        size_t n = strcspn(format, "%");
        put(&w, format, n);
        format += n;
        if (*format == '\0')
            break;
        if (format[1] == 'c')
            put_number(&w, facts->final_code);
        else
            put_cause(&w, facts);
        if (format[1] == 't')
            put_text(&w, facts);
        format += 2;
    }
    reason[w.n] = '\0';
}

static bool is_within(int64_t t_ns, int64_t min_ns, int64_t max_ns)
{
    if (min_ns == 0 && max_ns == RIG_RULE_NO_LIMIT_NS)
        return true; /* not asked for */
    return t_ns >= min_ns && t_ns < max_ns && t_ns >= 0;
}

/* What only rules of a file ask for. */
static bool numbers_fit(const rig_outcome_rule *rule, const rig_call_facts *facts)
{
    bool fits = rule->n_codes == 0;
    for (unsigned i = 0; i < rule->n_codes && !fits; i++)
        fits = facts->final_code >= rule->codes[i].low && facts->final_code <= rule->codes[i].high;
    if (!fits)
        return false;
    fits = rule->n_q850 == 0;
    for (unsigned i = 0; i < rule->n_q850 && !fits; i++)
        fits = facts->q850_cause == rule->q850[i];
    if (!fits || !rule->has_times)
        return fits;
    return is_within(facts->answered_ns, rule->min_answered_ns, rule->max_answered_ns) &&
           is_within(facts->waited_ns, rule->min_waited_ns, rule->max_waited_ns);
}

const rig_outcome_rule *rig_outcomes_built_in(size_t *n)
{
    *n = sizeof built_in / sizeof built_in[0];
    return built_in;
}

const rig_outcome_rule *rig_outcomes_find(const rig_outcome_rule *rules, size_t n,
                                          const rig_call_facts *facts)
{
    unsigned cause = cause_of(facts);
    unsigned held = conditions_of(facts);
    for (size_t i = 0; i < n; i++) {
        const rig_outcome_rule *r = &rules[i];
        if (r->end != facts->end) /* most are: nothing else of them is looked at */
            continue;
        if ((r->phases & (1u << facts->phase)) != 0 && (r->causes & cause) != 0 &&
            (r->conditions & ~held) == 0 && numbers_fit(r, facts))
            return r;
    }
    return NULL;
}

rig_outcome rig_outcomes_say(const rig_outcome_rule *rule, const rig_call_facts *facts,
                             char *reason)
{
    if (reason != NULL)
        write_reason(rule == NULL ? "no rule fits" : rule->reason, facts, reason);
    return rule == NULL ? RIG_OUTCOME_UNCLASSIFIED : rule->outcome;
}

void rig_outcomes_decide(const rig_call_facts *facts, rig_outcome *outcome,
                         char reason[RIG_CALL_REASON_SIZE])
{
    size_t n;
    const rig_outcome_rule *rules = rig_outcomes_built_in(&n);
    *outcome = rig_outcomes_say(rig_outcomes_find(rules, n, facts), facts, reason);
}

bool rig_outcomes_reason_is_good(const char *format)
{
    size_t n = strlen(format);
    if (n == 0 || n >= RIG_CALL_REASON_SIZE)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (format[i] < ' ' || format[i] > '~')
            return false;
        if (format[i] == '%' && strchr("cqt", format[i + 1] == '\0' ? '!' : format[i + 1]) == NULL)
            return false;
    }
    return true;
}
