/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/recipe_scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The overrides in their order: the user's, the target's address, the recipe's. */
static rig_status gather(const rig_texts *first, const char *const *target, size_t n_target,
                         const rig_recipe *recipe, rig_texts *all, rig_error *err)
{
    *all = *first;
    for (size_t i = 0; i < n_target + rig_recipe_n_remarks(recipe); i++) {
        const char *value =
            i < n_target ? target[i] : rig_recipe_remark_at(recipe, i - n_target)->value;
        if (value == NULL)
            continue;
        if (all->n == RIG_MAX_OVERRIDES)
            return rig_fail(err, RIG_EINPUT, "more than %d values to say instead of the scenario's",
                            RIG_MAX_OVERRIDES);
        all->items[all->n++] = value;
    }
    return RIG_OK;
}

static rig_status put(const rig_scenario *scenario, rig_recipe *recipe, rig_error *err)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    if (out != NULL)
        rig_scenario_print(scenario, out);
    rig_status status = out != NULL && fclose(out) == 0
                            ? rig_recipe_add_file(recipe, "scenario.cfg", text, n, err)
                            : rig_fail(err, RIG_ENOMEM, "recipe: %s", rig_status_text(RIG_ENOMEM));
    free(text);
    return status;
}

rig_status rig_described_scenario_add(const char *path, const rig_texts *overrides,
                                      const rig_recipe_spec *spec, rig_recipe *recipe,
                                      rig_error *err)
{
    char host[300], port[40], agents[120];
    const char *const target[] = {host, port, agents};
    const bool is_v6 = strchr(spec->agents_host, ':') != NULL;
    rig_texts all;
    rig_scenario *scenario = NULL;
    (void)snprintf(host, sizeof host, "target.host=\"%s\"", spec->host);
    (void)snprintf(port, sizeof port, "target.port=%u", spec->port);
    (void)snprintf(agents, sizeof agents, "target.agents_listen=\"%s%s%s:%u\"", is_v6 ? "[" : "",
                   spec->agents_host, is_v6 ? "]" : "", spec->agents_port);
    rig_status status =
        gather(overrides, target, sizeof target / sizeof *target, recipe, &all, err);
    if (status == RIG_OK)
        status = rig_scenario_read(path, all.items, all.n, &scenario, err);
    if (status == RIG_OK)
        status = put(scenario, recipe, err);
    rig_scenario_free(scenario);
    return status;
}
