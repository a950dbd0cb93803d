/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/parts.h"

#include <string.h>

#include "reports/html/text.h"
#include "reports/json_file.h"

static const struct {
    const char *id, *term, *text;
} notes[RIG_N_NOTES] = {
    [RIG_NOTE_LOSS] =
        {"loss", N_("Lost %"),
         N_("Calls lost in a stage out of the calls that entered this stage, not out of "
            "all calls: a stage is judged only on the calls that reached it.")},
    [RIG_NOTE_INTERVAL] =
        {"interval", P_("Predicted, with its 95 % interval"),
         N_("The model replays exactly these calls many times; the prediction is the mean of the "
            "replays, and 95 of 100 runs of a centre that works as the scenario says fall inside "
            "the "
            "interval.")},
    [RIG_NOTE_DIFFERENCE] =
        {"difference", N_("Difference and margin"),
         P_("Observed minus predicted loss, in percentage points (pp). The margin is what the "
            "scenario "
            "allows. A stage passes when the 90 % interval of the difference lies within the "
            "margin, "
            "and fails when the 95 % interval lies beyond it; otherwise the run cannot tell. "
            "Losing "
            "far fewer calls than predicted is a deviation, too.")},
    [RIG_NOTE_P_VALUE] =
        {"p-value", N_("p"),
         N_("The chance of a difference this large if the centre kept within the margin, raised to "
            "allow for looking at four stages at once (Holm's correction). Below 0.05 it counts as "
            "a "
            "deviation.")},
    [RIG_NOTE_BOUNDS] =
        {"bounds", N_("Bounds"),
         N_("The loss if every doubtful call (missing in the capture, seen twice, or "
            "without a known end) had ended in favour of the centre, or against it.")},
    [RIG_NOTE_ENVELOPE] =
        {"envelope", N_("Band of a whole run"),
         N_("Wide enough for the greatest deviation of a conforming run anywhere, and for the "
            "other "
            "history that a second run of the same calls would tell, so a single bin outside says "
            "something. Longer periods are judged in the same way. A stage that loses the right "
            "number "
            "of calls but leaves the band by more than its margin is inconclusive: it loses them "
            "at "
            "other times. Where that is beyond all doubt, it fails.")},
    [RIG_NOTE_LEVEL] =
        {"level", N_("Service level"),
         N_("A limit that the scenario sets. It is met or missed only when the interval "
            "of the observed figure, not just the figure, is on one side of the limit.")},
    [RIG_NOTE_CHECKS] =
        {"checks", N_("G0 and G1"),
         N_("G0 asks whether the planned load really went on the wire: if not, nothing is said of "
            "the "
            "centre. G1 asks whether the capture is whole: gaps only matter when they could turn a "
            "verdict.")},
    [RIG_NOTE_BAND] =
        {"band", N_("Band"),
         N_("In each interval, 95 of 100 runs of a centre that works as the scenario "
            "says stay within the band; a few intervals outside it are chance, a long "
            "stretch is not.")},
    [RIG_NOTE_TRUNK] =
        {"trunk-facts", N_("Circuits at refusals"),
         N_("How many circuits were in use when a call was refused for want of one. It should be "
            "all "
            "that the scenario has; fewer means that the centre has fewer circuits than stated, or "
            "does not use them all. An erlang is one circuit in use all the time.")},
    [RIG_NOTE_LATENESS] =
        {"lateness-facts", N_("Lateness"),
         N_("The instant of a call's first INVITE in the capture minus its planned "
            "instant, in real time; negative is early.")},
    [RIG_NOTE_ARRIVALS] =
        {"arrivals", N_("Arrival curves and burstiness"),
         N_("The largest gap between the planned and the actual share of calls begun at any "
            "instant "
            "(Kolmogorov-Smirnov distance, 0 = the same), and the variance of the calls per second "
            "divided by their mean (1 = random arrivals, 0 = a fixed grid).")},
    [RIG_NOTE_OUTCOME] =
        {"outcome", N_("Outcome"),
         N_("How a call ended, read from its SIP messages alone; the reason is the "
            "message that decided it. Every planned call has exactly one outcome.")},
    [RIG_NOTE_DIAGNOSIS] =
        {"diagnosis", N_("Diagnosis"),
         N_("Each stage is looked at by itself, given what really happened around it: was this "
            "call "
            "refused while circuits were free, did it wait while a port or an agent was free? So a "
            "cause is found in its own stage, also when its losses come up in another one.")},
    [RIG_NOTE_AGREEMENT] =
        {"agreement-facts", N_("Replay agreement"),
         P_("The share of calls that ended on the wire as they did in one replay. Below 100 % is "
            "normal, as small shifts in time swap neighbouring calls; a frequent swap of one kind "
            "points to the deviating stage.")},
    [RIG_NOTE_DELAYS] =
        {"delays-facts", N_("The rig's own delays"),
         N_("How late the rig's own timers (a caller hangs up, an agent answers) were, and how "
            "long "
            "the centre itself takes for each step (rows that begin with centre; at most 10 ms). "
            "No "
            "scenario can know these times: they are measured on the wire, and the replays include "
            "them. Steps that take longer are not excused.")},
    [RIG_NOTE_IDENTITY] =
        {"identity", N_("SHA-256"),
         N_("A fingerprint of an input file: the same fingerprint is the same file, "
            "and the same files give the same figures.")},
};

