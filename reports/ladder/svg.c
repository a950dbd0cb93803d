/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/ladder_svg.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/atomic_file.h"
#include "reports/html/text.h"
#include "reports/ladder/label.h"

enum {
    WIDTH = 1280,
    MARGIN = 24,
    TIME_END = 112,  /* where the instants end */
    LANES = 128,     /* where the lanes begin */
    LANES_END = 880, /* and the notes, a bit later */
    SIDE = 896,
    HEADER = 84, /* Call-ID and summary */
    HEADS = 58,  /* the boxes of the peers, with what is below them */
    ROW = 36,
    NOTE = 24, /* each note beyond the first */
    FOOT = 84,
    BOX = 46,
    HEAD = 9 /* of an arrow */
};

/* Widths of the letters are not known here: what a letter of the system's fonts takes, on average,
 * with something to spare. */
static const double small_letter = 6.9, fixed_letter = 7.4;

/* On a page its own style sheet has the same colours. */
static const char colours[] =
    ":root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--text:#1b1f24;--soft:#57606a;"
    "--line:#d5dae0;--good:#176b36;--bad:#b3261e;--open:#855300;--void:#565b64;"
    "--predicted:#0072b2;--observed:#d55e00;--shade:#dfe4ea}\n"
    "@media (prefers-color-scheme:dark){:root{--ground:#12161b;--card:#1b2128;--text:#e6eaef;"
    "--soft:#a4aeb9;--line:#343d47;--good:#57c785;--bad:#ff8a80;--open:#f0b85a;--void:#a4aeb9;"
    "--predicted:#56b4e9;--observed:#ff8f3f;--shade:#36404b}}\n";

static const char rules[] =
    "text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;"
    "fill:var(--text)}\n"
    ".ground{fill:var(--ground)}.card,.box{fill:var(--card);stroke:var(--line)}\n"
    ".id{font-size:18px;font-weight:700}.name{font-weight:700;text-anchor:middle}\n"
    ".soft,.at{fill:var(--soft)}.at{font-size:12px;text-anchor:middle}\n"
    ".t{font-size:12px;text-anchor:end;fill:var(--soft);font-variant-numeric:tabular-nums}\n"
    ".lane{stroke:var(--line);stroke-width:1.5}.grid{fill:var(--shade);opacity:.35}\n"
    ".label{font-size:12.5px;font-weight:600;text-anchor:middle;paint-order:stroke;"
    "stroke:var(--card);stroke-width:4px;stroke-linejoin:round}\n"
    ".facts{font-size:12px;fill:var(--soft)}\n"
    "g.a line,g.a path.loop{stroke-width:2;fill:none}\n"
    ".request line,.request path.loop{stroke:var(--predicted)}"
    ".request path.head,.request .label{fill:var(--predicted)}\n"
    ".wait line,.wait path.loop{stroke:var(--void)}.wait path.head,.wait .label{fill:var(--void)}\n"
    ".good line,.good path.loop{stroke:var(--good)}.good path.head,.good .label{fill:var(--good)}\n"
    ".bad line,.bad path.loop{stroke:var(--bad)}.bad path.head,.bad .label{fill:var(--bad)}\n"
    ".again line{stroke-dasharray:5 5}\n"
    ".pill{fill:var(--ground);stroke:var(--observed)}.pill.rule{stroke:var(--line)}\n"
    ".pill.end{stroke:var(--text)}.note{font-size:12px;font-weight:600}\n"
    ".mark{stroke:var(--observed);stroke-dasharray:2 4}\n"
    ".verdict{stroke:none}.verdict.good{fill:#176b36}.verdict.bad{fill:#b3261e}"
    ".verdict.open{fill:#565b64}\n"
    ".verdict-text{font-size:15px;font-weight:700;fill:#fff}\n";

/* The rules, each selector behind a prefix that keeps it from what else is on a page. */
static void put_rules(FILE *out, const char *prefix)
{
    bool is_selector = true;
    for (const char *p = rules; *p != '\0'; p++) {
        if (is_selector && (p == rules || p[-1] == '}' || p[-1] == ',' || p[-1] == '\n') &&
            *p != '\n')
            (void)fputs(prefix, out);
        (void)fputc(*p, out);
        is_selector = *p == '}' || (is_selector && *p != '{');
    }
}

/* ---- small pieces */

static void put_text(FILE *out, const char *class_name, double x, double y, const char *text)
{
    (void)fprintf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", class_name, x, y);
    rig_html_text(out, text);
    (void)fputs("</text>\n", out);
}

