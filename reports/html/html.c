/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "reports/html/diagnosis.h"
#include "reports/html/facts.h"
#include "reports/html/different.h"
#include "reports/html/load.h"
#include "reports/html/losses.h"
#include "reports/html/parts.h"
#include "reports/html/policy.h"
#include "reports/html/sections.h"
#include "reports/html/style.h"
#include "reports/html/svg.h"
#include "reports/html/text.h"
#include "reports/json_file.h"
#include "reports/ladder_svg.h"
#include "reports/plots/plots.h"

/* A section: its place in the page, its body, and the picture below it. */
typedef struct section {
    const char *id, *short_title, *title;
    void (*print)(FILE *out,
                  const json_t *result); /**< NULL: the calls that differ, with ladders */
    rig_plot plot;                       /**< RIG_N_PLOTS = none */
    const char *caption; /**< of the picture; it also tells what is in it to those who cannot see */
} section;

/* In the order in which one reads who has to decide. */
static const section sections[] = {
    {"stages", "Stages", "Where calls are lost", rig_html_stages, RIG_PLOT_FUNNEL,
     "Loss of each stage: predicted (blue, with the 95 % interval of one run) beside observed "
     "(orange)."},
    {"diagnosis", "Diagnosis", "What is different in the call centre", rig_html_diagnosis,
     RIG_N_PLOTS, ""},
    {"losses", "Losses over time", "Losses over time", rig_html_losses, RIG_PLOT_STAGES,
     "Calls lost in each stage over time: observed (orange, solid) on the mean of the replays "
     "(blue, dashed) and its band; triangles: bins outside, pointing up where above and down where "
     "below the band, filled where by more than the margin."},
    {"levels", "Service levels", "Service levels", rig_html_levels, RIG_N_PLOTS, ""},
    {"checks", "Validity", "Validity of load and capture", rig_html_checks, RIG_N_PLOTS, ""},
    {"time", "Over time", "Calls over time", rig_html_over_time, RIG_PLOT_CALLS,
     "Calls offered and served over time: observed (orange) on the prediction (blue) and its "
     "band."},
    {"trunk", "Trunk", "Trunk", rig_html_trunk, RIG_PLOT_CIRCUITS,
     "Circuits in use over time: observed (orange) on the prediction (blue) and its band; dashed: "
     "the circuits of the scenario."},
    {"lateness", "Lateness", "Did the calls go out on time?", rig_html_lateness, RIG_PLOT_LATENESS,
     "Lateness of the calls' INVITEs: how many of the middle 99 % of the calls were how late."},
    {"load", "Load", "Was the load the planned one?", rig_html_load, RIG_PLOT_ARRIVALS,
     "Calls placed over time: on the wire (orange) on the plan (blue)."},
    {"outcomes", "Outcomes", "Outcomes and reasons", rig_html_outcomes, RIG_N_PLOTS, ""},
    {"agreement", "Agreement", "Replay agreement, call by call", rig_html_agreement, RIG_N_PLOTS,
     ""},
    {"different", "Calls that differ", "The first calls that ended otherwise", NULL, RIG_N_PLOTS,
     ""},
    {"metrics", "Figures", "Figures, observed against predicted", rig_html_metrics, RIG_N_PLOTS,
     ""},
    {"parts", "Parts", "Carriers, classes, skills and groups of agents", rig_html_parts,
     RIG_N_PLOTS, ""},
    {"delays", "Rig delays", "The rig's own delays", rig_html_delays, RIG_N_PLOTS, ""},
    {"notes", "Notes", "What the figures mean", rig_html_notes, RIG_N_PLOTS, ""},
    {"inputs", "Inputs", "Identity of the inputs", rig_html_inputs, RIG_N_PLOTS, ""},
};
#define N_SECTIONS (sizeof sections / sizeof sections[0])

/* What the pictures are taken from, and what is said in place of missing ones. */
typedef struct pictures {
    const char *run_dir;
    const char *problem; /**< why there are none; "" = the result lacks their figures */
    const rig_ladders *ladders;
    rig_status status; /**< RIG_ENOMEM: the page lacks a picture that is there */
} pictures;

