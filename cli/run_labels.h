/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The labels of a run: labels.json in its folder, so that they stay with it whatever becomes of a
 * history. */
#ifndef RIG_CLI_RUN_LABELS_H
#define RIG_CLI_RUN_LABELS_H

#include <jansson.h>

#include "cli/options.h"
#include "cli/run_dir.h"

/** Whether all are KEY=VALUE. @return RIG_OK; RIG_EINPUT naming the first that is not; RIG_ENOMEM.
 */
rig_status rig_run_labels_check(const rig_texts *labels, rig_error *err);

/** Set these labels of a run; others that it has stay. Nothing is written where there are none to
 * set. @return as rig_json_read and rig_json_write; RIG_EINPUT for a labels.json that is none. */
rig_status rig_run_labels_write(const rig_run_dir *run, const rig_texts *labels, rig_error *err);

/** The labels of a run, an object. @param[out] labels  Owned by the caller; empty without
 * labels.json. Untouched on error. */
rig_status rig_run_labels_read(const rig_run_dir *run, json_t **labels, rig_error *err);

#endif
