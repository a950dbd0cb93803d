/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verdict is told of a play: while it is under way, and at its end. */
#ifndef RIG_CLI_RUN_PLAY_FACTS_H
#define RIG_CLI_RUN_PLAY_FACTS_H

#include "cli/run_setup.h"
#include "core/digest.h"
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

/**
 * The file that the capture was written to must hold what was written: another program may have
 * changed it meanwhile. Then that is the trouble of the run, unless it has another.
 * @param[out] sha256  Of the file as it is, where there is no other trouble and it can be read.
 */
void rig_run_play_check_capture(const char *path, const rig_recorder_totals *captured,
                                rig_play_facts *facts, char sha256[RIG_SHA256_TEXT_SIZE]);

#endif
