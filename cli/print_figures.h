/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `peakrig analyze` prints of circuits, queue and agents over time, of patience, and of
 * groups. */
#ifndef RIG_CLI_PRINT_FIGURES_H
#define RIG_CLI_PRINT_FIGURES_H

#include "analyzer/figures.h"

/** The hours, and how many E1 lines they took. Nothing without calls. */
void rig_print_hours(const rig_found *found);

/** How long callers wait in the queue before they hang up. Nothing where nobody waited. */
void rig_print_patience(const rig_found *found);

/** The tables of groups. */
void rig_print_groups(const rig_found *found);

#endif
