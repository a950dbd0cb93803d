/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_baseline.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/language.h"
#include "history/compare.h"
#include "history/when.h"
#include "reports/json_builder.h"
#include "scenarios/scenario.h"

/* Percentage points, where --baseline-margin does not say. */
#define DEFAULT_MARGIN_PP 1.0

void rig_run_baseline_clear(rig_run_baseline *baseline)
{
    rig_run_found_clear(&baseline->found);
}

/* @param history  Where --history names none. */
static rig_status find(const rig_run_history_options *options, const char *history,
                       const char *scenario, const char *own_id, rig_run_baseline *baseline,
                       rig_error *err)
{
    baseline->is_asked = true;
    baseline->margin = DEFAULT_MARGIN_PP / 100.0;
    if (options->margin_pp != NULL)
        baseline->margin = strtod(options->margin_pp, NULL) / 100.0; /* checked */
    rig_status status =
        rig_run_sought_baseline(options->file != NULL ? options->file : history, options->baseline,
                                scenario, own_id, &baseline->found, err);
    const rig_history_run *run = baseline->found.run;
    if (status == RIG_OK && run != NULL &&
        strcmp(run->texts[RIG_HISTORY_JUDGEMENT], "INVALID") == 0)
        status = rig_fail(err, RIG_EINPUT,
                          "--baseline %s: the run %s is INVALID, and says nothing of its call "
                          "centre; expected one that was judged",
                          options->baseline, run->id);
    return status;
}

rig_status rig_run_baseline_find_for(const rig_run_history_options *options, const rig_run_dir *dir,
                                     const char *scenario, rig_run_baseline *baseline,
                                     rig_error *err)
{
    char beside[PATH_MAX + 16], digest[RIG_SHA256_TEXT_SIZE] = "";
    if (options->baseline == NULL)
        return RIG_OK;
    rig_status status = rig_run_history_beside(dir, beside, sizeof beside, err);
    if (rig_digest_file(dir->play, digest, NULL) == RIG_OK) /* of a run that has been played */
        digest[RIG_HISTORY_ID_SIZE - 1] = '\0';
    return status == RIG_OK ? find(options, beside, scenario, digest, baseline, err) : status;
}

rig_status rig_run_baseline_find_beside(const rig_run_history_options *options,
                                        const rig_run_dir *dir, rig_run_baseline *baseline,
                                        rig_error *err)
{
    rig_scenario *scenario = NULL;
    if (options->baseline == NULL)
        return RIG_OK;
    rig_status status = rig_scenario_read(dir->scenario, NULL, 0, &scenario, err);
    if (status == RIG_OK)
        status = rig_run_baseline_find_for(options, dir, scenario->name, baseline, err);
    rig_scenario_free(scenario);
    return status;
}

static bool is_worse(double p)
{
    return p < RIG_HISTORY_ALPHA; /* not of NAN */
}

static void add_rows(rig_json_builder *b, const rig_history_comparison *c, const double *p)
{
    rig_json_open_list(b, "rows");
    for (size_t i = 0; i < c->n_rows; i++) {
        const rig_history_row *row = &c->rows[i];
        if (isnan(p[i]))
            continue;
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "name", row->name);
        rig_json_add_real(b, "baseline", row->a);
        rig_json_add_real(b, "observed", row->b);
        rig_json_add_real(b, "difference", row->difference);
        rig_json_add_interval(b, "d95", row->low, row->high);
        rig_json_add_real(b, "p_value_holm", p[i]);
        rig_json_add_text(b, "method", rig_history_method_name(row->method));
        rig_json_add_truth(b, "worse", is_worse(p[i]));
        rig_json_close(b);
    }
    rig_json_close(b);
}

/* "is worse than the baseline 96aa.. of 2026-11-29 11:23: lost_trunk rose by 45.67 points (..)" */
static void say(const rig_history_run *run, const rig_history_comparison *c, const double *p,
                size_t n_worse, double margin, char *text, size_t size)
{
    char start[RIG_HISTORY_WHEN_SIZE];
    rig_history_when_text(run->counts[RIG_HISTORY_START_MS], start);
    const char *row_format = N_(": %s %+.2f (%+.2f..%+.2f)");
    const char *format = n_worse > 0
                             ? N_("worse than the baseline %s of %s (%s) by more than %.2f points")
                             : N_("not certain to be worse than the baseline %s of %s (%s) by more "
                                  "than %.2f points");
    int used = snprintf(text, size, format, run->id, start,
                        c->is_paired ? N_("the same calls") : N_("other calls"), 100.0 * margin);
    for (size_t i = 0; i < c->n_rows; i++) {
        const rig_history_row *row = &c->rows[i];
        if (!is_worse(p[i]) || used < 0 || (size_t)used >= size)
            continue;
        used += snprintf(text + used, size - (size_t)used, row_format, row->name,
                         100.0 * row->difference, 100.0 * row->low, 100.0 * row->high);
        row_format = N_(", %s %+.2f (%+.2f..%+.2f)");
    }
}

