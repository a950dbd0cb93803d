/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/ends.h"

#include "verdict/ends.h"

static void add(rig_json_builder *b, const char *name, const rig_ends_row *ends, size_t n)
{
    rig_json_open_list(b, name);
    for (size_t i = 0; i < n; i++) {
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "end", ends[i].name);
        rig_json_add_real(b, "observed", ends[i].observed);
        rig_json_add_real(b, "predicted", ends[i].replayed.mean);
        rig_json_add_real(b, "low", ends[i].replayed.low);
        rig_json_add_real(b, "high", ends[i].replayed.high);
        rig_json_close(b);
    }
    rig_json_close(b);
}

void rig_json_add_ends(rig_json_builder *b, const rig_result *r)
{
    rig_ends_row ends[RIG_ENDS_MOST];
    rig_json_open_object(b, "ends");
    size_t n = rig_ends_of_calls(r->prediction, r->observed->metrics, ends);
    add(b, "calls", ends, n);
    if (rig_ends_of_callers(r->scenario, r->prediction, r->observed->metrics, ends, &n) != RIG_OK) {
        rig_json_fail(b);
        n = 0;
    }
    add(b, "callers", ends, n);
    rig_json_close(b);
}
