/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/analyze_reading.h"

#include <stdio.h>
#include <string.h>

#include "cli/progress.h"
#include "cli/signals.h"
#include "core/clock.h"
#include "core/plural.h"

enum { EXIT_INCONCLUSIVE = 3, NS_PER_MS = 1000000 };

/* What progress is made of. */
typedef struct showing {
    rig_progress progress;
    const rig_analyzer *analyzer;
    rig_analyze_warning warn;
    int64_t t_begin_ns;
} showing;

bool rig_cmd_analyze_reading_fits(const rig_cmd_analyze_reading *reading,
                                  const rig_input_paths *captures, const char **problem)
{
    if (reading->is_followed && captures->n > 0 &&
        strcmp(captures->items[captures->n - 1], "-") == 0) {
        *problem = "--follow with the standard input, which ends when its writer does; expected a "
                   "file that is being written";
        return false;
    }
    if (reading->window_ms != RIG_ANALYZE_USUAL_WINDOW &&
        reading->window_ms > RIG_CAPTURE_MAX_WINDOW_NS / NS_PER_MS) {
        *problem = "--reorder-window-ms: expected at most 60000";
        return false;
    }
    return true;
}

rig_capture_order rig_cmd_analyze_order(const rig_cmd_analyze_reading *reading)
{
    rig_capture_order order = {.max_packets = reading->max_packets};
    if (reading->window_ms != RIG_ANALYZE_USUAL_WINDOW)
        order.window_ns = reading->window_ms == 0 ? -1 : reading->window_ms * INT64_C(1000000);
    return order;
}

/* ---- progress */

static void show(void *ctx, uint64_t n_done, uint64_t n_all)
{
    enum { MB = 1000000 };
    showing *s = ctx;
    rig_live_counts live;
    double elapsed_s = rig_clock_s_of_ns(rig_clock_monotonic_ns() - s->t_begin_ns);
    if (!rig_progress_is_due(&s->progress))
        return;
    rig_analyzer_live(s->analyzer, &live);
    if (n_all == 0 || n_done == 0 || n_done > n_all) {
        rig_progress_show(&s->progress, "reading: %llu MB; %llu %s, %llu in progress",
                          (unsigned long long)(n_done / MB), (unsigned long long)live.n_offered,
                          rig_plural(live.n_offered, "call", "calls"),
                          (unsigned long long)live.n_in_progress);
        return;
    }
    double left_s = elapsed_s * (double)(n_all - n_done) / (double)n_done;
    rig_progress_show(
        &s->progress,
        "reading: %.0f %%, %.0f:%02.0f left; %llu of %llu MB; %llu %s, %llu in progress",
        100.0 * (double)n_done / (double)n_all, (double)((long)left_s / 60),
        (double)((long)left_s % 60), (unsigned long long)(n_done / MB),
        (unsigned long long)(n_all / MB), (unsigned long long)live.n_offered,
        rig_plural(live.n_offered, "call", "calls"), (unsigned long long)live.n_in_progress);
}

static void pass_warning(void *ctx, const char *text)
{
    showing *s = ctx;
    rig_progress_end(&s->progress);
    if (s->warn != NULL)
        s->warn(NULL, text);
}

rig_status rig_cmd_analyze_read(const rig_cmd_analyze_reading *reading,
                                const rig_input_paths *captures, rig_analyzer *analyzer,
                                rig_analyze_warning warn, rig_error *err)
{
    showing s = {.analyzer = analyzer, .warn = warn, .t_begin_ns = rig_clock_monotonic_ns()};
    rig_progress_start(&s.progress, reading->is_quiet);
    const rig_analyze_reading how = {.order = rig_cmd_analyze_order(reading),
                                     .is_over = reading->is_followed ? rig_signals_catch() : NULL,
                                     .warn = pass_warning,
                                     .progress = show,
                                     .ctx = &s};
    rig_status status = rig_analyze_files_with((const char *const *)captures->items, captures->n,
                                               &how, analyzer, err);
    rig_progress_end(&s.progress);
    return status;
}

int rig_cmd_analyze_verdict(const rig_cmd_analyze_reading *reading,
                            const rig_capture_counts *counts)
{
    if (counts->n_not_followed == 0)
        return 0;
    uint32_t max_legs = reading->max_legs != 0 ? reading->max_legs : RIG_ANALYZER_MAX_LEGS;
    (void)fprintf(stderr,
                  "peakrig: inconclusive: more than %u legs were open at one time, and %llu %s "
                  "passed over: the figures are not those of the capture; "
                  "expected a higher --max-legs (memory: %u bytes a leg)\n",
                  max_legs, (unsigned long long)counts->n_not_followed,
                  rig_plural(counts->n_not_followed, "message of further ones was",
                             "messages of further ones were"),
                  RIG_ANALYZER_BYTES_A_LEG);
    return EXIT_INCONCLUSIVE;
}
