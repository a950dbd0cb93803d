/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_result.h"

#include <math.h>
#include <stdio.h>

#include "cli/console.h"
#include "core/tidy.h"
#include "cli/print_calls.h"
#include "verdict/ends.h"
#include "verdict/levels.h"

static const char rule[] =
    "-------+----------+-------------------------+--------------------+-------------";

static void print_stage_losses(const rig_prediction *p)
{
    rig_console_print("stage  |  entered | lost per entrant          | lost per offered call\n");
    printf("-------+----------+---------------------------+--------------------------\n");
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_summary *entrant = &p->metrics[RIG_METRIC_P_LOST_PER_ENTRANT + s];
        const rig_summary *offered = &p->metrics[RIG_METRIC_P_LOST_PER_OFFERED + s];
        printf("%s | %8.0f | %6.2f %% (%6.2f..%6.2f) | %6.2f %% (%6.2f..%6.2f)\n",
               rig_console_cell(rig_stage_name((rig_stage)s), -6).text,
               p->metrics[RIG_METRIC_N_ENTERED + s].mean, 100.0 * entrant->mean,
               100.0 * entrant->low, 100.0 * entrant->high, 100.0 * offered->mean,
               100.0 * offered->low, 100.0 * offered->high);
    }
}

static void print_figures(const rig_prediction *p, const rig_metric *shown, size_t n)
{
    if (n > 0)
        putchar('\n');
    for (size_t i = 0; i < n; i++) {
        const rig_metric_info *info = rig_metric_describe(shown[i]);
        const rig_summary *m = &p->metrics[shown[i]];
        char all[160];
        if (m->n == 0)
            continue;
        rig_beside_interval(shown[i], m->mean, m->low, m->high, all, sizeof all);
        rig_console_say("%-28s %s %s", info->name, rig_cell(rig_console_retell(all).text, -31).text,
                        rig_console_words(info->description));
    }
}

static void print_trunks(const rig_prediction *p, const rig_scenario *scenario)
{
    rig_console_print(
        "\ntrunk group      | circuits |   mean |  peak | came first | overflow | refused\n");
    for (size_t i = 0; i < p->n_trunks; i++) {
        const rig_summary *m = p->trunks + i * RIG_N_TRUNK_METRICS;
        printf("%s | %8u | %6.1f | %5.0f | %10.0f | %8.0f | %7.0f\n",
               rig_cell(scenario->trunks[i].name, -16).text, scenario->trunks[i].n_circuits,
               m[RIG_TRUNK_MEAN_CIRCUITS].mean, m[RIG_TRUNK_PEAK_CIRCUITS].mean,
               m[RIG_TRUNK_N_OFFERED].mean, m[RIG_TRUNK_N_OVERFLOWED_IN].mean,
               m[RIG_TRUNK_N_REFUSED].mean);
    }
}

static void print_agents(const rig_prediction *p, const rig_scenario *scenario)
{
    rig_console_print(
        "\nagents           | mean on duty | occupancy |    talks | per agent | most of one\n");
    for (size_t i = 0; i < p->n_groups; i++) {
        const rig_summary *m = p->groups + i * RIG_N_GROUP_METRICS;
        printf("%s | %12.1f | %7.1f %% | %8.0f | %9.1f | %11.1f\n",
               rig_cell(scenario->agents[i].name, -16).text, m[RIG_GROUP_MEAN_ON_DUTY].mean,
               100.0 * m[RIG_GROUP_OCCUPANCY].mean, m[RIG_GROUP_N_TALKS].mean,
               m[RIG_GROUP_MEAN_TALKS].mean, m[RIG_GROUP_MOST_TALKS].mean);
    }
}

