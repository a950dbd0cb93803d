/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/diagnosis/explain.h"

#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#include "core/clock.h"
#include "models/margin.h"
#include "scenarios/scope.h"
#include "verdict/by_kind.h"
#include "verdict/diagnosis/beyond_limit.h"
#include "verdict/diagnosis/refit.h"
#include "verdict/told.h"

/* So many findings are put to the proof. */
static size_t n_asked(const rig_diagnosis *diagnosis)
{
    return diagnosis->n_findings < RIG_EXPLAINED_MOST ? diagnosis->n_findings : RIG_EXPLAINED_MOST;
}

/* What deviates: losses at all stages, those of each carrier at the trunk, what callers are told in
 * the queue, what each class or
 * skill loses in the queue or waits there, how busy each group of agents is, or one figure. */
typedef struct deviation {
    rig_metric_ref metrics[RIG_MAX_GROUPS];
    size_t n;
    double observed[RIG_MAX_GROUPS], scatter[RIG_MAX_GROUPS];
    double size;            /* of the run against its replays */
    const rig_level *level; /* that is missed; NULL: losses */
} deviation;

static double mean_of(const rig_prediction *p, rig_metric_ref ref)
{
    return gsl_stats_mean(rig_prediction_samples_of(p, ref), 1, p->n_replications);
}

/* NAN: the wire does not show it. */
static double observed_of(const rig_explain_input *in, rig_metric_ref ref)
{
    if (ref.part == RIG_METRIC_WHOLE)
        return in->observed_metrics[ref.metric];
    const rig_observed_part *part =
        in->observed_parts != NULL ? &in->observed_parts[ref.part - 1] : NULL;
    return part != NULL && part->is_seen ? part->metrics[ref.metric] : (double)NAN;
}

/* What exceeds the scatter. */
static double beyond(double difference, double scatter)
{
    return fmax(0.0, fabs(difference) - scatter);
}

static void add_metric(const rig_explain_input *in, rig_metric_ref ref, deviation *d)
{
    const rig_prediction *p = in->prediction;
    d->metrics[d->n] = ref;
    d->observed[d->n] = observed_of(in, ref);
    d->scatter[d->n] = gsl_stats_sd(rig_prediction_samples_of(p, ref), 1, p->n_replications);
    d->size += beyond(d->observed[d->n] - mean_of(p, ref), d->scatter[d->n]);
    d->n++;
}

/* A figure of calls that enter a stage, beyond its margin. */
static rig_status figure_deviates(const rig_explain_input *in, rig_metric_ref figure, rig_stage s,
                                  const rig_margin *wanted, bool *deviates)
{
    const rig_metric_ref entered = {(rig_metric)(RIG_METRIC_N_ENTERED + s), figure.part};
    const rig_prediction *p = in->prediction;
    rig_sample sample;
    rig_status status =
        rig_sample_make(rig_prediction_samples_of(p, figure), p->n_replications, &sample);
    if (status != RIG_OK)
        return status;
    const double margin = rig_margin_of(wanted, &sample, mean_of(p, entered));
    *deviates = *deviates || fabs(observed_of(in, figure) - sample.mean) > margin;
    rig_sample_clear(&sample);
    return RIG_OK;
}

/* A stage's loss, of the whole or of a part. */
static rig_status loss_deviates(const rig_explain_input *in, rig_stage s, uint32_t part,
                                bool *deviates)
{
    const rig_metric_ref loss = {(rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + s), part};
    return figure_deviates(in, loss, s, &in->scenario->gate.margin[s], deviates);
}

/* What of losses and waits deviates beyond its margin: the first of these that does. */
typedef enum deviating {
    DEVIATES_STAGE = 0,
    DEVIATES_CARRIER,
    DEVIATES_TOLD,
    DEVIATES_CLASS_LOSS,
    DEVIATES_CLASS_WAIT,
    DEVIATES_SKILL_LOSS,
    DEVIATES_SKILL_WAIT,
    DEVIATES_GROUP,
    DEVIATES_NOTHING
} deviating;

