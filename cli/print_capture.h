/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with the packets of a capture, for people. */
#ifndef RIG_CLI_PRINT_CAPTURE_H
#define RIG_CLI_PRINT_CAPTURE_H

#include <stddef.h>

#include "analyzer/analyzer.h"

/** On standard output, for who reads only the figures: clocks that are apart or went back. Prints
 * nothing where there are none. */
void rig_print_clocks(const rig_capture_counts *counts);

/** Warn of what was not read, by its kind, of clocks that are apart, and of what was mended. */
void rig_warn_of_packets(const char *path, size_t n_paths, const rig_capture_counts *counts);

#endif
