/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both drawings of a ladder say: the words at an arrow and beside it. Methods, phrases,
 * reasons and outcomes are as files have them, in whatever language. */
#ifndef RIG_REPORTS_LADDER_LABEL_H
#define RIG_REPORTS_LADDER_LABEL_H

#include "analyzer/ladder.h"
#include "core/language.h"

/** Room for one text, its NUL included. */
#define RIG_LADDER_LABEL_SIZE 256

/** One text of a ladder. */
typedef struct rig_report_ladder_label {
    char text[RIG_LADDER_LABEL_SIZE];
} rig_report_ladder_label;

/** At the arrow: "INVITE SDP", "486 Busy Here". */
rig_report_ladder_label rig_report_ladder_arrow_label(const rig_ladder_message *message);

/** The same without the phrase: "486". */
rig_report_ladder_label rig_report_ladder_short_label(const rig_ladder_message *message);

/** Beside it: "CSeq 1 INVITE, agent leg 1, Q.850 cause 16 \"Normal\", sent again". */
rig_report_ladder_label rig_report_ladder_facts(const rig_language *language,
                                                const rig_ladder_message *message);

/** "caller 4930123 at 2026-01-31T23:59:59.123Z; 12 messages on 2 legs; 1 duplicate left out". */
rig_report_ladder_label rig_report_ladder_summary(const rig_language *language,
                                                  const rig_ladder *ladder);

/** "lost_queue: caller BYE, 12.345 s after the INVITE". */
rig_report_ladder_label rig_report_ladder_outcome(const rig_language *language,
                                                  const rig_ladder *ladder);

/** A note: "an agent rings", "queue: rule \"wait music\"". */
rig_report_ladder_label rig_report_ladder_note(const rig_language *language, const char *text);

/** Who stands above a column: rig_ladder_end_name, "agent 2". */
rig_report_ladder_label rig_report_ladder_end(const rig_language *language,
                                              const rig_ladder_end *end);

/** Milliseconds after the first INVITE: "1234.567". */
rig_report_ladder_label rig_report_ladder_instant(const rig_ladder *ladder, int64_t t_ns);

/** One row of a drawing: a message, or notes at a time at which there is none. */
typedef struct rig_report_ladder_row {
    int64_t t_ns;
    const rig_ladder_message *message; /**< NULL: only notes */
    const rig_ladder_note *notes;      /**< n_notes of them, of that time */
    size_t n_notes;
} rig_report_ladder_row;

/** Where the walk over a ladder's rows is. All zero: before the first. */
typedef struct rig_report_ladder_walk {
    size_t at_message, at_note;
} rig_report_ladder_walk;

/** The next row. @param[out] row Untouched behind the last. @return false behind the last. */
bool rig_report_ladder_next_row(const rig_ladder *ladder, rig_report_ladder_walk *walk,
                                rig_report_ladder_row *row);

#endif