/* Of which parts, and which figure; what callers are told is of the whole. */
static const struct {
    rig_scope_kind kind;
    rig_metric figure;
} looked_at[DEVIATES_NOTHING] = {
    [DEVIATES_CARRIER] = {RIG_SCOPE_TRUNKS, RIG_METRIC_P_LOST_PER_OFFERED + RIG_STAGE_TRUNK},
    [DEVIATES_CLASS_LOSS] = {RIG_SCOPE_CLASSES, RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE},
    [DEVIATES_CLASS_WAIT] = {RIG_SCOPE_CLASSES, RIG_METRIC_WAIT_MEAN_S},
    [DEVIATES_SKILL_LOSS] = {RIG_SCOPE_SKILLS, RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE},
    [DEVIATES_SKILL_WAIT] = {RIG_SCOPE_SKILLS, RIG_METRIC_WAIT_MEAN_S},
    [DEVIATES_GROUP] = {RIG_SCOPE_AGENTS, RIG_METRIC_OCCUPANCY}};

/* The parts of a run that are looked at for it. @param[out] first  The first one's number. @return
 * how many; 0: the scenario has none apart. */
static uint32_t parts_of(const rig_scenario *s, deviating what, uint32_t *first)
{
    const rig_scope_kind kind = looked_at[what].kind;
    const uint32_t n = rig_scope_n_of(s, kind);
    if (n == 0 || n > RIG_MAX_GROUPS || (kind == RIG_SCOPE_TRUNKS && !rig_scenario_has_carriers(s)))
        return 0;
    *first = rig_scope_first(s, kind);
    return n;
}

static rig_status stages_deviate(const rig_explain_input *in, bool *deviates)
{
    rig_status status = RIG_OK;
    for (int s = 0; s < RIG_N_STAGES && status == RIG_OK; s++)
        status = loss_deviates(in, (rig_stage)s, RIG_METRIC_WHOLE, deviates);
    return status;
}

static rig_status parts_deviate(const rig_explain_input *in, deviating what, bool *deviates)
{
    uint32_t first = 0;
    const uint32_t n = parts_of(in->scenario, what, &first);
    const rig_metric figure = looked_at[what].figure;
    const rig_margin margin = rig_by_kind_margin(in->scenario, figure);
    rig_status status = RIG_OK;
    for (uint32_t part = first; part < first + n && status == RIG_OK; part++)
        status = what == DEVIATES_CARRIER ? loss_deviates(in, RIG_STAGE_TRUNK, part, deviates)
                                          : figure_deviates(in, (rig_metric_ref){figure, part},
                                                            RIG_STAGE_QUEUE, &margin, deviates);
    return status;
}

static rig_status told_deviate(const rig_explain_input *in, bool *deviates)
{
    rig_metric figures[RIG_TOLD_MOST];
    const size_t n = rig_told_figures(in->scenario, figures);
    rig_status status = RIG_OK;
    for (size_t i = 0; i < n && status == RIG_OK; i++) {
        const rig_metric_ref ref = {figures[i], RIG_METRIC_WHOLE};
        const rig_margin margin = rig_by_kind_margin(in->scenario, figures[i]);
        if (rig_by_kind_is_replayed(in->prediction, ref))
            status = figure_deviates(in, ref, RIG_STAGE_QUEUE, &margin, deviates);
    }
    return status;
}

static rig_status find_deviating(const rig_explain_input *in, deviating *what)
{
    bool deviates = false;
    rig_status status = stages_deviate(in, &deviates);
    *what = DEVIATES_STAGE;
    while (status == RIG_OK && !deviates && ++*what != DEVIATES_NOTHING)
        status = *what == DEVIATES_TOLD ? told_deviate(in, &deviates)
                                        : parts_deviate(in, *what, &deviates);
    return status;
}

static bool is_missed(const rig_explain_input *in, const rig_level *level)
{
    const double value = observed_of(in, level->metric);
    return level->is_minimum ? value < level->limit : value > level->limit; /* false for a NAN */
}

static void add_stages(const rig_explain_input *in, deviation *d)
{
    for (int s = 0; s < RIG_N_STAGES; s++)
        add_metric(in, (rig_metric_ref){RIG_METRIC_P_LOST_PER_OFFERED + s, RIG_METRIC_WHOLE}, d);
}

