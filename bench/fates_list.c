/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls whose fate on the wire differs from that of the replay with each call's own delays, the
 * earliest first: one line a call, as CSV.
 *
 * Usage: bench_fates RUN_DIR [pooled | times S]
 * pooled: without the calls' own delays, drawn from the samples as for calls that were not seen.
 * times: calls of which an instant differs by more than S seconds of the scenario.
 */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/calls_csv.h"
#include "verdict/judge.h"
#include "verdict/judge/reactions.h"

/* A run and its replay. */
typedef struct run {
    rig_scenario *scenario;
    rig_schedule *schedule;
    rig_calls *calls;
    rig_join *join;
    rig_delays delays;
    rig_prediction *replay;
} run;

static void die(const rig_error *err)
{
    (void)fprintf(stderr, "fates: %s\n", err->text);
    exit(2);
}

static const char *path_of(const char *folder, const char *name, char path[4096])
{
    (void)snprintf(path, 4096, "%s/%s", folder, name);
    return path;
}

static void read_run(const char *folder, run *r)
{
    char path[4096];
    rig_error err = {.text = "out of memory"};
    size_t n_odd;
    if (rig_scenario_read(path_of(folder, "scenario.cfg", path), NULL, 0, &r->scenario, &err) !=
            RIG_OK ||
        rig_schedule_read(path_of(folder, "schedule.csv", path), &r->schedule, &err) != RIG_OK ||
        rig_cdr_read(path_of(folder, "calls.csv", path), &r->calls, &err) != RIG_OK)
        die(&err);
    const double scale = r->scenario->time_scale;
    const int64_t start_ns = r->calls->n > 0 ? r->calls->items[0].t_invite_ns : 0;
    if (rig_join_new(r->schedule, r->calls, start_ns, scale, &r->join) != RIG_OK ||
        rig_join_measure_delays(r->join, r->schedule, r->scenario, &r->delays, &n_odd) != RIG_OK ||
        rig_reactions_measure(r->join, r->scenario, &r->delays) != RIG_OK)
        die(&err);
}

static void replay(run *r, bool is_pooled)
{
    rig_error err = {.text = ""};
    if (is_pooled) {
        free(r->delays.own);
        r->delays.own = NULL;
    }
    const rig_predict_options how = {.n_replications = 2,
                                     .schedule = r->schedule,
                                     .arrival_s = r->join->arrival_s,
                                     .delays = &r->delays};
    if (rig_predict(r->scenario, &how, &r->replay, &err) != RIG_OK)
        die(&err);
}

static void free_run(run *r)
{
    rig_prediction_free(r->replay);
    rig_delays_clear(&r->delays);
    rig_join_free(r->join);
    rig_calls_free(r->calls);
    rig_schedule_free(r->schedule);
    rig_scenario_free(r->scenario);
}

/* Instants of a call on the wire, s of the scenario since its INVITE; NAN = not seen. */
static void seen_s(const run *r, const rig_call *call, double at_s[5])
{
    const bool is_early = r->scenario->target.marks == RIG_MARK_EARLY;
    const int64_t at_ns[5] = {rig_call_port_ns(call, is_early), call->t_queue_ns,
                              call->t_agent_ring_ns, call->t_agent_answer_ns, call->t_end_ns};
    for (int k = 0; k < 5; k++)
        at_s[k] = at_ns[k] == RIG_NO_TIME
                      ? (double)NAN
                      : rig_clock_s_of_ns(at_ns[k] - call->t_invite_ns) * r->scenario->time_scale;
}

static void list_times(const run *r, double most_s)
{
    static const char *const names[5] = {"port", "queue", "ring", "talk", "end"};
    for (size_t i = 0; i < r->schedule->n; i++) {
        const rig_call *call = r->join->observed[i];
        const rig_call_instants *in = &r->replay->instants[i];
        const double replayed_s[5] = {in->port_s, in->queue_s, in->ring_s, in->talk_s, in->end_s};
        double wire_s[5];
        if (call == NULL || call->outcome == RIG_OUTCOME_LOST_TRUNK)
            continue;
        seen_s(r, call, wire_s);
        for (int k = 0; k < 5; k++) {
            const double after_s = replayed_s[k] - r->join->arrival_s[i];
            if (isnan(after_s) == isnan(wire_s[k]) && !(fabs(after_s - wire_s[k]) > most_s))
                continue;
            printf("%zu at %.4f s: %s, wire %s: %s after %.5f s, wire %.5f s\n", i,
                   r->join->arrival_s[i], rig_outcome_name(r->replay->fates[i]),
                   rig_outcome_name(call->outcome), names[k], after_s, wire_s[k]);
            break;
        }
    }
}

static void print_call(const run *r, size_t i)
{
    const rig_call *call = r->join->observed[i];
    const rig_planned_call *plan = &r->schedule->calls[i];
    double at_s[5];
    seen_s(r, call, at_s);
    printf("%zu,%.4f,%s,%s,%u,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%s\n", i,
           r->join->arrival_s[i], rig_outcome_name(r->replay->fates[i]),
           rig_outcome_name(call->outcome), call->n_legs, at_s[0], at_s[1], at_s[2], at_s[3],
           at_s[4], plan->patience_answer_s, plan->patience_queue_s, plan->patience_ringing_s,
           plan->self_service_s, plan->ring_s[0], plan->ring_s[1], plan->talk_s, call->reason);
}

static void list_fates(const run *r)
{
    size_t n = 0, n_seen = 0, n_by_rules = 0;
    puts("index,t_s,replayed,observed,legs,port_s,queue_s,ring_s,talk_s,end_s,patience_answer_s,"
         "patience_queue_s,patience_ringing_s,self_service_s,ring_0_s,ring_1_s,talk_s,reason");
    for (size_t i = 0; i < r->schedule->n; i++) {
        if (r->join->observed[i] == NULL)
            continue;
        n_seen++;
        n_by_rules += r->replay->rule_fates[i] != r->join->observed[i]->outcome;
        if (r->replay->fates[i] == r->join->observed[i]->outcome)
            continue;
        n++;
        print_call(r, i);
    }
    const rig_races races = rig_join_races(r->join, r->replay->instants);
    const double ms = 1e3 / r->scenario->time_scale;
    (void)fprintf(stderr,
                  "%zu of %zu calls differ: %.2f %% equal (by the rules alone %.2f %%); %zu races",
                  n, n_seen, 100.0 * (double)(n_seen - n) / (double)n_seen,
                  100.0 * (double)(n_seen - n_by_rules) / (double)n_seen, races.n);
    if (races.n > 0)
        (void)fprintf(stderr, ", %.3f ms (median), %.3f ms (max)", ms * races.median_s,
                      ms * races.widest_s);
    (void)fprintf(stderr, "\n");
}

int main(int argc, char **argv)
{
    run r = {0};
    const bool is_times = argc == 4 && strcmp(argv[2], "times") == 0;
    const bool is_pooled = argc == 3 && strcmp(argv[2], "pooled") == 0;
    if (argc != 2 && !is_times && !is_pooled) {
        (void)fprintf(stderr, "usage: bench_fates RUN_DIR [pooled | times S]\n");
        return 2;
    }
    (void)gsl_set_error_handler_off(); /* statuses are looked at */
    read_run(argv[1], &r);
    replay(&r, is_pooled);
    if (is_times)
        list_times(&r, strtod(argv[3], NULL));
    else
        list_fates(&r);
    free_run(&r);
    return 0;
}
