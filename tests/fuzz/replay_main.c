/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replays files through a fuzz target without libFuzzer: each argument is a file or a folder of
 * files. Fails when there was nothing to replay. */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/atomic_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    char *data = NULL;
    size_t n = 0;
    rig_error err = {.text = ""};
    if (rig_file_read(path, &data, &n, &err) != RIG_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    /* An exact copy: the reader's final NUL would hide a read behind the end. */
    uint8_t *copy = malloc(n > 0 ? n : 1);
    if (copy == NULL)
        exit(1);
    for (size_t i = 0; i < n; i++)
        copy[i] = (uint8_t)data[i];
    free(data);
    (void)LLVMFuzzerTestOneInput(copy, n);
    free(copy);
    return 1;
}

static int replay(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        perror(path);
        exit(1);
    }
    if (!S_ISDIR(about.st_mode))
        return replay_file(path);
    int n = 0;
    struct dirent **entries = NULL;
    int n_entries = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < n_entries; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            n += replay_file(name);
        free(entries[i]);
    }
    free(entries);
    return n;
}

int main(int argc, char **argv)
{
    int n = 0;
    for (int i = 1; i < argc; i++)
        n += replay(argv[i]);
    printf("%d inputs replayed\n", n);
    return n > 0 ? 0 : 1;
}
