/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire.json: what the capture of a run shows of our own side (verdict/set_up.h). */
#ifndef RIG_REPORTS_WIRE_JSON_H
#define RIG_REPORTS_WIRE_JSON_H

#include "core/status.h"
#include "verdict/set_up.h"

/**
 * Write the file, atomically.
 * @param capture_sha256  Of the capture.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_json_wire_write(const rig_wire_facts *facts, const char *capture_sha256,
                               const char *path, rig_error *err);

/**
 * Read it.
 * @param[out] facts  !is_known where there is no such file: a run of an earlier version. Untouched
 *                    on error.
 * @return RIG_OK; RIG_EINPUT naming the path, key and what is expected; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_json_wire_read(const char *path, rig_wire_facts *facts, rig_error *err);

#endif
