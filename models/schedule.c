#include "models/schedule.h"

#include <math.h>
#include <stdlib.h>

#include "core/random.h"

/* Latest instant of a target's own menu that a run waits for: beyond it lies 1 call in 10^6. */
#define U_LATEST 0.999999

void rig_schedule_free(rig_schedule *schedule)
{
    if (schedule == NULL)
        return;
    free(schedule->calls);
    free(schedule);
}

/* Whole microseconds: what schedule.csv holds, so that a file read back is the schedule drawn. */
static double to_us(double s)
{
    return round(s * 1e6) / 1e6;
}

/* Walks the integrated rate: maps rising values of it to instants. */
typedef struct walk {
    const rig_traffic *traffic;
    size_t i_point;  /* the next point of the rate */
    double from_s;   /* start of the current piece */
    double n_before; /* integral up to from_s */
} walk;

/* Instant at which the integral of the rate reaches n_calls; INFINITY past the duration. */
static double walk_to(walk *at, double n_calls)
{
    const rig_traffic *traffic = at->traffic;
    while (at->from_s < traffic->duration_s) {
        while (at->i_point < traffic->n_rate && traffic->rate[at->i_point].at_s <= at->from_s)
            at->i_point++;
        double to_s = at->i_point < traffic->n_rate
                          ? fmin(traffic->rate[at->i_point].at_s, traffic->duration_s)
                          : traffic->duration_s;
        double length_s = to_s - at->from_s;
        double first = rig_traffic_rate_per_s(traffic, at->from_s);
        double slope = 0.0;
        if (traffic->interpolation == RIG_INTERPOLATION_LINEAR)
            slope = (rig_traffic_rate_per_s(traffic, to_s) - first) / length_s;
        double piece = length_s * (first + slope * length_s / 2.0);
        double rest = n_calls - at->n_before;
        if (rest <= piece && piece > 0.0) {
            /* rest = first x + slope x^2 / 2, in the form without cancellation */
            double root = sqrt(fmax(0.0, first * first + 2.0 * slope * rest));
            double x_s = first + root > 0.0 ? 2.0 * rest / (first + root) : 0.0;
            return at->from_s + fmin(x_s, length_s);
        }
        at->n_before += piece;
        at->from_s = to_s;
    }
    return INFINITY;
}

static void draw_caller(const rig_scenario *scenario, uint32_t replication, uint64_t index,
                        rig_planned_call *call)
{
    const uint64_t seed = scenario->seed;
    const rig_callers *callers = &scenario->callers;
    const rig_agent_group *agents = &scenario->agents[0];
#define U(cause, sub)            rig_random_uniform(seed, cause, index, replication, sub)
#define DRAW_S(dist, cause, sub) to_us(rig_dist_quantile_s(dist, U(cause, sub)))
    call->number = callers->first_number + index;
    call->patience_answer_s = DRAW_S(&callers->patience_answer, RIG_CAUSE_PATIENCE_ANSWER, 0);
    call->patience_queue_s = DRAW_S(&callers->patience_queue, RIG_CAUSE_PATIENCE_QUEUE, 0);
    call->patience_ringing_s = DRAW_S(&callers->patience_ringing, RIG_CAUSE_PATIENCE_RINGING, 0);
    call->talk_s = DRAW_S(&callers->talk, RIG_CAUSE_TALK, 0);
    call->caller_hangs_up = U(RIG_CAUSE_HANGUP, 0) < callers->p_caller_hangs_up;
    call->self_service_s = -1.0;
    if (U(RIG_CAUSE_SELF_SERVICE, 0) < scenario->ivr.p_self_service)
        call->self_service_s = DRAW_S(&scenario->ivr.self_service, RIG_CAUSE_SELF_SERVICE, 1);
    for (uint32_t k = 0; k < RIG_N_RING_ATTEMPTS; k++)
        call->ring_s[k] = DRAW_S(&agents->ring, RIG_CAUSE_RING, k);
#undef DRAW_S
#undef U
}

rig_status rig_schedule_draw(const rig_scenario *scenario, uint32_t replication,
                             rig_schedule **schedule, rig_error *err)
{
    const rig_traffic *traffic = &scenario->traffic;
    const uint64_t max_calls = scenario->limits.max_calls;
    double n_expected = rig_traffic_expected_calls(traffic, traffic->duration_s);
    size_t cap = (size_t)fmin(n_expected + 6.0 * sqrt(n_expected) + 16.0, (double)max_calls);
    walk at = {.traffic = traffic};
    double integral = 0.0;
    rig_schedule *made = calloc(1, sizeof *made);
    if (made == NULL)
        goto no_memory;
    made->seed = scenario->seed;
    made->replication = replication;
    made->calls = malloc(cap * sizeof *made->calls);
    if (made->calls == NULL)
        goto no_memory;
    for (;;) {
        size_t n = made->n;
        if (traffic->arrivals == RIG_ARRIVALS_REGULAR)
            integral = (double)n + 0.5;
        else
            integral -=
                log(rig_random_uniform(scenario->seed, RIG_CAUSE_ARRIVAL, n, replication, 0));
        double t_s = to_us(walk_to(&at, integral));
        if (!(t_s < traffic->duration_s))
            break;
        if (n >= max_calls) {
            rig_schedule_free(made);
            return rig_fail(err, RIG_EINPUT,
                            "%s: traffic.rate: about %.0f calls; expected at most limits.max_calls "
                            "= %llu",
                            scenario->path, n_expected, (unsigned long long)max_calls);
        }
        if (n == cap) {
            cap = (size_t)fmin(2.0 * (double)cap, (double)max_calls);
            rig_planned_call *wider = reallocarray(made->calls, cap, sizeof *wider);
            if (wider == NULL)
                goto no_memory;
            made->calls = wider;
        }
        made->calls[n].t_s = t_s;
        draw_caller(scenario, replication, n, &made->calls[n]);
        made->n++;
    }
    *schedule = made;
    return RIG_OK;
no_memory:
    rig_schedule_free(made);
    return rig_fail(err, RIG_ENOMEM, "%s: out of memory for about %.0f calls", scenario->path,
                    n_expected);
}

double rig_schedule_latest_end_s(const rig_schedule *schedule, const rig_scenario *scenario)
{
    double latest_s = 0.0;
    double menu_s = rig_dist_quantile_s(&scenario->ivr.menu, U_LATEST);
    for (size_t i = 0; i < schedule->n; i++) {
        const rig_planned_call *call = &schedule->calls[i];
        double ringing_s = fmax(call->patience_ringing_s, scenario->agents[0].ring_timeout_s);
        double end_s = call->t_s + call->patience_answer_s + menu_s + call->patience_queue_s +
                       ringing_s + call->talk_s;
        latest_s = fmax(latest_s, end_s);
    }
    return latest_s;
}
