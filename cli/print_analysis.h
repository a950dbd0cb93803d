/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `peakrig analyze` prints for people. */
#ifndef RIG_CLI_PRINT_ANALYSIS_H
#define RIG_CLI_PRINT_ANALYSIS_H

#include <stddef.h>

#include "reports/losses_json.h"

/** The losses, how sure they are, the lines, sessions and registrations, hours, patience, groups,
 * losses over time. */
void rig_print_analysis(const rig_found *found);

/**
 * To standard error: what was not read or not used and why, and limits that were hit.
 * @param paths  n_paths of them; the warnings name the first, and how many more there are.
 */
void rig_warn_of_capture(const char *const *paths, size_t n_paths,
                         const rig_capture_counts *counts);

#endif
