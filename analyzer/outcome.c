#include "analyzer/outcome.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/sip.h"

/* Q.850 5.2: normal call clearing. Many stacks write 0 where they know of no cause. */
enum { Q850_NORMAL = 16 };

/* What the Reason header says, as far as a row asks for it. */
enum {
    CAUSE_NONE = 1,   /* absent, or 0 */
    CAUSE_NORMAL = 2, /* 16 */
    CAUSE_QUEUE = 4,  /* its text speaks of the queue */
    CAUSE_OTHER = 8,
    CAUSE_ANY = 15
};

/* Conditions of a row, as bits of what must hold. */
enum {
    IF_MARKS = 1,       /* the target shows queue marks */
    IF_ANSWER_SEEN = 2, /* the 2xx was captured */
    IF_EARLY_BYE = 4,   /* given up by a BYE */
    IF_487 = 8,         /* the final response says that it follows a CANCEL */
    IF_AGENT_LEG = 16,  /* an agent's leg was captured */
    IF_BY_AGENT = 32,   /* the agent ended the talk */
    IF_BY_CENTRE = 64,  /* the centre ended the agent's leg */
    IF_ANSWER_CROSSED = 128
};

#define PHASE(p)    (1u << RIG_PHASE_##p)
#define ANY_PHASE   ((1u << RIG_N_PHASES) - 1u)
#define NOT_QUEUED  (PHASE(OFFERED) | PHASE(MENU))
#define AT_AN_AGENT (PHASE(RINGING) | PHASE(TALKING))

/* The first row that fits decides. In a reason, %c is the response code, %q the Q.850
 * cause, %t the cause and its text. */
typedef struct row {
    rig_end end;
    unsigned phases;
    unsigned causes;
    unsigned conditions;
    rig_outcome outcome;
    const char *reason;
} row;

static const row rows[] = {
    /* clang-format off */
    {RIG_END_NONE, ANY_PHASE, CAUSE_ANY, 0,
     RIG_OUTCOME_IN_PROGRESS, "not over at the end of the capture"},

    {RIG_END_NO_RESPONSE, ANY_PHASE, CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_TRUNK, "no response"},

    {RIG_END_CHALLENGED, ANY_PHASE, CAUSE_ANY, 0,
     RIG_OUTCOME_UNCLASSIFIED, "%c without a further attempt"},

    /* RFC 3261 section 21.4.25: 487 says that a CANCEL or BYE ended the request. */
    {RIG_END_REFUSED, PHASE(OFFERED), CAUSE_ANY, IF_487,
     RIG_OUTCOME_LOST_IVR, "%c; its CANCEL was not captured"},
    {RIG_END_REFUSED, PHASE(OFFERED), CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_TRUNK, "%c%q"},
    {RIG_END_REFUSED, PHASE(TALKING), CAUSE_ANY, 0,
     RIG_OUTCOME_DROPPED, "%c%q after an agent's answer"},
    {RIG_END_REFUSED, ANY_PHASE, CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_QUEUE, "%c%q from the queue"},

    {RIG_END_CANCELLED, AT_AN_AGENT, CAUSE_ANY, IF_EARLY_BYE,
     RIG_OUTCOME_LOST_AGENT, "caller BYE before the answer"},
    {RIG_END_CANCELLED, AT_AN_AGENT, CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_AGENT, "caller CANCEL"},
    {RIG_END_CANCELLED, PHASE(QUEUE), CAUSE_ANY, IF_EARLY_BYE,
     RIG_OUTCOME_LOST_QUEUE, "caller BYE before the answer"},
    {RIG_END_CANCELLED, PHASE(QUEUE), CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_QUEUE, "caller CANCEL"},
    {RIG_END_CANCELLED, ANY_PHASE, CAUSE_ANY, IF_EARLY_BYE,
     RIG_OUTCOME_LOST_IVR, "caller BYE before the answer"},
    {RIG_END_CANCELLED, ANY_PHASE, CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_IVR, "caller CANCEL"},

    /* The phase is the one before the answer: that is all the caller knew. */
    {RIG_END_CROSSED, AT_AN_AGENT, CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_AGENT, "answer crossed CANCEL"},
    {RIG_END_CROSSED, PHASE(QUEUE), CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_QUEUE, "answer crossed CANCEL"},
    {RIG_END_CROSSED, ANY_PHASE, CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_IVR, "answer crossed CANCEL"},

    {RIG_END_CALLER_BYE, PHASE(TALKING), CAUSE_ANY, 0,
     RIG_OUTCOME_SERVED, "caller BYE"},
    {RIG_END_CALLER_BYE, PHASE(RINGING), CAUSE_ANY, IF_ANSWER_CROSSED,
     RIG_OUTCOME_LOST_AGENT, "caller BYE; the agent's answer crossed it"},
    {RIG_END_CALLER_BYE, PHASE(RINGING), CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_AGENT, "caller BYE"},
    {RIG_END_CALLER_BYE, PHASE(QUEUE), CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_QUEUE, "caller BYE"},
    {RIG_END_CALLER_BYE, NOT_QUEUED, CAUSE_ANY, IF_MARKS | IF_ANSWER_SEEN,
     RIG_OUTCOME_SELF_SERVED, "caller BYE"},
    {RIG_END_CALLER_BYE, NOT_QUEUED, CAUSE_ANY, IF_ANSWER_SEEN,
     RIG_OUTCOME_UNCLASSIFIED, "left after the answer; the target shows no queue marks"},
    {RIG_END_CALLER_BYE, NOT_QUEUED, CAUSE_ANY, 0,
     RIG_OUTCOME_UNCLASSIFIED, "caller BYE; the answer was not captured"},

    {RIG_END_CENTRE_BYE, PHASE(TALKING), CAUSE_QUEUE | CAUSE_OTHER, 0,
     RIG_OUTCOME_DROPPED, "centre BYE%t"},
    {RIG_END_CENTRE_BYE, PHASE(TALKING), CAUSE_ANY, IF_BY_AGENT,
     RIG_OUTCOME_SERVED, "agent BYE"},
    {RIG_END_CENTRE_BYE, PHASE(TALKING), CAUSE_ANY, IF_BY_CENTRE,
     RIG_OUTCOME_DROPPED, "centre BYE to the caller and to the agent%t"},
    {RIG_END_CENTRE_BYE, PHASE(TALKING), CAUSE_ANY, IF_AGENT_LEG,
     RIG_OUTCOME_UNCLASSIFIED, "centre BYE%t; the end of the agent's leg was not captured"},
    {RIG_END_CENTRE_BYE, PHASE(TALKING), CAUSE_ANY, 0,
     RIG_OUTCOME_SERVED, "centre BYE%t"},
    {RIG_END_CENTRE_BYE, PHASE(RINGING), CAUSE_QUEUE, 0,
     RIG_OUTCOME_LOST_QUEUE, "centre BYE%t"},
    {RIG_END_CENTRE_BYE, PHASE(RINGING), CAUSE_ANY, 0,
     RIG_OUTCOME_DROPPED, "centre BYE%t while an agent's phone rang"},
    {RIG_END_CENTRE_BYE, PHASE(QUEUE), CAUSE_ANY, 0,
     RIG_OUTCOME_LOST_QUEUE, "centre BYE%t"},
    {RIG_END_CENTRE_BYE, NOT_QUEUED, CAUSE_QUEUE, 0,
     RIG_OUTCOME_LOST_QUEUE, "centre BYE%t"},
    {RIG_END_CENTRE_BYE, NOT_QUEUED, CAUSE_OTHER, 0,
     RIG_OUTCOME_DROPPED, "centre BYE%t before the queue"},
    {RIG_END_CENTRE_BYE, NOT_QUEUED, CAUSE_ANY, IF_MARKS,
     RIG_OUTCOME_DROPPED, "centre BYE%t before the queue"},
    {RIG_END_CENTRE_BYE, NOT_QUEUED, CAUSE_ANY, 0,
     RIG_OUTCOME_UNCLASSIFIED, "centre BYE%t after the answer; the target shows no queue marks"},
    /* clang-format on */
};