/* What fits into a width; the rest is an ellipsis. */
static rig_report_ladder_label fit(const char *text, double width, double letter)
{
    rig_report_ladder_label label;
    size_t room = width > letter ? (size_t)(width / letter) : 1, n = 0, n_bytes = 0;
    while (text[n_bytes] != '\0' && n_bytes + 5 < sizeof label.text) {
        size_t next = n_bytes + 1;
        while (((unsigned char)text[next] & 0xc0) == 0x80)
            next++;
        size_t n_columns = 1;
        (void)rig_letter(text + n_bytes, &n_columns);
        if (n + (n_columns == 2 ? 2 : 1) >= room && text[next] != '\0') {
            (void)snprintf(label.text, sizeof label.text, "%.*s\xe2\x80\xa6", (int)n_bytes, text);
            return label;
        }
        n += n_columns == 2 ? 2 : 1;
        n_bytes = next;
    }
    (void)snprintf(label.text, sizeof label.text, "%.*s", (int)n_bytes, text);
    return label;
}

static double lane(const rig_ladder *l, unsigned end)
{
    return LANES + (LANES_END - LANES) * (end + 0.5) / (l->n_ends > 0 ? l->n_ends : 1);
}

static double row_height(const rig_report_ladder_row *row)
{
    return ROW + (row->n_notes > 1 ? (double)(row->n_notes - 1) * NOTE : 0);
}

static double rows_height(const rig_ladder *l)
{
    rig_report_ladder_walk walk = {0};
    rig_report_ladder_row row;
    double height = 0;
    while (rig_report_ladder_next_row(l, &walk, &row))
        height += row_height(&row);
    return height;
}

static double ladder_height(const rig_ladder *l)
{
    return HEADER + HEADS + rows_height(l) + FOOT;
}

/* ---- a ladder */

static const char *class_of(const rig_ladder_message *m)
{
    if (m->is_request)
        return "request";
    return m->code < 200 ? "wait" : m->code < 300 ? "good" : "bad";
}

static void put_heads(FILE *out, const rig_language *language, const rig_ladder *l, double y,
                      double y_end)
{
    double width = (double)(LANES_END - LANES) / (l->n_ends > 0 ? l->n_ends : 1) - 8;
    width = width > 190 ? 190 : width;
    for (unsigned i = 0; i < l->n_ends; i++) {
        char at[RIG_LADDER_END_SIZE];
        double x = lane(l, i);
        const rig_report_ladder_label name = rig_report_ladder_end(language, &l->ends[i]);
        rig_ladder_end_text(&l->ends[i], at);
        rig_report_ladder_label cut = fit(at, width - 6, small_letter * 0.96);
        (void)fprintf(out, "<g><title>");
        rig_html_text(out, name.text);
        (void)fprintf(out, " ");
        rig_html_text(out, at);
        (void)fprintf(out,
                      "</title>\n<line class=\"lane\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
                      "y2=\"%.1f\"/>\n<rect class=\"box\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                      "height=\"%d\" rx=\"6\"/>\n",
                      x, y + BOX, x, y_end, x - width / 2, y, width, BOX);
        put_text(out, "name", x, y + 19, name.text);
        put_text(out, "at", x, y + 37, cut.text);
        (void)fputs("</g>\n", out);
    }
}

static void put_loop(FILE *out, double x, double y)
{
    (void)fprintf(out,
                  "<path class=\"loop\" d=\"M%.1f %.1f h22 v10 h-14\"/><path class=\"head\" "
                  "d=\"M%.1f %.1f l%d -5 v10 z\"/>\n",
                  x, y - 5, x + 1, y + 5, HEAD);
}

static void put_arrow(FILE *out, const rig_language *language, const rig_ladder *l,
                      const rig_ladder_message *m, double y)
{
    double from = lane(l, m->from), to = lane(l, m->to);
    bool is_loop = m->from == m->to, is_right = to > from;
    double width = is_loop ? lane(l, 1) - lane(l, 0) - 30 : is_right ? to - from : from - to;
    rig_report_ladder_label label = rig_report_ladder_arrow_label(m),
                            facts = rig_report_ladder_facts(language, m);
    rig_report_ladder_label instant = rig_report_ladder_instant(l, m->t_ns);
    const rig_report_ladder_label sender = rig_report_ladder_end(language, &l->ends[m->from]),
                                  taker = rig_report_ladder_end(language, &l->ends[m->to]);
    (void)fprintf(out, "<g class=\"a %s%s\"><title>", class_of(m),
                  m->is_retransmission ? " again" : "");
    rig_html_text(out, label.text);
    (void)fprintf(out, rig_translate(language, ", %s to %s, %s ms after the INVITE, frame %u; "),
                  sender.text, taker.text, instant.text, m->frame);
    rig_html_text(out, facts.text);
    (void)fputs("</title>\n", out);
    if (is_loop) {
        put_loop(out, from, y);
    } else {
        double tip = is_right ? to - 1 : to + 1, sign = is_right ? -1 : 1;
        (void)fprintf(out,
                      "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/><path class=\"head\" "
                      "d=\"M%.1f %.1f l%.1f -5 v10 z\"/>\n",
                      from, y, tip + sign * HEAD, y, tip, y, sign * HEAD);
    }
    rig_report_ladder_label words = fit(label.text, width - 12, fixed_letter);
    double middle = is_loop ? from + 30 + width / 2 : (from + to) / 2;
    put_text(out, "label", middle, is_loop ? y + 4 : y - 6, words.text);
    (void)fputs("</g>\n", out);
}

