/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tables have in common. Internal to reports/csv. */
#ifndef RIG_REPORTS_CSV_PARTS_H
#define RIG_REPORTS_CSV_PARTS_H

#include <stdint.h>
#include <stdio.h>

/** A comma and a number with so many decimals; nothing behind the comma where it is not finite. -0
 * is 0. */
void rig_report_csv_real(FILE *out, double value, int decimals);

/** A comma and a count. */
void rig_report_csv_count(FILE *out, uint64_t count);

/** A text, quoted where it must be (RFC 4180); no comma. */
void rig_report_csv_text(FILE *out, const char *text);

#endif
