/* Ladders as one self-contained SVG file, one below the other. */
#ifndef RIG_REPORTS_LADDER_SVG_H
#define RIG_REPORTS_LADDER_SVG_H

#include "analyzer/ladder/ladder.h"
#include "core/status.h"

/**
 * Write the file; it appears whole or not at all. 1280 units wide, light or dark as the reader's
 * system is set, without scripts; each ladder and each arrow has a title, each ladder a description
 * in words.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_ladder_svg(const rig_ladders *ladders, const char *path, rig_error *err);

#endif