static void add_parts(const rig_explain_input *in, deviating what, deviation *d)
{
    uint32_t first = 0;
    const uint32_t n = parts_of(in->scenario, what, &first);
    const rig_metric metric = looked_at[what].figure;
    for (uint32_t part = first; part < first + n; part++)
        add_metric(in, (rig_metric_ref){metric, part}, d);
}

static void add_told(const rig_explain_input *in, deviation *d)
{
    rig_metric figures[RIG_TOLD_MOST];
    const size_t n = rig_told_figures(in->scenario, figures);
    for (size_t i = 0; i < n; i++) {
        const rig_metric_ref ref = {figures[i], RIG_METRIC_WHOLE};
        if (rig_by_kind_is_replayed(in->prediction, ref) && !isnan(observed_of(in, ref)))
            add_metric(in, ref, d);
    }
}

/* @return whether something is to be explained. */
static bool find_deviation(const rig_explain_input *in, deviating what, deviation *d,
                           rig_diagnosis *diagnosis)
{
    const rig_gate *gate = &in->scenario->gate;
    *d = (deviation){.n = 0};
    if (what == DEVIATES_STAGE)
        add_stages(in, d);
    else if (what == DEVIATES_TOLD)
        add_told(in, d);
    else if (what != DEVIATES_NOTHING)
        add_parts(in, what, d);
    if (what != DEVIATES_NOTHING)
        return d->size > 0.0 && isfinite(d->size);
    for (size_t i = 0; i < gate->n_levels && d->level == NULL; i++)
        d->level = is_missed(in, &gate->levels[i]) ? &gate->levels[i] : NULL;
    if (d->level == NULL)
        return false;
    add_metric(in, d->level->metric, d);
    if (isnan(d->size)) /* the model knows no such figure: all of it is to be explained */
        d->size = fabs(d->observed[0]);
    diagnosis->is_predicted = !(d->size > d->scatter[0]);
    return !diagnosis->is_predicted;
}

/* The share that is gone where `left` remains. */
static double share_of(const deviation *d, double left)
{
    return isnan(left) ? (double)NAN : fmin(1.0, fmax(0.0, 1.0 - left / d->size));
}

static double left_of_means(const deviation *d, const double *means)
{
    double left = 0.0;
    for (size_t i = 0; i < d->n; i++)
        left += beyond(d->observed[i] -
                           means[d->metrics[i].part * (size_t)RIG_N_METRICS + d->metrics[i].metric],
                       d->scatter[i]);
    return left;
}

/* Replay with several findings put in. */
static rig_status replay(const rig_refit_base *base, const deviation *d,
                         const rig_finding *const *findings, size_t n, double *share,
                         rig_error *err)
{
    const size_t n_means = (1 + (size_t)rig_scope_n_parts(base->scenario)) * RIG_N_METRICS;
    double *means = malloc(n_means * sizeof *means);
    rig_refit *refit = NULL;
    rig_status status = means == NULL ? RIG_ENOMEM : rig_refit_new(base, &refit);
    for (size_t i = 0; i < n && status == RIG_OK; i++)
        status = rig_refit_put(refit, findings[i]);
    if (status == RIG_OK)
        status = rig_refit_replay(refit, means, err);
    else
        status = rig_fail(err, status, "diagnosis: %s", rig_status_text(status));
    if (status == RIG_OK)
        *share = share_of(d, left_of_means(d, means));
    rig_refit_free(refit);
    free(means);
    return status;
}

static bool is_of_warm_up(const rig_explain_input *in, const rig_call *call)
{
    const double at_s = rig_clock_s_of_ns(call->t_invite_ns - in->start_epoch_ns);
    return at_s * in->scenario->time_scale < rig_scenario_counted_from_s(in->scenario);
}

static double share_beyond_limit(const rig_explain_input *in, const rig_level *level,
                                 const bool *is_touched)
{
    size_t n = 0, n_touched = 0;
    for (size_t i = 0; i < in->how->schedule->n; i++) {
        if (in->observed[i] == NULL || is_of_warm_up(in, in->observed[i]) ||
            !rig_is_beyond_limit(in->scenario, level, in->observed[i]))
            continue;
        n++;
        n_touched += is_touched[i];
    }
    return n > 0 ? (double)n_touched / (double)n : (double)NAN;
}

