/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is there only while the program is: folders of its own under TMPDIR, and files that are not
 * whole yet. A signal that ends the program takes them with it; kill -9 leaves them. */
#ifndef RIG_CORE_TEMPORARY_H
#define RIG_CORE_TEMPORARY_H

#include "core/status.h"

/** Room for the path of such a folder. */
#define RIG_TEMPORARY_SIZE 900

/**
 * Make a folder peakrig-NAME-XXXXXX, of mode 0700, where rig_file_temporary_folder says.
 * @param[out] path  End it with _remove or _keep.
 * @return RIG_OK; RIG_EIO naming the path, which is "" then.
 */
rig_status rig_temporary_make(const char *name, char path[RIG_TEMPORARY_SIZE], rig_error *err);

/** Remove such a folder and all that is in it, folders too; links are not followed. */
void rig_temporary_remove(const char *path);

/** Leave such a folder where it is, whatever comes. */
void rig_temporary_keep(const char *path);

/** A file that is not whole yet. Where very many are there already, or its path is longer than 1000
 * bytes, a signal leaves it. */
void rig_temporary_note(const char *file);

/** It is whole, or gone, or what there is of it is to stay. */
void rig_temporary_forget(const char *file);

/** What a signal takes with it. */
typedef enum rig_temporary_what {
    RIG_TEMPORARY_FOLDERS,
    RIG_TEMPORARY_ALL,
} rig_temporary_what;

/** Remove what this process (no child of it) has of that. Async-signal-safe. */
void rig_temporary_clear(rig_temporary_what what);

#endif
