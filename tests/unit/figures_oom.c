/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures, conditions, groups, pseudonyms and explanations with the first, the second, the third ..
 * allocation refused: an error each time, nothing leaks (under a leak checker). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyzer/figures.h"
#include "analyzer/masked_call.h"
#include "analyzer/rules.h"
#include "analyzer/why.h"

static long n_left = -1; /* allocations that still succeed; < 0: all do */

static int is_refused(void)
{
    if (n_left < 0)
        return 0;
    return n_left-- == 0 ? (n_left = 0, 1) : 0;
}

/* -Wl,--wrap=malloc,--wrap=calloc,--wrap=reallocarray,--wrap=strdup */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_reallocarray(void *p, size_t n, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_reallocarray(void *p, size_t n, size_t size);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t n)
{
    return is_refused() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return is_refused() ? NULL : __real_calloc(n, size);
}

void *__wrap_reallocarray(void *p, size_t n, size_t size)
{
    return is_refused() ? NULL : __real_reallocarray(p, n, size);
}

char *__wrap_strdup(const char *text)
{
    return is_refused() ? NULL : __real_strdup(text);
}

/* One analysis with everything. */
typedef struct whole {
    rig_rules *rules;
    rig_query *where;
    rig_mask *mask;
    rig_masked_call *masked;
    rig_figures *figures;
    rig_analyzer *analyzer;
} whole;

static rig_status take(void *ctx, const rig_finished_call *call, rig_error *err)
{
    whole *w = ctx;
    const rig_finished_call *shown = call;
    const rig_query_fit fit = rig_query_fit_call(w->where, call, 0);
    rig_status status = rig_masked_call_of(w->masked, call, &shown, err);
    return status == RIG_OK ? rig_figures_take(w->figures, shown, fit, err) : status;
}

static rig_status open_all(whole *w, const char *rules, rig_error *err)
{
    rig_figures_options wanted = {.n_by = 2, .has_over_time = true};
    rig_status status = rig_rules_read(rules, &w->rules, err);
    if (status == RIG_OK)
        status = rig_rules_add_carrier(w->rules, "A=header:X-Trunk=a*", err);
    if (status == RIG_OK)
        status = rig_query_read("not caller=none or carrier=A", "--where", &w->where, err);
    if (status == RIG_OK)
        status = rig_groups_by_read("agent", "--by", &wanted.by[0], err);
    if (status == RIG_OK)
        status = rig_groups_by_read("carrier,outcome", "--by", &wanted.by[1], err);
    wanted.where = w->where;
    if (status == RIG_OK)
        status = rig_mask_new(NULL, &w->mask, err);
    if (status == RIG_OK)
        status = rig_masked_call_new(w->mask, &w->masked, err);
    return status == RIG_OK ? rig_figures_new(&wanted, &w->figures, err) : status;
}

static rig_status run(whole *w, const char *rules, const char *capture, rig_error *err)
{
    rig_found found;
    rig_capture_counts counts;
    rig_status status = open_all(w, rules, err);
    const rig_analyzer_options how = {
        .rules = w->rules, .sink = {.take = take, .ctx = w}, .with_parties = true};
    if (status == RIG_OK)
        status = rig_analyzer_new_with(&how, &w->analyzer, err);
    if (status == RIG_OK)
        status = rig_analyze_file(capture, w->analyzer, err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(w->analyzer, NULL, err);
    if (status != RIG_OK)
        return status;
    rig_analyzer_counts(w->analyzer, &counts);
    status = rig_figures_finish(w->figures, &counts, &found, err);
    if (status != RIG_OK)
        return status;
    assert_true(found.usage->tally.n_offered > 3 && found.tables[0]->n > 1);
    assert_true(found.over_time->n > 1 && found.patience->n > 0);
    return RIG_OK;
}

static void close_all(whole *w)
{
    rig_analyzer_free(w->analyzer);
    rig_figures_free(w->figures);
    rig_masked_call_free(w->masked);
    rig_mask_free(w->mask);
    rig_query_free(w->where);
    rig_rules_free(w->rules);
}

static void check_refusals(const char *rules, const char *capture, long at_least)
{
    long n = 0;
    for (;; n++) {
        whole w = {.rules = NULL};
        rig_error err = {.text = ""};
        n_left = n;
        rig_status status = run(&w, rules, capture, &err);
        n_left = -1;
        close_all(&w);
        if (status == RIG_OK)
            break;
        /* libpcap and libconfig allocate too, and say so in their own ways */
        assert_true(status == RIG_ENOMEM || status == RIG_EINPUT || status == RIG_EIO);
        assert_true(err.text[0] != '\0');
    }
    assert_true(n > at_least);
}

static void test_figures(void **state)
{
    (void)state;
    check_refusals(PEAKRIG_SOURCE "/scenarios/rules/embedded.cfg",
                   PEAKRIG_FIXTURES "/embedded_centre.pcap", 150);
}

/* Agents' legs that are found by the time of their ends. */
static void test_pairing(void **state)
{
    (void)state;
    check_refusals(PEAKRIG_SOURCE "/scenarios/rules/asterisk.cfg",
                   PEAKRIG_FIXTURES "/join_by_bye.pcap", 100);
}

static void test_why(void **state)
{
    (void)state;
    static const char path[] = PEAKRIG_FIXTURES "/embedded_centre.pcap";
    const char *const paths[] = {path}, *const asked[] = {"*"};
    for (long n = 0;; n++) {
        rig_whys *whys = NULL;
        rig_mask *mask = NULL;
        rig_error err = {.text = ""};
        assert_int_equal(rig_mask_new(NULL, &mask, NULL), RIG_OK);
        const rig_why_options options = {
            .paths = paths, .n_paths = 1, .call_ids = asked, .n_call_ids = 1, .mask = mask};
        n_left = n;
        rig_status status = rig_whys_collect(&options, &whys, &err);
        n_left = -1;
        rig_mask_free(mask);
        if (status == RIG_OK) {
            assert_int_equal(whys->n, 14);
            rig_whys_free(whys);
            assert_true(n > 80);
            break;
        }
        assert_null(whys);
        assert_true(status == RIG_ENOMEM || status == RIG_EINPUT || status == RIG_EIO);
        assert_true(err.text[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_pairing),
        cmocka_unit_test(test_why),
    };
    return cmocka_run_group_tests_name("figures_oom", tests, NULL, NULL);
}
