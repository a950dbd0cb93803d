/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/ladder_text.h"

#include <stdint.h>
#include <string.h>

#include "reports/ladder/label.h"

enum {
    MAX_WIDTH = RIG_LADDER_MAX_WIDTH,
    N_TIME = 12,      /* columns of the instant */
    MIN_SPACING = 16, /* from one peer to the next: "INVITE SDP" in an arrow */
    MAX_SPACING = 30,
    SIDE = 46 /* what is wanted for the notes */
};

/* The pieces of a drawing. */
enum { BAR = 0, LINE, DASH, RIGHT, LEFT, LOOP, NOTE, RULE, ELLIPSIS, N_PIECES };
enum { TAKEN = 0 };

static const uint32_t pieces[2][N_PIECES] = {
    {0x2502, 0x2500, 0x254c, 0x25b6, 0x25c0, 0x21ba, 0x25c6, 0x2550, 0x2026},
    {'|', '-', '.', '>', '<', '@', '*', '=', '~'},
};

/* One line, a character a cell; behind a wide one a cell is taken. */
typedef struct canvas {
    const uint32_t *pieces;
    bool is_ascii;
    const rig_language *language;
    unsigned width, spacing, n_ends;
    uint32_t cells[MAX_WIDTH];
} canvas;

static void clear(canvas *c)
{
    for (unsigned i = 0; i < MAX_WIDTH; i++)
        c->cells[i] = ' ';
}

static unsigned column(const canvas *c, unsigned end)
{
    return N_TIME + c->spacing / 2 + end * c->spacing;
}

static unsigned side(const canvas *c)
{
    return N_TIME + c->n_ends * c->spacing;
}

/* The character at *text, which moves behind it; "?" for what a terminal should not get. */
static uint32_t next_character(const char **text, bool is_ascii)
{
    const unsigned char *p = (const unsigned char *)*text;
    unsigned n = p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    uint32_t value = n == 1 ? p[0] : p[0] & (0x7fu >> n);
    for (unsigned i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            (*text)++;
            return '?';
        }
        value = value << 6 | (p[i] & 0x3f);
    }
    *text += n;
    bool is_good = value >= ' ' && (value < 0x7f || (value >= 0xa0 && !is_ascii));
    return is_good ? value : '?';
}

/* The same, and the columns that it takes: 1 or 2. */
static uint32_t next_cell(const char **text, bool is_ascii, unsigned *n_columns)
{
    size_t n = 1;
    if (!is_ascii)
        (void)rig_letter(*text, &n);
    *n_columns = n == 2 ? 2 : 1;
    const uint32_t character = next_character(text, is_ascii);
    *n_columns = character == '?' ? 1 : *n_columns;
    return character;
}

static unsigned n_columns_of(const char *text)
{
    unsigned n = 0;
    while (*text != '\0') {
        unsigned n_columns;
        (void)next_cell(&text, false, &n_columns);
        n += n_columns;
    }
    return n;
}

/* Write into n cells from `at` on; what does not fit is cut. */
static void put(canvas *c, unsigned at, unsigned n, const char *text)
{
    const unsigned n_text = n_columns_of(text);
    unsigned room = at < c->width ? c->width - at : 0, n_columns;
    room = n < room ? n : room;
    for (unsigned i = 0; i < room && *text != '\0'; i += n_columns) {
        uint32_t character = next_cell(&text, c->is_ascii, &n_columns);
        if (n_text > room && i + n_columns >= room) {
            c->cells[at + i] = c->pieces[ELLIPSIS];
            return;
        }
        c->cells[at + i] = character;
        if (n_columns == 2)
            c->cells[at + i + 1] = TAKEN;
    }
}

static void put_centred(canvas *c, unsigned at, unsigned n, const char *text)
{
    unsigned n_text = n_columns_of(text);
    put(c, at + (n_text < n ? (n - n_text) / 2 : 0), n, text);
}

static void put_utf8(FILE *out, uint32_t v)
{
    if (v < 0x80) {
        (void)fputc((int)v, out);
    } else if (v < 0x800) {
        (void)fprintf(out, "%c%c", (int)(0xc0 | v >> 6), (int)(0x80 | (v & 0x3f)));
    } else if (v < 0x10000) {
        (void)fprintf(out, "%c%c%c", (int)(0xe0 | v >> 12), (int)(0x80 | (v >> 6 & 0x3f)),
                      (int)(0x80 | (v & 0x3f)));
    } else {
        (void)fprintf(out, "%c%c%c%c", (int)(0xf0 | v >> 18), (int)(0x80 | (v >> 12 & 0x3f)),
                      (int)(0x80 | (v >> 6 & 0x3f)), (int)(0x80 | (v & 0x3f)));
    }
}

static void flush(canvas *c, FILE *out)
{
    unsigned n = c->width;
    while (n > 0 && c->cells[n - 1] == ' ')
        n--;
    for (unsigned i = 0; i < n; i++)
        if (c->cells[i] != TAKEN)
            put_utf8(out, c->cells[i]);
    (void)fputc('\n', out);
    clear(c);
}

static void put_bars(canvas *c)
{
    for (unsigned i = 0; i < c->n_ends; i++)
        c->cells[column(c, i)] = c->pieces[BAR];
}

