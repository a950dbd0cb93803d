/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/verdict.h"
#include "verdict/hosts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/language.h"
#include "verdict/early_stop.h"
#include "verdict/judge/elsewhen.h"
#include "verdict/judge/gate.h"
#include "verdict/levels.h"
#include "verdict/redialled.h"

void rig_verdict_free(rig_verdict *verdict)
{
    if (verdict == NULL)
        return;
    free(verdict->levels);
    rig_by_part_clear(&verdict->carriers);
    rig_by_part_clear(&verdict->told);
    for (int k = 0; k < RIG_N_SCOPE_KINDS; k++)
        rig_by_part_clear(&verdict->kinds[k]);
    free(verdict);
}

static void check(rig_verdict *verdict, const char *gate, const char *name, bool is_ok,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

static void check(rig_verdict *verdict, const char *gate, const char *name, bool is_ok,
                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rig_check_write(&verdict->checks[verdict->n_checks++], gate, name, is_ok, format, args);
    va_end(args);
}

/* A step of the wall clock moves the plan and the capture alike, so that no lateness shows it. */
#define MAX_CLOCK_STEP_MS 10.0

/* Share of the planned calls by which the arrival curves may differ beyond what the permitted
 * lateness makes of the plan: 99 % of the calls must not be later. */
#define MAX_KS_DISTANCE 0.01

/* The hundredth is of all planned calls, also where a part is judged: as many calls may be late. */
static double max_ks_distance(const rig_verdict_input *input)
{
    const double share =
        input->interim.is_stopped ? rig_early_stop_share(input->interim.look) : 1.0;
    return MAX_KS_DISTANCE / share + input->load->p_window;
}

/* Placed calls that the capture does not show. */
static uint64_t missing_calls(const rig_verdict_input *input)
{
    uint64_t n_placed = input->load->n_placed_by_rig, n_seen = input->observed->n_offered;
    return n_placed > n_seen ? n_placed - n_seen : 0;
}

/* G0: the load was the planned one. */
static void check_load(rig_verdict *verdict, const rig_verdict_input *input)
{
    const rig_load_facts *load = input->load;
    const rig_tally *tally = input->observed;
    const double max_p99_ms = input->scenario->gate.max_lateness_p99_ms;
    const double max_ks = max_ks_distance(input);
    unsigned long long n_planned = load->n_planned, n_not_placed = tally->n_not_placed;
    if (load->elsewhere != NULL && load->elsewhere[0] != '\0')
        check(verdict, "G0", "destinations", false,
              "%s, which is neither the target nor in target.allow: the run was ended",
              load->elsewhere);
    if (input->interim.is_stopped)
        check(verdict, "G0", "completed", true,
              "stopped early, at %.0f %% of the calls: what was due by then is judged",
              100.0 * rig_early_stop_share(input->interim.look));
    else
        check(verdict, "G0", "completed", !load->was_stopped, "%s",
              load->was_stopped ? N_("the run was stopped before its end")
                                : N_("the run went to its end"));
    check(verdict, "G0", "conservation", rig_tally_conserved(tally, n_planned),
          "%llu planned = %llu offered + %llu not placed; outcomes and stages add up", n_planned,
          (unsigned long long)tally->n_offered, n_not_placed);
    const bool is_uncaptured = n_not_placed > 0 && missing_calls(input) >= n_not_placed;
    check(verdict, "G0", "placed", n_not_placed == 0, "%llu of %llu calls %s; expected 0",
          n_not_placed, n_planned,
          is_uncaptured ? N_("were placed, and are not in the capture") : N_("not placed"));
    char redials[RIG_VERDICT_TEXT_SIZE];
    const bool are_right = rig_redialled_say(load, redials, sizeof redials);
    if (redials[0] != '\0')
        check(verdict, "G0", "redials", are_right, "%s", redials);
    verdict->n_checks +=
        rig_hosts_check(load->hosts, max_p99_ms, &verdict->checks[verdict->n_checks]);
    check(verdict, "G0", "lateness", load->lateness_p99_ms <= max_p99_ms,
          "99 %% of the INVITEs within %.2f ms of their plan; expected at most %g ms",
          load->lateness_p99_ms, max_p99_ms);
    check(verdict, "G0", "arrivals", load->ks_distance <= max_ks,
          "planned and actual arrivals differ by %.5f (Kolmogorov-Smirnov); expected at most %.5f",
          load->ks_distance, max_ks);
    check(verdict, "G0", "clock", fabs(load->clock_step_ms) <= MAX_CLOCK_STEP_MS,
          "the wall clock moved by %.3f ms against the monotonic one; expected at most %g ms",
          fabs(load->clock_step_ms), MAX_CLOCK_STEP_MS);
}

/* Calls on the wire whose fate is not known. */
static uint64_t unknown_calls(const rig_verdict_input *input)
{
    const uint64_t *n_outcome = input->observed->n_outcome;
    return n_outcome[RIG_OUTCOME_UNCLASSIFIED] +
           (input->interim.is_stopped
                ? 0
                : n_outcome[RIG_OUTCOME_IN_PROGRESS] + n_outcome[RIG_OUTCOME_CUT_BY_RIG]);
}

/* Calls that the capture may have lost or misled about, whatever their fate. */
static uint64_t doubtful_calls(const rig_verdict_input *input)
{
    return missing_calls(input) + unknown_calls(input) + input->load->n_doubled +
           input->load->n_kernel_dropped + input->load->n_unmatched;
}

/* G1: the capture is whole. Not a condition by itself: the bounds say what a gap can change. */
static void check_capture(rig_verdict *verdict, const rig_verdict_input *input)
{
    const rig_load_facts *load = input->load;
    uint64_t n_missing = missing_calls(input), n_unknown = unknown_calls(input);
    check(verdict, "G1", "kernel drops", load->n_kernel_dropped == 0,
          "%llu of %llu packets dropped by the kernel; expected 0",
          (unsigned long long)load->n_kernel_dropped,
          (unsigned long long)(load->n_packets + load->n_kernel_dropped));
    check(verdict, "G1", "missing calls", n_missing == 0,
          "%llu placed calls are not in the capture; expected 0", (unsigned long long)n_missing);
    check(verdict, "G1", "doubled calls", load->n_doubled == 0,
          "%llu planned calls were seen twice; expected 0", (unsigned long long)load->n_doubled);
    check(verdict, "G1", "classified", n_unknown == 0,
          "%llu calls without a fate (unclassified or in progress); expected 0",
          (unsigned long long)n_unknown);
    check(
        verdict, "G1", "in order", load->n_unmatched + load->n_uncertain == 0,
        "%llu legs without their INVITE, %llu calls that hang on the order of messages; expected 0",
        (unsigned long long)load->n_unmatched, (unsigned long long)load->n_uncertain);
}

/* The least and the greatest loss of a stage: doubtful calls may have entered it and been lost
 * there or not; of uncertain ones that may be so although they are known to have ended otherwise.
 */
static void bound_loss(uint64_t n_entered, uint64_t n_lost, uint64_t n_doubtful,
                       uint64_t n_uncertain, double bounds[2])
{
    const double n_least = n_lost > n_uncertain ? (double)(n_lost - n_uncertain) : 0.0;
    const double n_most = (double)(n_lost + n_doubtful + n_uncertain);
    const double n_sure = (double)(n_entered + n_doubtful);
    bounds[0] = n_sure > 0.0 ? n_least / (n_sure + (double)n_uncertain) : 0.0;
    bounds[1] = n_sure > 0.0 ? fmin(1.0, n_most / n_sure) : 0.0;
}

/* Whether a loss within the bounds would be judged otherwise. A failure at both of them is one only
 * on the same side: between too few and too many lies what was predicted. */
static bool may_turn(const rig_gate_test *t, const rig_stage_verdict *v, double alpha)
{
    const double down = v->bound_low - v->p_observed, up = v->bound_high - v->p_observed;
    if (rig_gate_judge(t, down, alpha) != v->judgement ||
        rig_gate_judge(t, up, alpha) != v->judgement)
        return true;
    return v->judgement == RIG_JUDGEMENT_FAIL &&
           (t->difference + down < 0.0) != (t->difference + up < 0.0);
}

static rig_status judge_stages(rig_verdict *verdict, const rig_verdict_input *input)
{
    uint64_t n_doubtful = doubtful_calls(input);
    const double warm_up_min = rig_scenario_counted_from_s(input->scenario) / 60.0;
    const double run_min = rig_scenario_counted_s(input->scenario) / 60.0;
    rig_gate_test tests[RIG_N_STAGES];
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_margin *margin = &input->scenario->gate.margin[s];
        rig_metric metric = (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + s);
        rig_status status = rig_gate_test_make(
            rig_prediction_samples(input->prediction, metric), input->prediction->n_replications,
            input->observed_metrics[metric], margin,
            input->prediction->metrics[RIG_METRIC_N_ENTERED + s].mean, &tests[s]);
        if (status != RIG_OK)
            return status;
    }
    rig_gate_holm(tests, RIG_N_STAGES);
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_gate_test *t = &tests[s];
        rig_stage_verdict *v = &verdict->stages[s];
        uint64_t n_entered = rig_tally_entered(input->observed, (rig_stage)s);
        uint64_t n_lost = rig_tally_lost(input->observed, (rig_stage)s);
        double bounds[2];
        bound_loss(n_entered, n_lost, n_doubtful, input->load->n_uncertain, bounds);
        *v = (rig_stage_verdict){
            .stage = (rig_stage)s,
            .n_entered = n_entered,
            .n_lost = n_lost,
            .p_observed = t->observed,
            .p_predicted = t->predicted,
            .predicted_low = t->predicted_low,
            .predicted_high = t->predicted_high,
            .difference = t->difference,
            .d90_low = t->d90_low,
            .d90_high = t->d90_high,
            .d95_low = t->d95_low,
            .d95_high = t->d95_high,
            .margin = t->margin,
            .margin_wanted = rig_scenario_margin(&input->scenario->gate.margin[s], t->predicted),
            .p_value = t->p_value,
            .p_value_holm = t->p_value_holm,
            .bound_low = bounds[0],
            .bound_high = bounds[1],
            .judgement = rig_gate_judge(t, 0.0, verdict->alpha),
            .minutes_to_decide = (double)NAN,
        };
        /* a gap in the capture that could turn the judgement leaves it open (G1) */
        if (may_turn(t, v, verdict->alpha))
            v->judgement = RIG_JUDGEMENT_INCONCLUSIVE;
        else if (v->judgement == RIG_JUDGEMENT_INCONCLUSIVE)
            v->minutes_to_decide = warm_up_min + run_min * rig_gate_growth_to_decide(t);
        rig_elsewhen_judge(v, input, n_doubtful + input->load->n_uncertain);
    }
    return RIG_OK;
}