/* The stages that rules saw, as pills; beside or below them what there is to say of the message. */
static void put_side(FILE *out, const rig_language *language, const rig_ladder *l,
                     const rig_report_ladder_row *row, double y)
{
    double x = SIDE;
    for (size_t i = 0; i < row->n_notes; i++) {
        const rig_ladder_note *note = &row->notes[i];
        rig_report_ladder_label words = fit(rig_report_ladder_note(language, note->text).text,
                                            WIDTH - MARGIN - SIDE - 36, fixed_letter);
        double n = (double)rig_columns(words.text);
        double width = n * fixed_letter * 0.97 + 26;
        if (i == 0)
            (void)fprintf(
                out, "<line class=\"mark\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
                l->n_ends > 0 ? lane(l, l->n_ends - 1) + 6 : LANES_END, y, x - 4, y);
        (void)fprintf(out,
                      "<rect class=\"pill%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"20\" "
                      "rx=\"10\"/>\n",
                      note->stage == RIG_LADDER_END            ? " end"
                      : strncmp(note->text, "joined:", 7) == 0 ? " rule"
                                                               : "",
                      SIDE + 0.0, y - 10 + (double)i * NOTE, width);
        put_text(out, "note", SIDE + 10, y + 4 + (double)i * NOTE, words.text);
        x = SIDE + width + 8;
    }
    if (row->message == NULL)
        return;
    rig_report_ladder_label facts = rig_report_ladder_facts(language, row->message);
    double room = WIDTH - MARGIN - 10 - x;
    if (room < 90)
        return; /* they are in the arrow's title, too */
    rig_report_ladder_label cut = fit(facts.text, room, small_letter);
    put_text(out, "facts", x, y + 4 + (row->n_notes > 1 ? (double)(row->n_notes - 1) * NOTE : 0),
             cut.text);
}

static void put_rows(FILE *out, const rig_ladder *l, double y)
{
    rig_report_ladder_walk walk = {0};
    rig_report_ladder_row row;
    for (unsigned i = 0; rig_report_ladder_next_row(l, &walk, &row); i++) {
        double height = row_height(&row);
        if (i % 2 == 1)
            (void)fprintf(
                out, "<rect class=\"grid\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>\n",
                MARGIN + 1, y, WIDTH - 2 * MARGIN - 2, height);
        y += height;
    }
}

static void put_messages(FILE *out, const rig_language *language, const rig_ladder *l, double y)
{
    rig_report_ladder_walk walk = {0};
    rig_report_ladder_row row;
    while (rig_report_ladder_next_row(l, &walk, &row)) {
        double middle = y + ROW * 0.64;
        rig_report_ladder_label instant = rig_report_ladder_instant(l, row.t_ns);
        put_text(out, "t", TIME_END, middle + 4, instant.text);
        if (row.message != NULL)
            put_arrow(out, language, l, row.message, middle);
        put_side(out, language, l, &row, middle);
        y += row_height(&row);
    }
}

static const char *class_of_outcome(rig_outcome outcome)
{
    switch (outcome) {
    case RIG_OUTCOME_LOST_TRUNK:
    case RIG_OUTCOME_LOST_IVR:
    case RIG_OUTCOME_LOST_QUEUE:
    case RIG_OUTCOME_LOST_AGENT:
    case RIG_OUTCOME_DROPPED:
        return "bad";
    case RIG_OUTCOME_SELF_SERVED:
    case RIG_OUTCOME_DEFLECTED:
    case RIG_OUTCOME_SERVED:
        return "good";
    case RIG_OUTCOME_IN_PROGRESS:
    case RIG_OUTCOME_UNCLASSIFIED:
    case RIG_OUTCOME_CUT_BY_RIG:
    case RIG_OUTCOME_NOT_PLACED:
    case RIG_N_OUTCOMES:
        break;
    }
    return "open";
}

