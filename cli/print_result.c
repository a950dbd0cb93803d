#include "cli/print_result.h"

#include <math.h>
#include <stdio.h>

static const char rule[] =
    "-------+----------+---------------------------+---------------------+-------------";

void rig_print_prediction(const rig_prediction *p, const rig_scenario *scenario)
{
    printf("%s: %.0f calls offered, mean of %u simulated runs; in (): 95 %% of single runs\n\n",
           scenario->name, p->metrics[RIG_METRIC_N_OFFERED].mean, p->n_replications);
    printf("stage  |  entered | lost per entrant          | lost per offered call\n");
    printf("-------+----------+---------------------------+--------------------------\n");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_summary *entrant = &p->metrics[RIG_METRIC_P_LOST_PER_ENTRANT + s];
        const rig_summary *offered = &p->metrics[RIG_METRIC_P_LOST_PER_OFFERED + s];
        printf("%-6s | %8.0f | %6.2f %% (%6.2f..%6.2f) | %6.2f %% (%6.2f..%6.2f)\n",
               rig_stage_name((rig_stage)s), p->metrics[RIG_METRIC_N_ENTERED + s].mean,
               100.0 * entrant->mean, 100.0 * entrant->low, 100.0 * entrant->high,
               100.0 * offered->mean, 100.0 * offered->low, 100.0 * offered->high);
    }
    const rig_metric shown[] = {RIG_METRIC_CONNECT_RATE, RIG_METRIC_WAIT_MEAN_S,
                                RIG_METRIC_WAIT_P95_S,   RIG_METRIC_SETUP_P95_S,
                                RIG_METRIC_N_SERVED,     RIG_METRIC_N_SELF_SERVED,
                                RIG_METRIC_PEAK_CIRCUITS};
    putchar('\n');
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const rig_metric_info *info = rig_metric_describe(shown[i]);
        const rig_summary *m = &p->metrics[shown[i]];
        printf("%-14s %10.4g (%.4g..%.4g) %s: %s\n", info->name, m->mean, m->low, m->high,
               info->unit[0] == '1' ? "" : info->unit, info->description);
    }
}

void rig_print_losses(const rig_tally *tally)
{
    printf("stage  |  entered |     lost | per entrant | per offered call\n");
    printf("-------+----------+----------+-------------+-----------------\n");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        rig_stage stage = (rig_stage)s;
        printf("%-6s | %8llu | %8llu | %9.2f %% | %9.2f %%\n", rig_stage_name(stage),
               (unsigned long long)rig_tally_entered(tally, stage),
               (unsigned long long)rig_tally_lost(tally, stage),
               100.0 * rig_tally_p_lost_per_entrant(tally, stage),
               100.0 * rig_tally_p_lost_per_offered(tally, stage));
    }
    putchar('\n');
    for (int o = RIG_OUTCOME_SELF_SERVED; o < RIG_N_OUTCOMES; o++) {
        if (tally->n_outcome[o] > 0 || o == RIG_OUTCOME_SERVED)
            printf("%-13s %llu\n", rig_outcome_name((rig_outcome)o),
                   (unsigned long long)tally->n_outcome[o]);
    }
}

static void print_stages(const rig_verdict *verdict)
{
    printf("stage  |  entered | predicted lost (interval) | observed lost       | verdict\n%s\n",
           rule);
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_stage_verdict *v = &verdict->stages[s];
        printf("%-6s | %8llu | %6.2f %% (%6.2f..%6.2f) | %6.2f %% (%8llu) | %s\n",
               rig_stage_name(v->stage), (unsigned long long)v->n_entered, 100.0 * v->p_predicted,
               100.0 * v->predicted_low, 100.0 * v->predicted_high, 100.0 * v->p_observed,
               (unsigned long long)v->n_lost, rig_judgement_name(v->judgement));
    }
}

static void print_levels(const rig_verdict *verdict)
{
    for (size_t i = 0; i < verdict->n_levels; i++) {
        const rig_level_verdict *v = &verdict->levels[i];
        printf("%s%-12s %.4g (%.4g..%.4g), at %s %g: %s\n", i == 0 ? "\n" : "",
               rig_level_metric_name(v->level.metric), v->observed, v->low, v->high,
               v->level.is_minimum ? "least" : "most", v->level.limit,
               rig_judgement_name(v->judgement));
    }
}

void rig_print_result(const rig_result *r)
{
    const rig_tally *tally = &r->observed->tally;
    const rig_verdict *verdict = r->verdict;
    print_stages(verdict);
    printf("%s\n", rule);
    printf("%llu calls planned, %llu placed, %llu not placed; %llu served, %llu self-served; "
           "conservation %s\n",
           (unsigned long long)r->join->n_planned, (unsigned long long)tally->n_offered,
           (unsigned long long)tally->n_not_placed,
           (unsigned long long)tally->n_outcome[RIG_OUTCOME_SERVED],
           (unsigned long long)tally->n_outcome[RIG_OUTCOME_SELF_SERVED],
           rig_tally_conserved(tally, r->join->n_planned) ? "exact" : "BROKEN");
    printf("INVITEs late by %.2f ms (median), %.2f ms (p99), %.2f ms (max) on the wire\n",
           r->lateness->median_ms, r->lateness->abs_p99_ms, r->lateness->abs_max_ms);
    if (r->observed->refusals_begin_at >= 0)
        printf("circuits: refusals began at %lld in use (median %.0f); the scenario says %u\n",
               (long long)r->observed->refusals_begin_at, r->observed->refusal_median,
               rig_scenario_n_circuits(r->scenario));
    print_levels(verdict);
    for (size_t i = 0; i < verdict->n_checks; i++) {
        const rig_check *c = &verdict->checks[i];
        if (!c->is_ok)
            printf("%s %s: %s\n", c->gate, c->name, c->text);
    }
    printf("\n%s: %s\n", rig_judgement_name(verdict->judgement), verdict->summary);
}
