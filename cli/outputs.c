/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/outputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/file_target.h"

/* What has been looked at so far. */
typedef struct looked {
    struct {
        const char *option;
        rig_file_target target;
    } items[RIG_MAX_OUTPUTS];
    size_t n;
} looked;

static rig_status check_inputs(const char *option, const char *path, const rig_file_target *target,
                               const rig_output_inputs *lists, size_t n_lists, rig_error *err)
{
    for (size_t k = 0; k < n_lists; k++) {
        for (size_t i = 0; i < lists[k].n; i++) {
            const char *input = lists[k].items[i];
            if (input != NULL && rig_file_target_is(target, input))
                return rig_fail(err, RIG_EINPUT,
                                "%s %s: that is %s, which is read; expected another file", option,
                                path, strcmp(input, "-") == 0 ? "the standard input" : input);
        }
    }
    return RIG_OK;
}

static bool is_one_file(const rig_file_target *a, const rig_file_target *b)
{
    if (a->kind == RIG_FILE_STDOUT || b->kind == RIG_FILE_STDOUT)
        return a->kind == b->kind;
    if (a->exists && b->exists)
        return a->about.st_dev == b->about.st_dev && a->about.st_ino == b->about.st_ino &&
               !S_ISCHR(a->about.st_mode);
    return strcmp(a->path, b->path) == 0;
}

static rig_status check_file(const rig_output *output, bool has_document,
                             const rig_output_inputs *lists, size_t n_lists, looked *so_far,
                             rig_error *err)
{
    rig_file_target target;
    rig_status status = rig_file_target_find(output->path, &target, err);
    if (status == RIG_OK)
        status = check_inputs(output->option, output->path, &target, lists, n_lists, err);
    else
        return status;
    if (status == RIG_OK && target.kind == RIG_FILE_STDOUT && has_document)
        status = rig_fail(err, RIG_EINPUT,
                          "%s %s with --json: both go to standard output; expected one of the two",
                          output->option, output->path);
    for (size_t i = 0; i < so_far->n && status == RIG_OK; i++) {
        if (is_one_file(&so_far->items[i].target, &target))
            status = rig_fail(err, RIG_EINPUT, "%s and %s both go to %s; expected a file for each",
                              so_far->items[i].option, output->option,
                              target.kind == RIG_FILE_STDOUT ? "standard output" : output->path);
    }
    if (status != RIG_OK) {
        rig_file_target_clear(&target);
        return status;
    }
    so_far->items[so_far->n].option = output->option;
    so_far->items[so_far->n++].target = target;
    return RIG_OK;
}

/* The files in a folder, which need not be there. */
static rig_status check_folder(const rig_output *output, const rig_output_inputs *lists,
                               size_t n_lists, rig_error *err)
{
    rig_status status = RIG_OK;
    if (strcmp(output->path, "-") == 0)
        return rig_fail(err, RIG_EINPUT, "%s -: expected a folder", output->option);
    for (size_t i = 0; output->names[i] != NULL && status == RIG_OK; i++) {
        struct stat about;
        char *path;
        if (asprintf(&path, "%s/%s", output->path, output->names[i]) < 0)
            return rig_fail(err, RIG_ENOMEM, "%s: out of memory", output->path);
        rig_file_target target = {.own_fd = -1};
        if (stat(path, &about) == 0) {
            target.exists = true;
            target.about = about;
            status = check_inputs(output->option, path, &target, lists, n_lists, err);
        }
        free(path);
    }
    return status;
}

rig_status rig_outputs_check(const rig_output *outputs, size_t n, bool has_document,
                             const rig_output_inputs *lists, size_t n_lists, bool *is_taken,
                             rig_error *err)
{
    rig_status status = RIG_OK;
    looked so_far = {.n = 0};
    bool takes_stdout = false;
    for (size_t i = 0; i < n && i < RIG_MAX_OUTPUTS && status == RIG_OK; i++) {
        if (outputs[i].path == NULL)
            continue;
        if (outputs[i].names != NULL)
            status = check_folder(&outputs[i], lists, n_lists, err);
        else
            status = check_file(&outputs[i], has_document, lists, n_lists, &so_far, err);
    }
    for (size_t i = 0; i < so_far.n; i++) {
        takes_stdout |= so_far.items[i].target.kind == RIG_FILE_STDOUT;
        rig_file_target_clear(&so_far.items[i].target);
    }
    if (status == RIG_OK)
        *is_taken = takes_stdout;
    return status;
}

rig_status rig_outputs_of_scenario(const char *option, const char *path, bool has_document,
                                   const rig_scenario *scenario, bool *is_taken, rig_error *err)
{
    const rig_output output = {.option = option, .path = path};
    const rig_output_inputs inputs[] = {{(const char *const *)&scenario->path, 1},
                                        {(const char *const *)scenario->files, scenario->n_files}};
    return rig_outputs_check(&output, 1, has_document, inputs, 2, is_taken, err);
}
