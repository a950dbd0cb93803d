/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plots/plots.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "reports/plots/gnuplot.h"
#include "reports/plots/script.h"

const char *rig_plot_name(rig_plot plot)
{
    switch (plot) {
    case RIG_PLOT_FUNNEL:
        return "funnel";
    case RIG_PLOT_STAGES:
        return "stages";
    case RIG_PLOT_CALLS:
        return "calls";
    case RIG_PLOT_SERVICE:
        return "service";
    case RIG_PLOT_CIRCUITS:
        return "circuits";
    case RIG_PLOT_LATENESS:
        return "lateness";
    case RIG_PLOT_ARRIVALS:
        return "arrivals";
    case RIG_N_PLOTS:
        break;
    }
    return "?";
}

const char *rig_layout_name(rig_layout layout)
{
    return layout == RIG_LAYOUT_WIDE ? "wide" : "narrow";
}

char *rig_plot_svg_path(const char *run_dir, rig_plot plot, rig_layout layout)
{
    char *path;
    if (asprintf(&path, "%s/plots/%s-%s.svg", run_dir, rig_plot_name(plot),
                 rig_layout_name(layout)) < 0)
        return NULL;
    return path;
}

typedef bool emitter(rig_plot plot, const json_t *result, FILE *out);

/* Let `emit` fill the file FOLDER/NAME.ENDING. */
static rig_status write_file(const char *folder, rig_plot plot, const char *ending,
                             const json_t *result, emitter *emit, bool *has_figures, rig_error *err)
{
    char *path;
    if (asprintf(&path, "%s/%s.%s", folder, rig_plot_name(plot), ending) < 0)
        return rig_fail(err, RIG_ENOMEM, "plots: out of memory");
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status == RIG_OK) {
        *has_figures = emit(plot, result, rig_atomic_file_stream(file));
        if (*has_figures)
            status = rig_atomic_file_commit(file, err);
        else
            rig_atomic_file_abandon(file);
    }
    free(path);
    return status;
}

/* @param is_drawn  Else only its data and script are written. */
static rig_status make_one(const char *folder, rig_plot plot, const json_t *result, bool is_drawn,
                           rig_error *err)
{
    char script[32];
    bool has_figures = false;
    rig_status status = rig_gnuplot_remove_old(folder, rig_plot_name(plot), err);
    if (status == RIG_OK)
        status = write_file(folder, plot, "dat", result, rig_plot_write_data, &has_figures, err);
    if (status != RIG_OK || !has_figures)
        return status;
    status = write_file(folder, plot, "gp", result, rig_plot_write_script, &has_figures, err);
    if (status != RIG_OK || !has_figures)
        return status;
    (void)snprintf(script, sizeof script, "%s.gp", rig_plot_name(plot));
    return is_drawn ? rig_gnuplot_run(folder, script, err) : RIG_OK;
}

rig_status rig_plots_make(const json_t *result, const char *run_dir, rig_error *err)
{
    rig_status status = RIG_OK;
    char *folder;
    if (asprintf(&folder, "%s/plots", run_dir) < 0)
        return rig_fail(err, RIG_ENOMEM, "plots: out of memory");
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        status = rig_fail(err, RIG_EIO, "%s: cannot create: %s", folder, strerror(errno));
    for (int plot = 0; plot < RIG_N_PLOTS && (status == RIG_OK || status == RIG_EENV); plot++) {
        /* a gnuplot that is not there, or hangs, is not asked again */
        rig_status made = make_one(folder, (rig_plot)plot, result, status == RIG_OK, err);
        if (made != RIG_OK)
            status = made;
    }
    free(folder);
    return status;
}
