/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/analyze_input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file_target.h"

static rig_status put_aside(int fd, const char *p, size_t n, const char *folder, rig_error *err)
{
    const int failure = rig_file_write_all(fd, p, n);
    if (failure == 0)
        return RIG_OK;
    return rig_fail(err, RIG_EIO, "%s: cannot put the standard input aside: %s", folder,
                    strerror(failure));
}

static rig_status copy_input(int fd, const char *folder, rig_error *err)
{
    static const size_t size = 1 << 18;
    uint64_t n_bytes = 0;
    rig_status status = RIG_OK;
    char *buffer = malloc(size);
    if (buffer == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    while (status == RIG_OK) {
        ssize_t n = read(STDIN_FILENO, buffer, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            status = rig_fail(err, RIG_EIO, "standard input: cannot read: %s", strerror(errno));
        if (n <= 0)
            break;
        n_bytes += (uint64_t)n;
        if (n_bytes > RIG_INPUT_MAX_BYTES)
            status = rig_fail(err, RIG_EINPUT,
                              "standard input: over %llu bytes; --ladder and --slice read captures "
                              "more than once: expected a file",
                              (unsigned long long)RIG_INPUT_MAX_BYTES);
        else
            status = put_aside(fd, buffer, (size_t)n, folder, err);
    }
    free(buffer);
    return status;
}

rig_status rig_input_open(const rig_input_paths *captures, rig_input *input, rig_error *err)
{
    *input = (rig_input){.n = captures->n, .fd = -1};
    input->items = calloc(captures->n + 1, sizeof input->items[0]);
    if (input->items == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    const char *folder = rig_file_temporary_folder(); /* where rig_file_open_aside looks, too */
    for (size_t i = 0; i < captures->n; i++) {
        input->items[i] = captures->items[i];
        if (strcmp(captures->items[i], "-") != 0 || input->fd >= 0)
            continue; /* a second "-" is refused where captures are opened */
        input->fd = rig_file_open_aside(NULL);
        if (input->fd < 0)
            return rig_fail(err, RIG_EIO, "%s: cannot put the standard input aside: %s", folder,
                            strerror(errno));
        rig_status status = copy_input(input->fd, folder, err);
        if (status != RIG_OK)
            return status;
        (void)snprintf(input->path, sizeof input->path, "/proc/self/fd/%d", input->fd);
        input->items[i] = input->path;
    }
    return RIG_OK;
}

void rig_input_close(rig_input *input)
{
    if (input->fd >= 0)
        (void)close(input->fd);
    free(input->items);
    *input = (rig_input){.fd = -1};
}
