/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plan_plots.h"
#include "reports/plots/palette.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "reports/plots/gnuplot.h"

static bool is_heat(const rig_report_plan *report)
{
    const rig_plan_question *q = report->plan->question;
    return q->n_axes == 2 && q->axes[0].n > 1 && q->axes[1].n > 1;
}

size_t rig_report_plan_n_pictures(const rig_report_plan *report)
{
    if (is_heat(report))
        return report->plan->n_points > 1 ? report->n_shown : 0;
    return rig_report_plan_curve_n(report->plan) > 1 && report->n_shown > 0;
}

rig_report_plan_picture rig_report_plan_picture_of(const rig_report_plan *report, size_t picture)
{
    rig_report_plan_picture p = {"curves"};
    if (is_heat(report))
        (void)snprintf(p.name, sizeof p.name, "heat-%s",
                       rig_metric_short_name(report->shown[picture]).text);
    return p;
}

void rig_report_plan_canvas(FILE *out, const char *name, rig_layout layout, int height)
{
    const bool is_narrow = layout == RIG_LAYOUT_NARROW;
    fputs("\nreset\n", out);
    if (layout == RIG_LAYOUT_PNG)
        fprintf(out,
                "set terminal pngcairo size 1000,%d noenhanced font 'sans-serif,12' background "
                "'" RIG_COLOUR_PAPER "'\nset output '%s.png'\n",
                height, name);
    else /* gnuplot takes no '-' in the name that begins each id of the SVG */
        fprintf(out,
                "set terminal svg size %d,%d dynamic noenhanced font 'sans-serif,%d' name "
                "'plan_%s' background '" RIG_COLOUR_PAPER "'\nset output '%s-%s.svg'\n",
                is_narrow ? 400 : 1000, height, is_narrow ? 13 : 16, is_narrow ? "narrow" : "wide",
                name, is_narrow ? "narrow" : "wide");
    fputs("set encoding utf8\nset decimalsign '.'\n"
          "set border 3 linecolor rgb '" RIG_COLOUR_BORDER "'\n"
          "set tics nomirror out scale 0.5\n"
          "set grid y linetype 1 linecolor rgb '" RIG_COLOUR_GRID "' linewidth 0.7\n",
          out);
}

double rig_report_plan_scale_of(rig_metric metric)
{
    return strcmp(rig_metric_describe(metric)->unit, "1") == 0 ? 100.0 : 1.0;
}

const char *rig_report_plan_unit_of(rig_metric metric)
{
    const char *unit = rig_metric_describe(metric)->unit;
    return strcmp(unit, "1") == 0 ? "%" : unit;
}

const rig_plan_requirement *rig_report_plan_limit_on(const rig_plan_question *question,
                                                     rig_metric metric)
{
    for (size_t r = 0; r < question->n_requirements; r++) {
        if (question->requirements[r].metric == metric &&
            question->requirements[r].part == RIG_METRIC_WHOLE)
            return &question->requirements[r];
    }
    return NULL;
}

void rig_report_plan_quoted(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputc('\'', out);
        if ((unsigned char)*text >= ' ')
            fputc(*text, out);
    }
    fputc('\'', out);
}

/* --- files ------------------------------------------------------------------------------------ */

static rig_status remove_all_old(const char *folder, rig_error *err)
{
    rig_status status = rig_gnuplot_remove_old(folder, "curves", err);
    for (int m = 0; m < RIG_N_METRICS && status == RIG_OK; m++) {
        char name[64];
        (void)snprintf(name, sizeof name, "heat-%s", rig_metric_short_name((rig_metric)m).text);
        status = rig_gnuplot_remove_old(folder, name, err);
    }
    return status;
}

static rig_status print_file(const rig_report_plan *report, size_t picture, bool is_script,
                             FILE *out)
{
    if (is_heat(report))
        return is_script ? rig_report_plan_heat_script(report, report->shown[picture], out)
                         : rig_report_plan_heat_data(report, report->shown[picture], out);
    if (is_script)
        rig_report_plan_curves_script(report, out);
    else
        rig_report_plan_curves_data(report, out);
    return RIG_OK;
}

static rig_status write_file(const rig_report_plan *report, size_t picture, const char *folder,
                             bool is_script, rig_error *err)
{
    char *path;
    rig_atomic_file *file;
    if (asprintf(&path, "%s/%s.%s", folder, rig_report_plan_picture_of(report, picture).name,
                 is_script ? "gp" : "dat") < 0)
        return rig_fail(err, RIG_ENOMEM, "plots: out of memory");
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status == RIG_OK) {
        status = print_file(report, picture, is_script, rig_atomic_file_stream(file));
        if (status == RIG_OK) {
            status = rig_atomic_file_commit(file, err);
        } else {
            rig_atomic_file_abandon(file);
            status = rig_fail(err, status, "%s: out of memory", path);
        }
    }
    free(path);
    return status;
}

static rig_status make_one(const rig_report_plan *report, size_t picture, const char *folder,
                           rig_error *err)
{
    const rig_report_plan_picture p = rig_report_plan_picture_of(report, picture);
    char script[80];
    rig_status status = write_file(report, picture, folder, false, err);
    if (status == RIG_OK)
        status = write_file(report, picture, folder, true, err);
    if (status != RIG_OK)
        return status;
    (void)snprintf(script, sizeof script, "%s.gp", p.name);
    return rig_gnuplot_run(folder, script, err);
}

rig_status rig_report_plan_plots_make(const rig_report_plan *report, const char *dir,
                                      rig_error *err)
{
    rig_status status = RIG_OK;
    char *folder;
    if (asprintf(&folder, "%s/plots", dir) < 0)
        return rig_fail(err, RIG_ENOMEM, "plots: out of memory");
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        status = rig_fail(err, RIG_EIO, "%s: cannot create: %s", folder, strerror(errno));
    if (status == RIG_OK)
        status = remove_all_old(folder, err);
    size_t n = rig_report_plan_n_pictures(report);
    for (size_t p = 0; p < n && (status == RIG_OK || status == RIG_EENV); p++) {
        rig_status made = make_one(report, p, folder, err);
        if (made != RIG_OK)
            status = made;
    }
    free(folder);
    return status;
}
