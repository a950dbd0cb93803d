/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipes/draft/draft.h"

#include <string.h>

static const char *cell(rig_recipe *r, const char *text)
{
    const char *safe = rig_recipe_escape(r, RIG_RECIPE_COMMENT, text);
    if (strchr(safe, '|') == NULL && strchr(safe, '`') == NULL)
        return rig_recipe_format(r, "`%s`", safe);
    char *out = (char *)rig_recipe_format(r, "%s", safe);
    for (char *c = out; *c != '\0'; c++)
        if (*c == '|' || *c == '`')
            *c = '!';
    return rig_recipe_format(r, "`%s`", out);
}

static void put_origins(rig_recipe *r)
{
    rig_recipe_line(r, NULL, "## Which key became which line\n");
    rig_recipe_line(r, NULL, "| key of the scenario | file and line | what it says |");
    rig_recipe_line(r, NULL, "|---|---|---|");
    for (size_t i = 0; i < r->n_origins; i++) {
        const rig_recipe_origin *o = &r->origins[i];
        const char *text = o->text + strspn(o->text, " \t");
        rig_recipe_line(r, NULL, "| `%s` | %s:%u | %s |", o->key, o->page, o->line, cell(r, text));
    }
}

static void put_remarks(rig_recipe *r, rig_recipe_remark_kind kind, const char *heading,
                        const char *none)
{
    size_t n = 0;
    rig_recipe_line(r, NULL, "\n## %s\n", heading);
    for (size_t i = 0; i < r->n_remarks; i++) {
        const rig_recipe_remark *remark = &r->remarks[i];
        if (remark->kind != kind)
            continue;
        n++;
        if (remark->value != NULL)
            rig_recipe_line(r, NULL, "- `%s`: %s", remark->value, remark->text);
        else
            rig_recipe_line(r, NULL, "- `%s`: %s", remark->key, remark->text);
    }
    if (n == 0)
        rig_recipe_line(r, NULL, "%s", none);
}

void rig_recipe_readme(rig_recipe *r)
{
    const rig_scenario *s = r->scenario;
    rig_recipe_begin(r, "README.md", "", "");
    rig_recipe_line(r, NULL, "# %s as the scenario %s has it\n", rig_recipe_kind_name(r->kind),
                    cell(r, s->name));
    rig_recipe_line(r, NULL,
                    "Made by peakrig %s from %s. Start the exchange with `./start.sh` (in the "
                    "foreground; Ctrl-C ends it).\n`scenario.cfg` is the scenario with the values "
                    "that describe this exchange; with it:\n",
                    PEAKRIG_VERSION, cell(r, s->path));
    rig_recipe_line(r, NULL, "    peakrig check scenario.cfg");
    rig_recipe_line(r, NULL, "    peakrig check scenario.cfg --probe");
    rig_recipe_line(r, NULL, "    peakrig run scenario.cfg\n");
    rig_recipe_line(r, NULL,
                    "The exchange listens at %s port %u (%s), expects callers from %s%s, and calls "
                    "the agents at %s port %u. What\nis done by the callers (traffic, patience, "
                    "talk, redials, audio) peakrig plays; it needs no line here.\n",
                    r->spec.host, r->spec.port, rig_transport_name(s->target.transport),
                    r->spec.callers[0], r->spec.n_callers > 1 ? " and others" : "",
                    r->spec.agents_host, r->spec.agents_port);
    put_origins(r);
    put_remarks(r, RIG_RECIPE_INSTEAD, "What scenario.cfg says instead of the scenario",
                "Nothing.");
    put_remarks(r, RIG_RECIPE_DIFFERS, "Where exchange and model differ", "Nowhere.");
    put_remarks(r, RIG_RECIPE_CANNOT, "What is not done", "Nothing is left out.");
    if (rig_recipe_is_proxy(r->kind))
        put_remarks(r, RIG_RECIPE_BEHIND, "What is left to the centre behind", "Nothing.");
}
