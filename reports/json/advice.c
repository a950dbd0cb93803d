/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/advice_json.h"

#include <math.h>

static void add_sentence(void *ctx, const char *text)
{
    rig_json_add_text(ctx, NULL, text);
}

static void add_planning(rig_json_builder *b, const rig_advice_planning *p)
{
    rig_json_open_object(b, "planning");
    rig_json_add_count(b, "circuits", p->n_circuits);
    rig_json_add_count(b, "ports", p->n_ports);
    rig_json_add_count(b, "agents", p->n_agents);
    rig_json_add_truth(b, "port_held_while_queued", p->is_port_held);
    rig_json_add_truth(b, "ports_and_agents_suffice", p->has_ports);
    rig_json_add_truth(b, "circuits_for_all_agents", p->has_circuits);
    rig_json_add_real(b, "circuit_held_s", p->hold_s);
    rig_json_add_real(b, "settled_from_s", p->settled_s);
    rig_json_add_truth(b, "settles", p->is_settled);
    rig_json_close(b);
}

void rig_json_add_advice(rig_json_builder *b, const rig_scenario *scenario,
                         const rig_prediction *prediction, bool with_formulas, double alpha)
{
    const rig_advice_planning planning = rig_advice_plan(scenario, prediction);
    add_planning(b, &planning);
    rig_json_open_list(b, "advice");
    rig_advice_settling(scenario, prediction, add_sentence, b);
    rig_advice_rules(scenario, add_sentence, b);
    if (with_formulas && rig_advice_formulas(scenario, prediction, add_sentence, b) != RIG_OK)
        rig_json_fail(b);
    if (!isnan(alpha))
        rig_advice_power(scenario, prediction, alpha, add_sentence, b);
    rig_json_close(b);
}