static void print_layout(FILE *out, const section *s, pictures *p, rig_layout layout)
{
    char prefix[32];
    rig_error ignored;
    char *path = rig_plot_svg_path(p->run_dir, s->plot, layout);
    (void)snprintf(prefix, sizeof prefix, "%s-%s-", rig_plot_name(s->plot),
                   rig_layout_name(layout));
    fprintf(out, "<div class=\"plot %s\">", rig_layout_name(layout));
    rig_status status = RIG_ENOMEM;
    if (path != NULL)
        status = rig_html_svg(out, path, prefix, s->caption, &ignored);
    if (status == RIG_ENOMEM)
        p->status = status;
    else if (status != RIG_OK)
        rig_html_not_available(out);
    fputs("</div>\n", out);
    free(path);
}

static void print_picture(FILE *out, const section *s, pictures *p)
{
    char *path = rig_plot_svg_path(p->run_dir, s->plot, RIG_LAYOUT_WIDE);
    bool exists = path != NULL && access(path, R_OK) == 0;
    if (path == NULL)
        p->status = RIG_ENOMEM;
    free(path);
    fputs("<figure>\n", out);
    if (exists) {
        for (int layout = 0; layout < RIG_N_SVG_LAYOUTS; layout++)
            print_layout(out, s, p, (rig_layout)layout);
    } else {
        fputs("<p class=\"none\">picture not available", out);
        if (p->problem[0] != '\0') {
            fputs(": ", out);
            rig_html_text(out, p->problem);
        }
        fputs("</p>\n", out);
    }
    fputs("<figcaption>", out);
    rig_html_text(out, s->caption);
    fputs("</figcaption>\n</figure>\n", out);
}

static void print_style(FILE *out, pictures *p)
{
    char *css = NULL;
    size_t n;
    FILE *to = open_memstream(&css, &n);
    if (to != NULL) {
        (void)fputs(rig_html_style_page, to);
        if (p->ladders != NULL)
            rig_report_ladder_svg_style(to);
    }
    if (to == NULL || fclose(to) != 0)
        p->status = RIG_ENOMEM;
    else
        rig_html_style_and_policy(out, css);
    free(css);
}

static void print_page(FILE *out, const json_t *result, pictures *p)
{
    const char *judgement = rig_json_text(rig_json_object(result, "verdict"), "judgement");
    rig_html_page_begin(out);
    rig_html_text(out, judgement[0] != '\0' ? judgement : "no verdict");
    fputs(": ", out);
    rig_html_text(out, rig_json_text(result, "name"));
    rig_html_title_end(out);
    print_style(out, p);
    fputs("</head>\n<body>\n", out);
    rig_html_verdict(out, result);
    fputs("<nav aria-label=\"sections\"><ul>\n", out);
    for (size_t i = 0; i < N_SECTIONS; i++)
        fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id, sections[i].short_title);
    fputs("</ul></nav>\n<main>\n", out);
    for (size_t i = 0; i < N_SECTIONS; i++) {
        const section *s = &sections[i];
        fprintf(out, "<section id=\"%s\">\n<h2>%s</h2>\n", s->id, s->title);
        if (s->print != NULL)
            s->print(out, result);
        else
            rig_html_different(out, result, p->ladders);
        if (s->plot != RIG_N_PLOTS)
            print_picture(out, s, p);
        fputs("</section>\n", out);
    }
    fputs("</main>\n<footer>Made by peakrig ", out);
    rig_html_text(out, rig_json_text(result, "peakrig"));
    fputs(" from result.json.</footer>\n</body>\n</html>\n", out);
}

static rig_status write_page(const json_t *result, const char *path, pictures *p, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    print_page(rig_atomic_file_stream(file), result, p);
    if (p->status == RIG_OK)
        return rig_atomic_file_commit(file, err);
    rig_atomic_file_abandon(file);
    return rig_fail(err, p->status, "%s: out of memory", path);
}

rig_status rig_report_html(const json_t *result, const char *run_dir, const rig_ladders *ladders,
                           rig_error *err)
{
    rig_status status = rig_json_expect_format(result, run_dir, "peakrig result 1", err);
    if (status != RIG_OK)
        return status;
    rig_error problem = {.status = RIG_OK};
    rig_status plotted = rig_plots_make(result, run_dir, &problem);
    if (plotted != RIG_OK && plotted != RIG_EENV)
        return rig_fail(err, plotted, "%s", problem.text);
    char *path;
    if (asprintf(&path, "%s/report.html", run_dir) < 0)
        return rig_fail(err, RIG_ENOMEM, "report: out of memory");
    status = write_page(
        result, path, &(pictures){.run_dir = run_dir, .problem = problem.text, .ladders = ladders},
        err);
    free(path);
    if (status == RIG_OK && plotted != RIG_OK)
        status = rig_fail(err, plotted, "%s", problem.text);
    return status;
}