rig_html_mark rig_html_note(const rig_page *page, rig_html_note_id note)
{
    rig_html_mark mark;
    (void)snprintf(
        mark.text, sizeof mark.text,
        rig_page_words(
            page,
            N_("<sup><a class=\"note\" href=\"#note-%s\" aria-label=\"note %d: %s\">%d</a></sup>")),
        notes[note].id, (int)note + 1, rig_page_words(page, notes[note].term), (int)note + 1);
    return mark;
}

void rig_html_note_mark(const rig_page *page, rig_html_note_id note)
{
    fputs(rig_html_note(page, note).text, page->out);
}

void rig_html_notes(const rig_page *page, const json_t *result)
{
    (void)result;
    fputs("<ol class=\"notes\">\n", page->out);
    for (int i = 0; i < RIG_N_NOTES; i++)
        rig_page_say(page, "<li id=\"note-%s\"><b>%s.</b> %s</li>\n", notes[i].id,
                     rig_page_words(page, notes[i].term), rig_page_words(page, notes[i].text));
    fputs("</ol>\n", page->out);
}

void rig_html_badge(const rig_page *page, const char *judgement)
{
    static const struct {
        const char *judgement, *kind, *sign;
    } kinds[] = {
        {"PASS", "pass", "&#10003;"},             /* check mark */
        {"FAIL", "fail", "&#10007;"},             /* ballot cross */
        {"INCONCLUSIVE", "open", "?"},            /* nothing could be decided */
        {"INVALID", "invalid", "&#8856;"},        /* circled slash */
        {N_("NOT JUDGED"), "invalid", "&#8856;"}, /* of a stage, when the load was not valid */
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(judgement, kinds[i].judgement) == 0) {
            fprintf(page->out,
                    "<span class=\"badge %s\"><span aria-hidden=\"true\">%s</span> %s</span>",
                    kinds[i].kind, kinds[i].sign, rig_page_words(page, judgement));
            return;
        }
    }
    rig_page_put(page, "<span class=\"badge none\">not available</span>");
}

void rig_html_not_available(const rig_page *page)
{
    rig_page_put(page, "<p class=\"none\">not available</p>\n");
}

void rig_html_fact(const rig_page *page, const char *term, const char *text)
{
    fprintf(page->out, "<div><dt>%s</dt><dd>", rig_page_words(page, term));
    rig_page_put_figure(page, text[0] != '\0' ? text : rig_page_words(page, N_("not available")));
    fputs("</dd></div>\n", page->out);
}

void rig_html_table_begin(const rig_page *page, const char *caption, bool cards)
{
    fprintf(page->out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    rig_page_word(page, caption);
    fprintf(page->out, "\"><table%s>\n<caption>", cards ? " class=\"cards\"" : "");
    rig_page_word(page, caption);
    fputs("</caption>\n", page->out);
}

void rig_html_table_heads(const rig_page *page, const char *const *heads, size_t n)
{
    fputs("<thead><tr>", page->out);
    for (size_t i = 0; i < n; i++) {
        if (heads[i][0] == '\0') {
            fputs("<td class=\"bars\"></td>", page->out);
            continue;
        }
        bool is_number = heads[i][0] == '#';
        fputs(is_number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">", page->out);
        rig_page_word(page, heads[i] + is_number);
        fputs("</th>", page->out);
    }
    fputs("</tr></thead>\n<tbody>\n", page->out);
}

void rig_html_cell(const rig_page *page, const char *text)
{
    fputs("<td>", page->out);
    rig_page_put_figure(page, text[0] != '\0' ? text : "n/a");
    fputs("</td>", page->out);
}

void rig_html_number_cell(const rig_page *page, const char *text)
{
    fputs("<td class=\"n\">", page->out);
    rig_page_put_figure(page, text[0] != '\0' ? text : "n/a");
    fputs("</td>", page->out);
}

void rig_html_figure_cell(const rig_page *page, const char *label, const char *figure,
                          const char *range)
{
    fprintf(page->out, "<td class=\"n\" data-label=\"%s\">", rig_page_words(page, label));
    rig_page_put_figure(page, figure);
    if (range[0] != '\0') {
        fputs("<small>", page->out);
        rig_page_put_figure(page, range);
        fputs("</small>", page->out);
    }
    fputs("</td>", page->out);
}

void rig_html_table_end(const rig_page *page)
{
    fputs("</tbody></table></div>\n", page->out);
}

bool rig_html_is_judged(const json_t *result)
{
    const char *judgement = rig_json_text(rig_json_object(result, "verdict"), "judgement");
    return strcmp(judgement, "INVALID") != 0;
}

rig_html_pair rig_html_pair_of(const json_t *object, const char *key)
{
    const json_t *list = rig_json_list(object, key);
    return (rig_html_pair){rig_json_number_at(list, 0), rig_json_number_at(list, 1)};
}
