/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/capture_paths.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static rig_status no_memory(rig_error *err)
{
    return rig_fail(err, RIG_ENOMEM, "out of memory");
}

static rig_status add(rig_input_paths *paths, const char *path, rig_error *err)
{
    if (paths->n == paths->n_allocated) {
        size_t n = paths->n == 0 ? 16 : 2 * paths->n;
        char **grown = reallocarray(paths->items, n, sizeof *grown);
        if (grown == NULL)
            return no_memory(err);
        paths->items = grown;
        paths->n_allocated = n;
    }
    paths->items[paths->n] = strdup(path);
    if (paths->items[paths->n] == NULL)
        return no_memory(err);
    paths->n++;
    return RIG_OK;
}

/* ---- folders */

/* What was found in a folder. */
typedef struct folder {
    const char *name;
    size_t n_captures, n_others;
    rig_error why; /* the first of the others is none */
} folder;

static bool is_plain_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static rig_status look_at(folder *f, const char *name, rig_input_paths *paths, rig_error *err)
{
    char *path = NULL;
    rig_error why = {0};
    bool has_slash = f->name[0] != '\0' && f->name[strlen(f->name) - 1] == '/';
    if (asprintf(&path, "%s%s%s", f->name, has_slash ? "" : "/", name) < 0)
        return no_memory(err);
    rig_status status = RIG_OK;
    if (is_plain_file(path)) {
        if (rig_analyze_probe(path, &why) == RIG_OK) {
            f->n_captures++;
            status = add(paths, path, err);
        } else if (f->n_others++ == 0) {
            f->why = why;
        }
    }
    free(path);
    return status;
}

static void warn_of_others(const folder *f, rig_analyze_warning warn)
{
    char text[1600];
    if (warn == NULL || f->n_others == 0)
        return;
    (void)snprintf(text, sizeof text, "%s: %zu file%s passed over; the first: %.1400s", f->name,
                   f->n_others, f->n_others == 1 ? " was" : "s were", f->why.text);
    warn(NULL, text);
}

static rig_status add_folder(const char *name, rig_analyze_warning warn, rig_input_paths *paths,
                             rig_error *err)
{
    struct dirent **entries = NULL;
    folder f = {.name = name};
    rig_status status = RIG_OK;
    int n = scandir(name, &entries, NULL, alphasort);
    if (n < 0)
        return rig_fail(err, RIG_EIO, "%s: cannot read the folder: %s", name, strerror(errno));
    for (int i = 0; i < n; i++) {
        if (status == RIG_OK && entries[i]->d_name[0] != '.')
            status = look_at(&f, entries[i]->d_name, paths, err);
        free(entries[i]);
    }
    free(entries);
    if (status == RIG_OK && f.n_captures == 0)
        status = rig_fail(err, RIG_EINPUT, "%s: no capture in this folder%s%s", name,
                          f.n_others > 0 ? "; the first of its files: " : "", f.why.text);
    if (status == RIG_OK)
        warn_of_others(&f, warn);
    return status;
}

/* ---- words */

static rig_status add_file_or_folder(const char *path, rig_analyze_warning warn,
                                     rig_input_paths *paths, rig_error *err)
{
    struct stat about;
    if (strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return add_folder(path, warn, paths, err);
    return add(paths, path, err);
}

static rig_status add_pattern(const char *pattern, rig_analyze_warning warn, rig_input_paths *paths,
                              rig_error *err)
{
    glob_t found;
    rig_status status = RIG_OK;
    int got = glob(pattern, 0, NULL, &found);
    if (got == GLOB_NOSPACE)
        return no_memory(err);
    if (got != 0)
        return rig_fail(err, RIG_EINPUT, "%s: no file matches; expected captures", pattern);
    for (size_t i = 0; i < found.gl_pathc && status == RIG_OK; i++)
        status = add_file_or_folder(found.gl_pathv[i], warn, paths, err);
    globfree(&found);
    return status;
}

rig_status rig_input_paths_find(const rig_operands *words, rig_analyze_warning warn,
                                rig_input_paths *paths, rig_error *err)
{
    struct stat about;
    rig_status status = RIG_OK;
    *paths = (rig_input_paths){0};
    for (size_t i = 0; i < words->n && status == RIG_OK; i++) {
        const char *word = words->items[i];
        if (strpbrk(word, "*?[") != NULL && lstat(word, &about) != 0)
            status = add_pattern(word, warn, paths, err);
        else
            status = add_file_or_folder(word, warn, paths, err);
    }
    return status;
}

void rig_input_paths_free(rig_input_paths *paths)
{
    for (size_t i = 0; i < paths->n; i++)
        free(paths->items[i]);
    free(paths->items);
    *paths = (rig_input_paths){0};
}
