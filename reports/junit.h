/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verdict as JUnit XML, which every CI system reads. */
#ifndef RIG_REPORTS_JUNIT_H
#define RIG_REPORTS_JUNIT_H

#include <jansson.h>

#include "core/status.h"

/**
 * Write the verdict as one test suite: a case for each check of load and capture (G0, G1), each
 * stage (G2), each service level (G3), and one for the verdict itself, which fails when peakrig's
 * exit code is not 0.
 *
 * - FAIL is a `failure`. INCONCLUSIVE, INVALID, and a judgement that is missing are an `error`
 *   whose type is the judgement in lower case: a gate that could not decide has not passed, so
 *   nothing is `skipped`.
 * - Where the load was not valid, stages and levels are errors of type "invalid", whatever their
 *   figures: nothing may be said of the centre.
 * - A failed G1 check is an `error` when it left a stage open; otherwise its case passes, and says
 *   so in system-out.
 *
 * The suite's time is the run's time on the wire; the cases are judgements and take none.
 * @param result  A result document (docs/result-format.md).
 * @param path    The file, written atomically.
 * @return RIG_OK; RIG_EINPUT when `result` is of another format (nothing is written); RIG_EIO
 *         naming the path; RIG_ENOMEM.
 */
rig_status rig_report_junit(const json_t *result, const char *path, rig_error *err);

#endif
