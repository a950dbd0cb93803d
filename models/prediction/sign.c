/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/prediction/sign.h"

static void add(rig_digest *digest, const void *data, size_t n)
{
    if (n > 0)
        rig_digest_add(digest, data, n);
}

static void add_steps(rig_digest *digest, const rig_line_step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        add(digest, &steps[i].at_s, sizeof steps[i].at_s);
        add(digest, &steps[i].n, sizeof steps[i].n);
    }
}

/* What plans vary most and diagnoses try; strings are left out, which a scenario that a diagnosis
 * has made need not have. */
static void add_scenario(rig_digest *digest, const rig_scenario *scenario)
{
    const rig_traffic *traffic = &scenario->traffic;
    const double times_s[] = {scenario->time_scale, scenario->interval_s, traffic->duration_s};
    add(digest, &scenario->seed, sizeof scenario->seed);
    add(digest, times_s, sizeof times_s);
    add(digest, &scenario->ivr.n_ports, sizeof scenario->ivr.n_ports);
    add_steps(digest, scenario->ivr.steps, scenario->ivr.n_steps);
    for (size_t i = 0; i < scenario->n_trunks; i++) {
        add(digest, &scenario->trunks[i].n_circuits, sizeof scenario->trunks[i].n_circuits);
        add_steps(digest, scenario->trunks[i].steps, scenario->trunks[i].n_steps);
    }
    for (size_t i = 0; i < scenario->n_agents; i++)
        add(digest, &scenario->agents[i].n_agents, sizeof scenario->agents[i].n_agents);
    for (size_t i = 0; i < traffic->n_rate; i++)
        add(digest, &traffic->rate[i].rate_per_min, sizeof traffic->rate[i].rate_per_min);
    add(digest, traffic->instant_s, traffic->n_instants * sizeof *traffic->instant_s);
}

/* Field by field: what lies between them is anything. */
static void add_schedule(rig_digest *digest, const rig_schedule *schedule)
{
    add(digest, &schedule->seed, sizeof schedule->seed);
    for (size_t i = 0; i < schedule->n; i++) {
        const rig_planned_call *call = &schedule->calls[i];
        const double times_s[] = {call->t_s,
                                  call->patience_answer_s,
                                  call->patience_queue_s,
                                  call->patience_ringing_s,
                                  call->self_service_s,
                                  call->talk_s,
                                  call->redial_s};
        add(digest, &call->number, sizeof call->number);
        add(digest, &call->next, sizeof call->next);
        add(digest, times_s, sizeof times_s);
    }
}

static void add_delays(rig_digest *digest, const rig_delays *delays)
{
    for (size_t k = 0; k < RIG_N_DELAY_KINDS; k++)
        add(digest, delays->kind[k].delay_s, delays->kind[k].n * sizeof *delays->kind[k].delay_s);
    const double most_s[] = {delays->most_reaction_s, delays->most_race_s, delays->most_lateness_s,
                             delays->p_stalled, delays->most_stalled_s};
    add(digest, most_s, sizeof most_s);
}

rig_status rig_prediction_sign(const rig_scenario *scenario, const rig_predict_options *options,
                               char sign[RIG_SHA256_TEXT_SIZE])
{
    rig_digest *digest = rig_digest_new();
    if (digest == NULL)
        return RIG_ENOMEM;
    const uint32_t numbers[] = {options->n_before, options->n_replications,
                                options->schedule != NULL, options->without_fates};
    add_scenario(digest, scenario);
    add(digest, numbers, sizeof numbers);
    add(digest, &options->end_s, sizeof options->end_s);
    if (options->schedule != NULL)
        add_schedule(digest, options->schedule);
    if (options->arrival_s != NULL)
        add(digest, options->arrival_s, options->schedule->n * sizeof *options->arrival_s);
    if (options->delays != NULL)
        add_delays(digest, options->delays);
    rig_digest_text(digest, sign);
    rig_digest_free(digest);
    return RIG_OK;
}
