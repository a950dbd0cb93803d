/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/levels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/language.h"
#include "verdict/judge/gate.h"

/* Whether all replays say the same. */
static bool scatters(const double *values, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (values[i] != values[0] && !(isnan(values[i]) && isnan(values[0])))
            return true;
    }
    return false;
}

/* The part that a figure is of, where the figure is known of it; else NULL. */
static const rig_observed_part *part_of(const rig_verdict_input *input, rig_metric_ref ref)
{
    if (ref.part == RIG_METRIC_WHOLE || input->observed_parts == NULL)
        return NULL;
    const rig_observed_part *part = &input->observed_parts[ref.part - 1];
    return part->is_seen && !isnan(part->metrics[ref.metric]) ? part : NULL;
}

static rig_status estimate(const rig_verdict_input *input, rig_metric_ref ref,
                           rig_interval_estimate *e)
{
    const rig_prediction *p = input->prediction;
    const double *replayed = rig_prediction_samples_of(p, ref);
    const rig_observed_part *of = part_of(input, ref);
    const bool is_seen = ref.part == RIG_METRIC_WHOLE || of != NULL;
    uint64_t part = 0, all = 0;
    if (is_seen && !scatters(replayed, p->n_replications) && rig_metric_is_share(ref.metric) &&
        rig_metrics_fraction(ref.metric, of != NULL ? &of->tally : input->observed,
                             of != NULL ? &of->counts : input->observed_counts, &part, &all)) {
        *e = rig_gate_binomial(part, all);
        return RIG_OK;
    }
    const double observed = of != NULL ? of->metrics[ref.metric]
                            : is_seen  ? input->observed_metrics[ref.metric]
                                       : (double)NAN;
    return rig_gate_estimate(replayed, p->n_replications, observed, e);
}

rig_status rig_levels_judge(rig_verdict *verdict, const rig_verdict_input *input)
{
    const rig_gate *gate = &input->scenario->gate;
    verdict->levels = calloc(gate->n_levels + 1, sizeof *verdict->levels);
    if (verdict->levels == NULL)
        return RIG_ENOMEM;
    verdict->n_levels = gate->n_levels;
    for (size_t i = 0; i < gate->n_levels; i++) {
        const rig_level *level = &gate->levels[i];
        rig_level_verdict *v = &verdict->levels[i];
        rig_interval_estimate e;
        rig_status status = estimate(input, level->metric, &e);
        if (status != RIG_OK)
            return status;
        *v = (rig_level_verdict){
            .level = *level, .observed = e.value, .low = e.low95, .high = e.high95};
        v->is_unseen =
            level->metric.part != RIG_METRIC_WHOLE && part_of(input, level->metric) == NULL;
        rig_scope_write(input->scenario, level->metric, v->name, sizeof v->name);
        v->judgement = rig_gate_judge_level(level, &e);
        if (input->interim.is_stopped) { /* a part of the calls says nothing of a level of all */
            v->observed = v->low = v->high = (double)NAN;
            v->judgement = RIG_JUDGEMENT_INCONCLUSIVE;
        }
    }
    return RIG_OK;
}

void rig_levels_say(const rig_level_verdict *v, char *text, size_t size)
{
    const char *side = v->level.is_minimum ? N_("least") : N_("most");
    const rig_metric_info *info = rig_metric_describe(v->level.metric.metric);
    if (isnan(v->observed) && v->is_unseen)
        (void)snprintf(text, size, "%s is not known: the wire does not tell these apart", v->name);
    else if (isnan(v->observed) && info->denominator != NULL)
        (void)snprintf(text, size, "%s is not defined: there were no %s; expected at %s %g",
                       v->name, info->denominator, side, v->level.limit);
    else if (isnan(v->observed))
        (void)snprintf(text, size, "%s is not known from the wire (%s)", v->name, info->source);
    else if (isinf(v->observed))
        (void)snprintf(text, size,
                       "%s was not reached: too many left unanswered; expected at %s %g", v->name,
                       side, v->level.limit);
    else
        (void)snprintf(text, size, "%s is %.4g (%.4g..%.4g); expected at %s %g", v->name,
                       v->observed, v->low, v->high, side, v->level.limit);
}