/* Losses of the untouched calls, on the wire and in a replay. */
static double left_untouched(const rig_explain_input *in, const deviation *d,
                             const bool *is_touched)
{
    double n_lost[RIG_N_STAGES] = {0}, n_offered = 0.0, left = 0.0;
    for (size_t i = 0; i < in->how->schedule->n; i++) {
        const rig_call *call = in->observed[i];
        if (call == NULL || is_of_warm_up(in, call))
            continue;
        n_offered += 1.0;
        for (int s = 0; s < RIG_N_STAGES && !is_touched[i]; s++) {
            n_lost[s] += call->outcome == rig_outcome_lost_at((rig_stage)s);
            n_lost[s] -= in->prediction->fates[i] == rig_outcome_lost_at((rig_stage)s);
        }
    }
    for (int s = 0; s < RIG_N_STAGES && n_offered > 0.0; s++)
        left += beyond(n_lost[s] / n_offered, d->scatter[s]);
    return left;
}

static rig_status take_out(const rig_explain_input *in, const deviation *d, rig_finding *f)
{
    const size_t n = in->how->schedule->n;
    bool *is_touched = calloc(n + 1, sizeof *is_touched);
    if (is_touched == NULL)
        return RIG_ENOMEM;
    for (size_t k = 0; k < f->n_touched; k++) {
        const int64_t index = f->touched[k]->planned_index;
        if (index >= 0 && (size_t)index < n)
            is_touched[index] = true;
    }
    f->explained_by = RIG_EXPLAINED_BY_CALLS;
    if (f->n_touched > 0 && d->metrics[0].part == RIG_METRIC_WHOLE)
        f->share = d->level != NULL ? share_beyond_limit(in, d->level, is_touched)
                                    : share_of(d, left_untouched(in, d, is_touched));
    free(is_touched);
    return RIG_OK;
}

static rig_status ask(const rig_explain_input *in, const rig_refit_base *base, const deviation *d,
                      rig_finding *f, rig_error *err)
{
    if (!rig_refit_can(in->scenario, f)) {
        rig_status status = take_out(in, d, f);
        return status == RIG_OK ? status : rig_fail(err, status, "diagnosis: out of memory");
    }
    const rig_finding *alone[] = {f};
    f->explained_by = RIG_EXPLAINED_BY_REPLAY;
    return replay(base, d, alone, 1, &f->share, err);
}

/* A cause by replay, then one by calls, then the others by their shares. */
static int rank_of(const rig_finding *f)
{
    if (!(f->share >= RIG_CAUSE_LEAST_SHARE))
        return 2;
    return f->explained_by == RIG_EXPLAINED_BY_REPLAY ? 0 : 1;
}

static int by_share(const void *a, const void *b)
{
    const rig_finding *x = a, *y = b;
    const double share_x = isnan(x->share) ? -1.0 : x->share;
    const double share_y = isnan(y->share) ? -1.0 : y->share;
    if (rank_of(x) != rank_of(y))
        return rank_of(x) - rank_of(y);
    if (share_x < share_y || share_x > share_y)
        return share_x > share_y ? -1 : 1;
    return (x->n_explained < y->n_explained) - (x->n_explained > y->n_explained);
}

static void move_to(rig_diagnosis *diagnosis, size_t from, size_t to)
{
    const rig_finding moved = diagnosis->findings[from];
    for (size_t i = from; i > to; i--)
        diagnosis->findings[i] = diagnosis->findings[i - 1];
    diagnosis->findings[to] = moved;
}

/* What is searched in. */
typedef struct search {
    const rig_explain_input *in;
    const rig_refit_base *base;
    const deviation *d;
    rig_diagnosis *diagnosis;
    rig_error *err;
} search;

static bool can_be_put(const search *s, size_t i)
{
    return rig_refit_can(s->in->scenario, &s->diagnosis->findings[i]);
}

/* Of the findings behind the first n, from `from` on, the one that explains the most beside these.
 */
