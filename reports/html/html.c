/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "reports/html/agents.h"
#include "reports/html/costs.h"
#include "reports/html/diagnosis.h"
#include "reports/html/ends.h"
#include "reports/html/facts.h"
#include "reports/html/different.h"
#include "reports/html/load.h"
#include "reports/html/hover.h"
#include "reports/html/losses.h"
#include "reports/html/parts.h"
#include "reports/html/policy.h"
#include "reports/html/sections.h"
#include "reports/html/service.h"
#include "reports/html/style.h"
#include "reports/html/svg.h"
#include "reports/html/text.h"
#include "reports/json_file.h"
#include "reports/ladder_svg.h"
#include "reports/plots/plots.h"

/* A section: its place in the page, its body, and the picture below it. */
typedef struct section {
    const char *id, *short_title, *title;
    void (*print)(const rig_page *page, const json_t *result);
    rig_plot plot;       /**< RIG_N_PLOTS = none */
    const char *caption; /**< of the picture; it also tells what is in it to those who cannot see */
    rig_status (*print_wire)(const rig_page *page, const json_t *result,
                             const rig_report_wire *wire); /**< where `print` is NULL */
} section;

/* In the order in which one reads who has to decide. */
static const section sections[] = {
    {"stages", N_("Stages"), N_("Where calls are lost"), rig_html_stages, RIG_PLOT_FUNNEL,
     P_("Loss of each stage: predicted (blue, with the 95 % interval of one run) beside observed "
        "(orange)."),
     NULL},
    {"diagnosis", N_("Diagnosis"), N_("What is different in the call centre"), rig_html_diagnosis,
     RIG_N_PLOTS, "", NULL},
    {"losses", N_("Losses over time"), N_("Losses over time"), rig_html_losses, RIG_PLOT_STAGES,
     N_("Calls lost in each stage over time: observed (orange, solid) on the mean of the replays "
        "(blue, dashed) and its band; triangles: bins outside, pointing up where above and down "
        "where "
        "below the band, filled where by more than the margin."),
     NULL},
    {"service", N_("Waits and agents"), N_("Waits, queue and agents over time"), rig_html_service,
     RIG_PLOT_SERVICE,
     P_("Waits and service level by the arrival of the call, queue and agents as means over each "
        "interval: observed (orange) on the prediction (blue) and its 95 % band."),
     NULL},
    {"agents", N_("Agents"), N_("The agents, one by one"), NULL, RIG_N_PLOTS, "", rig_html_agents},
    {"levels", N_("Service levels"), N_("Service levels"), rig_html_levels, RIG_N_PLOTS, "", NULL},
    {"ends", N_("Calls and callers"), N_("What became of the calls and of their callers"),
     rig_html_ends, RIG_N_PLOTS, "", NULL},
    {"costs", N_("Costs"), N_("What it costs"), rig_html_costs, RIG_N_PLOTS, "", NULL},
    {"checks", N_("Validity"), N_("Validity of load and capture"), rig_html_checks, RIG_N_PLOTS, "",
     NULL},
    {"time", N_("Over time"), N_("Calls over time"), rig_html_over_time, RIG_PLOT_CALLS,
     N_("Calls offered and served over time: observed (orange) on the prediction (blue) and its "
        "band."),
     NULL},
    {"trunk", N_("Trunk"), N_("Trunk"), rig_html_trunk, RIG_PLOT_CIRCUITS,
     N_("Circuits in use over time: observed (orange) on the prediction (blue) and its band; "
        "dashed: "
        "the circuits of the scenario."),
     NULL},
    {"lateness", N_("Lateness"), N_("Did the calls go out on time?"), rig_html_lateness,
     RIG_PLOT_LATENESS,
     P_("Lateness of the calls' INVITEs: how many of the middle 99 % of the calls were how late."),
     NULL},
    {"load", N_("Load"), N_("Was the load the planned one?"), rig_html_load, RIG_PLOT_ARRIVALS,
     N_("Calls placed over time: on the wire (orange) on the plan (blue)."), NULL},
    {"outcomes", N_("Outcomes"), N_("Outcomes and reasons"), rig_html_outcomes, RIG_N_PLOTS, "",
     NULL},
    {"agreement", N_("Agreement"), N_("Replay agreement, call by call"), rig_html_agreement,
     RIG_N_PLOTS, "", NULL},
    {"different", N_("Calls that differ"), N_("The first calls that ended otherwise"), NULL,
     RIG_N_PLOTS, "", rig_html_different},
    {"metrics", N_("Figures"), N_("Figures, observed against predicted"), rig_html_metrics,
     RIG_N_PLOTS, "", NULL},
    {"parts", N_("Parts"), N_("Carriers, classes, skills and groups of agents"), rig_html_parts,
     RIG_N_PLOTS, "", NULL},
    {"delays", N_("Rig delays"), N_("The rig's own delays"), rig_html_delays, RIG_N_PLOTS, "",
     NULL},
    {"notes", N_("Notes"), N_("What the figures mean"), rig_html_notes, RIG_N_PLOTS, "", NULL},
    {"inputs", N_("Inputs"), N_("Identity of the inputs"), rig_html_inputs, RIG_N_PLOTS, "", NULL},
};
#define N_SECTIONS (sizeof sections / sizeof sections[0])

/* What the pictures are taken from, and what is said in place of missing ones. */
typedef struct pictures {
    const char *run_dir;
    const char *problem; /**< why there are none; "" = the result lacks their figures */
    const rig_report_wire *wire;
    rig_status status; /**< RIG_ENOMEM: the page lacks a picture that is there */
} pictures;

