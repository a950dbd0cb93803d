/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/html/losses.h"

#include <math.h>

#include "reports/html/parts.h"
#include "reports/html/service.h"
#include "reports/html/text.h"
#include "reports/json_file.h"

/* Bins of all stages, and of these those outside and beyond the margin. */
typedef struct totals {
    double n_bins, n_left, n_beyond, bin_s;
} totals;

static totals count(const json_t *stages)
{
    totals t = {.bin_s = (double)NAN};
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *of = rig_json_object(json_array_get(stages, i), "over_time");
        double n_left = rig_json_number(of, "left_bins");
        double n_beyond = rig_json_number(of, "beyond_margin_bins");
        t.n_bins += (double)json_array_size(rig_json_list(of, "low"));
        t.n_left += isnan(n_left) ? 0.0 : n_left;
        t.n_beyond += isnan(n_beyond) ? 0.0 : n_beyond;
        t.bin_s = fmax(t.bin_s, rig_json_number(of, "bin_s"));
    }
    return t;
}

/* "trunk 3, queue 1" */
static void print_stage_counts(const rig_page *page, const json_t *stages)
{
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *stage = json_array_get(stages, i);
        fputs(i > 0 ? ", " : "", page->out);
        rig_page_word(page, rig_json_text(stage, "stage"));
        fprintf(
            page->out, " %s",
            rig_html_count(rig_json_number(rig_json_object(stage, "over_time"), "left_bins")).text);
    }
}

static void print_bin(const rig_page *page, const json_t *stage, const json_t *bin)
{
    char text[128];
    double observed = rig_json_number(bin, "observed"), high = rig_json_number(bin, "high");
    fputs("<tr><th scope=\"row\">", page->out);
    rig_page_word(page, rig_json_text(stage, "stage"));
    fputs("</th>", page->out);
    (void)snprintf(text, sizeof text, rig_page_words(page, N_("%s to %s s")),
                   rig_html_number(rig_json_number(bin, "from_s"), 6).text,
                   rig_html_number(rig_json_number(bin, "to_s"), 6).text);
    rig_html_number_cell(page, text);
    rig_html_number_cell(page, rig_html_count(observed).text);
    rig_html_number_cell(page, rig_html_number(rig_json_number(bin, "predicted"), 3).text);
    (void)snprintf(text, sizeof text, "%s to %s",
                   rig_html_number(rig_json_number(bin, "low"), 3).text,
                   rig_html_number(high, 3).text);
    rig_html_number_cell(page, text);
    fprintf(page->out, "<td>%s%s</td></tr>\n",
            rig_page_words(page, observed > high ? N_("&#9650; above") : N_("&#9660; below")),
            rig_json_is_true(bin, "beyond_margin")
                ? rig_page_words(page, N_(", <b>beyond the margin</b>"))
                : "");
}

static void print_bins(const rig_page *page, const json_t *stages, double n_left)
{
    static const char *const heads[] = {N_("stage"),         "#" N_("arrived at"),
                                        "#" N_("lost"),      "#" N_("predicted"),
                                        "#" N_("99 % band"), N_("observed is")};
    rig_page_say(page, "<details><summary>The bins outside, as a table (%s)</summary>\n",
                 rig_html_count(n_left).text);
    rig_html_table_begin(page, "Calls lost in the bins outside the band", false);
    rig_html_table_heads(page, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *stage = json_array_get(stages, i);
        const json_t *left = rig_json_list(rig_json_object(stage, "over_time"), "left");
        for (size_t k = 0; k < json_array_size(left); k++)
            print_bin(page, stage, json_array_get(left, k));
    }
    rig_html_table_end(page);
    fputs("</details>\n", page->out);
}

void rig_html_losses(const rig_page *page, const json_t *result)
{
    const json_t *stages = rig_json_list(result, "stages");
    const totals t = count(stages);
    rig_html_faults(page, result);
    if (t.n_bins <= 0.0) {
        rig_html_not_available(page);
        return;
    }
    rig_page_say(
        page,
        "<p>Calls lost in each stage by the time of their arrival, in bins of %s s. The band "
        "holds the whole run: 99 of 100 runs of a centre that works as the scenario says stay "
        "inside it in all bins of all stages at once%s.</p>\n",
        rig_html_number(t.bin_s, 4).text, rig_html_note(page, RIG_NOTE_ENVELOPE).text);
    if (t.n_left <= 0.0) {
        rig_page_say(page, "<p class=\"finding\">No bin of %s is outside.</p>\n",
                     rig_html_count(t.n_bins).text);
        return;
    }
    fprintf(page->out, "<p class=\"finding%s\">", t.n_beyond > 0.0 ? " warn" : "");
    rig_page_say(page,
                 t.n_left > 1.0 ? N_("<b>%s of %s bins</b> are outside (")
                                : N_("<b>%s of %s bins</b> is outside ("),
                 rig_html_count(t.n_left).text, rig_html_count(t.n_bins).text);
    print_stage_counts(page, stages);
    if (t.n_beyond > 0.0)
        rig_page_say(page, "); %s by more than the margin.</p>\n", rig_html_count(t.n_beyond).text);
    else
        rig_page_put(page, "); none by more than the margin.</p>\n");
    print_bins(page, stages, t.n_left);
}
