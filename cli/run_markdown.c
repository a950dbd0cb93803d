/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_markdown.h"

#include "cli/console.h"
#include "cli/outputs.h"
#include "core/atomic_file.h"
#include "reports/json_file.h"
#include "reports/markdown.h"
#include "reports/mask_result.h"

/* The files of a run are evidence: none is written over. */
static rig_status check_output(const rig_run_dir *run, const char *path, rig_error *err)
{
    const char *const files[] = {run->scenario,    run->schedule, run->prediction, run->play,
                                 run->capture,     run->calls,    run->result,     run->junit,
                                 run->differences, run->report,   run->wire,       run->rules};
    const rig_output output = {"--markdown", path, NULL};
    const rig_output_inputs inputs = {files, sizeof files / sizeof *files};
    bool is_taken = false;
    return rig_outputs_check(&output, 1, false, &inputs, 1, &is_taken, err);
}

static rig_status write_it(const json_t *result, const char *path, const char *link, rig_error *err)
{
    rig_atomic_file *file = NULL;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    status = rig_report_markdown(result, link, rig_console_language(), rig_atomic_file_stream(file),
                                 err);
    if (status == RIG_OK)
        return rig_atomic_file_commit(file, err);
    rig_atomic_file_abandon(file);
    return status;
}

rig_status rig_run_markdown(const rig_run_dir *run, rig_run_files_names names, const char *path,
                            const char *link, rig_error *err)
{
    json_t *document = NULL, *masked = NULL;
    rig_mask *mask = NULL;
    rig_status status = check_output(run, path, err);
    if (status == RIG_OK)
        status = rig_json_read(run->result, &document, err);
    if (status == RIG_OK && names == RIG_RUN_FILES_MASKED)
        status = rig_mask_new(NULL, &mask, err);
    if (status == RIG_OK && names == RIG_RUN_FILES_MASKED)
        status = rig_result_mask(document, mask, NULL, &masked, err);
    if (status == RIG_OK)
        status = write_it(masked != NULL ? masked : document, path, link, err);
    rig_mask_free(mask);
    json_decref(masked);
    json_decref(document);
    return status;
}
