/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of a run for people: one self-contained HTML file. */
#ifndef RIG_REPORTS_HTML_H
#define RIG_REPORTS_HTML_H

#include <jansson.h>

#include "analyzer/call_groups.h"
#include "analyzer/ladder.h"
#include "core/language.h"
#include "core/status.h"

/** What a page takes from the capture of a run beside the result; all borrowed. */
typedef struct rig_report_wire {
    const rig_ladders *ladders; /**< of the result's agreement.first_different, found by their
                                     Call-IDs; shown as they are. NULL: there are none */
    const rig_call_group_table *agents; /**< by agent; times of the scenario. NULL: not known */
} rig_report_wire;

/**
 * Make the pictures (reports/plots/plots.h) and write RUN_DIR/report.html, atomically.
 *
 * The page needs nothing from outside and no script: style and pictures are inside. It is HTML and
 * well-formed XML. What the result lacks is shown as "not available".
 * @param result   A result document (docs/result-format.md).
 * @param run_dir  Folder of the run; it exists.
 * @param wire     NULL: nothing is known of the capture.
 * @param language  What the page is written in; names and what others have written stay.
 * @return RIG_OK; RIG_EINPUT when `result` is of another format (nothing is written); RIG_EENV when
 *         gnuplot is missing or fails: the report is written all the same, and says so in place of
 *         the pictures; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_report_html(const json_t *result, const char *run_dir, const rig_report_wire *wire,
                           const rig_language *language, rig_error *err);

#endif
