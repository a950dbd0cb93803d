/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `peakrig diff --prediction FILE --calls FILE`. */
#ifndef RIG_CLI_UNPAIRED_H
#define RIG_CLI_UNPAIRED_H

#include "verdict/verdict.h"

/** Compare the files, print the comparison (people's text, or JSON). */
rig_status rig_cmd_diff_unpaired(const char *prediction, const char *calls, bool is_json,
                                 rig_judgement *judgement, rig_error *err);

#endif
