/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live/board_screen.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/language.h"
#include "core/tame.h"

enum { LINE_SIZE = 600, N_SPARKS = 8 };

/* Lines in the making. */
typedef struct screen {
    const rig_board_terminal *terminal;
    const rig_language *language;
    char *text;
    size_t n; /* bytes */
    unsigned n_lines;
} screen;

/* Takes a line, tamed and cut. Tabs become blanks. */
static void put(screen *s, const char *line)
{
    rig_tame tame = {.n_held = 0};
    char tamed[RIG_TAME_ROOM(LINE_SIZE) + RIG_TAME_ROOM(0) + 1];
    size_t n = rig_tame_piece(&tame, line, strcspn(line, "\n"), tamed);
    n += rig_tame_end(&tame, tamed + n);
    tamed[n] = '\0';
    size_t room = s->terminal->width - 1, n_bytes, n_columns;
    if (s->n_lines + 1 >= s->terminal->height || s->n_lines == RIG_BOARD_SCREEN_MAX_LINES)
        return;
    for (const char *at = tamed; *at != '\0'; at += n_bytes) {
        n_bytes = rig_letter(at, &n_columns);
        if (n_columns > room || s->n + n_bytes + 2 > RIG_BOARD_SCREEN_SIZE)
            break;
        memcpy(s->text + s->n, *at == '\t' ? " " : at, n_bytes);
        s->n += n_bytes;
        room -= n_columns;
    }
    s->text[s->n++] = '\n';
    s->n_lines++;
}

/* In the language of the reader; the translation takes the same values in the same order
 * (unit.languages). */
static const char *words(const screen *s, const char *text) __attribute__((format_arg(2)));

static const char *words(const screen *s, const char *text)
{
    return rig_translate(s->language, text);
}

static void say(screen *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(screen *s, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, words(s, format), args);
    va_end(args);
    put(s, line);
}

/* ---- lines ---- */

static void say_head(screen *s, const rig_board_view *v)
{
    static const char *const phases[RIG_N_BOARD_PHASES] = {
        [RIG_BOARD_STARTING] = N_("starting"), [RIG_BOARD_LEAD] = N_("waiting for the first call"),
        [RIG_BOARD_PLACING] = N_("placing"),   [RIG_BOARD_DRAINING] = N_("draining"),
        [RIG_BOARD_STOPPING] = N_("stopping"), [RIG_BOARD_JUDGING] = N_("judging"),
        [RIG_BOARD_OVER] = N_("over")};
    char left[60] = "";
    if (v->phase == RIG_BOARD_PLACING && !isnan(v->left_wire_s))
        (void)snprintf(left, sizeof left, words(s, N_(", %.0f:%02.0f left")),
                       floor(v->left_wire_s / 60.0), floor(fmod(v->left_wire_s, 60.0)));
    say(s, N_("%s: %.0f of %.0f s%s  %s at %s"), words(s, phases[v->phase]), v->at_s, v->duration_s,
        left, v->name, v->target);
    if (v->is_blind) {
        say(s, N_("calls    %llu of %llu due"), (unsigned long long)v->n_due,
            (unsigned long long)v->n_planned);
        return;
    }
    say(s, N_("calls    %llu of %llu due, %llu on the wire, %llu up, %llu served"),
        (unsigned long long)v->n_due, (unsigned long long)v->n_planned,
        (unsigned long long)v->n_offered, (unsigned long long)v->n_up,
        (unsigned long long)v->n_outcome[RIG_OUTCOME_SERVED]);
}

/* The rate so far, as high as its highest. */
static void say_rate(screen *s, const rig_board_view *v)
{
    static const char *const blocks[N_SPARKS] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const ascii[N_SPARKS] = {"_", ".", ":", "-", "=", "+", "*", "#"};
    const char *const *sparks = s->terminal->is_utf8 ? blocks : ascii;
    char text[LINE_SIZE];
    int n = snprintf(text, sizeof text, words(s, N_("rate     %.1f/s, planned %.1f/s  ")),
                     v->rate_per_s, v->due_per_s);
    const size_t used = rig_columns(text) + 1;
    const size_t room = s->terminal->width > used ? s->terminal->width - used : 0;
    const size_t first = v->n_samples > room ? v->n_samples - room : 0;
    float most = 0.0F;
    for (size_t i = first; i < v->n_samples; i++)
        most = fmaxf(most, v->samples[i].rate_per_s);
    for (size_t i = first; i < v->n_samples && n + 4 < (int)sizeof text; i++) {
        const float share = most > 0.0F ? v->samples[i].rate_per_s / most : 0.0F;
        n += snprintf(text + n, sizeof text - (size_t)n, "%s",
                      sparks[(int)lrintf(share * (N_SPARKS - 1))]);
    }
    put(s, text);
}

