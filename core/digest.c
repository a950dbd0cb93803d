/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/digest.h"

#include <errno.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void finish(struct sha256_ctx *ctx, char text[RIG_SHA256_TEXT_SIZE])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(ctx, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

struct rig_digest {
    struct sha256_ctx ctx;
};

rig_digest *rig_digest_new(void)
{
    rig_digest *made = malloc(sizeof *made);
    if (made != NULL)
        sha256_init(&made->ctx);
    return made;
}

void rig_digest_add(rig_digest *digest, const void *data, size_t n)
{
    sha256_update(&digest->ctx, n, data);
}

void rig_digest_text(rig_digest *digest, char text[RIG_SHA256_TEXT_SIZE])
{
    finish(&digest->ctx, text);
}

void rig_digest_free(rig_digest *digest)
{
    free(digest);
}

void rig_digest_bytes(const void *data, size_t n, char text[RIG_SHA256_TEXT_SIZE])
{
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    sha256_update(&ctx, n, data);
    finish(&ctx, text);
}

void rig_digest_base64(const void *data, size_t n, char text[RIG_SHA256_BASE64_SIZE])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    sha256_update(&ctx, n, data);
    sha256_digest(&ctx, sizeof digest, digest);
    base64_encode_raw(text, sizeof digest, digest);
    text[RIG_SHA256_BASE64_SIZE - 1] = '\0';
}

rig_status rig_digest_file(const char *path, char text[RIG_SHA256_TEXT_SIZE], rig_error *err)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return rig_fail(err, RIG_EIO, "%s: cannot read: %s", path, strerror(errno));
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    uint8_t block[65536];
    size_t n;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        sha256_update(&ctx, n, block);
    int failed = ferror(file);
    fclose(file);
    if (failed)
        return rig_fail(err, RIG_EIO, "%s: cannot read: %s", path, strerror(errno));
    finish(&ctx, text);
    return RIG_OK;
}
