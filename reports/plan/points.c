/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/plan_points.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"
#include "core/digest.h"

static const char first_line[] = "# peakrig plan points 1\n";

/* One look, owned. */
typedef struct look {
    size_t index[RIG_PLAN_MAX_AXES];
    uint32_t n_before, n;
    double *samples;
} look;

struct rig_report_points {
    const rig_plan_question *question;
    char sha256[RIG_SHA256_TEXT_SIZE]; /* of the plan */
    look *looks;
    size_t n_looks, n_room;
};

/* --- which plan ------------------------------------------------------------------------------- */

static void print_question(const rig_plan_question *q, const rig_scenario *scenario, FILE *out)
{
    (void)fprintf(out, "peakrig %s\n%u %u\n", PEAKRIG_VERSION, q->n_replications,
                  q->n_most_replications);
    for (size_t a = 0; a < q->n_axes; a++) {
        (void)fprintf(out, "%s", q->axes[a].key);
        for (size_t v = 0; v < q->axes[a].n; v++)
            (void)fprintf(out, "%s%s", v > 0 ? "," : "=", q->axes[a].values[v].text);
        (void)fputc('\n', out);
    }
    for (size_t r = 0; r < q->n_requirements; r++)
        (void)fprintf(out, "%s\n", q->requirements[r].text);
    (void)fprintf(out, "%a %a %d\n", q->confidence, q->of_days, q->is_exhaustive ? 1 : 0);
    for (size_t i = 0; i < scenario->traffic.n_instants; i++)
        (void)fprintf(out, "%a\n", scenario->traffic.instant_s[i]);
    rig_scenario_print(scenario, out);
}

static rig_status sign(const rig_plan_question *question, const rig_scenario *scenario,
                       char sha256[RIG_SHA256_TEXT_SIZE])
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    if (out == NULL)
        return RIG_ENOMEM;
    print_question(question, scenario, out);
    const bool is_whole = ferror(out) == 0;
    const bool is_closed = fclose(out) == 0;
    if (is_whole && is_closed)
        rig_digest_bytes(text, n, sha256);
    free(text);
    return is_whole && is_closed ? RIG_OK : RIG_ENOMEM;
}

rig_status rig_report_points_new(const rig_plan_question *question, const rig_scenario *scenario,
                                 rig_report_points **points, rig_error *err)
{
    rig_report_points *made = calloc(1, sizeof *made);
    rig_status status = made != NULL ? sign(question, scenario, made->sha256) : RIG_ENOMEM;
    if (status != RIG_OK) {
        free(made);
        return rig_fail(err, status, "--points: %s", rig_status_text(status));
    }
    made->question = question;
    *points = made;
    return RIG_OK;
}

void rig_report_points_free(rig_report_points *points)
{
    if (points == NULL)
        return;
    for (size_t i = 0; i < points->n_looks; i++)
        free(points->looks[i].samples);
    free(points->looks);
    free(points);
}

/* --- looks ------------------------------------------------------------------------------------ */

const double *rig_report_points_find(const rig_report_points *points, const size_t *index,
                                     uint32_t n_before, uint32_t n_replications)
{
    const size_t n_axes = points->question->n_axes;
    for (size_t i = 0; i < points->n_looks; i++) {
        const look *l = &points->looks[i];
        if (l->n_before == n_before && l->n == n_replications &&
            memcmp(l->index, index, n_axes * sizeof *index) == 0)
            return l->samples;
    }
    return NULL;
}

/* Takes the samples, when RIG_OK is returned. */
static rig_status keep(rig_report_points *points, const look *fresh)
{
    if (points->n_looks == points->n_room) {
        const size_t n_room = points->n_room > 0 ? 2 * points->n_room : 64;
        look *looks = reallocarray(points->looks, n_room, sizeof *looks);
        if (looks == NULL)
            return RIG_ENOMEM;
        points->looks = looks;
        points->n_room = n_room;
    }
    points->looks[points->n_looks++] = *fresh;
    return RIG_OK;
}

rig_status rig_report_points_add(rig_report_points *points, const size_t *index, uint32_t n_before,
                                 uint32_t n_replications, const double *samples)
{
    const size_t n = rig_plan_n_rows(points->question) * n_replications;
    look fresh = {.n_before = n_before, .n = n_replications};
    fresh.samples = malloc(n * sizeof *samples);
    if (fresh.samples == NULL)
        return RIG_ENOMEM;
    memcpy(fresh.index, index, points->question->n_axes * sizeof *index);
    memcpy(fresh.samples, samples, n * sizeof *samples);
    const rig_status status = keep(points, &fresh);
    if (status != RIG_OK)
        free(fresh.samples);
    return status;
}

/* --- writing ---------------------------------------------------------------------------------- */

