/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_ladders.h"

#include <unistd.h>

#include "analyzer/rules.h"
#include "reports/json_file.h"

enum { MOST_LADDERS = 10 };

rig_status rig_run_ladders_collect(const rig_run_dir *run, const json_t *result,
                                   rig_ladders **ladders, rig_error *err)
{
    const json_t *calls = rig_json_list(rig_json_object(result, "agreement"), "first_different");
    const char *path = run->capture, *call_ids[MOST_LADDERS];
    rig_rules *rules = NULL;
    rig_ladders *made = NULL;
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(calls) && n < MOST_LADDERS; i++) {
        const char *call_id = rig_json_text(json_array_get(calls, i), "call_id");
        if (call_id[0] != '\0')
            call_ids[n++] = call_id;
    }
    rig_status status = RIG_OK;
    if (n > 0 && access(path, R_OK) == 0) {
        if (access(run->rules, R_OK) == 0)
            status = rig_rules_read(run->rules, &rules, err);
        if (status == RIG_OK)
            status = rig_ladders_collect(&(rig_ladder_options){.paths = &path,
                                                               .n_paths = 1,
                                                               .call_ids = call_ids,
                                                               .n_call_ids = n,
                                                               .rules = rules},
                                         &made, err);
    }
    rig_rules_free(rules);
    if (status == RIG_ENOMEM)
        return status;
    *ladders = made;
    return RIG_OK;
}