void rig_print_prediction(const rig_prediction *p, const rig_scenario *scenario)
{
    static const rig_metric shown[] = {RIG_METRIC_CONNECT_RATE,
                                       RIG_METRIC_AGENT_CONNECT_RATE,
                                       RIG_METRIC_SERVED_IN_THE_END,
                                       RIG_METRIC_FAILURE_RATE,
                                       RIG_METRIC_DROP_RATE,
                                       RIG_METRIC_WAIT_MEAN_S,
                                       RIG_METRIC_WAIT_P95_S,
                                       RIG_METRIC_ANSWERED_WAIT_MEAN_S,
                                       RIG_METRIC_ANSWERED_WAIT_P95_S,
                                       RIG_METRIC_SERVICE_LEVEL,
                                       RIG_METRIC_SERVICE_LEVEL_EXCLUDED,
                                       RIG_METRIC_SERVICE_LEVEL_SHORT_EXCLUDED,
                                       RIG_METRIC_SERVICE_LEVEL_AS_ANSWERED,
                                       RIG_METRIC_SETUP_P95_S,
                                       RIG_METRIC_OCCUPANCY,
                                       RIG_METRIC_PEAK_CIRCUITS,
                                       RIG_METRIC_N_SERVED,
                                       RIG_METRIC_N_SELF_SERVED};
    static const rig_metric of_callers[] = {
        RIG_METRIC_N_CALLERS,        RIG_METRIC_N_REDIALS,
        RIG_METRIC_N_DEFLECTED,      RIG_METRIC_N_CALLED_BACK,
        RIG_METRIC_N_NEVER_REACHED,  RIG_METRIC_N_CALL_BACKS,
        RIG_METRIC_CALL_BACKS_END_S, RIG_METRIC_CALL_BACK_DELAY_MEAN_S,
        RIG_METRIC_PROMISE_KEPT_RATE};
    rig_metric told[RIG_TOLD_MOST];
    bool has_shifts = false;
    for (size_t i = 0; i < scenario->n_agents; i++)
        has_shifts = has_shifts || scenario->agents[i].n_shifts > 1;
    rig_console_say(
        "%s: %.0f calls offered, mean of %u simulated runs; in (): 95 %% of single runs",
        scenario->name, p->metrics[RIG_METRIC_N_OFFERED].mean, p->n_replications);
    if (p->n_replications < RIG_FEW_VALUES)
        rig_console_say("so few runs hold 95 %% of others only where a figure is about normal "
                        "(Student's t); %u or more do so whatever it is",
                        RIG_FEW_VALUES);
    putchar('\n');
    print_stage_losses(p);
    print_figures(p, shown, sizeof shown / sizeof *shown);
    print_figures(p, told, rig_told_figures(scenario, told));
    if (scenario->callers.redial.p_redial > 0.0 || rig_scenario_calls_back(scenario))
        print_figures(p, of_callers, sizeof of_callers / sizeof *of_callers);
    if (p->n_trunks > 1)
        print_trunks(p, scenario);
    if (p->n_groups > 1 || scenario->n_reserves > 0 || has_shifts)
        print_agents(p, scenario);
}

static void print_stages(const rig_verdict *verdict)
{
    rig_console_print(
        "stage  |  entered | predicted lost (95 %%)   | observed lost      | verdict\n%s\n", rule);
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_stage_verdict *v = &verdict->stages[s];
        printf("%s | %8llu | %6.2f %% (%5.2f..%5.2f) | %6.2f %% (%7llu) | %s\n",
               rig_console_cell(rig_stage_name(v->stage), -6).text,
               (unsigned long long)v->n_entered, 100.0 * v->p_predicted, 100.0 * v->predicted_low,
               100.0 * v->predicted_high, 100.0 * v->p_observed, (unsigned long long)v->n_lost,
               rig_console_words(rig_judgement_name(v->judgement)));
    }
}

/* What the trunk stage is made of, where carriers are apart. */
static void print_carriers(const rig_parts_verdict *carriers)
{
    for (size_t i = 0; i < carriers->n; i++) {
        const rig_part_verdict *v = &carriers->items[i];
        rig_console_say("trunk, by %s: %llu offered, predicted lost %.2f %% (%.2f..%.2f), observed "
                        "%.2f %% (%llu): %s",
                        v->name, (unsigned long long)v->n_entered, 100.0 * v->predicted,
                        100.0 * v->low, 100.0 * v->high, 100.0 * v->observed,
                        (unsigned long long)v->n_lost,
                        rig_console_words(rig_judgement_name(v->judgement)));
    }
}