/* Replays in which nobody has entered a stage yet say nothing of it: NAN instead of 0. */
static void take_known(const rig_prediction *p, rig_stage stage, double *replayed)
{
    const double *loss =
        rig_prediction_samples(p, (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + stage));
    const double *n_entered = rig_prediction_samples(p, (rig_metric)(RIG_METRIC_N_ENTERED + stage));
    for (size_t r = 0; r < p->n_replications; r++)
        replayed[r] = n_entered[r] > 0.0 ? loss[r] : (double)NAN;
}

/* A run that a look has stopped: the same test again, which fails a stage or leaves it open. */
static rig_status judge_stopped(rig_verdict *verdict, const rig_verdict_input *input)
{
    const size_t n_replays = input->prediction->n_replications;
    rig_look_stage stages[RIG_N_STAGES];
    rig_look_result found;
    double *replayed = malloc(RIG_N_STAGES * n_replays * sizeof *replayed);
    if (replayed == NULL)
        return RIG_ENOMEM;
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_stage_verdict *v = &verdict->stages[s];
        take_known(input->prediction, (rig_stage)s, replayed + (size_t)s * n_replays);
        stages[s] = (rig_look_stage){
            .replayed = replayed + (size_t)s * n_replays,
            .observed = v->n_entered > 0 ? v->p_observed : (double)NAN,
            .margin = input->scenario->gate.margin[s],
            .n_entered = v->n_entered,
            .doubt = fmax(v->p_observed - v->bound_low, v->bound_high - v->p_observed)};
    }
    rig_status status = rig_early_stop_look(input->interim.look, stages, n_replays, &found);
    for (int s = 0; s < RIG_N_STAGES && status == RIG_OK; s++) {
        rig_stage_verdict *v = &verdict->stages[s];
        v->p_value = found.p_value_alone[s];
        v->p_value_holm = found.p_value[s];
        v->judgement =
            found.p_value[s] < found.alpha ? RIG_JUDGEMENT_FAIL : RIG_JUDGEMENT_INCONCLUSIVE;
        v->minutes_to_decide = (double)NAN;
        v->is_elsewhen = false;
    }
    free(replayed);
    return status;
}