static void say_resources(screen *s, const rig_board_view *v)
{
    say(s, N_("now      circuits %llu of %u, queue %llu, agents %llu of %u"),
        (unsigned long long)v->n_up, v->n_circuits, (unsigned long long)v->n_at[RIG_CALL_IN_QUEUE],
        (unsigned long long)v->n_busy, v->n_agents);
    if (!isnan(v->circuits.mean))
        say(s, N_("expected circuits %.0f, queue %.1f, on duty %.0f"), v->circuits.mean,
            v->queue.mean, v->on_duty.mean);
}

/* A word in its column: a letter of Chinese takes two. */
static rig_told cell(const screen *s, const char *text, int width)
{
    return rig_cell(words(s, text), width);
}

static void say_stages(screen *s, const rig_board_view *v)
{
    char by[60] = "";
    const bool is_compared = v->compared_s > 0.0 && !isnan(v->stages[0].predicted.mean);
    if (is_compared)
        (void)snprintf(by, sizeof by, words(s, N_("by %.0f s")), v->compared_s);
    say(s, "%s %s %s %s %s%s%s", cell(s, N_("stage"), -6).text, cell(s, N_("entered"), 7).text,
        cell(s, N_("lost"), 7).text, cell(s, N_("loss"), 7).text, rig_cell(by, 10).text,
        is_compared ? "  " : "", is_compared ? words(s, N_("predicted")) : "");
    for (int i = 0; i < RIG_N_STAGES; i++) {
        const rig_board_stage *stage = &v->stages[i];
        char loss[16] = "-", beside[64] = "";
        if (!isnan(stage->p_lost))
            (void)snprintf(loss, sizeof loss, "%.2f%%", stage->p_lost * 100.0);
        if (is_compared)
            (void)snprintf(beside, sizeof beside, "%7llu%s  %.0f..%.0f +-%.0f%s",
                           (unsigned long long)stage->n_lost_by, stage->n_open_by > 0 ? "+" : " ",
                           stage->predicted.low, stage->predicted.high, stage->margin,
                           stage->side > 0   ? words(s, N_(" MORE"))
                           : stage->side < 0 ? words(s, N_(" FEWER"))
                                             : "");
        say(s, "%s %7llu %7llu %7s %s", cell(s, rig_stage_name((rig_stage)i), -6).text,
            (unsigned long long)stage->n_entered, (unsigned long long)stage->n_lost, loss, beside);
    }
}

/* As on the page: a share in percent, of a limit as much as it has. */
static void write_amount(double x, const char *unit, bool is_limit, char text[60])
{
    if (strcmp(unit, "1") == 0)
        (void)snprintf(text, 60, is_limit ? "%.12g%%" : "%.2f%%", x * 100.0);
    else
        (void)snprintf(text, 60, "%.4g%s%s", x, unit[0] != '\0' ? " " : "", unit);
}

static void say_levels(screen *s, const rig_board_view *v)
{
    for (size_t i = 0; i < v->n_levels && i < 4; i++) {
        const rig_board_level *level = &v->levels[i];
        char value[60], limit[60];
        (void)snprintf(value, sizeof value, "%s", words(s, N_("at the end")));
        if (!isnan(level->value))
            write_amount(level->value, level->unit, false, value);
        write_amount(level->limit, level->unit, true, limit);
        say(s,
            level->is_minimum ? N_("level    %s %s (at least %s)")
                              : N_("level    %s %s (at most %s)"),
            level->metric, value, limit);
    }
}

static void say_faults(screen *s, const rig_board_view *v)
{
    for (size_t i = 0; i < v->n_faults; i++) {
        const char *what = v->faults[i].what; /* "trunk mobile" */
        char kind[RIG_BOARD_TEXT_SIZE];
        const int n = snprintf(kind, sizeof kind, "%.*s", (int)strcspn(what, " "), what);
        if (v->faults[i].is_on)
            say(s, N_("fault    %s%s, until %.0f s"), words(s, kind), what + n,
                v->faults[i].until_s);
    }
}

static void say_lost(screen *s, const rig_board_view *v)
{
    for (size_t i = 0; i < v->n_lost && i < 3; i++)
        say(s, N_("lost     %.1f s %s: %s  %s"), v->lost[i].at_s,
            rig_outcome_name(v->lost[i].outcome), v->lost[i].reason, v->lost[i].call_id);
}

/* What the capture shows. */
static void say_wire(screen *s, const rig_board_view *view)
{
    say_rate(s, view);
    say_resources(s, view);
    say_stages(s, view);
    say_levels(s, view);
    say_faults(s, view);
    say_lost(s, view);
}

unsigned rig_board_screen(const rig_board_view *view, const rig_board_terminal *terminal,
                          char *text)
{
    const bool is_told = terminal->is_utf8 && terminal->language != NULL;
    screen s = {.terminal = terminal,
                .language = is_told ? terminal->language : rig_language_english(),
                .text = text};
    text[0] = '\0';
    if (terminal->width < RIG_BOARD_SCREEN_LEAST_WIDTH || terminal->height < 2)
        return 0;
    say_head(&s, view);
    if (view->is_blind)
        say(&s, N_("another program captures (--capture): nothing is seen of the calls yet"));
    else
        say_wire(&s, view);
    text[s.n] = '\0';
    return s.n_lines;
}