/* What is said (here, too), and what makes it so. @param c  NULL: nothing was compared. */
static rig_status add_document(json_t *document, const rig_run_baseline *baseline,
                               const rig_history_comparison *c, const double *p,
                               const char *judgement, const char *text)
{
    rig_json_builder b;
    json_t *made = NULL;
    (void)fprintf(stderr, "peakrig: baseline: %s\n", text);
    rig_json_begin(&b);
    rig_json_add_text(&b, "id", baseline->found.run != NULL ? baseline->found.run->id : NULL);
    rig_json_add_text(&b, "judgement", judgement);
    rig_json_add_text(&b, "text", text);
    rig_json_add_real(&b, "margin", baseline->margin);
    if (c != NULL) {
        rig_json_add_truth(&b, "paired", c->is_paired);
        add_rows(&b, c, p);
    }
    rig_status status = rig_json_end(&b, &made);
    if (status == RIG_OK && json_object_set_new(document, "baseline", made) != 0)
        status = RIG_ENOMEM;
    return status;
}

/* A FAIL of PASS or INCONCLUSIVE: the sentence that stood there stays behind the new one. */
static rig_status fail_verdict(json_t *document, rig_verdict *verdict, const char *text)
{
    char summary[RIG_VERDICT_TEXT_SIZE + 1200];
    json_t *of = json_object_get(document, "verdict");
    const bool has_failed = verdict->judgement == RIG_JUDGEMENT_FAIL;
    const int used = snprintf(summary, sizeof summary, "%s", has_failed ? verdict->summary : text);
    char *rest = summary + used; /* both fit */
    const size_t room = sizeof summary - (size_t)used;
    if (has_failed)
        (void)snprintf(rest, room, "; and %s", text);
    else
        (void)snprintf(rest, room, "; by itself %s: %s", rig_judgement_name(verdict->judgement),
                       verdict->summary);
    verdict->judgement = RIG_JUDGEMENT_FAIL;
    (void)snprintf(verdict->summary, sizeof verdict->summary, "%.*s",
                   (int)sizeof verdict->summary - 1, summary);
    if (json_object_set_new(of, "judgement", json_string(rig_judgement_name(RIG_JUDGEMENT_FAIL))) ||
        json_object_set_new(of, "exit_code",
                            json_integer(rig_judgement_exit_code(RIG_JUDGEMENT_FAIL))) ||
        json_object_set_new(of, "summary", json_string(verdict->summary)))
        return RIG_ENOMEM;
    return RIG_OK;
}

static rig_status compare(const rig_run_baseline *baseline, const rig_run_dir *dir,
                          json_t *document, rig_verdict *verdict, rig_error *err)
{
    rig_run_found now = {.run = NULL};
    rig_history_comparison c;
    double p[RIG_HISTORY_MAX_ROWS];
    char text[600];
    rig_status status = rig_run_history_record_of(dir, document, &now.run, &now.waits, err);
    if (status == RIG_OK)
        status = rig_history_compare(baseline->found.run, baseline->found.waits.of_call_s, now.run,
                                     now.waits.of_call_s, &c);
    if (status == RIG_OK) {
        const size_t n_worse = rig_history_regressions(&c, baseline->margin, p);
        say(baseline->found.run, &c, p, n_worse, baseline->margin, text, sizeof text);
        status = add_document(document, baseline, &c, p, n_worse > 0 ? "FAIL" : "PASS", text);
        if (status == RIG_OK && n_worse > 0)
            status = fail_verdict(document, verdict, text);
    }
    rig_run_found_clear(&now);
    return status == RIG_ENOMEM ? rig_fail(err, status, "baseline: out of memory") : status;
}

rig_status rig_run_baseline_apply(const rig_run_baseline *baseline, const rig_run_dir *dir,
                                  json_t *document, rig_verdict *verdict, rig_error *err)
{
    const char *why = NULL;
    if (baseline == NULL || !baseline->is_asked)
        return RIG_OK;
    if (baseline->found.run == NULL)
        why =
            N_("no run of this scenario has passed yet: there is nothing to hold this one against");
    else if (verdict->judgement == RIG_JUDGEMENT_INVALID)
        why = N_("the load of this run was not valid: it is held against nothing");
    if (why == NULL)
        return compare(baseline, dir, document, verdict, err);
    return add_document(document, baseline, NULL, NULL, NULL, why) == RIG_OK
               ? RIG_OK
               : rig_fail(err, RIG_ENOMEM, "baseline: out of memory");
}
