/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 of files and bytes: each file of a run names its inputs by it. */
#ifndef RIG_CORE_DIGEST_H
#define RIG_CORE_DIGEST_H

#include <stddef.h>

#include "core/status.h"

/** Hexadecimal digits of a SHA-256, and the NUL. */
#define RIG_SHA256_TEXT_SIZE 65

/** SHA-256 of bytes, as lower-case hexadecimal. */
void rig_digest_bytes(const void *data, size_t n, char text[RIG_SHA256_TEXT_SIZE]);

/** SHA-256 of a file. @return RIG_OK, or RIG_EIO naming the file; text is untouched on error. */
rig_status rig_digest_file(const char *path, char text[RIG_SHA256_TEXT_SIZE], rig_error *err);

#endif
