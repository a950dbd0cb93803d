/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/vocabulary.h"

#include <string.h>

#include "analyzer/query.h"
#include "callcentre/defect.h"
#include "cli/erlang/formula.h"
#include "core/metric.h"
#include "core/stage.h"
#include "recipes/recipe.h"

/* The i-th word of a kind; NULL behind the last, "" for one that is left out. */
typedef const char *(*word_of)(size_t i);

static const char *outcome_of(size_t i)
{
    return i < RIG_N_OUTCOMES ? rig_outcome_name((rig_outcome)i) : NULL;
}

static const char *stage_of(size_t i)
{
    return i < RIG_N_STAGES ? rig_stage_name((rig_stage)i) : NULL;
}

static const char *metric_of(size_t i)
{
    return i < RIG_N_METRICS ? rig_metric_describe((rig_metric)i)->name : NULL;
}

static const char *defect_of(size_t i)
{
    return i < RIG_N_DEFECTS ? rig_callcentre_defect_about_of((rig_callcentre_defect_kind)i)->name
                             : NULL;
}

static const char *field_of(size_t i)
{
    return i < rig_query_n_fields() ? rig_query_describe(i)->name : NULL;
}

static const char *group_of(size_t i)
{
    if (i >= rig_query_n_fields())
        return NULL;
    return rig_query_describe(i)->is_group ? rig_query_describe(i)->name : "";
}

static const char *formula_of(size_t i)
{
    return i < rig_calc_n_formulas ? rig_calc_formulas[i]->name : NULL;
}

static const char *exchange_of(size_t i)
{
    return i < RIG_N_RECIPE_KINDS ? rig_recipe_kind_name((rig_recipe_kind)i) : NULL;
}

bool rig_vocabulary_print(FILE *out, const char *kind)
{
    static const struct {
        const char *kind;
        word_of word;
    } kinds[] = {{"outcomes", outcome_of}, {"stages", stage_of},      {"metrics", metric_of},
                 {"defects", defect_of},   {"fields", field_of},      {"groups", group_of},
                 {"formulas", formula_of}, {"exchanges", exchange_of}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (strcmp(kinds[k].kind, kind) != 0)
            continue;
        const char *word;
        for (size_t i = 0; (word = kinds[k].word(i)) != NULL; i++) {
            if (word[0] != '\0')
                (void)fprintf(out, "%s\n", word);
        }
        return true;
    }
    return false;
}

const char *rig_vocabulary_kinds(void)
{
    return "outcomes, stages, metrics, defects, fields (of --where), groups (of --by), formulas, "
           "exchanges";
}