/* One figure of a class, skill or group of agents. */
static void print_part(rig_scope_kind kind, const rig_part_verdict *v)
{
    char text[48], interval[160];
    rig_beside_text(v->metric, v->observed, text, sizeof text);
    rig_beside_interval(v->metric, v->predicted, v->low, v->high, interval, sizeof interval);
    const rig_told observed = rig_console_retell(text), predicted = rig_console_retell(interval);
    const unsigned long long n = v->n_entered, n_lost = v->n_lost;
    const char *judgement = rig_console_words(rig_judgement_name(v->judgement));
    const bool is_wait = rig_metric_is_time(v->metric);
    if (kind == RIG_SCOPE_AGENTS && is_wait)
        rig_console_say("agents, group %s: %llu calls, predicted mean talk %s, observed %s: %s",
                        v->name, n, predicted.text, observed.text, judgement);
    else if (kind == RIG_SCOPE_AGENTS)
        rig_console_say("agents, group %s: %llu calls, predicted busy %s, observed %s: %s", v->name,
                        n, predicted.text, observed.text, judgement);
    else if (kind == RIG_SCOPE_SKILLS && is_wait)
        rig_console_say("queue, skill %s: %llu entered, predicted mean wait %s, observed %s: %s",
                        v->name, n, predicted.text, observed.text, judgement);
    else if (kind == RIG_SCOPE_SKILLS)
        rig_console_say("queue, skill %s: %llu entered, predicted lost %s, observed %s (%llu): %s",
                        v->name, n, predicted.text, observed.text, n_lost, judgement);
    else if (is_wait)
        rig_console_say("queue, class %s: %llu entered, predicted mean wait %s, observed %s: %s",
                        v->name, n, predicted.text, observed.text, judgement);
    else
        rig_console_say("queue, class %s: %llu entered, predicted lost %s, observed %s (%llu): %s",
                        v->name, n, predicted.text, observed.text, n_lost, judgement);
}

/* What the queue is made of, and who serves it. */
static void print_kinds(const rig_verdict *verdict)
{
    static const rig_scope_kind order[] = {RIG_SCOPE_CLASSES, RIG_SCOPE_SKILLS, RIG_SCOPE_AGENTS};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < verdict->kinds[order[k]].n; i++)
            print_part(order[k], &verdict->kinds[order[k]].items[i]);
}

/* What the queue tells its callers. */
static void print_told(const rig_parts_verdict *told)
{
    for (size_t i = 0; i < told->n; i++) {
        const rig_part_verdict *v = &told->items[i];
        char text[48], interval[160];
        rig_beside_text(v->metric, v->observed, text, sizeof text);
        rig_beside_interval(v->metric, v->predicted, v->low, v->high, interval, sizeof interval);
        rig_console_say("queue, %s: %llu entered, predicted %s, observed %s: %s", v->name,
                        (unsigned long long)v->n_entered, rig_console_retell(interval).text,
                        rig_console_retell(text).text,
                        rig_console_words(rig_judgement_name(v->judgement)));
    }
}

static void print_levels(const rig_verdict *verdict)
{
    char text[RIG_LEVEL_TEXT_SIZE];
    if (verdict->n_levels > 0)
        putchar('\n');
    for (size_t i = 0; i < verdict->n_levels; i++) {
        const rig_level_verdict *v = &verdict->levels[i];
        if (verdict->interim.is_stopped) {
            rig_console_say("%s is not judged: the run was stopped early", v->name);
            continue;
        }
        rig_levels_say(v, text, sizeof text);
        rig_console_say("%s: %s", rig_console_retell(text).text,
                        rig_console_words(rig_judgement_name(v->judgement)));
    }
}

/* What no level judges, and a mark at what leaves its prediction. */
static void print_beside(const rig_beside *beside)
{
    bool is_any_outside = false;
    if (beside->n > 0)
        rig_console_print(
            "\nfigure               | observed       | predicted (95 %% of runs: all inside)\n");
    for (size_t i = 0; i < beside->n; i++) {
        const rig_beside_row *r = &beside->rows[i];
        char observed[48], predicted[160];
        rig_beside_text(r->metric, r->observed, observed, sizeof observed);
        rig_beside_interval(r->metric, r->predicted, r->low, r->high, predicted, sizeof predicted);
        printf("%-20s | %s | %s%s\n", rig_metric_short_name(r->metric).text,
               rig_cell(rig_console_retell(observed).text, -14).text,
               rig_console_retell(predicted).text,
               r->is_outside ? rig_console_words(N_("  <-- outside")) : "");
        is_any_outside = is_any_outside || r->is_outside;
    }
    if (is_any_outside)
        rig_console_say("<-- outside: not what the model predicts. No level judges it, so the "
                        "verdict does not depend on it; add one to gate.levels if it matters");
}