static void print_look(const rig_plan_question *q, const look *l, FILE *out)
{
    (void)fputs("look", out);
    for (size_t a = 0; a < q->n_axes; a++)
        (void)fprintf(out, " %zu", l->index[a]);
    (void)fprintf(out, " %u %u\n", l->n_before, l->n);
    for (size_t row = 0; row < rig_plan_n_rows(q); row++) {
        for (uint32_t r = 0; r < l->n; r++)
            (void)fprintf(out, "%s%a", r > 0 ? " " : "", l->samples[row * l->n + r]);
        (void)fputc('\n', out);
    }
}

rig_status rig_report_points_write(const rig_report_points *points, const char *path,
                                   rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    (void)fprintf(out, "%s# plan: %s\n", first_line, points->sha256);
    for (size_t i = 0; i < points->n_looks; i++)
        print_look(points->question, &points->looks[i], out);
    return rig_atomic_file_commit(file, err);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Where the reading is. */
typedef struct cursor {
    const char *path, *at;
    size_t line;
    rig_error *err;
} cursor;

static rig_status fail_at(const cursor *c, const char *what)
{
    return rig_fail(c->err, RIG_EINPUT, "%s:%zu: %s; expected a file that --points has written",
                    c->path, c->line, what);
}

/* A text that must stand there. */
static bool skip(cursor *c, const char *text)
{
    const size_t n = strlen(text);
    if (strncmp(c->at, text, n) != 0)
        return false;
    c->at += n;
    c->line += strchr(text, '\n') != NULL;
    return true;
}

/* " 4711" of at most `most`. */
static bool read_count(cursor *c, uint64_t most, uint64_t *count)
{
    char *end = NULL;
    if (c->at[0] != ' ' || c->at[1] < '0' || c->at[1] > '9')
        return false;
    errno = 0;
    *count = strtoull(c->at + 1, &end, 10);
    c->at = end;
    return errno == 0 && *count <= most;
}

static rig_status read_rows(cursor *c, size_t n_rows, const look *l)
{
    for (size_t row = 0; row < n_rows; row++) {
        for (uint32_t r = 0; r < l->n; r++) {
            char *end = NULL;
            if ((r > 0 && !skip(c, " ")) || c->at[0] == ' ' || c->at[0] == '\n')
                return fail_at(c, "too few numbers");
            l->samples[row * l->n + r] = strtod(c->at, &end);
            if (end == c->at)
                return fail_at(c, c->at[0] == '\0' ? "it is cut off" : "not a number");
            c->at = end;
        }
        if (!skip(c, "\n"))
            return fail_at(c, c->at[0] == '\0' ? "it is cut off" : "too many numbers");
    }
    return RIG_OK;
}

static rig_status read_look(rig_report_points *points, cursor *c)
{
    const rig_plan_question *q = points->question;
    look l = {.n = 0};
    uint64_t count = 0;
    bool is_read = skip(c, "look");
    for (size_t a = 0; a < q->n_axes && is_read; a++) {
        is_read = read_count(c, q->axes[a].n - 1, &count);
        l.index[a] = (size_t)count;
    }
    is_read = is_read && read_count(c, q->n_most_replications, &count);
    l.n_before = (uint32_t)count;
    is_read = is_read && read_count(c, q->n_most_replications, &count) && count > 0;
    l.n = (uint32_t)count;
    if (!is_read || !skip(c, "\n"))
        return fail_at(c, "no look of this plan");
    if (rig_report_points_find(points, l.index, l.n_before, l.n) != NULL)
        return fail_at(c, "a look that is there twice");
    l.samples = calloc(rig_plan_n_rows(q) * l.n, sizeof *l.samples);
    rig_status status = l.samples != NULL ? read_rows(c, rig_plan_n_rows(q), &l) : RIG_ENOMEM;
    if (status == RIG_OK)
        status = keep(points, &l);
    if (status != RIG_OK)
        free(l.samples);
    return status == RIG_ENOMEM ? rig_fail(c->err, status, "%s: out of memory", c->path) : status;
}

rig_status rig_report_points_read(rig_report_points *points, const char *path, const char *text,
                                  size_t n, rig_error *err)
{
    cursor c = {path, text, 1, err};
    if (!skip(&c, first_line) || !skip(&c, "# plan: "))
        return fail_at(&c, "not the points of a plan");
    if (!skip(&c, points->sha256))
        return rig_fail(err, RIG_EINPUT,
                        "%s: the points of another plan (scenario, version, --set, --vary, --meet "
                        "or replications); expected another file, or none",
                        path);
    if (!skip(&c, "\n"))
        return fail_at(&c, "not the points of a plan");
    rig_status status = RIG_OK;
    while (status == RIG_OK && c.at < text + n)
        status = read_look(points, &c);
    return status;
}
