/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comma-separated tables as peakrig reads them: a header row, then rows with the same number of
 * fields. Lines that start with '#' are comments (the stamps of our own files). Quoted fields as
 * RFC 4180. CRLF and LF both end a line; a UTF-8 byte order mark is skipped. */
#ifndef RIG_CORE_CSV_H
#define RIG_CORE_CSV_H

#include <stddef.h>

#include "core/status.h"

/** A table held in memory; opaque. */
typedef struct rig_csv rig_csv;

/**
 * Read a table.
 * @param[out] csv  Owned by the caller: rig_csv_free.
 * @return RIG_OK; RIG_EINPUT with "FILE:LINE: ..." for a row with too few or too many fields, an
 *         open quote or no header; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_csv_read(const char *path, rig_csv **csv, rig_error *err);

/** Free a table and all its strings. NULL-safe. */
void rig_csv_free(rig_csv *csv);

/** Rows without the header. */
size_t rig_csv_n_rows(const rig_csv *csv);

/** Line of the file (from 1) in which a row begins: for error messages. */
size_t rig_csv_line(const rig_csv *csv, size_t row);

/**
 * The number of a column by the name in the header.
 * @return RIG_OK, or RIG_EINPUT naming the file and the columns that there are.
 */
rig_status rig_csv_column(const rig_csv *csv, const char *name, size_t *column, rig_error *err);

/** Columns of every row. */
size_t rig_csv_n_columns(const rig_csv *csv);

/** The name that the header gives a column, NUL-terminated, owned by the table. column <
 * rig_csv_n_columns. */
const char *rig_csv_name(const rig_csv *csv, size_t column);

/** A field, NUL-terminated, owned by the table. row < n_rows; column from rig_csv_column. */
const char *rig_csv_field(const rig_csv *csv, size_t row, size_t column);

/**
 * A field as a finite decimal number.
 * @return RIG_OK, or RIG_EINPUT with file, line, column, value. `value` is untouched on error.
 */
rig_status rig_csv_number(const rig_csv *csv, size_t row, size_t column, double *value,
                          rig_error *err);

/**
 * The value of a stamp: in a line "# key: value" at the top of the file, the value of `key`.
 * @return owned by the table, or NULL when there is none.
 */
const char *rig_csv_stamp(const rig_csv *csv, const char *key);

#endif
