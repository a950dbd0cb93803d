/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/load.h"

#include <math.h>
#include <stdlib.h>

#include "core/language.h"
#include "reports/json/hosts.h"

static void add_cause(rig_json_builder *b, const char *cause, uint64_t n)
{
    if (n == 0)
        return;
    rig_json_open_object(b, NULL);
    rig_json_add_text(b, "cause", cause);
    rig_json_add_count(b, "n", n);
    rig_json_close(b);
}

static uint64_t at_most(uint64_t n, uint64_t limit)
{
    return n < limit ? n : limit;
}

/* Why calls of the plan are not in the capture. */
static void add_not_placed(rig_json_builder *b, const rig_result *r)
{
    const rig_play_facts *play = r->play;
    uint64_t n = r->join->n_not_placed;
    uint64_t n_stopped = at_most(play->n_stopped, n);
    uint64_t n_engine = at_most(play->n_missing_lines, n - n_stopped);
    rig_json_open_object(b, "not_placed");
    rig_json_add_count(b, "n", n);
    rig_json_open_list(b, "causes");
    add_cause(b, N_("stopped before their instant"), n_stopped);
    add_cause(b, N_("SIPp ended without placing them"), n_engine);
    add_cause(b, N_("sent by SIPp, but not captured"), n - n_stopped - n_engine);
    rig_json_close(b);
    rig_json_close(b);
}

/* Why calls were more than RIG_LATE_MS late or early on the wire. */
static void add_late(rig_json_builder *b, const rig_result *r)
{
    const rig_play_facts *play = r->play;
    const uint64_t n = r->lateness->n_late;
    const bool is_clock_set = fabs((double)play->clock_step_ns) * 1e-6 > RIG_LATE_MS;
    uint64_t n_worker = 0;
    for (size_t i = 0; i < play->n_workers && i < RIG_MAX_WORKERS; i++)
        n_worker += play->workers[i].n_late;
    n_worker = at_most(n_worker, n);
    rig_json_open_object(b, "late");
    rig_json_add_real(b, "limit_ms", RIG_LATE_MS);
    rig_json_add_count(b, "n", n);
    rig_json_open_list(b, "causes");
    add_cause(b, N_("SIPp was late: no processor time, or too many calls for its workers"),
              n_worker);
    add_cause(
        b, is_clock_set ? N_("the clock was set during the run") : N_("between SIPp and the wire"),
        n - n_worker);
    rig_json_close(b);
    rig_json_close(b);
}

static void add_gaps(rig_json_builder *b, const rig_lateness *l)
{
    rig_json_open_object(b, "gaps");
    rig_json_add_real(b, "mean_planned_ms", l->planned_gap_ms);
    rig_json_add_real(b, "mean_actual_ms", l->actual_gap_ms);
    rig_json_add_real(b, "cv_planned", l->planned_gap_cv);
    rig_json_add_real(b, "cv_actual", l->actual_gap_cv);
    rig_json_close(b);
    rig_json_open_object(b, "trend");
    rig_json_add_real(b, "first_fifth_median_ms", l->first_fifth_ms);
    rig_json_add_real(b, "last_fifth_median_ms", l->last_fifth_ms);
    rig_json_close(b);
}

static void add_clock(rig_json_builder *b, const rig_play_facts *play)
{
    rig_json_open_object(b, "clock");
    rig_json_add_real(b, "step_ms", (double)play->clock_step_ns * 1e-6);
    rig_json_add_real(b, "at_s", (double)play->clock_step_at_ns * 1e-9);
    rig_json_close(b);
}

static void add_workers(rig_json_builder *b, const rig_play_facts *play)
{
    rig_json_open_list(b, "workers");
    for (size_t i = 0; i < play->n_workers && i < RIG_MAX_WORKERS; i++) {
        const rig_play_facts_worker *w = &play->workers[i];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "host", w->host);
        rig_json_add_count(b, "port", w->port);
        rig_json_add_count(b, "calls", w->n_calls);
        rig_json_add_integer(b, "unaccounted", (int64_t)w->n_calls - (int64_t)w->n_lines);
        rig_json_add_count(b, "late", w->n_late);
        rig_json_add_real(b, "max_late_ms", w->max_late_ms);
        rig_json_add_count(b, "socket_drops", w->n_socket_drops);
        rig_json_add_integer(b, "exit_code", w->exit_code);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_counts(rig_json_builder *b, const char *key, const uint64_t *counts, size_t n)
{
    rig_json_open_list(b, key);
    for (size_t i = 0; i < n; i++)
        rig_json_add_count(b, NULL, counts[i]);
    rig_json_close(b);
}

/* Planned and actual arrivals in each interval. */
static void add_arrivals(rig_json_builder *b, const rig_result *r)
{
    const size_t n = r->prediction->n_intervals;
    const double length_s = r->prediction->interval_s;
    uint64_t *planned = calloc(n + 1, sizeof *planned);
    uint64_t *actual = calloc(n + 1, sizeof *actual);
    if (planned == NULL || actual == NULL) {
        rig_json_fail(b);
        goto out;
    }
    for (size_t i = 0; n > 0 && i < rig_schedule_n_first(r->schedule); i++) {
        double planned_at = r->schedule->calls[i].t_s / length_s;
        double actual_at = r->join->arrival_s[i] / length_s;
        planned[(size_t)fmin(planned_at, (double)n - 1.0)]++;
        /* a little early is in the first interval, a little late in the last */
        if (!isnan(actual_at))
            actual[(size_t)fmin(fmax(actual_at, 0.0), (double)n - 1.0)]++;
    }
    rig_json_open_object(b, "arrivals");
    rig_json_add_real(b, "length_s", length_s);
    add_counts(b, "planned", planned, n);
    add_counts(b, "actual", actual, n);
    rig_json_close(b);
out:
    free(planned);
    free(actual);
}

void rig_json_add_load(rig_json_builder *b, const rig_result *r)
{
    rig_json_open_object(b, "load");
    add_not_placed(b, r);
    add_late(b, r);
    add_gaps(b, r->lateness);
    add_clock(b, r->play);
    rig_json_add_count(b, "told", r->play->n_told);
    add_workers(b, r->play);
    if (r->hosts != NULL)
        rig_json_add_hosts(b, r->hosts);
    add_arrivals(b, r);
    rig_json_close(b);
}
