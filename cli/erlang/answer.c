/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/console.h"
#include "cli/erlang/formula.h"
#include "reports/json_builder.h"
#include "reports/json_file.h"

#define N_DIGITS 15 /* as many as a double has for certain */

/* Named values that follow one another: an object of the document, or lines. */
typedef struct value {
    const char *name, *meaning;
    double value;
} value;

/* Counts as integers; what no JSON number can say (endless patience) as null. */
static void add_number(rig_json_builder *b, const char *name, double x)
{
    if (strncmp(name, "n_", 2) == 0 && x == floor(x))
        rig_json_add_integer(b, name, (int64_t)x);
    else
        rig_json_add_real(b, name, x);
}

/* "n_circuits", and "circuits" when they have a fraction. */
static const char *name_of(rig_calc_id id, double x)
{
    const rig_calc_argument *a = &rig_calc_arguments[id];
    return a->kind == RIG_CALC_PART && x != floor(x) ? a->name + 2 : a->name;
}

/* What was found, in the order in which it is printed. */
static size_t results_of(const rig_calc_formula *f, const rig_calc_values *v, const double *figures,
                         value *results)
{
    size_t n = 0;
    for (size_t i = 0; i < RIG_CALC_MAX_OUTPUTS; i++) {
        const rig_calc_output *o = &f->outputs[i];
        for (const rig_calc_inverse *s = f->inverses; i == f->sought_at && s->id != 0; s++) {
            if (s->id == v->sought)
                results[n++] = (value){rig_calc_arguments[s->id].name, s->meaning, v->real[s->id]};
        }
        if (o->name == NULL)
            break;
        double x = figures[o->offset / sizeof x];
        if (!isnan(x) && (o->needs == RIG_CALC_NONE || v->is_set[o->needs]))
            results[n++] = (value){o->name, o->meaning, x};
    }
    return n;
}

static void add_rows(rig_json_builder *b, const rig_calc_rows *rows)
{
    rig_json_open_list(b, "rows");
    for (size_t i = 0; i < rows->n; i++) {
        rig_json_open_object(b, NULL);
        for (size_t k = 0; k < rows->n_columns; k++)
            add_number(b, rows->names[k], rows->cells[i * RIG_CALC_MAX_COLUMNS + k]);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static rig_status print_json(const rig_calc_formula *f, const rig_calc_values *v,
                             const value *results, size_t n, rig_error *err)
{
    json_t *document = NULL;
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", "peakrig erlang 1");
    rig_json_add_text(&b, "formula", f->name);
    rig_json_open_object(&b, "arguments");
    for (const rig_calc_use *use = f->uses; use->id != RIG_CALC_NONE; use++) {
        if (v->is_set[use->id] && rig_calc_arguments[use->id].name != NULL)
            add_number(&b, name_of(use->id, v->real[use->id]), v->real[use->id]);
    }
    rig_json_close(&b);
    rig_json_open_object(&b, "results");
    for (size_t i = 0; i < n; i++)
        add_number(&b, results[i].name, results[i].value);
    rig_json_close(&b);
    if (v->rows.cells != NULL)
        add_rows(&b, &v->rows);
    rig_status status = rig_json_end(&b, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "erlang: %s", rig_status_text(status));
    status = rig_json_print(document, N_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

static void print_columns(const rig_calc_rows *rows)
{
    for (size_t k = 0; k < rows->n_columns; k++)
        printf("%s%15s", k > 0 ? " " : "", rows->names[k]);
    if (rows->n > 0)
        (void)putchar('\n');
    for (size_t i = 0; i < rows->n; i++) {
        for (size_t k = 0; k < rows->n_columns; k++)
            printf("%s%15.7g", k > 0 ? " " : "", rows->cells[i * RIG_CALC_MAX_COLUMNS + k]);
        (void)putchar('\n');
    }
}

static void print_text(const rig_calc_formula *f, const rig_calc_values *v, const value *results,
                       size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%-22s %-14.9g %s\n", results[i].name, results[i].value,
               rig_console_words(results[i].meaning));
    if (f->print_row == NULL)
        print_columns(&v->rows);
    for (size_t i = 0; f->print_row != NULL && i < v->rows.n; i++)
        f->print_row(&v->rows.cells[i * RIG_CALC_MAX_COLUMNS]);
}

int rig_calc_run(const rig_calc_formula *f, int argc, char **argv)
{
    rig_calc_values v = {0};
    double figures[RIG_CALC_MAX_FIGURES];
    value results[RIG_CALC_MAX_OUTPUTS + 1];
    rig_error err = {0};
    int exit_code;
    for (size_t i = 0; i < RIG_CALC_MAX_FIGURES; i++)
        figures[i] = NAN;
    if (!rig_calc_read(f, argc, argv, &v, &exit_code))
        return exit_code;
    if (v.sought != RIG_CALC_NONE)
        err.status = f->find(&v, &err);
    if (v.sought != RIG_CALC_NONE && rig_calc_arguments[v.sought].kind != RIG_CALC_REAL)
        v.real[v.sought] = v.count[v.sought];
    if (err.status == RIG_OK)
        err.status = f->compute(&v, figures, &err);
    if (err.status == RIG_OK) {
        size_t n = results_of(f, &v, figures, results);
        if (v.is_json)
            err.status = print_json(f, &v, results, n, &err);
        else if (v.is_set[RIG_CALC_SERVERS]) /* "b ERLANG CIRCUITS": the bare loss, for scripts */
            printf("%.9g\n", results[0].value);
        else
            print_text(f, &v, results, n);
    }
    free(v.rows.cells);
    return err.status == RIG_OK ? 0 : rig_console_fail(&err);
}