/* What is not as the scenario says, with the calls that the scenario does not explain. */
static void print_findings(const rig_diagnosis *diagnosis)
{
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        const rig_finding *f = &diagnosis->findings[i];
        char share[160] = "";
        if (!isnan(f->share))
            (void)snprintf(
                share, sizeof share,
                rig_console_words(f->explained_by == RIG_EXPLAINED_BY_CALLS
                                      ? N_(", %.0f %% of the deviation by its calls")
                                      : N_(", %.0f %% of the deviation when replayed with it")),
                100.0 * f->share);
        rig_console_say("%s stage: %s (explains %llu %s%s)",
                        rig_console_words(rig_stage_name(f->stage)),
                        rig_console_retell(f->text).text, (unsigned long long)f->n_explained,
                        rig_console_words_n(f->n_explained, "call", "calls"), share);
    }
}

/* A PASS says no more than its margin. */
static void print_margins(const rig_verdict *verdict)
{
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_stage_verdict *v = &verdict->stages[s];
        if (v->margin > v->margin_wanted)
            rig_console_say("%s: judged within %.2f points, what this run can resolve; a margin of "
                            "%.2f needs about %.0f times as many calls",
                            rig_console_words(rig_stage_name(v->stage)), 100.0 * v->margin,
                            100.0 * v->margin_wanted, ceil(pow(v->margin / v->margin_wanted, 2.0)));
    }
}

/* How many calls ended as in the replay with their own delays, races or none decided as seen. */
static void print_fates(const rig_result *r)
{
    const rig_call_diff diff = rig_join_diff(r->join, r->schedule, r->prediction->fates);
    const rig_call_diff plain = rig_join_diff(r->join, r->schedule, r->prediction->rule_fates);
    const rig_races races = rig_join_races(r->join, r->prediction->instants);
    const double ms = 1e3 / r->scenario->time_scale;
    const size_t n_due = r->join->n_due;
    if (n_due == 0)
        return;
    const double same = 100.0 * (1.0 - (double)diff.n_different / (double)n_due);
    const double plain_same = 100.0 * (1.0 - (double)plain.n_different / (double)n_due);
    if (races.n == 0)
        rig_console_say("%.2f %% of the calls ended as in their replay; none was a race", same);
    else
        rig_console_say("%.2f %% of the calls ended as in their replay, %.2f %% when the order of "
                        "%zu races, %.2f ms (median), %.2f ms (max) close on the wire, is taken "
                        "as it was seen",
                        plain_same, same, races.n, ms * races.median_s, ms * races.widest_s);
}

/* What became of callers who have several calls. */
static void print_callers(const rig_result *r)
{
    rig_ends_row ends[RIG_ENDS_MOST];
    size_t n;
    if (rig_ends_of_callers(r->scenario, r->prediction, r->observed->metrics, ends, &n) != RIG_OK)
        return;
    for (size_t i = 0; i < n; i++)
        rig_console_say("callers, %s: predicted %.1f (%.0f..%.0f), observed %.0f",
                        rig_console_words(rig_ends_words(ends[i].name)), ends[i].replayed.mean,
                        ends[i].replayed.low, ends[i].replayed.high, ends[i].observed);
}

/* Who came in the warm-up. */
static void print_warm_up(const rig_join *join)
{
    if (join->counted_from_s > 0.0)
        rig_console_say(
            "warm-up: %zu %s before %.0f s, not counted", join->n_warm_up,
            rig_console_words_n(join->n_warm_up, "call that was played", "calls that were played"),
            join->counted_from_s);
}

