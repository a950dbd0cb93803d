/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/slice_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/analyzer.h"
#include "analyzer/extract.h"
#include "tests/golden/compare.h"

enum { MAX_ALONE = 60 };

static rig_calls *analyze(const char *path, const struct rig_rules *rules)
{
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    rig_error err = {.text = ""};
    const rig_analyzer_options options = {.rules = rules};
    if (rig_analyzer_new_with(&options, &analyzer, &err) != RIG_OK ||
        rig_analyze_file(path, analyzer, &err) != RIG_OK ||
        rig_analyzer_finish(analyzer, &calls, &err) != RIG_OK)
        fail_msg("%s: %s", path, err.text);
    rig_analyzer_free(analyzer);
    return calls;
}

static bool is_in(const rig_calls *calls, const rig_call *call)
{
    for (size_t i = 0; i < calls->n; i++) {
        if (strcmp(calls->items[i].call_id, call->call_id) == 0 &&
            calls->items[i].t_invite_ns == call->t_invite_ns)
            return true;
    }
    return false;
}

/* Slice by one term; compare with those of `all` that `fits` names. Calls that came along in the
 * same frames are left out of the comparison, but there must be no more of them than `n_along`. */
static int check_slice(const slice_of *of, const char *term, const rig_calls *expected)
{
    const char *name = of->name, *path = of->path;
    const struct rig_rules *rules = of->rules;
    rig_pick pick = {.n = 0};
    rig_extract_counts counts;
    rig_error err = {.text = ""};
    const rig_extract_options options = {
        .paths = &path, .n_paths = 1, .rules = rules, .pick = &pick, .output = of->output};
    if (rig_pick_add(&pick, term, &err) != RIG_OK || rig_extract(&options, &counts, &err) != RIG_OK)
        fail_msg("%s: %s: %s", name, term, err.text);
    assert_int_equal(counts.n_chosen, expected->n);
    rig_calls *got = analyze(of->output, rules);
    rig_calls same = {.items = calloc(got->n + 1, sizeof *same.items)};
    for (size_t i = 0; i < got->n; i++) {
        if (is_in(expected, &got->items[i]))
            same.items[same.n++] = got->items[i];
    }
    char what[512];
    snprintf(what, sizeof what, "%s, %s", name, term);
    int n_differences = compare_calls(what, &same, expected, 0);
    if (got->n - same.n > of->n_along) {
        fprintf(stderr, "%s: %zu calls came along\n", what, got->n - same.n);
        n_differences++;
    }
    free(same.items);
    rig_calls_free(got);
    return n_differences;
}

/* Whether a call that is not in `some` has a Call-ID of theirs: what is a repetition then depends
 * on both (analyzer/extract.h). */
static bool shares_call_id(const rig_calls *some, const rig_calls *all)
{
    for (size_t i = 0; i < all->n; i++) {
        if (is_in(some, &all->items[i]))
            continue;
        for (size_t k = 0; k < some->n; k++) {
            if (strcmp(some->items[k].call_id, all->items[i].call_id) == 0)
                return true;
        }
    }
    return false;
}

int check_slices(const slice_of *of)
{
    rig_calls *all = analyze(of->path, of->rules);
    rig_calls some = {.items = calloc(all->n + 1, sizeof *some.items)};
    char term[1024];
    int n_differences = 0;
    for (int outcome = 0; outcome < RIG_OUTCOME_NOT_PLACED; outcome++) {
        some.n = 0;
        for (size_t i = 0; i < all->n; i++) {
            if ((int)all->items[i].outcome == outcome)
                some.items[some.n++] = all->items[i];
        }
        snprintf(term, sizeof term, "outcome=%s", rig_outcome_name((rig_outcome)outcome));
        if (!shares_call_id(&some, all))
            n_differences += check_slice(of, term, &some);
    }
    for (size_t k = 0; k < all->n && k < MAX_ALONE; k++) {
        if (strchr(all->items[k].call_id, ',') != NULL)
            continue; /* separates conditions */
        some.n = 0;
        for (size_t i = 0; i < all->n; i++) {
            if (strcmp(all->items[i].call_id, all->items[k].call_id) == 0)
                some.items[some.n++] = all->items[i];
        }
        snprintf(term, sizeof term, "call_id=%s", all->items[k].call_id);
        n_differences += check_slice(of, term, &some);
    }
    free(some.items);
    rig_calls_free(all);
    return n_differences;
}
