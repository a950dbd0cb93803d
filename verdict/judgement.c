/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judgement.h"

#include <stddef.h>

#include "core/language.h"

const char *rig_judgement_name(rig_judgement judgement)
{
    switch (judgement) {
    case RIG_JUDGEMENT_PASS:
        return N_("PASS");
    case RIG_JUDGEMENT_FAIL:
        return N_("FAIL");
    case RIG_JUDGEMENT_INCONCLUSIVE:
        return N_("INCONCLUSIVE");
    case RIG_JUDGEMENT_INVALID:
        return N_("INVALID");
    }
    return "?";
}

int rig_judgement_exit_code(rig_judgement judgement)
{
    switch (judgement) {
    case RIG_JUDGEMENT_PASS:
        return 0;
    case RIG_JUDGEMENT_FAIL:
        return 1;
    case RIG_JUDGEMENT_INCONCLUSIVE:
        return 3;
    case RIG_JUDGEMENT_INVALID:
        return 4;
    }
    return 4;
}