/* Of a run from several. */
static void print_hosts(const rig_hosts *hosts)
{
    for (size_t i = 0; hosts != NULL && i < hosts->n; i++) {
        const rig_play_facts_host *host = &hosts->facts[i];
        if (host->is_lost)
            rig_console_say("load host %s (rank %zu): lost, with its %llu calls", host->name, i,
                            (unsigned long long)host->n_calls);
        else if (isnan(hosts->lateness[i].abs_p99_ms))
            rig_console_say("load host %s (rank %zu): %llu calls, none of them placed; its clock "
                            "%+.3f ms, known to %.3f ms",
                            host->name, i, (unsigned long long)host->n_calls,
                            (double)host->start_offset_ns * 1e-6, (double)host->error_ns * 1e-6);
        else
            rig_console_say("load host %s (rank %zu): %llu calls, 99 %% of the INVITEs within %.2f "
                            "ms; its clock %+.3f ms, known to %.3f ms",
                            host->name, i, (unsigned long long)host->n_calls,
                            hosts->lateness[i].abs_p99_ms, (double)host->start_offset_ns * 1e-6,
                            (double)host->error_ns * 1e-6);
        if (host->test_offset_ns != 0)
            rig_console_say("its clock was set off by %+.3f ms for a test "
                            "(PEAKRIG_TEST_FLEET_CLOCKS)",
                            (double)host->test_offset_ns * 1e-6);
    }
}

void rig_print_result(const rig_result *r, const rig_run_dir *run)
{
    const rig_tally *tally = &r->observed->tally;
    const rig_verdict *verdict = r->verdict;
    for (size_t i = 0; i < r->play->n_defects; i++)
        rig_console_print("the target was broken on purpose: %s\n", r->play->defects[i]);
    for (size_t i = 0; i < r->inputs->n_changed; i++)
        rig_console_say("judged by force: %s is not the file that was played or written",
                        r->inputs->changed[i]);
    print_stages(verdict);
    printf("%s\n", rule);
    print_margins(verdict);
    print_carriers(&verdict->carriers);
    print_told(&verdict->told);
    print_kinds(verdict);
    print_callers(r);
    rig_console_say("%llu %s planned, %llu placed, %llu not placed; %llu served, %llu self-served; "
                    "conservation %s",
                    (unsigned long long)r->join->n_due,
                    rig_console_words_n(r->join->n_due, "call", "calls"),
                    (unsigned long long)tally->n_offered, (unsigned long long)tally->n_not_placed,
                    (unsigned long long)tally->n_outcome[RIG_OUTCOME_SERVED],
                    (unsigned long long)tally->n_outcome[RIG_OUTCOME_SELF_SERVED],
                    rig_tally_conserved(tally, r->join->n_due) ? rig_console_words(N_("exact"))
                                                               : rig_console_words(N_("BROKEN")));
    print_warm_up(r->join);
    if (isnan(r->lateness->median_ms))
        rig_console_say("no INVITE of the plan was seen on the wire");
    else
        rig_console_say(
            "INVITEs late by %.2f ms (median), %.2f ms (p99), %.2f ms (max) on the wire",
            rig_tidy(r->lateness->median_ms, 2), r->lateness->abs_p99_ms, r->lateness->abs_max_ms);
    print_hosts(r->hosts);
    print_fates(r);
    if (r->observed->metrics[RIG_METRIC_PEAK_CIRCUITS] > rig_scenario_n_circuits(r->scenario))
        rig_console_say(
            "circuits: %.0f in use at once as the wire shows it, the scenario says %u: a "
            "call's last message can come after the INVITE that gets its circuit",
            r->observed->metrics[RIG_METRIC_PEAK_CIRCUITS], rig_scenario_n_circuits(r->scenario));
    if (r->observed->refusals_begin_at >= 0)
        rig_console_say(
            "circuits: refusals began at %lld in use (median %.0f); the scenario says %u%s",
            (long long)r->observed->refusals_begin_at, r->observed->refusal_median,
            rig_scenario_n_circuits(r->scenario),
            verdict->carriers.n > 1 ? rig_console_words(N_(" of all carriers together")) : "");
    print_findings(r->diagnosis);
    rig_print_different_calls(r, run);
    print_levels(verdict);
    print_beside(&verdict->beside);
    for (size_t i = 0; i < verdict->n_checks; i++) {
        const rig_check *c = &verdict->checks[i];
        if (!c->is_ok || c->is_noted)
            rig_console_say("%s %s: %s", c->gate, rig_console_retell(c->name).text,
                            rig_console_retell(c->text).text);
    }
    putchar('\n');
    rig_console_say("%s: %s", rig_console_words(rig_judgement_name(verdict->judgement)),
                    rig_console_retell(verdict->summary).text);
}
