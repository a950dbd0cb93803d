/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writers of documents, out of memory at each allocation (tests/oom.h): the whole document, or
 * RIG_ENOMEM, an older file untouched, and no part of a new one. */
#ifndef RIG_TESTS_OOM_DOCUMENTS_H
#define RIG_TESTS_OOM_DOCUMENTS_H

#include <jansson.h>

#include "core/status.h"

/** Make the folder that the documents go to. Call before the rest. @return 0, or -1. */
int oom_documents_begin(void);

/** Its path. */
const char *oom_documents_folder(void);

/** Remove it with all that is in it. */
void oom_documents_end(void);

/** Sweep a maker of JSON. @param n_least  Allocations that it needs at the least. */
void oom_sweep_json(const char *name, rig_status (*json)(json_t **document, rig_error *err),
                    long n_least);

/**
 * Sweep a writer of a file.
 * @param name  The file in the folder. In a folder of that ("plots/x.gp") it is one of many, of
 *              which an error may leave some, each of them whole.
 * @param file  Gets the file's path. RIG_EENV counts as RIG_OK: the document is there, no gnuplot.
 */
void oom_sweep_file(const char *name, rig_status (*file)(const char *path, rig_error *err),
                    long n_least);

#endif
