/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/erlang/formula.h"

#define COUNTS     N_("0 to 10000000")
#define OPEN_SHARE N_("> 0 and < 1")

#define ROW(id, word, holder, name, kind, unit, range, absent, letter, help)                       \
    [RIG_CALC_##id] = {word, holder, name, RIG_CALC_##kind, unit, range, absent, letter, help},
const rig_calc_argument rig_calc_arguments[RIG_CALC_N_IDS] = {
#include "cli/erlang/arguments.def"
};

const rig_calc_formula *const rig_calc_formulas[] = {
    &rig_calc_b,        &rig_calc_extended,  &rig_calc_engset,  &rig_calc_gi, &rig_calc_kaufman,
    &rig_calc_overflow, &rig_calc_wilkinson, &rig_calc_hayward, &rig_calc_c,  &rig_calc_a,
    &rig_calc_mmck,     &rig_calc_psa,       &rig_calc_mol};
const size_t rig_calc_n_formulas = sizeof rig_calc_formulas / sizeof *rig_calc_formulas;