/* A normal tail further out is no more than "certain". */
#define LEAST_P 1e-12

/* What works differently: of the cause, or this stage itself. */
static void name_cause(rig_verdict *verdict, const rig_verdict_input *input,
                       const rig_stage_verdict *v)
{
    if (input->interim.is_stopped)
        (void)snprintf(verdict->summary, sizeof verdict->summary,
                       "stopped early, at %.0f %% of the calls: the %s stage had lost %.2f %% of "
                       "its calls where the model predicts %.2f %% (p %s %.2g)",
                       100.0 * rig_early_stop_share(input->interim.look), rig_stage_name(v->stage),
                       100.0 * v->p_observed, 100.0 * v->p_predicted,
                       v->p_value_holm < LEAST_P ? "<" : "=", fmax(v->p_value_holm, LEAST_P));
    else if (v->is_elsewhen)
        (void)rig_elsewhen_say_failed(verdict->summary, sizeof verdict->summary, v);
    else
        (void)snprintf(verdict->summary, sizeof verdict->summary,
                       "the %s stage loses %.2f %% of its calls, predicted %.2f %% (%.2f..%.2f)",
                       rig_stage_name(v->stage), 100.0 * v->p_observed, 100.0 * v->p_predicted,
                       100.0 * v->predicted_low, 100.0 * v->predicted_high);
    verdict->cause = rig_diagnosis_say_cause(input->diagnosis, v->stage, verdict->summary,
                                             sizeof verdict->summary);
}

