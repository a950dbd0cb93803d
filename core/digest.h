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

/** Characters of a SHA-256 in base64 (RFC 4648, section 4), and the NUL. */
#define RIG_SHA256_BASE64_SIZE 45

/** The same in base64, as pages' policies want it. */
void rig_digest_base64(const void *data, size_t n, char text[RIG_SHA256_BASE64_SIZE]);

/** A SHA-256 that is made piece by piece; opaque. */
typedef struct rig_digest rig_digest;

/** @return one of nothing yet, owned by the caller (rig_digest_free); NULL: out of memory. */
rig_digest *rig_digest_new(void);

/** More bytes. */
void rig_digest_add(rig_digest *digest, const void *data, size_t n);

/** Of all bytes so far; it begins anew after that. */
void rig_digest_text(rig_digest *digest, char text[RIG_SHA256_TEXT_SIZE]);

/** NULL-safe. */
void rig_digest_free(rig_digest *digest);

/** SHA-256 of a file. @return RIG_OK, or RIG_EIO naming the file; text is untouched on error. */
rig_status rig_digest_file(const char *path, char text[RIG_SHA256_TEXT_SIZE], rig_error *err);

#endif
