/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/reports_run.h"

#include "tests/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "reports/html.h"
#include "reports/json_file.h"

static const char *fixtures_dir;
static char template[] = "/tmp/peakrig-html-XXXXXX";
const char *const run_dir = template;

void reports_run_begin(const char *fixtures)
{
    fixtures_dir = fixtures;
}

int make_run_dir(void **state)
{
    (void)state;
    return mkdtemp(template) == NULL ? -1 : 0;
}

static void remove_all(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        char path[512];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (unlink(path) != 0)
            remove_all(path);
    }
    if (dir != NULL)
        closedir(dir);
    (void)rmdir(folder);
}

int remove_run_dir(void **state)
{
    (void)state;
    remove_all(run_dir);
    return 0;
}

json_t *fixture(const char *name)
{
    char file[512];
    json_t *result = NULL;
    rig_error err = {.text = ""};
    (void)snprintf(file, sizeof file, "%s/%s.json", fixtures_dir, name);
    if (rig_json_read(file, &result, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return result;
}

char *text_of(const char *name)
{
    char file[512], *text;
    rig_error err = {.text = ""};
    (void)snprintf(file, sizeof file, "%s/%s", run_dir, name);
    if (rig_file_read(file, &text, NULL, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return text;
}

bool exists(const char *name)
{
    char file[512];
    struct stat facts;
    (void)snprintf(file, sizeof file, "%s/%s", run_dir, name);
    return stat(file, &facts) == 0;
}

char *report(const json_t *result)
{
    rig_error err = {.text = ""};
    if (rig_report_html(result, run_dir, NULL, rig_language_english(), &err) != RIG_OK)
        fail_msg("%s", err.text);
    return text_of("report.html");
}

char *report_of(const char *name)
{
    json_t *result = fixture(name);
    char *page = report(result);
    json_decref(result);
    return page;
}

void assert_has(const char *page, const char *text)
{
    if (strstr(page, text) == NULL)
        fail_msg("the page lacks: %s", text);
}

void assert_lacks(const char *page, const char *text)
{
    const char *at = strstr(page, text);
    if (at != NULL)
        fail_msg("the page has: %.80s", at);
}
