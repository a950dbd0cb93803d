/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIPp scenarios made of parts, for SIPp itself can include nothing.
 *
 * A part is a file of scenarios/sipp/ with directives, each alone on its line:
 *   <?rig include FILE NAME=VALUE ...?>   the part FILE, with these symbols set within it
 *   <?rig set NAME=VALUE?>                from here on
 *   <?rig if NAME?>, <?rig if not NAME?>, <?rig else?>, <?rig end?>   whether NAME has a value
 * and symbols: @NAME@ stands for the value of NAME (capitals, digits and '_'). A value goes on to
 * the next " NAME=". What is assembled has none of these and is what SIPp reads. */
#ifndef RIG_GENERATOR_PLAY_SIPP_ASSEMBLE_H
#define RIG_GENERATOR_PLAY_SIPP_ASSEMBLE_H

#include <stddef.h>

#include "core/slice.h"
#include "core/status.h"

/** A symbol that is set from outside. An empty value is as good as none. */
typedef struct rig_sipp_symbol {
    const char *name;
    const char *value;
} rig_sipp_symbol;

/**
 * Finds a part by its name. @return its text; p NULL when there is none.
 */
typedef rig_slice (*rig_sipp_part)(const char *name);

/**
 * Assemble.
 *
 * @param find       Such as rig_sipp_file_find.
 * @param[out] text  Heap, NUL-terminated; the caller frees. Untouched on error.
 * @return RIG_OK; RIG_EINPUT "FILE:LINE: ..." for a directive that is wrong, a part or symbol that
 *         is not there, or parts that include each other; RIG_ENOMEM.
 */
rig_status rig_sipp_assemble(rig_sipp_part find, const char *name, const rig_sipp_symbol *symbols,
                             size_t n_symbols, char **text, rig_error *err);

#endif