/* In the order in which a failure is named. */
static const rig_scope_kind judged_kinds[] = {RIG_SCOPE_CLASSES, RIG_SCOPE_SKILLS,
                                              RIG_SCOPE_AGENTS};

enum { N_JUDGED_KINDS = sizeof judged_kinds / sizeof *judged_kinds };

/* The first part that fails; NULL: none. */
static const rig_part_verdict *failed_kind(const rig_verdict *verdict, rig_scope_kind *kind)
{
    const rig_part_verdict *failed = NULL;
    for (size_t i = 0; i < N_JUDGED_KINDS && failed == NULL; i++) {
        *kind = judged_kinds[i];
        failed = rig_by_part_failed(&verdict->kinds[*kind]);
    }
    return failed;
}

/* Of a load that was not the planned one nothing follows for the target, in no stage and no level.
 */
static void invalidate(rig_verdict *verdict)
{
    verdict->judgement = RIG_JUDGEMENT_INVALID;
    for (int s = 0; s < RIG_N_STAGES; s++) {
        verdict->stages[s].judgement = RIG_JUDGEMENT_INVALID;
        verdict->stages[s].minutes_to_decide = (double)NAN;
    }
    for (size_t i = 0; i < verdict->n_levels; i++)
        verdict->levels[i].judgement = RIG_JUDGEMENT_INVALID;
    rig_by_part_invalidate(&verdict->carriers);
    rig_by_part_invalidate(&verdict->told);
    for (int k = 0; k < RIG_N_SCOPE_KINDS; k++)
        rig_by_part_invalidate(&verdict->kinds[k]);
}

/* The first check of a gate that does not hold; NULL: all do. */
static const rig_check *failed_check(const rig_verdict *verdict, const char *gate)
{
    for (size_t i = 0; i < verdict->n_checks; i++) {
        if (strcmp(verdict->checks[i].gate, gate) == 0 && !verdict->checks[i].is_ok)
            return &verdict->checks[i];
    }
    return NULL;
}

