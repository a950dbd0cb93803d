/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/defect.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an argument looks like. */
typedef enum form {
    FORM_NONE,
    FORM_COUNT,          /* N: a whole number >= 0 */
    FORM_POSITIVE_COUNT, /* N: a whole number >= 1 */
    FORM_SECONDS,        /* S: >= 0 */
    FORM_SECONDS_OVER_0, /* S: > 0 */
    FORM_SHARE,          /* P[:S]: (0, 1], and seconds */
    FORM_SHARE_ALONE,    /* P: (0, 1] */
    FORM_SHARE_CODE,     /* P[:CODE]: (0, 1], and a final response that refuses */
    FORM_FACTOR,         /* F: > 0 */
    FORM_INSTANT,        /* AT: seconds; it is its own window */
    FORM_INSTANT_LENGTH, /* AT:FOR: both in seconds; it is its own window */
    FORM_TRUNK,          /* NAME */
    FORM_CLASS,          /* NAME */
    FORM_SKILL,          /* NAME */
    FORM_AGENTS,         /* NAME */
    FORM_RESERVE         /* NAME */
} form;

typedef struct row {
    rig_callcentre_defect_about about;
    form form;
    double value2; /* when it is not given */
} row;

static const row table[RIG_N_DEFECTS] = {
    [RIG_DEFECT_CIRCUITS] = {{"circuits", "N", "trunk", "only N circuits are in use at once"},
                             FORM_COUNT,
                             0},
    [RIG_DEFECT_LEAK_ON_CANCEL] = {{"leak_on_cancel", "", "trunk",
                                    "the circuit of a call that is cancelled is never free again"},
                                   FORM_NONE,
                                   0},
    [RIG_DEFECT_TRUNK_DEAD] =
        {{"trunk_dead", "NAME", "trunk", "the trunk group NAME takes no new calls"}, FORM_TRUNK, 0},
    [RIG_DEFECT_NO_OVERFLOW] = {{"no_overflow", "", "trunk",
                                 "a call whose carrier has no free circuit is refused, whatever "
                                 "overflow the scenario says"},
                                FORM_NONE,
                                0},
    [RIG_DEFECT_MISROUTED] = {{"misrouted", "NAME", "trunk",
                               "calls that come in by the trunk group NAME are given the circuits "
                               "of the next group"},
                              FORM_TRUNK,
                              0},
    [RIG_DEFECT_NO_BACKUP] = {{"no_backup", "", "trunk",
                               "the backup number is not connected: 404 to every call to it"},
                              FORM_NONE,
                              0},
    [RIG_DEFECT_REFUSE_AFTER] = {{"refuse_after", "AT", "trunk",
                                  "from second AT on every new call gets 503"},
                                 FORM_INSTANT,
                                 0},
    [RIG_DEFECT_MUTE_EVERY] = {{"mute_every", "N", "trunk",
                                "every N-th INVITE gets no response at all"},
                               FORM_POSITIVE_COUNT,
                               0},
    [RIG_DEFECT_SLOW] = {{"slow", "S", "trunk", "the first response to an INVITE comes S s late"},
                         FORM_SECONDS,
                         0},
    [RIG_DEFECT_PORTS] = {{"ports", "N", "ivr", "only N IVR ports are in use at once"},
                          FORM_COUNT,
                          0},
    [RIG_DEFECT_IVR_LATE] =
        {{"ivr_late", "S", "ivr", "an IVR port is taken, but answers S s later"}, FORM_SECONDS, 0},
    [RIG_DEFECT_QUEUE_LIMIT] = {{"queue_limit", "N", "queue", "only N calls can wait"},
                                FORM_COUNT,
                                0},
    [RIG_DEFECT_LIFO] = {{"lifo", "", "queue", "the last to enter the queue is served first"},
                         FORM_NONE,
                         0},
    [RIG_DEFECT_NO_PRIORITY] = {{"no_priority", "", "queue",
                                 "the queue is first in, first out, whatever the callers' classes"},
                                FORM_NONE,
                                0},
    [RIG_DEFECT_PRIORITY_REVERSED] = {{"priority_reversed", "", "queue",
                                       "the class of the least priority is served first"},
                                      FORM_NONE,
                                      0},
    [RIG_DEFECT_CLASS_UNKNOWN] = {{"class_unknown", "NAME", "queue",
                                   "callers of the class NAME wait among those of the least "
                                   "priority"},
                                  FORM_CLASS,
                                  0},
    [RIG_DEFECT_PUSHES_OUT] = {{"pushes_out", "", "queue",
                                "who comes to a full queue takes the place of the last of a lesser "
                                "priority"},
                               FORM_NONE,
                               0},
    [RIG_DEFECT_WRONG_SKILL] = {{"wrong_skill", "NAME", "queue",
                                 "calls for the skill NAME are given to agents who have the next "
                                 "one"},
                                FORM_SKILL,
                                0},
    [RIG_DEFECT_NO_QUEUE_OVERFLOW] = {{"no_queue_overflow", "", "queue",
                                       "no other group ever takes a call, however long it waits"},
                                      FORM_NONE,
                                      0},
    [RIG_DEFECT_NO_RESERVES] = {{"no_reserves", "NAME", "queue",
                                 "the reserves NAME are never called, however long the queue is"},
                                FORM_RESERVE,
                                0},
    [RIG_DEFECT_NO_DEFLECTION] = {{"no_deflection", "", "queue",
                                   "no caller is told not to wait, however many calls do"},
                                  FORM_NONE,
                                  0},
    [RIG_DEFECT_DEFLECTS_ALL] = {{"deflects_all", "", "queue",
                                  "every caller for whom no agent is free is told not to wait, "
                                  "however few calls do"},
                                 FORM_NONE,
                                 0},
    [RIG_DEFECT_FORGETS_CALL_BACKS] = {{"forgets_call_backs", "P", "queue",
                                        "of those who were promised a call back the share P is "
                                        "never called"},
                                       FORM_SHARE_ALONE,
                                       0},
    [RIG_DEFECT_DOUBLES_CALL_BACKS] = {{"doubles_call_backs", "", "queue",
                                        "whoever was called back and served is called once more"},
                                       FORM_NONE,
                                       0},
    [RIG_DEFECT_CALL_BACKS_FIRST] = {{"call_backs_first", "", "queue",
                                      "call backs go before the callers who wait, and are made "
                                      "before their time"},
                                     FORM_NONE,
                                     0},
    [RIG_DEFECT_LOSES_PLACES] = {{"loses_places", "", "queue",
                                  "who keeps his place in the queue is not called when it is his "
                                  "turn, but as one who was promised a call back"},
                                 FORM_NONE,
                                 0},
    [RIG_DEFECT_NO_EMERGENCY] = {{"no_emergency", "", "queue",
                                  "no agent is told to keep the talk short, however many calls "
                                  "wait"},
                                 FORM_NONE,
                                 0},
    [RIG_DEFECT_ANNOUNCES] = {{"announces", "F", "queue",
                               "the position or wait that is announced is F times the right one"},
                              FORM_FACTOR,
                              0},
    [RIG_DEFECT_NOBODY_COMES] = {{"nobody_comes", "NAME", "queue",
                                  "of the group of agents NAME nobody comes on duty any more: with "
                                  "no shift, and after no fault"},
                                 FORM_AGENTS,
                                 0},
    [RIG_DEFECT_MESSAGE] = {{"message", "P[:S]", "queue",
                             "after S s (30) in the queue a message offers a call back; the share "
                             "P accepts, and the centre ends those calls"},
                            FORM_SHARE,
                            30},
    [RIG_DEFECT_DEAD_AGENTS] = {{"dead_agents", "N", "agent",
                                 "the phones of agents 1 to N get no INVITE; their ringing times "
                                 "out"},
                                FORM_COUNT,
                                0},
    [RIG_DEFECT_NO_RING_TIMEOUT] = {{"no_ring_timeout", "", "agent",
                                     "an agent who does not answer is rung until the caller "
                                     "gives up"},
                                    FORM_NONE,
                                    0},
    [RIG_DEFECT_STUCK_AGENTS] = {{"stuck_agents", "S", "agent",
                                  "an agent whose caller gave up stays busy for S s"},
                                 FORM_SECONDS,
                                 0},
    [RIG_DEFECT_DROP] = {{"drop", "P[:S]", "agent",
                          "the share P of the conversations is cut after S s (5)"},
                         FORM_SHARE,
                         5},
    [RIG_DEFECT_REJECT] = {{"reject", "P[:CODE]", "trunk",
                            "the share P of the callers is refused with CODE (403), whatever is "
                            "free"},
                           FORM_SHARE_CODE,
                           403},
    [RIG_DEFECT_MENU] = {{"menu", "S", "ivr", "the menu lasts S s"}, FORM_SECONDS, 0},
    [RIG_DEFECT_POLL] = {{"poll", "S", "queue",
                          "while calls wait, the queue looks for free agents every S s only"},
                         FORM_SECONDS_OVER_0,
                         0},
    [RIG_DEFECT_ONE_AT_A_TIME] = {{"one_at_a_time", "", "queue",
                                   "while a phone rings for one caller, nobody else is given an "
                                   "agent"},
                                  FORM_NONE,
                                  0},
    [RIG_DEFECT_COUNTS_RINGING] = {{"counts_ringing", "", "queue",
                                    "a caller for whom a phone rings still takes a place in the "
                                    "queue"},
                                   FORM_NONE,
                                   0},
    [RIG_DEFECT_TIMEOUT_RINGING] = {{"timeout_ringing", "", "queue",
                                     "the queue's time-out ends a call also while a phone rings "
                                     "for it"},
                                    FORM_NONE,
                                    0},
    [RIG_DEFECT_RING_ALL] = {{"ring_all", "", "agent",
                              "the phones of all idle agents ring for one caller; the first to "
                              "answer gets him"},
                             FORM_NONE,
                             0},
    [RIG_DEFECT_WRAP_UP] = {{"wrap_up", "S", "agent", "the wrap-up lasts S s"}, FORM_SECONDS, 0},
    [RIG_DEFECT_NO_STANDBY] = {{"no_standby", "", "trunk",
                                "a centre that has died by a fault of the scenario stays dead"},
                               FORM_NONE,
                               0},
    [RIG_DEFECT_CRASH] = {{"crash", "AT:FOR", "all",
                           "at second AT all calls are lost without a word; for FOR s nothing "
                           "answers; then it starts anew"},
                          FORM_INSTANT_LENGTH,
                          0},
};

