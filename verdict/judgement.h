/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a verdict can say, in one word. */
#ifndef RIG_VERDICT_JUDGEMENT_H
#define RIG_VERDICT_JUDGEMENT_H

/** One judgement. */
typedef enum rig_judgement {
    RIG_JUDGEMENT_PASS = 0,
    RIG_JUDGEMENT_FAIL,
    RIG_JUDGEMENT_INCONCLUSIVE,
    RIG_JUDGEMENT_INVALID /**< the load or the capture was not valid: nothing may be said */
} rig_judgement;

/** "PASS", "FAIL", "INCONCLUSIVE", "INVALID"; static. */
const char *rig_judgement_name(rig_judgement judgement);

/** Exit code of a judgement: 0, 1, 3, 4. */
int rig_judgement_exit_code(rig_judgement judgement);

#endif
