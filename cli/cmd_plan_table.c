#include "cli/cmd_plan_table.h"

#include <stdio.h>
#include <string.h>

/* Widths that hold the heads and all figures. */
typedef struct widths {
    int axes[RIG_PLAN_MAX_AXES];
    int metrics[RIG_N_METRICS];
} widths;

static int longer(int width, const char *text)
{
    return (int)strlen(text) > width ? (int)strlen(text) : width;
}

static rig_plan_figure figure_of(const rig_plan_point *point, rig_metric metric)
{
    const rig_summary *s = &point->metrics[metric];
    return rig_plan_interval_of(metric, s->mean, s->ci_low, s->ci_high, 2);
}

static widths measure(const rig_plan_report *report)
{
    const rig_plan_question *q = report->plan->question;
    widths w = {{0}, {0}};
    for (size_t a = 0; a < q->n_axes; a++) {
        w.axes[a] = longer(0, q->axes[a].key);
        for (size_t v = 0; v < q->axes[a].n; v++)
            w.axes[a] = longer(w.axes[a], q->axes[a].values[v].text);
    }
    for (size_t m = 0; m < report->n_shown; m++) {
        w.metrics[m] = longer(0, rig_plan_name_of(report->shown[m]).text);
        for (size_t p = 0; p < report->plan->n_points; p++)
            w.metrics[m] =
                longer(w.metrics[m], figure_of(report->plan->points[p], report->shown[m]).text);
    }
    return w;
}

static void print_rule(const rig_plan_report *report, const widths *w)
{
    const rig_plan_question *q = report->plan->question;
    for (size_t a = 0; a < q->n_axes; a++) {
        for (int i = 0; i < w->axes[a] + (a > 0 ? 2 : 1); i++)
            putchar('-');
        putchar('+');
    }
    fputs("-------", stdout);
    for (size_t m = 0; m < report->n_shown; m++) {
        putchar('+');
        for (int i = 0; i < w->metrics[m] + 2; i++)
            putchar('-');
    }
    puts(q->n_requirements > 0 ? "+----------" : "");
}

static void print_table(const rig_plan_report *report)
{
    const rig_plan *plan = report->plan;
    const rig_plan_question *q = plan->question;
    const widths w = measure(report);
    for (size_t a = 0; a < q->n_axes; a++)
        printf("%s%*s |", a > 0 ? " " : "", w.axes[a], q->axes[a].key);
    printf("  runs ");
    for (size_t m = 0; m < report->n_shown; m++)
        printf("| %-*s ", w.metrics[m], rig_plan_name_of(report->shown[m]).text);
    puts(q->n_requirements > 0 ? "| verdict" : "");
    print_rule(report, &w);
    for (size_t p = 0; p < plan->n_points; p++) {
        const rig_plan_point *point = plan->points[p];
        for (size_t a = 0; a < q->n_axes; a++)
            printf("%s%*s |", a > 0 ? " " : "", w.axes[a], q->axes[a].values[point->index[a]].text);
        printf(" %5u ", point->n_replications);
        for (size_t m = 0; m < report->n_shown; m++)
            printf("| %*s ", w.metrics[m], figure_of(point, report->shown[m]).text);
        if (q->n_requirements > 0)
            printf("| %s%s\n", rig_plan_verdict_name(point->verdict),
                   p == plan->answer ? " <" : "");
        else
            putchar('\n');
    }
}

static void say(void *ctx, rig_plan_sentence kind, const char *text)
{
    static const char *const leads[] = {[RIG_PLAN_ANSWER] = "\n",
                                        [RIG_PLAN_EVIDENCE] = "  ",
                                        [RIG_PLAN_OTHER] = "  minimal: ",
                                        [RIG_PLAN_REMARK] = "note: "};
    (void)ctx;
    printf("%s%s\n", leads[kind], text);
}

void rig_plan_print(const rig_plan_report *report)
{
    printf("%s: the mean of so many simulated runs; in (): its %g %% interval\n\n",
           report->scenario->name, 100.0 * report->plan->question->confidence);
    print_table(report);
    rig_plan_explain(report, say, NULL);
}
