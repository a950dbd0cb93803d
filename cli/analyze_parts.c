/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/analyze_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/ladder.h"
#include "analyzer/extract.h"
#include "analyzer/why.h"
#include "cli/analyze_input.h"
#include "cli/console.h"
#include "core/plural.h"
#include "reports/ladder_svg.h"
#include "reports/ladder_text.h"
#include "reports/why_text.h"

/* Where nobody says how wide a line is: it fits a page in landscape, and most screens. */
enum { USUAL_WIDTH = 120 };

/* A condition with an output is a slice, too. */
static bool is_slice(const rig_cmd_analyze_parts *p)
{
    return p->slice.n > 0 || p->output != NULL;
}

/* Whether any of the texts is a Call-ID. */
static bool names_calls(const rig_texts *texts)
{
    for (size_t i = 0; i < texts->n; i++) {
        if (strcmp(texts->items[i], "*") != 0 && strcmp(texts->items[i], "lost") != 0)
            return true;
    }
    return false;
}

bool rig_cmd_analyze_parts_fit(const rig_cmd_analyze_parts *p, const char **problem)
{
    const struct {
        bool is_wrong;
        const char *text;
    } rules[] = {
        {p->ladder.n > 0 && is_slice(p), "--ladder and --slice; expected one of the two"},
        {p->why.n > 0 && (p->ladder.n > 0 || is_slice(p)),
         "--why with --ladder or --slice; expected one of them"},
        {p->is_followed && (p->ladder.n > 0 || is_slice(p)),
         "--follow with --ladder or --slice, which read captures more than once; expected files "
         "that are whole"},
        {p->svg != NULL && p->ladder.n == 0, "--svg; expected --ladder CALL-ID with it"},
        {p->output != NULL && p->slice.n == 0 && !p->has_where,
         "-o; expected --slice KEY=VALUE with it, or --where CONDITION"},
        {p->slice.n > 0 && p->output == NULL, "--slice; expected -o FILE with it"},
        {is_slice(p) && p->is_masked,
         "--slice with --mask: packets are written as they were captured, with all that they hold; "
         "expected one of the two"},
        {p->has_explain && p->is_masked,
         "--explain with --mask: explanations quote Call-IDs and numbers; expected one of the two"},
        {rig_cmd_analyze_parts_wanted(p) && p->has_other_outputs,
         "--ladder, --slice and --why stand alone; expected no --calls, --json, --explain, "
         "--digest, --by, --over-time, --patience, --plots or --jsonl with them"},
        {p->has_where && names_calls(&p->ladder),
         "--ladder CALL-ID with --where; expected --ladder '*' or no --where"},
        {p->has_where && names_calls(&p->why),
         "--why CALL-ID with --where; expected --why lost, --why '*' or no --where"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].is_wrong) {
            *problem = rules[i].text;
            return false;
        }
    }
    return true;
}

bool rig_cmd_analyze_parts_wanted(const rig_cmd_analyze_parts *p)
{
    return p->ladder.n > 0 || is_slice(p) || p->why.n > 0;
}

/* ---- ladders */

static unsigned width_of_output(void)
{
    const unsigned width = rig_console_width();
    uint64_t n_columns;
    if (width > 0)
        return width;
    if (rig_slice_u64(rig_slice_of(getenv("COLUMNS")), &n_columns) && n_columns > 0 &&
        n_columns <= RIG_LADDER_MAX_WIDTH)
        return (unsigned)n_columns;
    return USUAL_WIDTH;
}

static rig_status draw(const rig_cmd_analyze_parts *p, const rig_ladders *ladders, bool is_silent,
                       rig_error *err)
{
    if (p->svg != NULL) {
        rig_status status = rig_report_ladder_svg(ladders, rig_console_language(), p->svg, err);
        if (status == RIG_OK && !is_silent)
            printf("%s\n", p->svg);
        return status;
    }
    const bool is_english = rig_console_language() == rig_language_english();
    const rig_report_ladder_style style = {.width = width_of_output(),
                                           .is_ascii = !rig_console_is_utf8() && is_english,
                                           .language = rig_console_language()};
    for (size_t i = 0; i < ladders->n; i++) {
        if (i > 0)
            putchar('\n');
        rig_report_ladder_print(stdout, &ladders->items[i], &style);
    }
    return RIG_OK;
}

static rig_status run_ladder(const rig_cmd_analyze_parts *p, const rig_input *input,
                             const rig_cmd_analyze_how *how, uint64_t *n_not_followed,
                             rig_error *err)
{
    rig_cmd_analyze_watch watch;
    const rig_ladder_options options = {
        .paths = input->items,
        .n_paths = input->n,
        .call_ids = p->ladder.items,
        .n_call_ids = p->ladder.n,
        .rules = how->rules,
        .where = how->where,
        .reading = rig_cmd_analyze_watch_start(how->reading, NULL, how->warn, &watch),
        .max_legs = how->reading->max_legs};
    rig_ladders *ladders = NULL;
    rig_status status = rig_ladders_collect(&options, &ladders, err);
    rig_cmd_analyze_watch_end(&watch);
    if (status == RIG_OK)
        *n_not_followed = ladders->n_not_followed;
    if (status == RIG_OK && how->mask != NULL)
        status = rig_ladders_mask(ladders, how->mask, err);
    if (status == RIG_OK)
        status = draw(p, ladders, how->is_silent, err);
    rig_ladders_free(ladders);
    return status;
}

