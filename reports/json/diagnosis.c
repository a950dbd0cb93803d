#include "reports/json/diagnosis.h"

#include "reports/prediction_json.h"

json_t *rig_json_of_diagnosis(const rig_diagnosis *diagnosis)
{
    json_t *list = json_array();
    for (size_t i = 0; diagnosis != NULL && i < diagnosis->n_findings; i++) {
        const rig_finding *f = &diagnosis->findings[i];
        json_t *finding = json_pack(
            "{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:f, s:f, s:I, s:I, s:s}", "kind",
            rig_finding_kind_name(f->kind), "stage", rig_stage_name(f->stage), "unit", f->unit,
            "expected", rig_json_real(f->expected), "estimate", rig_json_real(f->estimate), "low",
            rig_json_real(f->low), "high", rig_json_real(f->high), "from_s", f->from_s, "to_s",
            f->to_s, "contradicted_calls", (json_int_t)f->n_calls, "explained_calls",
            (json_int_t)f->n_explained, "text", f->text);
        (void)json_array_append_new(list, finding);
    }
    return list;
}
