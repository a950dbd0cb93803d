/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cmd_plan_table.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/console.h"

/* Widths that hold the heads and all figures. */
typedef struct widths {
    int axes[RIG_PLAN_MAX_AXES];
    int runs;
    int metrics[RIG_N_METRICS];
} widths;

static int longer(int width, const char *text)
{
    return (int)rig_columns(text) > width ? (int)rig_columns(text) : width;
}

static rig_report_plan_figure figure_of(const rig_plan_point *point, rig_metric metric)
{
    const rig_summary *s = &point->metrics[metric];
    return rig_report_plan_interval_of(metric, s->mean, s->ci_low, s->ci_high, 2);
}

static widths measure(const rig_report_plan *report)
{
    const rig_plan_question *q = report->plan->question;
    widths w = {.runs = longer(5, rig_console_words("runs"))};
    for (size_t a = 0; a < q->n_axes; a++) {
        w.axes[a] = longer(0, q->axes[a].key);
        for (size_t v = 0; v < q->axes[a].n; v++)
            w.axes[a] = longer(w.axes[a], q->axes[a].values[v].text);
    }
    for (size_t m = 0; m < report->n_shown; m++) {
        w.metrics[m] = longer(0, rig_metric_short_name(report->shown[m]).text);
        for (size_t p = 0; p < report->plan->n_points; p++)
            w.metrics[m] = longer(
                w.metrics[m],
                rig_console_words(figure_of(report->plan->points[p], report->shown[m]).text));
    }
    return w;
}

/* What a row needs without its figures. */
static size_t columns_beside(const rig_report_plan *report, const widths *w)
{
    const rig_plan_question *q = report->plan->question;
    size_t used = (size_t)w->runs + 2 + (q->n_requirements > 0 ? 11 : 0);
    for (size_t a = 0; a < q->n_axes; a++)
        used += (size_t)w->axes[a] + 3;
    return used;
}

/* Does a row of any of the tables have room for a figure beside what it is of. */
static bool has_room(const rig_report_plan *report, const widths *w, unsigned width)
{
    int widest = 0;
    for (size_t m = 0; m < report->n_shown; m++)
        widest = w->metrics[m] > widest ? w->metrics[m] : widest;
    return columns_beside(report, w) + (size_t)widest + 3 <= width;
}

/* Figures that stand in one table: from `first` to before `end`. */
typedef struct part {
    size_t first, end;
} part;

/* The figures behind `first` that fit beside the axes into a line; one at least. */
static part next_part(const rig_report_plan *report, const widths *w, size_t first, unsigned width)
{
    size_t used = columns_beside(report, w);
    part made = {first, first};
    while (made.end < report->n_shown) {
        used += (size_t)w->metrics[made.end] + 3;
        if (width > 0 && used > width && made.end > first)
            break;
        made.end++;
    }
    return made;
}

static void print_rule(const rig_report_plan *report, const widths *w, part shown)
{
    const rig_plan_question *q = report->plan->question;
    for (size_t a = 0; a < q->n_axes; a++) {
        for (int i = 0; i < w->axes[a] + (a > 0 ? 2 : 1); i++)
            putchar('-');
        putchar('+');
    }
    for (int i = 0; i < w->runs + 2; i++)
        putchar('-');
    for (size_t m = shown.first; m < shown.end; m++) {
        putchar('+');
        for (int i = 0; i < w->metrics[m] + 2; i++)
            putchar('-');
    }
    puts(q->n_requirements > 0 ? "+----------" : "");
}

static void print_part(const rig_report_plan *report, const widths *w, part shown)
{
    const rig_plan *plan = report->plan;
    const rig_plan_question *q = plan->question;
    for (size_t a = 0; a < q->n_axes; a++)
        printf("%s%*s |", a > 0 ? " " : "", w->axes[a], q->axes[a].key);
    printf(" %s ", rig_console_cell("runs", w->runs).text);
    for (size_t m = shown.first; m < shown.end; m++)
        printf("| %-*s ", w->metrics[m], rig_metric_short_name(report->shown[m]).text);
    printf("%s%s\n", q->n_requirements > 0 ? "| " : "",
           q->n_requirements > 0 ? rig_console_words("verdict") : "");
    print_rule(report, w, shown);
    for (size_t p = 0; p < plan->n_points; p++) {
        const rig_plan_point *point = plan->points[p];
        for (size_t a = 0; a < q->n_axes; a++)
            printf("%s%*s |", a > 0 ? " " : "", w->axes[a],
                   q->axes[a].values[point->index[a]].text);
        printf(" %*u ", w->runs, point->n_replications);
        for (size_t m = shown.first; m < shown.end; m++)
            printf("| %s ",
                   rig_console_cell(figure_of(point, report->shown[m]).text, w->metrics[m]).text);
        if (q->n_requirements > 0)
            printf("| %s%s\n", rig_console_words(rig_plan_verdict_name(point->verdict)),
                   p == plan->answer ? " <" : "");
        else
            putchar('\n');
    }
}

/* A combination as a paragraph: its counts, the verdict, and its figures, one behind the other. */
static void print_combination(const rig_report_plan *report, size_t p)
{
    const rig_plan_question *q = report->plan->question;
    const rig_plan_point *point = report->plan->points[p];
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return;
    for (size_t a = 0; a < q->n_axes; a++)
        fprintf(out, "%s%s=%s", a > 0 ? ", " : "", q->axes[a].key,
                q->axes[a].values[point->index[a]].text);
    if (q->n_requirements > 0)
        fprintf(out, ": %s%s", rig_console_words(rig_plan_verdict_name(point->verdict)),
                p == report->plan->answer ? " <" : "");
    fprintf(out, "; %s %u", rig_console_words("runs"), point->n_replications);
    for (size_t m = 0; m < report->n_shown; m++)
        fprintf(out, "; %s %s", rig_metric_short_name(report->shown[m]).text,
                rig_console_words(figure_of(point, report->shown[m]).text));
    if (fclose(out) == 0)
        rig_console_wrap(stdout, text, rig_console_width());
    free(text);
}

/* On a terminal that is too narrow for all figures they stand in several tables; where not even one
 * has room beside the counts, each combination is a paragraph. */
static void print_tables(const rig_report_plan *report)
{
    const widths w = measure(report);
    const unsigned width = rig_console_width();
    part shown = {0, 0};
    if (width > 0 && !has_room(report, &w, width)) {
        for (size_t p = 0; p < report->plan->n_points; p++)
            print_combination(report, p);
        return;
    }
    do {
        if (shown.end > 0)
            putchar('\n');
        shown = next_part(report, &w, shown.end, width);
        print_part(report, &w, shown);
    } while (shown.end < report->n_shown);
}

static void say(void *ctx, rig_plan_sentence kind, const char *text)
{
    static const char *const leads[] = {[RIG_PLAN_ANSWER] = "\n",
                                        [RIG_PLAN_EVIDENCE] = "  ",
                                        [RIG_PLAN_OTHER] = N_("  minimal: "),
                                        [RIG_PLAN_REMARK] = N_("note: ")};
    (void)ctx;
    fputs(kind == RIG_PLAN_ANSWER ? leads[kind] : "", stdout);
    rig_console_say("%s%s", kind == RIG_PLAN_ANSWER ? "" : rig_console_words(leads[kind]), text);
}

void rig_print_plan(const rig_report_plan *report)
{
    rig_console_say("%s: the mean of so many simulated runs; in (): its %g %% interval",
                    report->scenario->name, 100.0 * report->plan->question->confidence);
    putchar('\n');
    print_tables(report);
    rig_report_plan_explain(report, rig_console_language(), say, NULL);
}