const rig_callcentre_defect_about *rig_callcentre_defect_about_of(rig_callcentre_defect_kind kind)
{
    return &table[kind].about;
}

static rig_status fail_unknown(const char *name, rig_error *err)
{
    char known[1024];
    size_t n = 0;
    for (int kind = 0; kind < RIG_N_DEFECTS; kind++) {
        const rig_callcentre_defect_about *about = &table[kind].about;
        int added = snprintf(known + n, sizeof known - n, "%s%s%s%s", kind ? ", " : "", about->name,
                             about->argument[0] ? "=" : "", about->argument);
        n += added > 0 ? (size_t)added : 0;
        if (n >= sizeof known)
            n = sizeof known - 1;
    }
    return rig_fail(err, RIG_EINPUT, "%s: no such defect; expected one of %s", name, known);
}

static rig_status fail_argument(const char *text, const rig_callcentre_defect_about *about,
                                const char *expected, rig_error *err)
{
    return rig_fail(err, RIG_EINPUT, "%s: bad argument; expected %s%s%s%s", text, about->name,
                    about->argument[0] ? "=" : "", about->argument, expected);
}

/* A number at the text's begin, >= 0 and finite; moves on behind it. strtod would also take blanks,
 * signs, "inf" and "nan". */
static bool read_number(const char **text, double *value)
{
    if (!isdigit((unsigned char)(*text)[0]) && (*text)[0] != '.')
        return false;
    char *end = NULL;
    *value = strtod(*text, &end);
    if (end == *text || !isfinite(*value))
        return false;
    /* "5..9": the first point belongs to the dots between two numbers. */
    if (end[-1] == '.' && end[0] == '.')
        end--;
    *text = end;
    return true;
}

