/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/trend_report.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/temporary.h"
#include "reports/csv/parts.h"
#include "reports/json_builder.h"
#include "reports/json_file.h"
#include "reports/plots/gnuplot.h"
#include "reports/plots/palette.h"

void rig_report_trend_csv(const rig_history_trend *trend, rig_history_by by, FILE *out)
{
    (void)fputs("start,runs,failed,mean,least,most,predicted\n", out);
    for (size_t i = 0; i < trend->n; i++) {
        const rig_history_point *p = &trend->points[i];
        char when[RIG_HISTORY_WHEN_SIZE];
        rig_history_by_text(by, p->start_ms, when);
        (void)fputs(when, out);
        rig_report_csv_count(out, p->n_runs);
        rig_report_csv_count(out, p->n_failed);
        rig_report_csv_real(out, p->mean, 6);
        rig_report_csv_real(out, p->least, 6);
        rig_report_csv_real(out, p->most, 6);
        rig_report_csv_real(out, p->predicted, 6);
        (void)fputc('\n', out);
    }
}

static void add_points(rig_json_builder *b, const rig_history_trend *trend, rig_history_by by)
{
    rig_json_open_list(b, "points");
    for (size_t i = 0; i < trend->n; i++) {
        const rig_history_point *p = &trend->points[i];
        char when[RIG_HISTORY_WHEN_SIZE];
        rig_history_by_text(by, p->start_ms, when);
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "start", when);
        rig_json_add_integer(b, "start_ms", p->start_ms);
        rig_json_add_count(b, "runs", p->n_runs);
        rig_json_add_count(b, "failed", p->n_failed);
        rig_json_add_real(b, "mean", p->mean);
        rig_json_add_real(b, "least", p->least);
        rig_json_add_real(b, "most", p->most);
        rig_json_add_real(b, "predicted", p->predicted);
        rig_json_close(b);
    }
    rig_json_close(b);
}

rig_status rig_report_trend_json(const rig_history_trend *trend, const char *metric,
                                 rig_history_by by, FILE *out, rig_error *err)
{
    rig_json_builder b;
    json_t *document = NULL;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig trend 1");
    rig_json_add_text(&b, "metric", metric);
    rig_json_add_text(&b, "unit", trend->unit);
    rig_json_add_text(&b, "by", rig_history_by_name(by));
    add_points(&b, trend, by);
    if (rig_json_end(&b, &document) != RIG_OK)
        return rig_fail(err, RIG_ENOMEM, "trend: out of memory");
    rig_status status = rig_json_print(document, RIG_JSON_DIGITS, out, err);
    json_decref(document);
    return status;
}

/* gnuplot has commands that run programs: a name that is not ours must not end the text. */
static void put_quoted(FILE *out, const char *text)
{
    (void)fputc('\'', out);
    for (; *text != '\0'; text++)
        if (*text != '\'' && (unsigned char)*text >= 0x20)
            (void)fputc(*text, out);
    (void)fputc('\'', out);
}

static void put_number(FILE *out, double value)
{
    if (isfinite(value))
        (void)fprintf(out, " %.10g", value);
    else
        (void)fputs(" NaN", out);
}

/* How large a picture is, in pixels; a small one has no key, and short dates. */
typedef struct picture_size {
    unsigned width, height;
    bool is_small;
} picture_size;

/* Under each point, or each second or third of many, what it is: a week, a day, an instant. */
static void put_tics(FILE *out, const rig_history_trend *trend, rig_history_by by, bool is_small)
{
    enum { MOST = 14, DAY_S = 86400, HOUR_S = 3600 };
    const size_t step = (trend->n + MOST - 1) / MOST;
    const int64_t first_s = trend->points[0].start_ms / 1000;
    const int64_t last_s = trend->points[trend->n - 1].start_ms / 1000;
    const int64_t least_s = by == RIG_HISTORY_BY_RUN ? HOUR_S : DAY_S;
    const int64_t room_s = (last_s - first_s) / 20 > least_s ? (last_s - first_s) / 20 : least_s;
    (void)fputs("set xtics rotate by -30 (", out);
    for (size_t i = 0; i < trend->n; i += step) {
        char when[RIG_HISTORY_WHEN_SIZE];
        rig_history_by_text(by, trend->points[i].start_ms, when);
        (void)fputs(i > 0 ? ", " : "", out);
        put_quoted(out, is_small && strlen(when) > 5 ? when + 5 : when); /* without its year */
        (void)fprintf(out, " %" PRId64, trend->points[i].start_ms / 1000);
    }
    (void)fprintf(out, ")\nset xrange [%" PRId64 ":%" PRId64 "]\n", first_s - room_s,
                  last_s + room_s);
}

