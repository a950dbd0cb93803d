/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of the history as JSON: made from result.json, and as a line of an exported history. */
#ifndef RIG_REPORTS_HISTORY_JSON_H
#define RIG_REPORTS_HISTORY_JSON_H

#include <jansson.h>

#include "history/run.h"

/**
 * What a result says, as the history remembers it. Folder, plan digest, calls and waits are not in
 * it: the caller fills them in.
 * @param path  Of the result, for messages.
 * @param[out] run  Owned by the caller: rig_history_run_free. Untouched on error.
 * @return RIG_OK; RIG_EINPUT for what is no result, or one without the digest of its play.json or
 *         the instant of its start; RIG_ENOMEM.
 */
rig_status rig_json_history_of_result(const json_t *result, const char *path, rig_history_run **run,
                                      rig_error *err);

/** An object of the format "peakrig history run 1" (docs/history.md). Owned by the caller.
 * @return RIG_OK or RIG_ENOMEM. */
rig_status rig_json_of_history_run(const rig_history_run *run, json_t **document);

/** Several, each without its calls: one document of the format "peakrig history 1".
 * @return RIG_OK or RIG_ENOMEM. */
rig_status rig_json_of_history(const rig_history_runs *runs, json_t **document);

/**
 * Read such an object. Members that are not known are passed over, those that lack are not known.
 * @param where  What messages begin with: "FILE:LINE".
 * @param[out] run  Owned by the caller. Untouched on error.
 * @return RIG_OK; RIG_EINPUT naming the member; RIG_ENOMEM.
 */
rig_status rig_json_history_run_read(const json_t *document, const char *where,
                                     rig_history_run **run, rig_error *err);

#endif
