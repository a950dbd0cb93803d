/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/figures_plots.h"
#include "reports/plots/palette.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "reports/plots/gnuplot.h"
#include "reports/plots/parts.h"

/* A picture: how its data and each layout of it are printed. */
typedef struct picture {
    const char *name;
    bool (*is_there)(const rig_found *found);
    void (*data)(const rig_found *found, FILE *out);
    void (*plot)(const rig_found *found, FILE *out);
} picture;

static const struct {
    const char *terminal;
    const char *ending;
} layouts[] = {
    {"svg size 1000,420 dynamic noenhanced font 'sans-serif,16'", "-wide.svg"},
    {"svg size 400,360 dynamic noenhanced font 'sans-serif,13'", "-narrow.svg"},
    {"pngcairo size 1000,420 noenhanced font 'sans-serif,12'", ".png"},
};

static void put_head(FILE *out, const char *name, size_t layout)
{
    fprintf(out,
            "\nreset\nset terminal %s background '" RIG_COLOUR_PAPER "'\nset output '%s%s'\n"
            "set encoding utf8\nset decimalsign '.'\n"
            "set border 3 linecolor rgb '" RIG_COLOUR_BORDER "'\nset tics nomirror out scale 0.5\n"
            "set grid y linetype 1 linecolor rgb '" RIG_COLOUR_GRID "' linewidth 0.7\n"
            "set key outside above horizontal left\n",
            layouts[layout].terminal, name, layouts[layout].ending);
}

/* ---- usage over time ---- */

static bool has_usage(const rig_found *found)
{
    return found->over_time != NULL && found->over_time->n > 0;
}

static void put_usage_data(const rig_found *found, FILE *out)
{
    fputs(
        "# seconds since the epoch; circuits: mean, most; queue: mean, most; agents: mean, most\n",
        out);
    for (size_t i = 0; i < found->over_time->n; i++) {
        const rig_usage_row *row = &found->over_time->rows[i];
        fprintf(out, "%lld", (long long)(row->t_from_ns / RIG_NS_PER_S));
        for (int u = 0; u < RIG_N_USAGES; u++) {
            rig_plot_number(out, row->mean[u]);
            fprintf(out, " %u", row->max[u]);
        }
        fputc('\n', out);
    }
}

static void put_usage_plot(const rig_found *found, FILE *out)
{
    const rig_usage_table *table = found->over_time;
    const int64_t span_ns = (int64_t)table->n * table->interval_ns;
    fprintf(out,
            "set xdata time\nset timefmt '%%s'\nset format x '%s'\nset yrange [0:*]\n"
            "set xlabel 'UTC; most in use in each interval of %g s'\n"
            "plot 'usage.dat' using 1:3 with fillsteps fillcolor rgb '" RIG_COLOUR_PREDICTED_BAND
            "' title 'circuits', "
            "'' using 1:3 with steps linecolor rgb '" RIG_COLOUR_PREDICTED
            "' linewidth 1.5 notitle, "
            "'' using 1:5 with steps linecolor rgb '" RIG_COLOUR_OBSERVED
            "' linewidth 2 title 'in the queue', "
            "'' using 1:7 with steps linecolor rgb '" RIG_COLOUR_THIRD
            "' linewidth 2 title 'agents who talk'\n",
            span_ns > 2 * 86400 * RIG_NS_PER_S ? "%m-%d"
            : span_ns > 900 * RIG_NS_PER_S     ? "%H:%M"
                                               : "%H:%M:%S",
            rig_clock_s_of_ns(table->interval_ns));
}

/* ---- patience ---- */

static bool has_patience(const rig_found *found)
{
    return found->patience->n_steps > 0;
}

static void put_patience_data(const rig_found *found, FILE *out)
{
    fputs("# seconds; share that would still wait; its 95 % interval: low, high\n0 1 1 1\n", out);
    for (size_t i = 0; i < found->patience->n_steps; i++) {
        const rig_survival_step *step = &found->patience->steps[i];
        fprintf(out, "%.9g", step->t_s);
        rig_plot_number(out, step->p_left);
        rig_plot_number(out, step->low);
        rig_plot_number(out, step->high);
        fputc('\n', out);
    }
    /* nothing changes until the longest wait */
    const rig_survival_step *last = &found->patience->steps[found->patience->n_steps - 1];
    fprintf(out, "%.9g", found->patience->longest_s);
    rig_plot_number(out, last->p_left);
    rig_plot_number(out, last->low);
    rig_plot_number(out, last->high);
    fputc('\n', out);
}

static void put_patience_plot(const rig_found *found, FILE *out)
{
    rig_survival_quantile mean = rig_survival_exponential_mean(found->patience);
    fputs("set xrange [0:*]\nset yrange [0:1]\nset xlabel 'seconds in the queue'\n"
          "plot 'patience.dat' using 1:3 with steps linecolor rgb '" RIG_COLOUR_PREDICTED
          "' dashtype 2 title "
          "'95 %', '' using 1:4 with steps linecolor rgb '" RIG_COLOUR_PREDICTED
          "' dashtype 2 notitle, "
          "'' using 1:2 with steps linecolor rgb '" RIG_COLOUR_PREDICTED
          "' linewidth 2 title 'would still wait'",
          out);
    if (mean.t_s > 0)
        fprintf(out,
                ", exp(-x / %.9g) linecolor rgb '" RIG_COLOUR_OBSERVED
                "' title 'exponential, mean %.3g s'",
                mean.t_s, mean.t_s);
    fputc('\n', out);
}

static const picture pictures[] = {
    {"usage", has_usage, put_usage_data, put_usage_plot},
    {"patience", has_patience, put_patience_data, put_patience_plot},
};

/* ---- files ---- */

static void put_script(const picture *p, const rig_found *found, FILE *out)
{
    fprintf(out, "# Made by peakrig. Run in this folder: gnuplot %s.gp\n", p->name);
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        put_head(out, p->name, i);
        p->plot(found, out);
    }
}

static rig_status write_file(const picture *p, const rig_found *found, const char *folder,
                             bool is_script, rig_error *err)
{
    char *path;
    rig_atomic_file *file;
    if (asprintf(&path, "%s/%s.%s", folder, p->name, is_script ? "gp" : "dat") < 0)
        return rig_fail(err, RIG_ENOMEM, "plots: out of memory");
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status == RIG_OK && is_script)
        put_script(p, found, rig_atomic_file_stream(file));
    else if (status == RIG_OK)
        p->data(found, rig_atomic_file_stream(file));
    if (status == RIG_OK)
        status = rig_atomic_file_commit(file, err);
    free(path);
    return status;
}

static rig_status make_one(const picture *p, const rig_found *found, const char *folder,
                           rig_error *err)
{
    char script[64];
    (void)rig_gnuplot_remove_old(folder, p->name, NULL);
    if (!p->is_there(found))
        return RIG_OK;
    rig_status status = write_file(p, found, folder, false, err);
    if (status == RIG_OK)
        status = write_file(p, found, folder, true, err);
    (void)snprintf(script, sizeof script, "%s.gp", p->name);
    return status == RIG_OK ? rig_gnuplot_run(folder, script, err) : status;
}

rig_status rig_report_figures_plots(const rig_found *found, const char *folder, rig_error *err)
{
    rig_status status = RIG_OK;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return rig_fail(err, RIG_EIO, "%s: cannot create: %s", folder, strerror(errno));
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        rig_status made = make_one(&pictures[i], found, folder, err);
        if (made != RIG_OK && made != RIG_EENV)
            return made;
        status = made != RIG_OK ? made : status;
    }
    return status;
}
