/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_labels.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "history/run.h"
#include "reports/json_file.h"

static void path_of(const rig_run_dir *run, char path[1100])
{
    (void)snprintf(path, 1100, "%s/labels.json", run->dir);
}

rig_status rig_run_labels_check(const rig_texts *labels, rig_error *err)
{
    rig_history_run *run = rig_history_run_new();
    rig_status status = run == NULL ? rig_fail(err, RIG_ENOMEM, "labels: out of memory") : RIG_OK;
    for (size_t i = 0; i < labels->n && status == RIG_OK; i++)
        status = rig_history_run_set_label_text(run, labels->items[i], err);
    if (status == RIG_EINPUT && err != NULL)
        status = rig_fail(err, status, "--%s", err->text);
    rig_history_run_free(run);
    return status;
}

rig_status rig_run_labels_read(const rig_run_dir *run, json_t **labels, rig_error *err)
{
    char path[1100];
    json_t *document = NULL;
    path_of(run, path);
    if (access(path, F_OK) != 0) {
        document = json_object();
        if (document == NULL)
            return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        *labels = document;
        return RIG_OK;
    }
    rig_status status = rig_json_read(path, &document, err);
    const char *key;
    json_t *value;
    if (status == RIG_OK && !json_is_object(document))
        status = rig_fail(err, RIG_EINPUT, "%s: %s; expected an object of texts", path,
                          rig_json_kind(document));
    if (status == RIG_OK) {
        json_object_foreach(document, key, value)
        {
            if (!json_is_string(value))
                status = rig_fail(err, RIG_EINPUT, "%s: %.80s: %s; expected a text", path, key,
                                  rig_json_kind(value));
        }
    }
    if (status == RIG_OK)
        *labels = document;
    else
        json_decref(document);
    return status;
}

rig_status rig_run_labels_write(const rig_run_dir *run, const rig_texts *labels, rig_error *err)
{
    char path[1100];
    json_t *document = NULL;
    if (labels->n == 0)
        return RIG_OK;
    path_of(run, path);
    rig_status status = rig_run_labels_read(run, &document, err);
    for (size_t i = 0; i < labels->n && status == RIG_OK; i++) {
        const char *text = labels->items[i];
        const size_t n = strcspn(text, "=");
        json_t *value = json_string(text[n] == '=' ? text + n + 1 : "");
        if (json_object_setn_new(document, text, n, value) != 0)
            status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    }
    if (status == RIG_OK)
        status = rig_json_write(document, path, err);
    json_decref(document);
    return status;
}