static rig_status find_next(const search *s, const rig_finding **together, size_t n, size_t from,
                            size_t *best, double *share)
{
    rig_status status = RIG_OK;
    *share = -1.0;
    for (size_t k = from; k < n_asked(s->diagnosis) && status == RIG_OK; k++) {
        double found = 0.0;
        if (!can_be_put(s, k))
            continue;
        together[n] = &s->diagnosis->findings[k];
        status = replay(s->base, s->d, together, n + 1, &found, s->err);
        if (status == RIG_OK && found > *share) {
            *share = found;
            *best = k;
        }
    }
    return status;
}

/* The best two of which neither explains enough alone, put first. */
static rig_status find_pair(const search *s, double *share)
{
    size_t first = 0, second = 0;
    rig_status status = RIG_OK;
    *share = -1.0;
    for (size_t i = 0; i < n_asked(s->diagnosis) && status == RIG_OK; i++) {
        const rig_finding *together[2] = {&s->diagnosis->findings[i], NULL};
        double found = -1.0;
        size_t best = 0;
        if (!can_be_put(s, i))
            continue;
        status = find_next(s, together, 1, i + 1, &best, &found);
        if (status == RIG_OK && found > *share) {
            *share = found;
            first = i;
            second = best;
        }
    }
    if (status == RIG_OK && *share >= RIG_CAUSE_LEAST_SHARE) {
        move_to(s->diagnosis, second, 0); /* behind the first, so that it is still there */
        move_to(s->diagnosis, first + 1, 0);
    }
    return status;
}

/* Take in what the first n need beside them. */
static rig_status extend(const search *s, size_t *n, double *share)
{
    const rig_finding *together[RIG_MOST_CAUSES];
    rig_status status = RIG_OK;
    while (*n < RIG_MOST_CAUSES && *share < 1.0 - RIG_CAUSE_MORE && status == RIG_OK) {
        double found = -1.0;
        size_t next = 0;
        for (size_t i = 0; i < *n; i++)
            together[i] = &s->diagnosis->findings[i];
        status = find_next(s, together, *n, *n, &next, &found);
        if (status != RIG_OK || found < *share + RIG_CAUSE_MORE)
            break;
        move_to(s->diagnosis, next, (*n)++);
        *share = found;
    }
    return status;
}

static rig_status find_cause(const search *s)
{
    rig_diagnosis *diagnosis = s->diagnosis;
    size_t n = 1;
    double share = diagnosis->findings[0].share, pair = -1.0;
    rig_status status = RIG_OK;
    const bool is_enough = share >= RIG_CAUSE_LEAST_SHARE;
    if (!is_enough || diagnosis->findings[0].explained_by == RIG_EXPLAINED_BY_CALLS)
        status = find_pair(s, &pair);
    if (status == RIG_OK && pair >= RIG_CAUSE_LEAST_SHARE) {
        n = 2;
        share = pair;
    }
    if (status == RIG_OK && share >= RIG_CAUSE_LEAST_SHARE &&
        diagnosis->findings[0].explained_by == RIG_EXPLAINED_BY_REPLAY)
        status = extend(s, &n, &share);
    if (status != RIG_OK)
        return status;
    diagnosis->n_causes = share >= RIG_CAUSE_LEAST_SHARE ? n : 0;
    diagnosis->cause_share = share;
    return RIG_OK;
}

rig_status rig_diagnosis_explain(const rig_explain_input *in, rig_diagnosis *diagnosis,
                                 rig_error *err)
{
    const rig_refit_base base = {.scenario = in->scenario,
                                 .how = in->how,
                                 .observed = in->observed,
                                 .start_epoch_ns = in->start_epoch_ns};
    deviation d;
    deviating what;
    rig_status status = find_deviating(in, &what);
    if (status != RIG_OK)
        return rig_fail(err, status, "explaining the run: %s", rig_status_text(status));
    if (!find_deviation(in, what, &d, diagnosis))
        return RIG_OK;
    diagnosis->is_explained = true;
    if (diagnosis->n_findings == 0)
        return RIG_OK;
    for (size_t i = 0; i < n_asked(diagnosis) && status == RIG_OK; i++)
        status = ask(in, &base, &d, &diagnosis->findings[i], err);
    if (status != RIG_OK)
        return status;
    qsort(diagnosis->findings, diagnosis->n_findings, sizeof *diagnosis->findings, by_share);
    return find_cause(&(search){in, &base, &d, diagnosis, err});
}
