/* Calls whose fate on the wire differs from that of the replay with each call's own delays, the
 * earliest first: one line a call, as CSV.
 *
 * Usage: bench_fates RUN_DIR [pooled]
 * pooled: without the calls' own delays, drawn from the samples as for calls that were not seen.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/calls_csv.h"
#include "verdict/judge.h"
#include "verdict/judge/reactions.h"

static void die(const rig_error *err)
{
    (void)fprintf(stderr, "fates: %s\n", err->text);
    exit(2);
}

static double since_s(const rig_call *call, int64_t t_ns, double time_scale)
{
    return t_ns == RIG_NO_TIME ? -1.0 : rig_clock_s_of_ns(t_ns - call->t_invite_ns) * time_scale;
}

int main(int argc, char **argv)
{
    char path[4096];
    rig_error err = {.text = ""};
    rig_scenario *scenario = NULL;
    rig_schedule *schedule = NULL;
    rig_calls *calls = NULL;
    rig_join *join = NULL;
    rig_delays delays = {0};
    rig_prediction *p = NULL;
    size_t n_odd;
    if (argc < 2)
        return 2;
    (void)snprintf(path, sizeof path, "%s/scenario.cfg", argv[1]);
    if (rig_scenario_read(path, NULL, 0, &scenario, &err) != RIG_OK)
        die(&err);
    (void)snprintf(path, sizeof path, "%s/schedule.csv", argv[1]);
    if (rig_schedule_read(path, &schedule, &err) != RIG_OK)
        die(&err);
    (void)snprintf(path, sizeof path, "%s/calls.csv", argv[1]);
    if (rig_cdr_read(path, &calls, &err) != RIG_OK)
        die(&err);
    const double scale = scenario->time_scale;
    const int64_t start_ns = calls->n > 0 ? calls->items[0].t_invite_ns : 0;
    if (rig_join_new(schedule, calls, start_ns, scale, &join) != RIG_OK ||
        rig_join_measure_delays(join, schedule, scale, &delays, &n_odd) != RIG_OK ||
        rig_reactions_measure(join, scenario, &delays) != RIG_OK)
        die(&err);
    if (argc > 2 && strcmp(argv[2], "pooled") == 0) {
        free(delays.own);
        delays.own = NULL;
    }
    const rig_predict_options how = {
        .n_replications = 2, .schedule = schedule, .arrival_s = join->arrival_s, .delays = &delays};
    if (rig_predict(scenario, &how, &p, &err) != RIG_OK)
        die(&err);
    size_t n = 0, n_seen = 0;
    if (argc > 2 && strcmp(argv[2], "times") == 0) {
        const double most_s = argc > 3 ? strtod(argv[3], NULL) : 0.01;
        for (size_t i = 0; i < schedule->n; i++) {
            const rig_call *call = join->observed[i];
            if (call == NULL)
                continue;
            const rig_call_instants *in = &p->instants[i];
            const double a = join->arrival_s[i];
            const double pairs[5][2] = {
                {in->port_s - a, since_s(call, call->t_answer_ns, scale)},
                {in->queue_s - a, since_s(call, call->t_queue_ns, scale)},
                {in->ring_s - a, since_s(call, call->t_agent_ring_ns, scale)},
                {in->talk_s - a, since_s(call, call->t_agent_answer_ns, scale)},
                {in->end_s - a, since_s(call, call->t_end_ns, scale)}};
            for (int k = 0; k < 5; k++) {
                if ((isnan(pairs[k][0]) != (pairs[k][1] < 0.0)) ||
                    fabs(pairs[k][0] - pairs[k][1]) > most_s) {
                    printf("%zu t=%.4f %s/%s legs %u: %s replay %.5f wire %.5f (%.3f ms wire)\n", i,
                           a, rig_outcome_name(p->fates[i]), rig_outcome_name(call->outcome),
                           call->n_legs,
                           (const char *[]){"port", "queue", "ring", "talk", "end"}[k], pairs[k][0],
                           pairs[k][1], 1e3 * (pairs[k][0] - pairs[k][1]) / scale);
                    break;
                }
            }
        }
        return 0;
    }
    puts("index,t_s,replayed,observed,legs,answer_s,queue_s,ring_s,talk_s,end_s,pat_answer,pat_"
         "queue,"
         "pat_ring,self,ring0,ring1,talk,reason");
    for (size_t i = 0; i < schedule->n; i++) {
        const rig_call *call = join->observed[i];
        const rig_planned_call *plan = &schedule->calls[i];
        if (call == NULL)
            continue;
        n_seen++;
        if (p->fates[i] == call->outcome)
            continue;
        n++;
        printf("%zu,%.4f,%s,%s,%u,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f,%s\n",
               i, join->arrival_s[i], rig_outcome_name(p->fates[i]),
               rig_outcome_name(call->outcome), call->n_legs,
               since_s(call, call->t_answer_ns, scale), since_s(call, call->t_queue_ns, scale),
               since_s(call, call->t_agent_ring_ns, scale),
               since_s(call, call->t_agent_answer_ns, scale), since_s(call, call->t_end_ns, scale),
               plan->patience_answer_s, plan->patience_queue_s, plan->patience_ringing_s,
               plan->self_service_s, plan->ring_s[0], plan->ring_s[1], plan->talk_s, call->reason);
    }
    size_t n_races = 0;
    double widest_s = 0.0;
    for (size_t i = 0; i < schedule->n; i++) {
        n_races += isnan(p->instants[i].race_s) ? 0 : 1;
        widest_s = fmax(widest_s, isnan(p->instants[i].race_s) ? 0.0 : p->instants[i].race_s);
    }
    (void)fprintf(stderr, "%zu of %zu calls differ: %.2f %% equal; %zu races, up to %.3f ms\n", n,
                  n_seen, 100.0 * (double)(n_seen - n) / (double)n_seen, n_races,
                  1e3 * widest_s / scale);
    rig_prediction_free(p);
    rig_delays_clear(&delays);
    rig_join_free(join);
    rig_calls_free(calls);
    rig_schedule_free(schedule);
    rig_scenario_free(scenario);
    return 0;
}