static bool read_whole(const char **text, double least, double *value)
{
    return read_number(text, value) && *value >= least && *value == floor(*value) &&
           *value <= UINT32_MAX;
}

/* "P", or "P[:S]" where a second argument may follow */
static bool read_share(const char **text, bool has_more, rig_callcentre_defect *made)
{
    if (!read_number(text, &made->value) || made->value <= 0 || made->value > 1)
        return false;
    if (**text != ':' || !has_more)
        return true;
    (*text)++;
    return read_number(text, &made->value2);
}

/* "P[:CODE]" */
static bool read_share_code(const char **text, rig_callcentre_defect *made)
{
    return read_share(text, true, made) && made->value2 == floor(made->value2) &&
           made->value2 >= 400 && made->value2 <= 699;
}

/* Whose name it is. */
static const char *expected_name(form f)
{
    return f == FORM_TRUNK    ? ", NAME that of a trunk group"
           : f == FORM_CLASS  ? ", NAME that of a class of callers"
           : f == FORM_SKILL  ? ", NAME that of a skill of ivr.choices"
           : f == FORM_AGENTS ? ", NAME that of a group of agents"
                              : ", NAME that of a tier of reserves";
}

static rig_status read_argument(const char *text, const char *argument, rig_callcentre_defect *made,
                                rig_error *err)
{
    const row *r = &table[made->kind];
    const char *expected = "", *rest = argument;
    bool is_good = false;
    switch (r->form) {
    case FORM_NONE:
        expected = " and no argument";
        is_good = argument == NULL;
        rest = "";
        break;
    case FORM_COUNT:
        expected = ", N a whole number";
        is_good = argument && read_whole(&rest, 0, &made->value);
        break;
    case FORM_POSITIVE_COUNT:
        expected = ", N a whole number >= 1";
        is_good = argument && read_whole(&rest, 1, &made->value);
        break;
    case FORM_SECONDS:
        expected = ", S in scenario seconds, >= 0";
        is_good = argument && read_number(&rest, &made->value);
        break;
    case FORM_FACTOR:
    case FORM_SECONDS_OVER_0:
        expected = r->form == FORM_FACTOR ? ", F > 0" : ", S in scenario seconds, > 0";
        is_good = argument && read_number(&rest, &made->value) && made->value > 0;
        break;
    case FORM_SHARE:
    case FORM_SHARE_ALONE:
        expected = r->form == FORM_SHARE ? ", P in (0, 1], S in scenario seconds" : ", P in (0, 1]";
        is_good = argument && read_share(&rest, r->form == FORM_SHARE, made);
        break;
    case FORM_SHARE_CODE:
        expected = ", P in (0, 1], CODE from 400 to 699";
        is_good = argument && read_share_code(&rest, made);
        break;
    case FORM_INSTANT:
        expected = ", AT in scenario seconds since the first INVITE";
        is_good = argument && read_number(&rest, &made->value);
        made->from_s = made->value;
        break;
    case FORM_INSTANT_LENGTH:
        expected = ", both in scenario seconds, FOR > 0";
        is_good = argument && read_number(&rest, &made->value) && *rest++ == ':' &&
                  read_number(&rest, &made->value2) && made->value2 > 0;
        break;
    case FORM_TRUNK:
    case FORM_CLASS:
    case FORM_SKILL:
    case FORM_AGENTS:
    case FORM_RESERVE:
        expected = expected_name(r->form);
        is_good = argument && argument[0] && strlen(argument) < sizeof made->name;
        if (is_good)
            memcpy(made->name, argument, strlen(argument) + 1);
        rest = "";
        break;
    }
    return is_good && *rest == '\0' ? RIG_OK : fail_argument(text, &r->about, expected, err);
}

