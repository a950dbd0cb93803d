/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "analyzer/masked_call.h"
#include "analyzer/why.h"

/* What holds if the target shows queue marks, where that is something else. */
typedef struct variant {
    bool is_there; /* the call is to be told in this case */
    rig_why why;
} variant;

typedef struct item {
    variant by[2]; /* as it was told; if the target shows queue marks */
} item;

typedef struct collection {
    const rig_why_options *options;
    rig_analyzer *analyzer;
    rig_masked_call *masked; /* NULL: nothing is masked */
    item *items;
    size_t n, cap;
    uint64_t n_left_out;
    bool *is_found; /* by Call-ID */
} collection;

/* Whether a call with an outcome is asked for: a call back of the centre by its name alone. */
static bool is_asked(collection *c, const rig_call *call, rig_outcome outcome)
{
    const bool is_callers = call->call_back_of == NULL;
    bool is_asked = false;
    for (size_t i = 0; i < c->options->n_call_ids; i++) {
        const char *asked = c->options->call_ids[i];
        bool is_this =
            strcmp(asked, call->call_id) == 0 ||
            (is_callers && (strcmp(asked, "*") == 0 ||
                            (strcmp(asked, "lost") == 0 && rig_outcome_is_lost(outcome))));
        c->is_found[i] |= is_this;
        is_asked |= is_this;
    }
    return is_asked;
}

static rig_status make_room(collection *c, rig_error *err)
{
    if (c->n < c->cap)
        return RIG_OK;
    size_t cap = c->cap == 0 ? 16 : c->cap * 2;
    item *items = reallocarray(c->items, cap, sizeof *items);
    if (items == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    c->items = items;
    c->cap = cap;
    return RIG_OK;
}

static rig_status add(collection *c, const rig_finished_call *shown, const bool is_wanted[2],
                      rig_error *err)
{
    if (c->n == RIG_WHY_MAX_CALLS) {
        c->n_left_out++;
        return RIG_OK;
    }
    rig_status status = make_room(c, err);
    if (status != RIG_OK)
        return status;
    item *at = &c->items[c->n++];
    *at = (item){0};
    for (int k = 0; k < 2 && status == RIG_OK; k++) {
        if (is_wanted[k])
            status = rig_why_explain(shown, k == 1, &at->by[k].why, err);
        at->by[k].is_there = is_wanted[k] && status == RIG_OK;
    }
    return status;
}

static rig_status take(void *ctx, const rig_finished_call *call, rig_error *err)
{
    collection *c = ctx;
    const rig_finished_call *shown = call;
    const rig_query_fit fit =
        rig_query_fit_call(c->options->where, call, rig_analyzer_t_first_ns(c->analyzer));
    const bool is_wanted[2] = {fit.as_told && is_asked(c, call->call, call->call->outcome),
                               fit.if_marks && is_asked(c, call->call, call->outcome_if_marks)};
    if (!is_wanted[0] && !is_wanted[1])
        return RIG_OK;
    rig_status status = RIG_OK;
    if (c->masked != NULL)
        status = rig_masked_call_of(c->masked, call, &shown, err);
    return status == RIG_OK ? add(c, shown, is_wanted, err) : status;
}

static rig_status analyze(collection *c, rig_capture_counts *counts, rig_error *err)
{
    const rig_why_options *o = c->options;
    const rig_analyzer_options how = {.rules = o->rules,
                                      .sink = {.take = take, .call_back = take, .ctx = c},
                                      .with_parties = true,
                                      .max_legs = o->max_legs};
    rig_status status = rig_analyzer_new_with(&how, &c->analyzer, err);
    if (status == RIG_OK)
        status = rig_analyze_files_with(o->paths, o->n_paths, &o->reading, c->analyzer, err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(c->analyzer, NULL, err);
    if (status == RIG_OK)
        rig_analyzer_counts(c->analyzer, counts);
    rig_analyzer_free(c->analyzer);
    c->analyzer = NULL;
    return status;
}

static rig_status check_found(const collection *c, rig_error *err)
{
    for (size_t i = 0; i < c->options->n_call_ids; i++) {
        const char *asked = c->options->call_ids[i];
        if (!c->is_found[i] && strcmp(asked, "*") != 0 && strcmp(asked, "lost") != 0)
            return rig_fail(err, RIG_EINPUT,
                            "--why: \"%s\": no call has this Call-ID; expected that of a caller's "
                            "leg or of a call back (--calls FILE lists them), \"lost\" or \"*\"",
                            asked);
    }
    return RIG_OK;
}

static int by_order(const void *a, const void *b)
{
    const rig_why *x = a, *y = b;
    return (x->order > y->order) - (x->order < y->order);
}

/* The one of two that holds, of each. */
static rig_status choose(collection *c, const rig_capture_counts *counts, rig_whys **whys,
                         rig_error *err)
{
    rig_whys *made = calloc(1, sizeof *made);
    if (made != NULL)
        made->items = calloc(c->n + 1, sizeof *made->items);
    if (made == NULL || made->items == NULL) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < c->n; i++) {
        variant *wanted = &c->items[i].by[counts->has_queue_marks ? 1 : 0];
        if (!wanted->is_there)
            continue;
        made->items[made->n++] = wanted->why;
        wanted->why = (rig_why){0}; /* it has moved */
    }
    made->n_left_out = c->n_left_out;
    made->has_queue_marks = counts->has_queue_marks;
    made->n_not_followed = counts->n_not_followed;
    qsort(made->items, made->n, sizeof *made->items, by_order);
    *whys = made;
    return RIG_OK;
}

rig_status rig_whys_collect(const rig_why_options *options, rig_whys **whys, rig_error *err)
{
    collection c = {.options = options};
    rig_capture_counts counts = {0};
    rig_status status = RIG_OK;
    c.is_found = calloc(options->n_call_ids + 1, sizeof *c.is_found);
    if (c.is_found == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    if (options->mask != NULL)
        status = rig_masked_call_new(options->mask, &c.masked, err);
    if (status == RIG_OK)
        status = analyze(&c, &counts, err);
    if (status == RIG_OK)
        status = check_found(&c, err);
    if (status == RIG_OK)
        status = choose(&c, &counts, whys, err);
    for (size_t i = 0; i < c.n; i++) {
        rig_why_clear(&c.items[i].by[0].why);
        rig_why_clear(&c.items[i].by[1].why);
    }
    rig_masked_call_free(c.masked);
    free(c.items);
    free(c.is_found);
    return status;
}

void rig_whys_free(rig_whys *whys)
{
    if (whys == NULL)
        return;
    for (size_t i = 0; i < whys->n; i++)
        rig_why_clear(&whys->items[i]);
    free(whys->items);
    free(whys);
}