static void write_script(FILE *out, const rig_history_trend *trend, const char *metric,
                         rig_history_by by, picture_size size)
{
    const bool is_share = strcmp(trend->unit, "1") == 0;
    (void)fprintf(
        out,
        "set encoding utf8\nset terminal svg size %u,%u dynamic font 'sans,15' background "
        "'" RIG_COLOUR_PAPER "'\nset output 'trend.svg'\n"
        "set border 3 linecolor '" RIG_COLOUR_BORDER "'\nset tics nomirror out\n"
        "set grid ytics linecolor '" RIG_COLOUR_GRID "'\nset yrange [0:*]\n"
        "set offsets 0, 0, graph 0.05, 0\nset rmargin %d\n",
        size.width, size.height, size.is_small ? 5 : 12);
    put_tics(out, trend, by, size.is_small);
    (void)fprintf(out, "set key %s\nset title ", size.is_small ? "off" : "above left horizontal");
    put_quoted(out, metric);
    (void)fprintf(out, " noenhanced\nset ylabel '%s'\n$points << EOD\n",
                  is_share                        ? "%"
                  : strcmp(trend->unit, "-") == 0 ? ""
                                                  : trend->unit);
    for (size_t i = 0; i < trend->n; i++) {
        const rig_history_point *p = &trend->points[i];
        const double scale = is_share ? 100.0 : 1.0;
        (void)fprintf(out, "%" PRId64, p->start_ms / 1000);
        put_number(out, scale * p->mean);
        put_number(out, scale * p->least);
        put_number(out, scale * p->most);
        put_number(out, scale * p->predicted);
        (void)fputc('\n', out);
    }
    (void)fprintf(out,
                  "EOD\nplot $points using 1:2:3:4 with yerrorbars pointtype 7 linewidth 1.5 "
                  "linecolor '" RIG_COLOUR_OBSERVED "' title 'observed, mean and range by %s', "
                  "$points using 1:2 with lines linewidth 2 linecolor '" RIG_COLOUR_OBSERVED
                  "' notitle, $points using 1:5 with linespoints pointtype 4 pointsize 0.6 "
                  "dashtype 2 linewidth 2 linecolor "
                  "'" RIG_COLOUR_PREDICTED "' title 'predicted'\n",
                  rig_history_by_name(by));
}

static rig_status write_inputs(const rig_history_trend *trend, const char *metric,
                               rig_history_by by, picture_size size, const char *folder,
                               rig_error *err)
{
    char path[RIG_TEMPORARY_SIZE + 20];
    rig_atomic_file *file = NULL;
    (void)snprintf(path, sizeof path, "%s/trend.gp", folder);
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    write_script(rig_atomic_file_stream(file), trend, metric, by, size);
    return rig_atomic_file_commit(file, err);
}

static rig_status take_picture(const char *folder, const char *path, rig_error *err)
{
    char made[RIG_TEMPORARY_SIZE + 20], *data = NULL;
    size_t n = 0;
    (void)snprintf(made, sizeof made, "%s/trend.svg", folder);
    rig_status status = rig_file_read(made, &data, &n, err);
    if (status == RIG_OK)
        status = rig_atomic_file_write(path, data, n, err);
    free(data);
    return status;
}

static rig_status draw(const rig_history_trend *trend, const char *metric, rig_history_by by,
                       picture_size size, const char *path, rig_error *err)
{
    char folder[RIG_TEMPORARY_SIZE];
    rig_status status = rig_temporary_make("trend", folder, err);
    if (status != RIG_OK)
        return status;
    status = write_inputs(trend, metric, by, size, folder, err);
    if (status == RIG_OK)
        status = rig_gnuplot_run(folder, "trend.gp", err);
    if (status == RIG_OK)
        status = take_picture(folder, path, err);
    rig_temporary_remove(folder);
    return status;
}

rig_status rig_report_trend_svg(const rig_history_trend *trend, const char *metric,
                                rig_history_by by, const char *path, rig_error *err)
{
    return draw(trend, metric, by, (picture_size){.width = 1000, .height = 480}, path, err);
}

rig_status rig_report_trend_small_svg(const rig_history_trend *trend, const char *metric,
                                      rig_history_by by, const char *path, rig_error *err)
{
    return draw(trend, metric, by, (picture_size){.width = 540, .height = 300, .is_small = true},
                path, err);
}