static void put_arrow(canvas *c, const rig_ladder_message *m)
{
    rig_report_ladder_label label = rig_report_ladder_arrow_label(m);
    if (m->from == m->to) {
        c->cells[column(c, m->from) + 1] = c->pieces[LOOP];
        put(c, column(c, m->from) + 3, c->spacing - 4, label.text);
        return;
    }
    bool is_right = m->to > m->from;
    unsigned first = column(c, is_right ? m->from : m->to) + 1;
    unsigned last = column(c, is_right ? m->to : m->from) - 1;
    for (unsigned i = first; i <= last; i++)
        c->cells[i] = c->pieces[m->is_retransmission ? DASH : LINE];
    c->cells[is_right ? last : first] = c->pieces[is_right ? RIGHT : LEFT];
    /* Between the tail's first piece and the head: blank, words, blank. */
    unsigned room = last - first - 3;
    if (n_columns_of(label.text) > room)
        label = rig_report_ladder_short_label(m);
    unsigned n = n_columns_of(label.text) < room ? n_columns_of(label.text) : room;
    unsigned at = first + (is_right ? 1 : 2) + (room - n) / 2;
    c->cells[at] = ' ';
    put(c, at + 1, n, label.text);
    c->cells[at + n + 1] = ' ';
}

static void put_side(canvas *c, const rig_report_ladder_row *row)
{
    unsigned at = side(c), n = 0;
    for (size_t i = 0; i < row->n_notes && at + 2 < c->width; i++) {
        c->cells[at] = c->pieces[NOTE];
        const rig_report_ladder_label note =
            rig_report_ladder_note(c->language, row->notes[i].text);
        n = n_columns_of(note.text);
        put(c, at + 2, c->width, note.text);
        at += n + 4;
    }
    if (row->message != NULL && at + 8 < c->width) {
        rig_report_ladder_label facts = rig_report_ladder_facts(c->language, row->message);
        put(c, at, c->width, facts.text);
    }
}

static void put_heads(canvas *c, FILE *out, const rig_ladder *l)
{
    char text[RIG_LADDER_END_SIZE];
    for (unsigned i = 0; i < l->n_ends; i++) {
        const rig_report_ladder_label name = rig_report_ladder_end(c->language, &l->ends[i]);
        put_centred(c, column(c, i) - c->spacing / 2 + 1, c->spacing - 1, name.text);
    }
    flush(c, out);
    /* An address that is wider than its column gets a line of its own. */
    bool is_wide = false;
    for (unsigned i = 0; i < l->n_ends; i++) {
        rig_ladder_end_text(&l->ends[i], text);
        is_wide |= n_columns_of(text) >= c->spacing;
    }
    put(c, 0, N_TIME, is_wide ? "" : "        ms");
    for (unsigned i = 0; i < l->n_ends; i++) {
        rig_ladder_end_text(&l->ends[i], text);
        if (!is_wide) {
            put_centred(c, column(c, i) - c->spacing / 2 + 1, c->spacing - 1, text);
            continue;
        }
        unsigned at = column(c, i), n = n_columns_of(text);
        for (unsigned k = 0; k < i; k++)
            c->cells[column(c, k)] = c->pieces[BAR];
        at = at + n / 2 < c->width ? at - n / 2 : at;
        put(c, at > N_TIME ? at : N_TIME, c->width, text);
        flush(c, out);
    }
    if (is_wide)
        put(c, 0, N_TIME, "        ms");
    if (is_wide)
        put_bars(c);
    flush(c, out);
}

static canvas begin(const rig_ladder *l, const rig_report_ladder_style *style)
{
    canvas c = {.pieces = pieces[style->is_ascii], .is_ascii = style->is_ascii};
    c.language =
        style->language != NULL && !style->is_ascii ? style->language : rig_language_english();
    unsigned n = l->n_ends > 0 ? l->n_ends : 1;
    c.width = style->width < RIG_LADDER_MIN_WIDTH ? RIG_LADDER_MIN_WIDTH : style->width;
    c.width = c.width > MAX_WIDTH ? MAX_WIDTH : c.width;
    c.n_ends = l->n_ends;
    c.spacing = c.width > N_TIME + SIDE ? (c.width - N_TIME - SIDE) / n : 0;
    c.spacing = c.spacing < MIN_SPACING ? MIN_SPACING : c.spacing;
    c.spacing = c.spacing > MAX_SPACING ? MAX_SPACING : c.spacing;
    unsigned least = N_TIME + n * c.spacing + SIDE;
    c.width = c.width < least && least <= MAX_WIDTH ? least : c.width;
    clear(&c);
    return c;
}

void rig_report_ladder_print(FILE *out, const rig_ladder *l, const rig_report_ladder_style *style)
{
    canvas c = begin(l, style);
    rig_report_ladder_walk walk = {0};
    rig_report_ladder_row row;
    rig_report_ladder_label text = rig_report_ladder_summary(c.language, l);
    const char *call = rig_translate(c.language, N_("Call"));
    put(&c, 0, n_columns_of(call), call);
    put(&c, n_columns_of(call) + 1, c.width, l->call.call_id);
    flush(&c, out);
    put(&c, 0, c.width, text.text);
    flush(&c, out);
    flush(&c, out);
    put_heads(&c, out, l);
    while (rig_report_ladder_next_row(l, &walk, &row)) {
        text = rig_report_ladder_instant(l, row.t_ns);
        unsigned n = n_columns_of(text.text);
        put(&c, n < N_TIME - 2 ? N_TIME - 2 - n : 0, N_TIME, text.text);
        put_bars(&c);
        if (row.message != NULL)
            put_arrow(&c, row.message);
        put_side(&c, &row);
        flush(&c, out);
    }
    text = rig_report_ladder_outcome(c.language, l);
    for (unsigned i = 0; i < 3; i++)
        c.cells[i] = c.pieces[RULE];
    put(&c, 4, c.width, text.text);
    flush(&c, out);
}