/* "FROM..TO" or "FROM.." */
static rig_status read_window(const char *text, const char *window, rig_callcentre_defect *made,
                              rig_error *err)
{
    form f = table[made->kind].form;
    if (f == FORM_INSTANT || f == FORM_INSTANT_LENGTH)
        return rig_fail(err, RIG_EINPUT, "%s: %s has its own instant; expected no @FROM..TO", text,
                        table[made->kind].about.name);
    const char *rest = window;
    bool is_good = read_number(&rest, &made->from_s) && strncmp(rest, "..", 2) == 0;
    if (is_good) {
        rest += 2;
        is_good = *rest == '\0' || (read_number(&rest, &made->to_s) && *rest == '\0');
    }
    if (!is_good || made->to_s <= made->from_s)
        return rig_fail(err, RIG_EINPUT,
                        "%s: bad time; expected @FROM..TO or @FROM.., scenario seconds since the "
                        "first INVITE, FROM < TO",
                        text);
    return RIG_OK;
}

rig_status rig_callcentre_defect_read(const char *text, rig_callcentre_defect *defect,
                                      rig_error *err)
{
    char copy[256];
    if (strlen(text) >= sizeof copy)
        return rig_fail(err, RIG_EINPUT, "%.40s...: too long for a defect", text);
    memcpy(copy, text, strlen(text) + 1);
    char *window = strrchr(copy, '@');
    if (window)
        *window++ = '\0';
    char *argument = strchr(copy, '=');
    if (argument)
        *argument++ = '\0';

    rig_callcentre_defect made = {.kind = RIG_N_DEFECTS, .to_s = INFINITY};
    for (int kind = 0; kind < RIG_N_DEFECTS; kind++)
        if (strcmp(copy, table[kind].about.name) == 0)
            made.kind = (rig_callcentre_defect_kind)kind;
    if (made.kind == RIG_N_DEFECTS)
        return fail_unknown(copy, err);
    made.value2 = table[made.kind].value2;
    rig_status status = read_argument(text, argument, &made, err);
    if (status == RIG_OK && window)
        status = read_window(text, window, &made, err);
    if (status == RIG_OK)
        *defect = made;
    return status;
}

bool rig_callcentre_defect_is_on(const rig_callcentre_defect *defect, double at_s)
{
    return at_s >= defect->from_s && at_s < defect->to_s;
}
