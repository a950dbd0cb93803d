/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/diagnosis.h"

#include <math.h>

static void add_finding(rig_json_builder *b, const rig_finding *f, bool is_cause)
{
    rig_json_open_object(b, NULL);
    rig_json_add_text(b, "kind", rig_finding_kind_name(f->kind));
    rig_json_add_text(b, "stage", rig_stage_name(f->stage));
    rig_json_add_text(b, "unit", f->unit);
    rig_json_add_real(b, "expected", f->expected);
    rig_json_add_real(b, "estimate", f->estimate);
    rig_json_add_real(b, "low", f->low);
    rig_json_add_real(b, "high", f->high);
    rig_json_add_real(b, "from_s", f->from_s);
    rig_json_add_real(b, "to_s", f->to_s);
    rig_json_add_count(b, "contradicted_calls", f->n_calls);
    rig_json_add_count(b, "explained_calls", f->n_explained);
    rig_json_add_real(b, "explained_share", f->share);
    rig_json_add_text(b, "explained_by", rig_explained_by_name(f->explained_by));
    rig_json_add_truth(b, "is_cause", is_cause);
    rig_json_add_text(b, "text", f->text);
    rig_json_close(b);
}

void rig_json_add_diagnosis(rig_json_builder *b, const rig_diagnosis *diagnosis)
{
    rig_json_open_list(b, "diagnosis");
    for (size_t i = 0; diagnosis != NULL && i < diagnosis->n_findings; i++)
        add_finding(b, &diagnosis->findings[i], i < diagnosis->n_causes);
    rig_json_close(b);
    rig_json_open_object(b, "cause");
    rig_json_add_truth(b, "asked", diagnosis != NULL && diagnosis->is_explained);
    rig_json_add_truth(b, "found", diagnosis != NULL && diagnosis->n_causes > 0);
    rig_json_add_truth(b, "predicted", diagnosis != NULL && diagnosis->is_predicted);
    rig_json_add_real(b, "explained_share",
                      diagnosis != NULL && diagnosis->n_causes > 0 ? diagnosis->cause_share
                                                                   : (double)NAN);
    rig_json_add_real(b, "least_share", RIG_CAUSE_LEAST_SHARE);
    rig_json_close(b);
}
