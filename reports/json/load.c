#include "reports/json/load.h"

#include <math.h>
#include <stdlib.h>

#include "reports/prediction_json.h"

static void add_cause(json_t *list, const char *cause, uint64_t n)
{
    if (n > 0)
        (void)json_array_append_new(list,
                                    json_pack("{s:s, s:I}", "cause", cause, "n", (json_int_t)n));
}

static uint64_t at_most(uint64_t n, uint64_t limit)
{
    return n < limit ? n : limit;
}

/* Why calls of the plan are not in the capture. */
static json_t *not_placed_json(const rig_result *r)
{
    const rig_play_facts *play = r->play;
    json_t *list = json_array();
    uint64_t n = r->join->n_not_placed;
    uint64_t n_stopped = at_most(play->n_stopped, n);
    uint64_t n_engine = at_most(play->n_missing_lines, n - n_stopped);
    add_cause(list, "stopped before their instant", n_stopped);
    add_cause(list, "SIPp ended without placing them", n_engine);
    add_cause(list, "sent by SIPp, but not captured", n - n_stopped - n_engine);
    return json_pack("{s:I, s:o}", "n", (json_int_t)n, "causes", list);
}

/* Why calls were more than RIG_LATE_MS late or early on the wire. */
static json_t *late_json(const rig_result *r)
{
    const rig_play_facts *play = r->play;
    const uint64_t n = r->lateness->n_late;
    const bool is_clock_set = fabs((double)play->clock_step_ns) * 1e-6 > RIG_LATE_MS;
    uint64_t n_worker = 0;
    json_t *list = json_array();
    for (size_t i = 0; i < play->n_workers && i < RIG_MAX_WORKERS; i++)
        n_worker += play->workers[i].n_late;
    n_worker = at_most(n_worker, n);
    add_cause(list, "SIPp was late: no processor time, or too many calls for its workers",
              n_worker);
    add_cause(list, is_clock_set ? "the clock was set during the run" : "between SIPp and the wire",
              n - n_worker);
    return json_pack("{s:f, s:I, s:o}", "limit_ms", RIG_LATE_MS, "n", (json_int_t)n, "causes",
                     list);
}

static json_t *workers_json(const rig_play_facts *play)
{
    json_t *list = json_array();
    for (size_t i = 0; i < play->n_workers && i < RIG_MAX_WORKERS; i++) {
        const rig_play_facts_worker *w = &play->workers[i];
        (void)json_array_append_new(
            list, json_pack("{s:s, s:i, s:I, s:I, s:I, s:f, s:I, s:i}", "host", w->host, "port",
                            (int)w->port, "calls", (json_int_t)w->n_calls, "unaccounted",
                            (json_int_t)w->n_calls - (json_int_t)w->n_lines, "late",
                            (json_int_t)w->n_late, "max_late_ms", w->max_late_ms, "socket_drops",
                            (json_int_t)w->n_socket_drops, "exit_code", w->exit_code));
    }
    return list;
}

/* Planned and actual arrivals in each interval. */
static json_t *arrivals_json(const rig_result *r)
{
    const size_t n = r->prediction->n_intervals;
    const double length_s = r->prediction->interval_s;
    json_t *planned = json_array(), *actual = json_array();
    uint64_t *counts = calloc(2 * n + 1, sizeof *counts);
    for (size_t i = 0; counts != NULL && n > 0 && i < r->schedule->n; i++) {
        double planned_at = r->schedule->calls[i].t_s / length_s;
        double actual_at = r->join->arrival_s[i] / length_s;
        counts[(size_t)fmin(planned_at, (double)n - 1.0)]++;
        /* a little early is in the first interval, a little late in the last */
        if (!isnan(actual_at))
            counts[n + (size_t)fmin(fmax(actual_at, 0.0), (double)n - 1.0)]++;
    }
    for (size_t i = 0; counts != NULL && i < n; i++) {
        (void)json_array_append_new(planned, json_integer((json_int_t)counts[i]));
        (void)json_array_append_new(actual, json_integer((json_int_t)counts[n + i]));
    }
    free(counts);
    return json_pack("{s:f, s:o, s:o}", "length_s", length_s, "planned", planned, "actual", actual);
}

json_t *rig_json_of_load(const rig_result *r)
{
    const rig_lateness *l = r->lateness;
    return json_pack(
        "{s:o, s:o, s:{s:o, s:o, s:o, s:o}, s:{s:o, s:o}, s:{s:f, s:f}, s:I, s:o, s:o}",
        "not_placed", not_placed_json(r), "late", late_json(r), "gaps", "mean_planned_ms",
        rig_json_real(l->planned_gap_ms), "mean_actual_ms", rig_json_real(l->actual_gap_ms),
        "cv_planned", rig_json_real(l->planned_gap_cv), "cv_actual",
        rig_json_real(l->actual_gap_cv), "trend", "first_fifth_median_ms",
        rig_json_real(l->first_fifth_ms), "last_fifth_median_ms", rig_json_real(l->last_fifth_ms),
        "clock", "step_ms", (double)r->play->clock_step_ns * 1e-6, "at_s",
        (double)r->play->clock_step_at_ns * 1e-9, "told", (json_int_t)r->play->n_told, "workers",
        workers_json(r->play), "arrivals", arrivals_json(r));
}
