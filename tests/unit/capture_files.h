/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capture files for tests: a folder of its own, files written and read there. */
#ifndef RIG_TESTS_CAPTURE_FILES_H
#define RIG_TESTS_CAPTURE_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/packets/capture.h"
#include "core/atomic_file.h"
#include "core/clock.h"
#include "tests/test.h"

enum { MAX_PATH = 256 };

static char folder[] = "/tmp/peakrig-capture-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int drop_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static const char *path_of(const char *name)
{
    static char paths[4][MAX_PATH];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, MAX_PATH, "%s/%s", folder, name);
    return path;
}

static const char *put_file(const char *name, const void *data, size_t n)
{
    const char *path = path_of(name);
    assert_int_equal(rig_atomic_file_write(path, data, n, NULL), RIG_OK);
    return path;
}

/* A pcap of this machine's byte order with frames of 4 bytes each: their number. */
static size_t put_pcap(uint8_t *to, const int64_t *t_ns, size_t n)
{
    uint32_t header[6] = {0xa1b23c4d, 4u << 16 | 2, 0, 0, 262144, 1};
    size_t at = sizeof header;
    memcpy(to, header, sizeof header);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t record[5] = {(uint32_t)(t_ns[i] / RIG_NS_PER_S),
                              (uint32_t)(t_ns[i] % RIG_NS_PER_S), 4, 60, i};
        memcpy(to + at, record, sizeof record);
        at += sizeof record;
    }
    return at;
}

/* What was read: file and number of each frame, such as "0.0 1.0 0.1", and the status at the end.
 */
static rig_status read_all(const char *const *paths, size_t n, char *text, size_t room,
                           rig_capture_file_info *info, rig_error *err)
{
    rig_capture_reader *reader = NULL;
    rig_frame frame;
    bool is_end = false;
    text[0] = '\0';
    rig_status status = rig_capture_open(paths, n, &reader, err);
    if (status != RIG_OK)
        return status;
    while ((status = rig_capture_next(reader, &frame, &is_end, err)) == RIG_OK && !is_end) {
        uint32_t number = 0;
        assert_true(frame.caplen >= sizeof number);
        memcpy(&number, frame.data, sizeof number);
        size_t used = strlen(text);
        snprintf(text + used, room - used, "%s%zu.%u", used > 0 ? " " : "", frame.file, number);
    }
    for (size_t i = 0; i < n && info != NULL; i++)
        info[i] = rig_capture_about(reader, i);
    if (info != NULL)
        info->name = info->problem = NULL; /* they go with the reader */
    rig_capture_close(reader);
    return status;
}

#endif