/* The first stage with a judgement; later deviations can follow from the first. NULL: none. */
static const rig_stage_verdict *first_stage(const rig_verdict *verdict, rig_judgement judgement)
{
    for (int s = 0; s < RIG_N_STAGES; s++) {
        if (verdict->stages[s].judgement == judgement)
            return &verdict->stages[s];
    }
    return NULL;
}

static const rig_level_verdict *first_level(const rig_verdict *verdict, rig_judgement judgement)
{
    for (size_t i = 0; i < verdict->n_levels; i++) {
        if (verdict->levels[i].judgement == judgement)
            return &verdict->levels[i];
    }
    return NULL;
}

static void say_missed(rig_verdict *verdict, const rig_level_verdict *v,
                       const rig_diagnosis *diagnosis)
{
    char text[RIG_LEVEL_TEXT_SIZE];
    rig_levels_say(v, text, sizeof text);
    (void)snprintf(verdict->summary, sizeof verdict->summary, "all stages conform, but %s", text);
    verdict->cause =
        rig_diagnosis_say_cause(diagnosis, RIG_N_STAGES, verdict->summary, sizeof verdict->summary);
}

/* Why a stage is undecided. */
static void say_open(rig_verdict *verdict, const rig_verdict_input *input,
                     const rig_stage_verdict *v)
{
    const rig_check *gap = failed_check(verdict, "G1");
    size_t size = sizeof verdict->summary;
    size_t used = (size_t)snprintf(verdict->summary, size,
                                   "the %s stage is undecided: ", rig_stage_name(v->stage));
    char *text = verdict->summary + used;
    size -= used;
    if (v->is_elsewhen)
        (void)rig_elsewhen_say(text, size, v);
    else if (gap != NULL && isnan(v->minutes_to_decide))
        (void)snprintf(text, size, "what the capture leaves open could turn the verdict: %s",
                       gap->text);
    else if (isfinite(v->minutes_to_decide))
        (void)snprintf(text, size, "a run of about %.0f minutes would decide, this one had %.0f",
                       ceil(v->minutes_to_decide), input->scenario->traffic.duration_s / 60.0);
    else
        (void)snprintf(text, size, "its deviation is as large as the margin");
}

/* Of all that was judged: the verdict and its one sentence. */
static void conclude(rig_verdict *verdict, const rig_verdict_input *input)
{
    char *text = verdict->summary;
    const size_t size = sizeof verdict->summary;
    const rig_check *load = failed_check(verdict, "G0"), *set_up = failed_check(verdict, "G0b");
    verdict->cause = RIG_N_STAGES;
    if (load != NULL || set_up != NULL) {
        invalidate(verdict);
        /* what the set-up does to a load explains it; a stop by the user explains itself */
        if (set_up != NULL && !input->load->was_stopped)
            (void)snprintf(text, size, "nothing may be said of the centre: %s", set_up->text);
        else
            (void)snprintf(text, size, "the load was not valid: %s",
                           load != NULL ? load->text : set_up->text);
        return;
    }
    const rig_stage_verdict *failed = first_stage(verdict, RIG_JUDGEMENT_FAIL);
    const rig_stage_verdict *open = first_stage(verdict, RIG_JUDGEMENT_INCONCLUSIVE);
    const rig_part_verdict *carrier = rig_by_part_failed(&verdict->carriers);
    const rig_part_verdict *told = rig_by_part_failed(&verdict->told);
    rig_scope_kind kind = RIG_SCOPE_TRUNKS;
    const rig_part_verdict *by_kind = failed_kind(verdict, &kind);
    const rig_level_verdict *missed = first_level(verdict, RIG_JUDGEMENT_FAIL);
    const rig_level_verdict *open_level = first_level(verdict, RIG_JUDGEMENT_INCONCLUSIVE);
    verdict->judgement = RIG_JUDGEMENT_INCONCLUSIVE;
    if (failed != NULL) {
        verdict->judgement = RIG_JUDGEMENT_FAIL;
        name_cause(verdict, input, failed);
    } else if (input->interim.is_stopped) { /* never a PASS: the rest could still deviate */
        (void)snprintf(text, size,
                       "stopped early, at %.0f %% of the calls, but its files do not confirm that "
                       "it is certain to fail",
                       100.0 * rig_early_stop_share(input->interim.look));
    } else if (carrier != NULL) {
        verdict->judgement = RIG_JUDGEMENT_FAIL;
        rig_by_carrier_say(carrier, text, size);
        verdict->cause = rig_diagnosis_say_cause(input->diagnosis, RIG_STAGE_TRUNK, text, size);
    } else if (told != NULL || by_kind != NULL) {
        verdict->judgement = RIG_JUDGEMENT_FAIL;
        if (told != NULL)
            rig_told_say(told, text, size);
        else
            rig_by_kind_say(kind, by_kind, text, size);
        verdict->cause = rig_diagnosis_say_cause(input->diagnosis, RIG_STAGE_QUEUE, text, size);
    } else if (missed != NULL) {
        verdict->judgement = RIG_JUDGEMENT_FAIL;
        say_missed(verdict, missed, input->diagnosis);
    } else if (open != NULL) {
        say_open(verdict, input, open);
    } else if (open_level != NULL) {
        char level[RIG_LEVEL_TEXT_SIZE];
        rig_levels_say(open_level, level, sizeof level);
        (void)snprintf(text, size, "undecided: %s", level);
    } else {
        verdict->judgement = RIG_JUDGEMENT_PASS;
        (void)snprintf(text, size,
                       "every stage loses what the model predicts, and the service levels are met");
        rig_beside_say(&verdict->beside, text, size);
        rig_diagnosis_say_beside(input->diagnosis, text, size);
    }
}

