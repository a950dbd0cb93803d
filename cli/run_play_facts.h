/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verdict is told of a play: while it is under way, and at its end. */
#ifndef RIG_CLI_RUN_PLAY_FACTS_H
#define RIG_CLI_RUN_PLAY_FACTS_H

#include "cli/run_setup.h"
#include "generator/play.h"
#include "verdict/play_facts.h"

/** What there is of a play; all borrowed. */
typedef struct rig_run_play_input {
    const rig_play_report *report; /**< so far, or at its end */
    const rig_run_setup *setup;
    const rig_texts *defects; /**< of the embedded call centre */
    const char *centre_end;   /**< how that died; "" = it lives, or is another's */
} rig_run_play_input;

/** @param[out] facts  Without looks, and without the centre's own count. */
void rig_run_play_facts(const rig_run_play_input *input, rig_play_facts *facts);

#endif
