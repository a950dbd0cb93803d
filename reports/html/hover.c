/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/hover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/stage.h"
#include "reports/html/text.h"
#include "reports/json_file.h"
#include "reports/plots/series.h"
#include "reports/plots/stages.h"

/* A panel's figures: lists of one length, an item an interval. */
typedef struct panel {
    rig_told title;   /* in the page's language */
    const json_t *of; /* observed, mean, low, high */
    double scale, length_s, end_s;
    size_t n;
} panel;

static double figure(const panel *p, const char *member, size_t at)
{
    return p->scale * rig_json_number_at(rig_json_list(p->of, member), at);
}

static void print_area(const rig_page *page, const panel *p, const rig_plot_box *box, size_t at,
                       FILE *out)
{
    const double from_s = (double)at * p->length_s, to_s = fmin(from_s + p->length_s, p->end_s);
    const double mean = figure(p, "mean", at), observed = figure(p, "observed", at);
    char text[256];
    if (!(to_s > from_s) || (isnan(mean) && isnan(observed)))
        return;
    (void)snprintf(text, sizeof text,
                   rig_page_words(page, N_("%s: from %s to %s s observed %s, predicted %s (%s to "
                                           "%s)")),
                   p->title.text, rig_html_number(from_s, 6).text, rig_html_number(to_s, 6).text,
                   rig_html_number(observed, 4).text, rig_html_number(mean, 4).text,
                   rig_html_number(figure(p, "low", at), 4).text,
                   rig_html_number(figure(p, "high", at), 4).text);
    fprintf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"><title>",
            box->x + box->width * from_s / p->end_s, box->y,
            box->width * (to_s - from_s) / p->end_s, box->height);
    rig_html_text(out, text);
    fputs("</title></rect>\n", out);
}

static void print_areas(const rig_page *page, const panel *p, const rig_plot_grid *grid,
                        rig_plot_panel_place place, FILE *out)
{
    const rig_plot_box box = rig_plot_panel_box(grid, place);
    if (!(p->length_s > 0.0) || !(p->end_s > 0.0) || p->n > RIG_HTML_MOST_HOVERED)
        return;
    for (size_t i = 0; i < p->n; i++)
        print_area(page, p, &box, i, out);
}

static void print_quantities(const rig_page *page, const json_t *result, rig_plot plot,
                             rig_layout layout, FILE *out)
{
    size_t n;
    const rig_plot_quantity *quantities = rig_plot_quantities(plot, &n);
    const json_t *intervals = rig_json_object(result, "intervals");
    for (size_t q = 0; q < n; q++) {
        const panel p = {
            .title = rig_retell(page->language, quantities[q].title),
            .of = rig_json_object(rig_json_object(intervals, "series"), quantities[q].key),
            .scale = quantities[q].scale,
            .length_s = rig_json_number(intervals, "length_s"),
            .end_s = rig_plot_series_end_s(result, plot),
            .n = rig_plot_series_n(result, plot)};
        print_areas(page, &p, rig_plot_series_grid(plot, layout), (rig_plot_panel_place){q, n},
                    out);
    }
}

static void print_stages(const rig_page *page, const json_t *result, rig_layout layout, FILE *out)
{
    const json_t *stages = rig_json_list(result, "stages");
    const double end_s = rig_plot_stages_end_s(result);
    for (size_t s = 0; s < json_array_size(stages) && s < RIG_N_STAGES; s++) {
        const json_t *of = rig_json_object(json_array_get(stages, s), "over_time");
        const panel p = {.title = rig_retell(page->language, rig_stage_name((rig_stage)s)),
                         .of = of,
                         .scale = 1.0,
                         .length_s = rig_json_number(of, "bin_s"),
                         .end_s = end_s,
                         .n = json_array_size(rig_json_list(of, "mean"))};
        print_areas(page, &p, rig_plot_series_grid(RIG_PLOT_STAGES, layout),
                    (rig_plot_panel_place){s, RIG_N_STAGES}, out);
    }
}

rig_status rig_html_hover(const rig_page *page, const json_t *result, rig_plot plot,
                          rig_layout layout, char **over)
{
    char *made = NULL;
    size_t size, n;
    *over = NULL;
    if (plot != RIG_PLOT_STAGES && rig_plot_quantities(plot, &n) == NULL)
        return RIG_OK;
    FILE *out = open_memstream(&made, &size);
    if (out == NULL)
        return RIG_ENOMEM;
    fputs("<g class=\"hover\">\n", out);
    if (plot == RIG_PLOT_STAGES)
        print_stages(page, result, layout, out);
    else
        print_quantities(page, result, plot, layout, out);
    fputs("</g>", out);
    if (fclose(out) != 0) {
        free(made);
        return RIG_ENOMEM;
    }
    *over = made;
    return RIG_OK;
}