/* ---- slices */

/* What was written; not where the packets go. */
static void say_slice(FILE *out, const char *path, const rig_extract_counts *n)
{
    (void)fprintf(out, "%s: %llu of %llu %s, %llu %s, %llu %s\n", path,
                  (unsigned long long)n->n_chosen, (unsigned long long)n->n_calls,
                  rig_plural(n->n_calls, "call", "calls"), (unsigned long long)n->n_legs,
                  rig_plural(n->n_legs, "leg", "legs"), (unsigned long long)n->n_packets,
                  rig_plural(n->n_packets, "packet", "packets"));
    if (n->n_marks > 0)
        (void)fprintf(out, "%llu of the packets %s that the centre marks its stages\n",
                      (unsigned long long)n->n_marks,
                      rig_plural(n->n_marks, "is of another call: it shows",
                                 "are of other calls: they show"));
    if (n->n_fillers > 0)
        (void)fprintf(out, "%llu of the packets %s\n", (unsigned long long)n->n_fillers,
                      rig_plural(n->n_fillers,
                                 "is a TCP segment between theirs, cut to its headers",
                                 "are TCP segments between theirs, cut to their headers"));
    if (n->has_end)
        (void)fprintf(
            out, "the last packet is empty: it holds the capture's end, for calls that are not "
                 "over\n");
}

static rig_status run_slice(const rig_cmd_analyze_parts *p, const rig_input *input,
                            const rig_cmd_analyze_how *how, uint64_t *n_not_followed,
                            rig_error *err)
{
    rig_pick *pick = calloc(1, sizeof *pick);
    rig_cmd_analyze_watch watch;
    rig_extract_counts n;
    rig_status status = pick == NULL ? rig_fail(err, RIG_ENOMEM, "out of memory") : RIG_OK;
    for (size_t i = 0; status == RIG_OK && i < p->slice.n; i++)
        status = rig_pick_add(pick, p->slice.items[i], err);
    const rig_extract_options options = {
        .paths = input->items,
        .n_paths = input->n,
        .rules = how->rules,
        .pick = pick,
        .where = how->where,
        .output = p->output,
        .reading = rig_cmd_analyze_watch_start(how->reading, NULL, how->warn, &watch),
        .max_legs = how->reading->max_legs};
    if (status == RIG_OK)
        status = rig_extract(&options, &n, err);
    rig_cmd_analyze_watch_end(&watch);
    free(pick);
    if (status != RIG_OK)
        return status;
    *n_not_followed = n.n_not_followed;
    say_slice(how->is_silent ? stderr : stdout, p->output, &n);
    return RIG_OK;
}

/* ---- explanations */

static rig_status run_why(const rig_cmd_analyze_parts *p, const rig_input_paths *captures,
                          const rig_cmd_analyze_how *how, uint64_t *n_not_followed, rig_error *err)
{
    rig_cmd_analyze_watch watch;
    const rig_why_options options = {
        .paths = (const char *const *)captures->items,
        .n_paths = captures->n,
        .call_ids = p->why.items,
        .n_call_ids = p->why.n,
        .where = how->where,
        .rules = how->rules,
        .mask = how->mask,
        .reading = rig_cmd_analyze_watch_start(how->reading, NULL, how->warn, &watch),
        .max_legs = how->reading->max_legs};
    rig_whys *whys = NULL;
    rig_status status = rig_whys_collect(&options, &whys, err);
    rig_cmd_analyze_watch_end(&watch);
    if (status == RIG_OK)
        *n_not_followed = whys->n_not_followed;
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < whys->n; i++) {
        if (i > 0)
            putchar('\n');
        rig_report_why(stdout, rig_console_language(), &whys->items[i]);
    }
    if (whys->n == 0)
        rig_console_say("no such call");
    if (whys->n_left_out > 0)
        printf(
            rig_console_words_n(
                whys->n_left_out,
                "\nand %llu more call that ended later: at most %d are explained at one time\n",
                "\nand %llu more calls that ended later: at most %d are explained at one time\n"),
            (unsigned long long)whys->n_left_out, RIG_WHY_MAX_CALLS);
    if (!whys->has_queue_marks)
        rig_console_print(
            "\nNo call of this capture shows when it enters the queue: who left in the "
            "menu and who in the queue cannot be told apart.\n");
    rig_whys_free(whys);
    return RIG_OK;
}

rig_status rig_cmd_analyze_parts_run(const rig_cmd_analyze_parts *parts,
                                     const rig_input_paths *captures,
                                     const rig_cmd_analyze_how *how, uint64_t *n_not_followed,
                                     rig_error *err)
{
    rig_input input;
    if (parts->why.n > 0)
        return run_why(parts, captures, how, n_not_followed, err);
    rig_status status = rig_input_open(captures, &input, err);
    if (status == RIG_OK && parts->ladder.n > 0)
        status = run_ladder(parts, &input, how, n_not_followed, err);
    else if (status == RIG_OK)
        status = run_slice(parts, &input, how, n_not_followed, err);
    rig_input_close(&input);
    return status;
}
