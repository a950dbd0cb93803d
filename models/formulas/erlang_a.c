/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/erlang_a.h"

#include <math.h>

#include "models/domain.h"
#include "models/erlang_b.h"
#include "models/erlang_c.h"
#include "models/formulas/palm.h"

#define FORMULA "erlang a"

static rig_status check(const rig_erlang_a_input *input, rig_error *err)
{
    rig_status status = rig_domain_not_negative(FORMULA, "offered_erl", input->offered_erl, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_agents", input->n_agents, 0, err);
    if (status == RIG_OK)
        status = rig_domain_positive(FORMULA, "aht_s", input->aht_s, err);
    if (status == RIG_OK)
        status = rig_domain_not_negative(FORMULA, "within_s", input->within_s, err);
    if (status == RIG_OK && !(input->patience_s >= 0.0))
        status = rig_fail(err, RIG_EDOM, "%s: patience_s %g; expected a number >= 0, or infinity",
                          FORMULA, input->patience_s);
    if (status == RIG_OK && isinf(input->patience_s) && input->offered_erl >= input->n_agents)
        status = rig_fail(err, RIG_EDOM,
                          "%s: offered %g erl on %u agents with endless patience: the queue grows "
                          "without end; expected a finite patience, or offered < agents",
                          FORMULA, input->offered_erl, input->n_agents);
    return status;
}

/* Nobody waits: who finds all agents busy is lost at once. */
static rig_status no_patience(const rig_erlang_a_input *input, rig_erlang_a_figures *f,
                              rig_error *err)
{
    double p_block, carried_erl;
    rig_status status = rig_erlang_b(input->offered_erl, input->n_agents, &p_block, err);
    if (status == RIG_OK)
        status = rig_erlang_b_carried(input->offered_erl, input->n_agents, &carried_erl, err);
    if (status != RIG_OK)
        return status;
    double p_served = input->offered_erl > 0.0 ? carried_erl / input->offered_erl : 1.0 - p_block;
    *f =
        (rig_erlang_a_figures){.p_wait = p_block,
                               .p_abandon = p_block,
                               .p_served_within = p_served,
                               .p_abandoned_within = p_block,
                               .p_answered_in_time = 1.0,
                               .p_busy = input->n_agents > 0 ? carried_erl / input->n_agents : 0.0};
    return RIG_OK;
}

static rig_status endless_patience(const rig_erlang_a_input *input, rig_erlang_a_figures *f,
                                   rig_error *err)
{
    const rig_erlang_c_input patient = {.offered_erl = input->offered_erl,
                                        .n_agents = input->n_agents,
                                        .aht_s = input->aht_s,
                                        .within_s = input->within_s};
    rig_erlang_c_figures c;
    double p_over;
    rig_status status = rig_erlang_c(&patient, &c, err);
    if (status == RIG_OK)
        status = rig_erlang_c_wait_over(&patient, input->within_s, &p_over, err);
    if (status != RIG_OK)
        return status;
    *f = (rig_erlang_a_figures){.p_wait = c.p_wait,
                                .p_served_within = c.p_served_within,
                                .p_wait_over = p_over,
                                .p_answered_in_time = c.p_served_within,
                                .mean_wait_s = c.mean_wait_s,
                                .mean_wait_served_s = c.mean_wait_s,
                                .mean_queue = c.mean_queue,
                                .p_busy = c.p_busy};
    return RIG_OK;
}

static rig_status no_agents(const rig_erlang_a_input *input, rig_erlang_a_figures *f)
{
    double per_patience = input->within_s / input->patience_s;
    *f = (rig_erlang_a_figures){.p_wait = 1.0,
                                .p_abandon = 1.0,
                                .p_abandoned_within = -expm1(-per_patience),
                                .p_wait_over = exp(-per_patience),
                                .mean_wait_s = input->patience_s,
                                .mean_wait_abandoned_s = input->patience_s,
                                .mean_queue =
                                    input->offered_erl * (input->patience_s / input->aht_s)};
    return RIG_OK;
}

rig_status rig_erlang_a(const rig_erlang_a_input *input, rig_erlang_a_figures *figures,
                        rig_error *err)
{
    rig_status status = check(input, err);
    if (status != RIG_OK)
        return status;
    rig_palm queue = {.offered_erl = input->offered_erl,
                      .n_agents = input->n_agents,
                      .patience_per_aht = input->patience_s / input->aht_s};
    if (isinf(input->patience_s))
        return endless_patience(input, figures, err);
    if (input->patience_s == 0.0 || queue.patience_per_aht < 1e-100)
        return no_patience(input, figures, err);
    if (!(queue.patience_per_aht < 1e100))
        return rig_fail(err, RIG_EDOM, "%s: patience_s %g; expected less than 1e100 of aht_s %g",
                        FORMULA, input->patience_s, input->aht_s);
    if (input->n_agents == 0)
        return no_agents(input, figures);
    if (input->offered_erl == 0.0) {
        *figures = (rig_erlang_a_figures){.p_served_within = 1.0, .p_answered_in_time = 1.0};
        return RIG_OK;
    }
    rig_palm_tail all, late;
    double u_within = fmin(input->within_s / input->patience_s, 1e6); /* e^-u is 0 long before */
    status = rig_palm_integrate(&queue, 0.0, &all);
    if (status == RIG_OK)
        status = rig_palm_integrate(&queue, u_within, &late);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: out of memory", FORMULA);
    /* Mandelbaum & Zeltyn: E = 1/B(n-1), lambda J = y integral; both divided by e^peak. */
    double free_agent = rig_erlang_b_reciprocal(input->offered_erl, input->n_agents - 1.0) *
                        exp(-rig_palm_peak(&queue));
    double y = input->offered_erl * queue.patience_per_aht;
    double whole = free_agent + y * all.all;
    double p_served = isinf(free_agent) ? 1.0 : (free_agent + y * all.stay) / whole;
    rig_erlang_a_figures f = {
        .p_wait = y * all.all / whole,
        .p_abandon = y * all.leave / whole,
        .p_served_within = p_served - y * late.stay / whole,
        .p_wait_over = exp(-u_within) * (y * late.all / whole),
        .mean_wait_served_s = input->patience_s * (y * all.wait_stay / whole) / p_served,
        .mean_wait_abandoned_s =
            all.leave > 0.0 ? input->patience_s * (all.wait_leave / all.leave) : 0.0,
        .p_busy = input->offered_erl * p_served / input->n_agents};
    f.p_abandoned_within = fmax(0.0, 1.0 - f.p_served_within - f.p_wait_over);
    f.p_answered_in_time = f.p_served_within / (f.p_served_within + f.p_wait_over);
    f.mean_wait_s = f.p_abandon * input->patience_s;
    f.mean_queue = y * f.p_abandon;
    *figures = f;
    return RIG_OK;
}
