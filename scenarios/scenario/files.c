/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenarios/scenario/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rig_scenario_note_file(void *ctx, const char *path)
{
    const rig_file_noting *noting = ctx;
    rig_scenario *s = noting->scenario;
    for (size_t i = 0; i < s->n_files; i++) {
        if (strcmp(s->files[i], path) == 0)
            return;
    }
    char **more = reallocarray(s->files, s->n_files + 1, sizeof *more);
    if (more != NULL)
        s->files = more;
    char *copy = more != NULL ? strdup(path) : NULL;
    if (copy == NULL)
        rig_reader_no_memory(noting->reader);
    else
        s->files[s->n_files++] = copy;
}

/* libconfig says the name as it was written: relative to the folder of the scenario. */
static void note_included(rig_file_noting *noting, const char *file)
{
    const char *whole = noting->scenario->path, *slash = strrchr(whole, '/');
    char *path;
    if (file[0] == '/' || slash == NULL) {
        rig_scenario_note_file(noting, file);
        return;
    }
    if (asprintf(&path, "%.*s/%s", (int)(slash - whole), whole, file) < 0) {
        rig_reader_no_memory(noting->reader);
        return;
    }
    rig_scenario_note_file(noting, path);
    free(path);
}

/* Settings nest a few levels: what the table of keys allows has been checked. */
void rig_scenario_note_included(rig_file_noting *noting, const rig_setting *root)
{
    const char *file = rig_setting_file(root);
    if (file != NULL && strcmp(file, noting->scenario->path) != 0)
        note_included(noting, file);
    for (int i = 0; i < rig_setting_length(root); i++)
        rig_scenario_note_included(noting, rig_setting_element(root, i));
}
