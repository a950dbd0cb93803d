/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/analyze_reading.h"

#include <stdio.h>
#include <string.h>

#include "cli/progress.h"
#include "cli/signals.h"
#include "core/clock.h"
#include "core/plural.h"

enum { EXIT_INCONCLUSIVE = 3, NS_PER_MS = 1000000 };

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

int64_t rig_cmd_analyze_clocks_apart_ns(const rig_cmd_analyze_reading *reading)
{
    if (reading->apart_ms == RIG_ANALYZE_USUAL_WINDOW)
        return 0;
    return reading->apart_ms == 0 ? -1 : reading->apart_ms * INT64_C(1000000);
}

/* The order that the options ask for. */
static rig_capture_order order_of(const rig_cmd_analyze_reading *reading)
{
    rig_capture_order order = {.max_packets = reading->max_packets};
    if (reading->window_ms != RIG_ANALYZE_USUAL_WINDOW)
        order.window_ns = reading->window_ms == 0 ? -1 : reading->window_ms * INT64_C(1000000);
    return order;
}

/* ---- progress */

/* "; 12 calls, 3 in progress", or "". */
static void calls_text(const rig_cmd_analyze_watch *w, char *text, size_t size)
{
    rig_live_counts live;
    text[0] = '\0';
    if (w->analyzer == NULL)
        return;
    rig_analyzer_live(w->analyzer, &live);
    (void)snprintf(text, size, "; %llu %s, %llu in progress", (unsigned long long)live.n_offered,
                   rig_plural(live.n_offered, "call", "calls"),
                   (unsigned long long)live.n_in_progress);
}

static void show(void *ctx, uint64_t n_done, uint64_t n_all)
{
    enum { MB = 1000000 };
    rig_cmd_analyze_watch *w = ctx;
    char calls[80];
    if (n_done < w->n_done) /* they are read again, from their beginning */
        w->t_begin_ns = rig_clock_monotonic_ns();
    w->n_done = n_done;
    if (!rig_progress_is_due(&w->progress))
        return;
    double elapsed_s = rig_clock_s_of_ns(rig_clock_monotonic_ns() - w->t_begin_ns);
    calls_text(w, calls, sizeof calls);
    if (n_all == 0 || n_done == 0 || n_done > n_all) {
        rig_progress_show(&w->progress, "reading: %llu MB%s", (unsigned long long)(n_done / MB),
                          calls);
        return;
    }
    double left_s = elapsed_s * (double)(n_all - n_done) / (double)n_done;
    rig_progress_show(&w->progress, "reading: %.0f %%, %.0f:%02.0f left; %llu of %llu MB%s",
                      100.0 * (double)n_done / (double)n_all, (double)((long)left_s / 60),
                      (double)((long)left_s % 60), (unsigned long long)(n_done / MB),
                      (unsigned long long)(n_all / MB), calls);
}

static void pass_warning(void *ctx, const char *text)
{
    rig_cmd_analyze_watch *w = ctx;
    rig_progress_end(&w->progress);
    if (w->warn != NULL)
        w->warn(NULL, text);
}

rig_analyze_reading rig_cmd_analyze_watch_start(const rig_cmd_analyze_reading *reading,
                                                const rig_analyzer *analyzer,
                                                rig_analyze_warning warn,
                                                rig_cmd_analyze_watch *watch)
{
    *watch = (rig_cmd_analyze_watch){
        .analyzer = analyzer, .warn = warn, .t_begin_ns = rig_clock_monotonic_ns()};
    rig_progress_start(&watch->progress, reading->is_quiet);
    return (rig_analyze_reading){.order = order_of(reading),
                                 .is_over = reading->is_followed ? rig_signals_catch() : NULL,
                                 .warn = pass_warning,
                                 .progress = show,
                                 .ctx = watch};
}

void rig_cmd_analyze_watch_end(rig_cmd_analyze_watch *watch)
{
    rig_progress_end(&watch->progress);
}

rig_status rig_cmd_analyze_read(const rig_cmd_analyze_reading *reading,
                                const rig_input_paths *captures, rig_analyzer *analyzer,
                                rig_analyze_warning warn, rig_error *err)
{
    rig_cmd_analyze_watch watch;
    const rig_analyze_reading how = rig_cmd_analyze_watch_start(reading, analyzer, warn, &watch);
    rig_status status = rig_analyze_files_with((const char *const *)captures->items, captures->n,
                                               &how, analyzer, err);
    rig_cmd_analyze_watch_end(&watch);
    return status;
}

int rig_cmd_analyze_verdict(const rig_cmd_analyze_reading *reading, uint64_t n_not_followed)
{
    if (n_not_followed == 0)
        return 0;
    uint32_t max_legs = reading->max_legs != 0 ? reading->max_legs : RIG_ANALYZER_MAX_LEGS;
    (void)fprintf(
        stderr,
        "peakrig: inconclusive: more than %u legs were open at one time, and %llu %s "
        "passed over: the figures are not those of the capture; "
        "expected a higher --max-legs (memory: %u bytes a leg)\n",
        max_legs, (unsigned long long)n_not_followed,
        rig_plural(n_not_followed, "message of further ones was", "messages of further ones were"),
        RIG_ANALYZER_BYTES_A_LEG);
    return EXIT_INCONCLUSIVE;
}
