/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/parts.h"

#include <math.h>

#include "scenarios/scope.h"

/* Of a level on this figure: the limit and what was judged. */
static void add_level(rig_json_builder *b, const rig_verdict *verdict, rig_metric_ref ref)
{
    for (size_t i = 0; i < verdict->n_levels; i++) {
        const rig_level_verdict *v = &verdict->levels[i];
        if (v->level.metric.metric != ref.metric || v->level.metric.part != ref.part)
            continue;
        rig_json_add_real(b, v->level.is_minimum ? "min" : "max", v->level.limit);
        rig_json_add_text(b, "judgement", rig_judgement_name(v->judgement));
        return;
    }
}

static void add_metric(rig_json_builder *b, const rig_result *r, rig_metric_ref ref)
{
    const rig_summary *s = rig_prediction_summary_of(r->prediction, ref);
    const bool is_seen = ref.part <= r->observed->n_parts;
    char name[RIG_SCOPE_TEXT_SIZE];
    rig_scope_write(r->scenario, ref, name, sizeof name);
    rig_json_open_object(b, NULL);
    rig_json_add_text(b, "name", name);
    rig_json_add_text(b, "figure", rig_metric_describe(ref.metric)->name);
    rig_json_add_text(b, "description", rig_metric_describe(ref.metric)->description);
    rig_json_add_text(b, "unit", rig_metric_describe(ref.metric)->unit);
    rig_json_add_real(b, "observed",
                      is_seen ? r->observed->parts[ref.part - 1].metrics[ref.metric] : (double)NAN);
    rig_json_add_real(b, "predicted", s->mean);
    rig_json_add_real(b, "low", s->low);
    rig_json_add_real(b, "high", s->high);
    add_level(b, r->verdict, ref);
    rig_json_close(b);
}

void rig_json_add_parts(rig_json_builder *b, const rig_result *r)
{
    rig_json_open_list(b, "parts");
    for (uint32_t part = 1; part <= r->prediction->n_parts; part++) {
        const rig_scope_kind kind = rig_scope_part_of(r->scenario, part).kind;
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "of", rig_scope_kind_name(kind));
        rig_json_add_text(b, "name", rig_scope_part_name(r->scenario, part));
        rig_json_open_list(b, "metrics");
        for (int m = 0; m < RIG_N_METRICS; m++) {
            if (rig_scope_has(r->scenario, part, (rig_metric)m))
                add_metric(b, r, (rig_metric_ref){(rig_metric)m, part});
        }
        rig_json_close(b);
        rig_json_close(b);
    }
    rig_json_close(b);
}