static bool speaks_of_queue(rig_slice text)
{
    for (; text.n > 0; text = rig_slice_skip(text, 1)) {
        if (rig_slice_starts_nocase(text, "queue"))
            return true;
    }
    return false;
}

static unsigned cause_of(const rig_call_facts *facts)
{
    if (speaks_of_queue(facts->q850_text))
        return CAUSE_QUEUE;
    if (facts->q850_cause == RIG_SIP_NO_CAUSE || facts->q850_cause == 0)
        return CAUSE_NONE;
    return facts->q850_cause == Q850_NORMAL ? CAUSE_NORMAL : CAUSE_OTHER;
}

static unsigned conditions_of(const rig_call_facts *facts)
{
    unsigned held = 0;
    if (facts->capture_has_queue_marks)
        held |= IF_MARKS;
    if (facts->is_answer_seen)
        held |= IF_ANSWER_SEEN;
    if (facts->is_early_bye)
        held |= IF_EARLY_BYE;
    if (facts->final_code == 487)
        held |= IF_487;
    if (facts->has_agent_leg)
        held |= IF_AGENT_LEG;
    if (facts->agent_end == RIG_AGENT_END_BY_AGENT)
        held |= IF_BY_AGENT;
    if (facts->agent_end == RIG_AGENT_END_BY_CENTRE)
        held |= IF_BY_CENTRE;
    if (facts->is_answer_crossed)
        held |= IF_ANSWER_CROSSED;
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
    static const char prefix[] = " Q.850;cause=";
    if (facts->q850_cause == RIG_SIP_NO_CAUSE)
        return;
    put(w, prefix, sizeof prefix - 1);
    put_number(w, facts->q850_cause);
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

void rig_outcome_decide(const rig_call_facts *facts, rig_outcome *outcome,
                        char reason[RIG_CALL_REASON_SIZE])
{
    unsigned cause = cause_of(facts);
    unsigned held = conditions_of(facts);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const row *r = &rows[i];
        if (r->end == facts->end && (r->phases & (1u << facts->phase)) != 0 &&
            (r->causes & cause) != 0 && (r->conditions & ~held) == 0) {
            *outcome = r->outcome;
            write_reason(r->reason, facts, reason);
            return;
        }
    }
    *outcome = RIG_OUTCOME_UNCLASSIFIED;
    write_reason("no rule fits", facts, reason);
}
