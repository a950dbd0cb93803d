/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/test.h"

#include "tests/oom_documents.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "tests/oom.h"

#define OLD "what was there before\n"

static char folder[64] = "/dev/shm/peakrig-oom-XXXXXX"; /* thousands of times fsync */
static char path[256];

/* ---- the folder ---- */

int oom_documents_begin(void)
{
    if (access("/dev/shm", W_OK) != 0)
        (void)snprintf(folder, sizeof folder, "/tmp/peakrig-oom-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

const char *oom_documents_folder(void)
{
    return folder;
}

static void remove_all(const char *in)
{
    DIR *dir = opendir(in);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        char name[512];
        (void)snprintf(name, sizeof name, "%s/%s", in, entry->d_name);
        if (entry->d_name[0] != '.' && unlink(name) != 0)
            remove_all(name);
    }
    if (dir != NULL)
        closedir(dir);
    (void)rmdir(in);
}

void oom_documents_end(void)
{
    remove_all(folder);
}

/* ---- JSON ---- */

typedef struct writer {
    rig_status (*json)(json_t **document, rig_error *err);
    rig_status (*file)(const char *path, rig_error *err);
    const char *name;
    json_t *document;
    char *reference;
} writer;

static void compare(writer *w, const char *text)
{
    if (w->reference == NULL) {
        w->reference = strdup(text);
        assert_true(strlen(text) > 40);
    } else if (strcmp(text, w->reference) != 0) {
        fail_msg("%s: not the whole document: %zu of %zu bytes", w->name, strlen(text),
                 strlen(w->reference));
    }
}

static rig_status make_json(void *ctx, rig_error *err)
{
    writer *w = ctx;
    w->document = NULL;
    rig_status status = w->json(&w->document, err);
    assert_true(status == RIG_OK || w->document == NULL);
    return status;
}

static void check_json(void *ctx)
{
    writer *w = ctx;
    char *text = json_dumps(w->document, JSON_INDENT(1));
    assert_non_null(text);
    compare(w, text);
    free(text);
    json_decref(w->document);
}

void oom_sweep_json(const char *name, rig_status (*json)(json_t **, rig_error *), long n_least)
{
    writer w = {.json = json, .name = name};
    const oom_case c = {.name = name,
                        .make = make_json,
                        .check = check_json,
                        .ctx = &w,
                        .n_least = n_least,
                        .has_no_text = 1};
    oom_sweep(&c);
    free(w.reference);
}

/* ---- files ---- */

/* Plain system calls: they need no memory. */
static void put_old(void)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0 && write(fd, OLD, sizeof OLD - 1) == (ssize_t)sizeof OLD - 1);
    close(fd);
}

static void expect_no_part(void)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strstr(entry->d_name, ".part") != NULL)
            fail_msg("%s is left", entry->d_name);
    }
    closedir(dir);
}

static rig_status make_file(void *ctx, rig_error *err)
{
    writer *w = ctx;
    put_old();
    rig_status status = w->file(path, err);
    return status == RIG_EENV ? RIG_OK : status; /* no gnuplot: the document is there */
}

static void check_file(void *ctx)
{
    char *text = NULL;
    assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
    compare(ctx, text);
    free(text);
    expect_no_part();
}

static void old_file(void *ctx)
{
    (void)ctx;
    char *text = NULL;
    assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
    assert_string_equal(text, OLD);
    free(text);
    expect_no_part();
}

/* Where a file is one of many, that of an earlier plan must be gone, and is no part of the new one.
 */
static void no_file(void *ctx)
{
    if (access(path, F_OK) != 0)
        expect_no_part();
    else {
        char *text = NULL;
        assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
        if (strcmp(text, OLD) != 0 && strcmp(text, ((writer *)ctx)->reference) != 0)
            fail_msg("%s is neither the old nor the new one", path);
        free(text);
    }
}

void oom_sweep_file(const char *name, rig_status (*file)(const char *, rig_error *), long n_least)
{
    writer w = {.file = file, .name = name};
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    const bool is_one_of_many = strchr(name, '/') != NULL;
    if (is_one_of_many) {
        char plots[128];
        (void)snprintf(plots, sizeof plots, "%s/plots", folder);
        (void)mkdir(plots, 0700);
    }
    const oom_case c = {.name = name,
                        .make = make_file,
                        .check = check_file,
                        .refused = is_one_of_many ? no_file : old_file,
                        .ctx = &w,
                        .n_least = n_least};
    oom_sweep(&c);
    free(w.reference);
    (void)unlink(path);
}
