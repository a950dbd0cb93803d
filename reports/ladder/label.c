/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/ladder/label.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/sip.h"
#include "core/clock.h"
#include "core/tidy.h"

static void append(rig_report_ladder_label *label, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(rig_report_ladder_label *label, const char *format, ...)
{
    size_t n = strlen(label->text);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(label->text + n, sizeof label->text - n, format, args);
    va_end(args);
}

rig_report_ladder_label rig_report_ladder_short_label(const rig_ladder_message *m)
{
    rig_report_ladder_label label = {""};
    if (m->is_request)
        append(&label, "%s", rig_sip_method_name(m->method));
    else
        append(&label, "%d", m->code);
    if (m->has_sdp)
        append(&label, " SDP");
    return label;
}

rig_report_ladder_label rig_report_ladder_arrow_label(const rig_ladder_message *m)
{
    rig_report_ladder_label label = {""};
    if (m->is_request || m->phrase[0] == '\0')
        return rig_report_ladder_short_label(m);
    append(&label, "%d %s%s", m->code, m->phrase, m->has_sdp ? " SDP" : "");
    return label;
}

rig_report_ladder_label rig_report_ladder_facts(const rig_language *language,
                                                const rig_ladder_message *m)
{
    static const char *const transports[] = {"", ", TCP", ", SCTP"};
    rig_report_ladder_label label = {""};
    if (m->is_retransmission)
        append(&label, "%s", rig_translate(language, "sent again, "));
    append(&label, "CSeq %u %s", m->cseq, rig_sip_method_name(m->method));
    if (m->leg > 0)
        append(&label, rig_translate(language, ", agent leg %u"), m->leg);
    if (m->q850_cause != RIG_SIP_NO_CAUSE)
        append(&label, rig_translate(language, ", Q.850 cause %d"), m->q850_cause);
    if (m->reason[0] != '\0')
        append(&label, " \"%s\"", m->reason);
    append(&label, "%s", transports[m->transport]);
    return label;
}

rig_report_ladder_label rig_report_ladder_summary(const rig_language *language, const rig_ladder *l)
{
    rig_report_ladder_label label = {""};
    char utc[RIG_UTC_TEXT_SIZE];
    size_t n = l->n_messages + l->n_left_out;
    rig_clock_format_utc(l->call.t_invite_ns, utc);
    if (l->caller[0] != '\0')
        append(&label, rig_translate(language, "caller %s, "), l->caller);
    append(&label, rig_translate_n(language, n, "%s; %zu message", "%s; %zu messages"), utc, n);
    append(&label, rig_translate_n(language, l->n_legs, " on %u leg", " on %u legs"), l->n_legs);
    if (l->n_left_out > 0)
        append(&label, rig_translate(language, "; the last %zu not shown"), l->n_left_out);
    if (l->n_duplicates > 0)
        append(&label, rig_translate(language, "; %zu captured twice"), l->n_duplicates);
    return label;
}

rig_report_ladder_label rig_report_ladder_outcome(const rig_language *language, const rig_ladder *l)
{
    rig_report_ladder_label label = {""};
    append(&label, "%s: %s", rig_outcome_name(l->call.outcome), l->call.reason);
    if (l->call.t_end_ns != RIG_NO_TIME)
        append(&label, rig_translate(language, ", %.3f s after the INVITE"),
               rig_tidy((double)(l->call.t_end_ns - l->call.t_invite_ns) * 1e-9, 3));
    return label;
}

/* What a note can begin with (analyzer/ladder/ladder.c), and who stands above a column: for the
 * catalogue. */
static const char *const words[] = {
    N_("answered"), N_("an agent rings"), N_("an agent talks"),
    N_("joined"),   N_("ringing"),        N_("talking"),
    N_("end"),      N_("centre"),         N_("peer"),
    N_("agent"),    N_("others"),         N_("queue"),
};

static const char *told(const rig_language *language, const char *text)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0)
            return rig_translate(language, words[i]);
    /* "caller" is in the catalogue as a number of them */
    if (strcmp(text, "caller") == 0 && language != rig_language_english())
        return rig_translate(language, N_("the caller"));
    return text;
}

rig_report_ladder_label rig_report_ladder_note(const rig_language *language, const char *text)
{
    rig_report_ladder_label label = {""};
    char head[RIG_LADDER_LABEL_SIZE];
    const char *rule = strstr(text, ": rule \"");
    if (rule == NULL) {
        append(&label, "%s", told(language, text));
        return label;
    }
    (void)snprintf(head, sizeof head, "%.*s", (int)(rule - text), text);
    append(&label, rig_translate(language, "%s: rule %s"), told(language, head), rule + 7);
    return label;
}

rig_report_ladder_label rig_report_ladder_end(const rig_language *language,
                                              const rig_ladder_end *end)
{
    rig_report_ladder_label label = {""};
    char name[RIG_LADDER_END_SIZE], word[RIG_LADDER_END_SIZE];
    unsigned number;
    rig_ladder_end_name(end, name);
    if (sscanf(name, "%u %15s", &number, word) == 2)
        append(&label, rig_translate(language, "%u %s"), number, told(language, word));
    else if (sscanf(name, "%15s %u", word, &number) == 2)
        append(&label, "%s %u", told(language, word), number);
    else
        append(&label, "%s", told(language, name));
    return label;
}

rig_report_ladder_label rig_report_ladder_instant(const rig_ladder *l, int64_t t_ns)
{
    rig_report_ladder_label label = {""};
    append(&label, "%.3f", rig_tidy((double)(t_ns - l->call.t_invite_ns) * 1e-6, 3));
    return label;
}

bool rig_report_ladder_next_row(const rig_ladder *l, rig_report_ladder_walk *walk,
                                rig_report_ladder_row *row)
{
    bool has_message = walk->at_message < l->n_messages;
    bool has_note = walk->at_note < l->n_notes;
    if (!has_message && !has_note)
        return false;
    const rig_ladder_message *m = has_message ? &l->messages[walk->at_message] : NULL;
    rig_report_ladder_row made = {.notes = l->notes + walk->at_note};
    if (has_note && (m == NULL || made.notes->t_ns < m->t_ns)) {
        made.t_ns = made.notes->t_ns;
    } else {
        made.t_ns = m->t_ns;
        made.message = m;
        walk->at_message++;
        /* Of messages of one instant, the last one has the notes: it has brought them about. */
        bool is_last =
            walk->at_message == l->n_messages || l->messages[walk->at_message].t_ns != made.t_ns;
        has_note = has_note && is_last;
    }
    while (has_note && walk->at_note < l->n_notes && l->notes[walk->at_note].t_ns == made.t_ns) {
        walk->at_note++;
        made.n_notes++;
    }
    *row = made;
    return true;
}
