/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario that describes a recipe's exchange. */
#ifndef RIG_CLI_RECIPE_SCENARIO_H
#define RIG_CLI_RECIPE_SCENARIO_H

#include "cli/options.h"
#include "recipes/recipe.h"

/**
 * Read the scenario again, with the exchange's address as its target and with what the recipe says
 * instead, and put it into the recipe as scenario.cfg, every default spelled out.
 * @param overrides  Of the command line: they come first.
 * @return as rig_scenario_read; RIG_ENOMEM.
 */
rig_status rig_described_scenario_add(const char *path, const rig_texts *overrides,
                                      const rig_recipe_spec *spec, rig_recipe *recipe,
                                      rig_error *err);

#endif
