/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Instants as people write them, in UTC, and the days, weeks and months that they lie in. */
#ifndef RIG_HISTORY_WHEN_H
#define RIG_HISTORY_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/** Room for "2026-11-29 21:34" or "2026-W48", the NUL included. */
#define RIG_HISTORY_WHEN_SIZE 24

/**
 * Read "2026-11-29", "2026-11-29T21:34", "2026-11-29T21:34:56" or the same with a blank for the T
 * and fractions and a Z behind it: UTC.
 * @param[out] ms  Since the epoch. Untouched unless true is returned.
 */
bool rig_history_when_read(const char *text, int64_t *ms);

/** "2026-11-29 21:34". */
void rig_history_when_text(int64_t ms, char text[RIG_HISTORY_WHEN_SIZE]);

/** By what runs are taken together. */
typedef enum rig_history_by {
    RIG_HISTORY_BY_RUN = 0,
    RIG_HISTORY_BY_DAY,
    RIG_HISTORY_BY_WEEK,
    RIG_HISTORY_BY_MONTH
} rig_history_by;

/** "run", "day", "week", "month"; static. */
const char *rig_history_by_name(rig_history_by by);

/** Read such a name. @param[out] by  Untouched unless true is returned. */
bool rig_history_by_read(const char *text, rig_history_by *by);

/** The first instant of the day, week (ISO 8601: from Monday) or month that an instant lies in, ms;
 * of RIG_HISTORY_BY_RUN the instant itself. */
int64_t rig_history_by_start(rig_history_by by, int64_t ms);

/** The first instant behind the day, week or month that begins then; of RIG_HISTORY_BY_RUN the next
 * millisecond. */
int64_t rig_history_by_end(rig_history_by by, int64_t start_ms);

/** "2026-11-29" of a day, "2026-W48" of a week (ISO 8601), "2026-11" of a month,
 * "2026-11-29 21:34" of a run. */
void rig_history_by_text(rig_history_by by, int64_t start_ms, char text[RIG_HISTORY_WHEN_SIZE]);

#endif
