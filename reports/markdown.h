/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verdict of a run in Markdown, for the comment of a merge request. */
#ifndef RIG_REPORTS_MARKDOWN_H
#define RIG_REPORTS_MARKDOWN_H

#include <jansson.h>
#include <stdio.h>

#include "core/language.h"
#include "core/status.h"

/**
 * Print verdict, stages, what is not as it should be (checks, levels, diagnosis), the earliest
 * calls that ended otherwise than in the replay, and where the rest is. It is GitHub Flavored
 * Markdown (tables), which GitLab, Gitea and others read, too. What somebody else has written
 * (names, reasons, Call-IDs) is shown as it is: no markup, no link, no mention of a user, whatever
 * it holds. What the result lacks is "n/a".
 * @param result  A result document (docs/result-format.md), masked or not.
 * @param link    Begin of the address at which the run's files can be seen, such as
 *                "https://ci.example/job/7/artifacts"; NULL: they are named only.
 * @param language  What it is written in; names and what others have written stay.
 * @param out     Keeps its own errors.
 * @return RIG_OK; RIG_EINPUT when `result` is of another format, or `link` is no address (nothing
 *         is printed).
 */
rig_status rig_report_markdown(const json_t *result, const char *link, const rig_language *language,
                               FILE *out, rig_error *err);

#endif
