/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/ends.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/language.h"

size_t rig_ends_of_calls(const rig_prediction *prediction, const double *observed,
                         rig_ends_row ends[RIG_ENDS_MOST])
{
    static const struct {
        const char *name;
        int metric;
    } rows[] = {{"served", RIG_METRIC_N_SERVED},
                {"self_served", RIG_METRIC_N_SELF_SERVED},
                {"deflected", RIG_METRIC_N_DEFLECTED},
                {"lost_trunk", RIG_METRIC_N_LOST + RIG_STAGE_TRUNK},
                {"lost_ivr", RIG_METRIC_N_LOST + RIG_STAGE_IVR},
                {"lost_queue", RIG_METRIC_N_LOST + RIG_STAGE_QUEUE},
                {"lost_agent", RIG_METRIC_N_LOST + RIG_STAGE_AGENT},
                {"dropped", RIG_METRIC_N_DROPPED}};
    enum { N = sizeof rows / sizeof *rows };
    _Static_assert(N == RIG_ENDS_MOST, "all ends of a call");
    for (size_t i = 0; i < N; i++) {
        const rig_summary *s = &prediction->metrics[rows[i].metric];
        ends[i] = (rig_ends_row){rows[i].name, observed[rows[i].metric], {s->mean, s->low, s->high}};
    }
    return N;
}

/* Ends of callers. */
typedef enum end_of_caller {
    END_IN_A_CALL = 0,
    END_CALLED_BACK,
    END_NEVER_REACHED,
    END_NOT_SERVED,
    N_ENDS
} end_of_caller;

/* Of one run. What nobody is promised is no figure of the wire: 0. */
static double count(const double metrics[N_ENDS], end_of_caller end)
{
    const double n = metrics[0], n_served = n * metrics[1];
    const double n_back = isnan(metrics[2]) ? 0.0 : metrics[2];
    const double n_never = isnan(metrics[3]) ? 0.0 : metrics[3];
    switch (end) {
    case END_IN_A_CALL:
        return round(n_served - n_back);
    case END_CALLED_BACK:
        return n_back;
    case END_NEVER_REACHED:
        return n_never;
    case END_NOT_SERVED:
    case N_ENDS:
        break;
    }
    return round(n - n_served - n_never);
}

static const rig_metric sources[N_ENDS] = {RIG_METRIC_N_CALLERS, RIG_METRIC_SERVED_IN_THE_END,
                                           RIG_METRIC_N_CALLED_BACK, RIG_METRIC_N_NEVER_REACHED};

static rig_band replayed(const rig_prediction *p, end_of_caller end, double *values)
{
    for (size_t r = 0; r < p->n_replications; r++) {
        double metrics[N_ENDS];
        for (size_t k = 0; k < N_ENDS; k++)
            metrics[k] = rig_prediction_samples(p, sources[k])[r];
        values[r] = count(metrics, end);
    }
    return rig_band_of(values, p->n_replications);
}

rig_status rig_ends_of_callers(const rig_scenario *scenario, const rig_prediction *prediction,
                               const double *observed, rig_ends_row ends[RIG_ENDS_MOST], size_t *n_ends)
{
    static const char *const names[N_ENDS] = {
        [END_IN_A_CALL] = "served_in_a_call",
        [END_CALLED_BACK] = "called_back",
        [END_NEVER_REACHED] = "never_reached",
        [END_NOT_SERVED] = "not_served",
    };
    const bool calls_back = rig_scenario_calls_back(scenario);
    *n_ends = 0;
    if ((scenario->callers.redial.p_redial <= 0.0 && !calls_back) ||
        !rig_scenario_knows_the_end(scenario))
        return RIG_OK;
    double *values = malloc((prediction->n_replications + 1) * sizeof *values), seen[N_ENDS];
    if (values == NULL)
        return RIG_ENOMEM;
    for (size_t k = 0; k < N_ENDS; k++)
        seen[k] = observed[sources[k]];
    for (int end = 0; end < N_ENDS; end++) {
        if (!calls_back && (end == END_CALLED_BACK || end == END_NEVER_REACHED))
            continue;
        ends[(*n_ends)++] =
            (rig_ends_row){names[end], count(seen, (end_of_caller)end),
                      replayed(prediction, (end_of_caller)end, values)};
    }
    free(values);
    return RIG_OK;
}

const char *rig_ends_words(const char *name)
{
    static const char *const words[][2] = {
        {"served", N_("served by an agent")},
        {"self_served", N_("satisfied in the menu")},
        {"deflected", N_("told not to wait")},
        {"lost_trunk", N_("lost at the trunk")},
        {"lost_ivr", N_("lost in the IVR")},
        {"lost_queue", N_("lost in the queue")},
        {"lost_agent", N_("lost at the agent")},
        {"dropped", N_("cut in the talk")},
        {"served_in_a_call", N_("served in one of their calls")},
        {"called_back", N_("called back and served")},
        {"never_reached", N_("promised a call back, never reached")},
        {"not_served", N_("not served")},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(name, words[i][0]) == 0)
            return words[i][1];
    return name;
}