rig_status rig_verdict_new(const rig_verdict_input *input, rig_verdict **verdict, rig_error *err)
{
    const uint32_t n_least = input->interim.is_stopped ? RIG_LOOK_MIN_REPLAYS : RIG_MIN_REPLAYS;
    if (input->prediction->n_replications < n_least)
        return rig_fail(err, RIG_EDOM, "%u replays; expected at least %u",
                        input->prediction->n_replications, n_least);
    if (input->interim.is_stopped && input->interim.look >= RIG_N_LOOKS - 1)
        return rig_fail(err, RIG_EDOM, "stopped by look %u; expected less than %d",
                        input->interim.look, RIG_N_LOOKS - 1);
    rig_verdict *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "verdict: out of memory");
    made->interim = input->interim;
    made->alpha = RIG_GATE_ALPHA;
    if (input->interim.is_on)
        made->alpha =
            rig_early_stop_alpha(input->interim.is_stopped ? input->interim.look : RIG_N_LOOKS - 1);
    check_load(made, input);
    if (input->set_up != NULL)
        made->n_checks += rig_set_up_judge(input->set_up, made->checks + made->n_checks);
    check_capture(made, input);
    rig_status status = judge_stages(made, input);
    if (status == RIG_OK)
        status = input->interim.is_stopped ? judge_stopped(made, input) : RIG_OK;
    if (status == RIG_OK && input->set_up != NULL)
        status = rig_by_carrier_judge(input->set_up->join, input->set_up->schedule, input->scenario,
                                      input->prediction, made->alpha, &made->carriers);
    if (status == RIG_OK && !input->interim.is_stopped)
        status = rig_told_judge(input->scenario, input->observed_metrics, input->prediction,
                                made->alpha, &made->told);
    for (size_t i = 0; i < N_JUDGED_KINDS && status == RIG_OK && !input->interim.is_stopped; i++)
        status = rig_by_kind_judge(input->scenario, judged_kinds[i], input->observed_parts,
                                   input->prediction, made->alpha, &made->kinds[judged_kinds[i]]);
    if (status == RIG_OK)
        status = rig_levels_judge(made, input);
    if (status == RIG_OK && !input->interim.is_stopped)
        status = rig_beside_compare(input->prediction, input->observed_metrics,
                                    input->scenario->time_scale, &made->beside);
    if (status != RIG_OK) {
        rig_verdict_free(made);
        return rig_fail(err, status, "verdict: %s", rig_status_text(status));
    }
    conclude(made, input);
    *verdict = made;
    return RIG_OK;
}