/* The ladder in words, for those who cannot see it: its stages. */
static void put_description(FILE *out, const rig_language *language, const rig_ladder *l)
{
    rig_report_ladder_label text = rig_report_ladder_summary(language, l);
    rig_html_text(out, text.text);
    (void)fputs(". ", out);
    for (size_t i = 0; i < l->n_notes; i++) {
        rig_report_ladder_label instant = rig_report_ladder_instant(l, l->notes[i].t_ns);
        rig_html_text(out, rig_report_ladder_note(language, l->notes[i].text).text);
        (void)fprintf(out, rig_translate(language, " after %s ms. "), instant.text);
    }
    (void)fputs(rig_translate(language, "Outcome "), out);
    text = rig_report_ladder_outcome(language, l);
    rig_html_text(out, text.text);
    (void)fputs(".", out);
}

static void put_ladder(FILE *out, const rig_language *language, const rig_ladder *l, size_t index,
                       double y)
{
    double rows = y + HEADER + HEADS, end = rows + rows_height(l);
    rig_report_ladder_label summary = rig_report_ladder_summary(language, l),
                            outcome = rig_report_ladder_outcome(language, l);
    rig_report_ladder_label id = fit(l->call.call_id, WIDTH - 2 * MARGIN - 48, 10.6);
    (void)fprintf(out,
                  "<g role=\"group\" aria-labelledby=\"ladder-t%zu\" "
                  "aria-describedby=\"ladder-d%zu\">\n<title id=\"ladder-t%zu\">",
                  index, index, index);
    (void)fputs(rig_translate(language, "Message ladder of call "), out);
    rig_html_text(out, l->call.call_id);
    (void)fprintf(out, "</title>\n<desc id=\"ladder-d%zu\">", index);
    put_description(out, language, l);
    (void)fprintf(out,
                  "</desc>\n<rect class=\"card\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" "
                  "rx=\"10\"/>\n",
                  MARGIN, y + 12, WIDTH - 2 * MARGIN, end - y + FOOT - 24);
    put_text(out, "id", MARGIN + 20, y + 42, id.text);
    put_text(out, "soft", MARGIN + 20, y + 64, summary.text);
    put_rows(out, l, rows);
    put_heads(out, language, l, y + HEADER, end + 6);
    put_text(out, "t", TIME_END, y + HEADER + 37, "ms");
    put_messages(out, language, l, rows);
    (void)fprintf(out,
                  "<rect class=\"verdict %s\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"36\" "
                  "rx=\"6\"/>\n",
                  class_of_outcome(l->call.outcome), MARGIN + 20, end + 16,
                  WIDTH - 2 * MARGIN - 40);
    put_text(out, "verdict-text", MARGIN + 34, end + 39, outcome.text);
    (void)fputs("</g>\n", out);
}

rig_status rig_report_ladder_svg(const rig_ladders *ladders, const rig_language *language,
                                 const char *path, rig_error *err)
{
    rig_atomic_file *file = NULL;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    double height = 12, y = 6;
    for (size_t i = 0; i < ladders->n; i++)
        height += ladder_height(&ladders->items[i]);
    (void)fprintf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" "
                  "height=\"%.0f\" role=\"img\" aria-labelledby=\"title desc\">\n"
                  "<title id=\"title\">%s</title>\n<desc id=\"desc\">",
                  WIDTH, height, WIDTH, height,
                  rig_translate_n(language, ladders->n, "Message ladder", "Message ladders"));
    (void)fprintf(out,
                  rig_translate_n(language, ladders->n,
                                  "%zu call; times in ms after the first INVITE of each.",
                                  "%zu calls; times in ms after the first INVITE of each."),
                  ladders->n);
    (void)fprintf(out, "</desc>\n<style>\n%s", colours);
    put_rules(out, "");
    (void)fprintf(out, "</style>\n<rect class=\"ground\" width=\"%d\" height=\"%.0f\"/>\n", WIDTH,
                  height);
    for (size_t i = 0; i < ladders->n; i++) {
        put_ladder(out, language, &ladders->items[i], i + 1, y);
        y += ladder_height(&ladders->items[i]);
    }
    (void)fputs("</svg>\n", out);
    return rig_atomic_file_commit(file, err);
}

void rig_report_ladder_svg_style(FILE *out)
{
    put_rules(out, ".ladder ");
}

void rig_report_ladder_svg_inline(FILE *out, const rig_language *language, const rig_ladder *ladder,
                                  size_t number)
{
    (void)fprintf(out,
                  "<svg class=\"ladder\" viewBox=\"0 0 %d %.0f\" role=\"img\" "
                  "aria-labelledby=\"ladder-t%zu\" aria-describedby=\"ladder-d%zu\">\n",
                  WIDTH, ladder_height(ladder), number, number);
    put_ladder(out, language, ladder, number, -6.0);
    (void)fputs("</svg>\n", out);
}
