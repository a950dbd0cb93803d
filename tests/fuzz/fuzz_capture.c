/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer target: any bytes as a capture file, read to its end and decoded. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analyzer/packets/capture.h"
#include "analyzer/decoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A small file can hold many packets that a compressor made of nothing. */
enum { MAX_FRAMES = 20000 };

static rig_status touch(void *ctx, const rig_packet *packet, rig_error *err)
{
    unsigned *sum = ctx;
    (void)err;
    for (size_t i = 0; i < packet->payload.n; i++)
        *sum += (uint8_t)packet->payload.p[i];
    return RIG_OK;
}

static void read_all(const char *path)
{
    rig_capture_reader *reader = NULL;
    rig_decoder *decoder = NULL;
    rig_frame frame;
    bool is_end = false;
    unsigned sum = 0;
    uint64_t n_frames = 0;
    const char *paths[] = {path, path};
    rig_error err = {.text = ""};
    rig_status status = rig_capture_open(paths, 2, &reader, &err);
    if (status != RIG_OK) {
        if (err.text[0] == '\0')
            abort();
        return;
    }
    if (rig_decoder_new(touch, &sum, &decoder) != RIG_OK)
        abort();
    while ((status = rig_capture_next(reader, &frame, &is_end, &err)) == RIG_OK && !is_end &&
           n_frames < MAX_FRAMES) {
        n_frames++;
        for (size_t i = 0; i < frame.caplen; i++)
            sum += frame.data[i];
        if (frame.caplen > frame.len || frame.t_ns < 0 || frame.t_ns > RIG_CAPTURE_LATEST_NS ||
            frame.file > 1 ||
            rig_decoder_frame(decoder, frame.linktype, frame.t_ns, frame.data, frame.caplen,
                              frame.len, &err) != RIG_OK)
            abort();
    }
    if (status != RIG_OK && err.text[0] == '\0')
        abort();
    rig_capture_file_info info = rig_capture_about(reader, 0);
    if (is_end && info.n_frames * 2 != n_frames)
        abort(); /* the same file twice has the same packets twice */
    if (info.is_cut != (info.is_cut && info.problem[0] != '\0') || (info.is_cut && info.is_damaged))
        abort();
    if (rig_decoder_finish(decoder, &err) != RIG_OK)
        abort();
    rig_decoder_free(decoder);
    rig_capture_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    char path[64];
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    read_all(path);
    close(fd);
    return 0;
}
