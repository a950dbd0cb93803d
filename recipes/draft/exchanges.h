/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exchanges, one file each. They put pages and remarks into the draft. */
#ifndef RIG_RECIPES_DRAFT_EXCHANGES_H
#define RIG_RECIPES_DRAFT_EXCHANGES_H

#include "recipes/recipe.h"

void rig_recipe_draft_asterisk(rig_recipe *r);
void rig_recipe_draft_freeswitch(rig_recipe *r);
void rig_recipe_draft_kamailio(rig_recipe *r);
void rig_recipe_draft_opensips(rig_recipe *r);

#endif