static void print_layout(const rig_page *page, const json_t *result, const section *s, pictures *p,
                         rig_layout layout)
{
    char prefix[32];
    rig_error ignored;
    char *path = rig_plot_svg_path(p->run_dir, s->plot, layout);
    (void)snprintf(prefix, sizeof prefix, "%s-%s-", rig_plot_name(s->plot),
                   rig_layout_name(layout));
    fprintf(page->out, "<div class=\"plot %s\">", rig_layout_name(layout));
    char *over = NULL;
    rig_status status = path == NULL ? RIG_ENOMEM : RIG_OK;
    if (status == RIG_OK && layout == RIG_LAYOUT_WIDE) /* phones have no pointer */
        status = rig_html_hover(page, result, s->plot, layout, &over);
    if (status == RIG_OK)
        status = rig_html_svg(
            page->out, path,
            &(rig_html_picture){prefix, rig_page_words(page, s->caption), page->language, over},
            &ignored);
    free(over);
    if (status == RIG_ENOMEM)
        p->status = status;
    else if (status != RIG_OK)
        rig_html_not_available(page);
    fputs("</div>\n", page->out);
    free(path);
}

static void print_picture(const rig_page *page, const json_t *result, const section *s, pictures *p)
{
    char *path = rig_plot_svg_path(p->run_dir, s->plot, RIG_LAYOUT_WIDE);
    bool exists = path != NULL && access(path, R_OK) == 0;
    if (path == NULL)
        p->status = RIG_ENOMEM;
    free(path);
    fputs("<figure>\n", page->out);
    if (exists) {
        for (int layout = 0; layout < RIG_N_SVG_LAYOUTS; layout++)
            print_layout(page, result, s, p, (rig_layout)layout);
    } else {
        fputs("<p class=\"none\">", page->out);
        rig_page_word(page, N_("picture not available"));
        if (p->problem[0] != '\0') {
            fputs(": ", page->out);
            rig_html_text(page->out, p->problem);
        }
        fputs("</p>\n", page->out);
    }
    fputs("<figcaption>", page->out);
    rig_page_word(page, s->caption);
    fputs("</figcaption>\n</figure>\n", page->out);
}

static void print_style(const rig_page *page, pictures *p)
{
    char *css = NULL;
    size_t n;
    FILE *to = open_memstream(&css, &n);
    if (to != NULL) {
        (void)fputs(rig_html_style_page, to);
        if (p->wire->ladders != NULL)
            rig_report_ladder_svg_style(to);
    }
    if (to == NULL || fclose(to) != 0)
        p->status = RIG_ENOMEM;
    else
        rig_html_style_and_policy(page->out, css);
    free(css);
}

static void print_page(const rig_page *page, const json_t *result, pictures *p)
{
    const char *judgement = rig_json_text(rig_json_object(result, "verdict"), "judgement");
    char made[160];
    rig_html_page_begin(page->out, page->language);
    rig_page_word(page, judgement[0] != '\0' ? judgement : N_("no verdict"));
    fputs(": ", page->out);
    rig_html_text(page->out, rig_json_text(result, "name"));
    rig_html_title_end(page->out);
    print_style(page, p);
    fputs("</head>\n<body>\n", page->out);
    rig_html_verdict(page, result);
    rig_page_put(page, "<nav aria-label=\"sections\"><ul>\n");
    for (size_t i = 0; i < N_SECTIONS; i++)
        fprintf(page->out, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id,
                rig_page_words(page, sections[i].short_title));
    fputs("</ul></nav>\n<main>\n", page->out);
    for (size_t i = 0; i < N_SECTIONS; i++) {
        const section *s = &sections[i];
        fprintf(page->out, "<section id=\"%s\">\n<h2>%s</h2>\n", s->id,
                rig_page_words(page, s->title));
        if (s->print != NULL)
            s->print(page, result);
        else if (s->print_wire(page, result, p->wire) != RIG_OK)
            p->status = RIG_ENOMEM;
        if (s->plot != RIG_N_PLOTS)
            print_picture(page, result, s, p);
        fputs("</section>\n", page->out);
    }
    fputs("</main>\n<footer>", page->out);
    (void)snprintf(made, sizeof made,
                   rig_page_words(page, N_("Made by peakrig %s from result.json.")),
                   rig_json_text(result, "peakrig"));
    rig_html_text(page->out, made);
    fputs("</footer>\n</body>\n</html>\n", page->out);
}

static rig_status write_page(const json_t *result, const char *path, const rig_language *language,
                             pictures *p, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    print_page(&(rig_page){rig_atomic_file_stream(file), language}, result, p);
    if (p->status == RIG_OK)
        return rig_atomic_file_commit(file, err);
    rig_atomic_file_abandon(file);
    return rig_fail(err, p->status, "%s: out of memory", path);
}

rig_status rig_report_html(const json_t *result, const char *run_dir, const rig_report_wire *wire,
                           const rig_language *language, rig_error *err)
{
    static const rig_report_wire nothing = {.ladders = NULL};
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
    status = write_page(result, path, language,
                        &(pictures){.run_dir = run_dir,
                                    .problem = problem.text,
                                    .wire = wire != NULL ? wire : &nothing},
                        err);
    free(path);
    if (status == RIG_OK && plotted != RIG_OK)
        status = rig_fail(err, plotted, "%s", problem.text);
    return status;
}
