/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_sought.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/run_dir.h"
#include "cli/run_history.h"
#include "history/store.h"

/* An id that is shorter fits too much. */
enum { LEAST_ID = 4 };

void rig_run_found_clear(rig_run_found *found)
{
    rig_history_run_free(found->run);
    free(found->waits.of_call_s);
    *found = (rig_run_found){.run = NULL};
}

static bool is_folder(const char *name)
{
    struct stat about;
    return stat(name, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool is_last(const char *name)
{
    return strcmp(name, "last") == 0 || strcmp(name, "last-passed") == 0;
}

static rig_status find_folder(const char *name, rig_run_found *found, rig_error *err)
{
    rig_run_dir dir;
    rig_status status = rig_run_dir_open(name, &dir, err);
    return status == RIG_OK ? rig_run_history_record(&dir, &found->run, &found->waits, err)
                            : status;
}

/* Single waits are in the folder alone; where it is gone, or is another's now, there are none. */
static void add_waits(rig_run_found *found)
{
    rig_run_dir dir;
    rig_history_run *there = NULL;
    rig_history_waits waits = {.of_call_s = NULL};
    if (rig_run_dir_open(found->run->texts[RIG_HISTORY_FOLDER], &dir, NULL) != RIG_OK ||
        rig_run_history_record(&dir, &there, &waits, NULL) != RIG_OK)
        return;
    if (strcmp(there->id, found->run->id) == 0 && strcmp(there->calls, found->run->calls) == 0)
        found->waits = waits;
    else
        free(waits.of_call_s);
    rig_history_run_free(there);
}

/* The latest of a list that is not another, if there is one; it is taken out of the list. */
static void take_latest(rig_history_runs *runs, const char *other_id, rig_run_found *found)
{
    for (size_t i = runs->n; i-- > 0;) {
        rig_history_run *run = runs->items[i];
        if (other_id != NULL && strcmp(run->id, other_id) == 0)
            continue;
        runs->items[i] = NULL; /* freeing NULL does nothing */
        found->run = run;
        add_waits(found);
        return;
    }
}

static rig_status find_last(rig_history *history, const char *name, const char *scenario,
                            const char *other_id, rig_run_found *found, rig_error *err)
{
    const rig_history_filter filter = {.scenario = scenario,
                                       .judgement = strcmp(name, "last") == 0 ? NULL : "PASS",
                                       .limit = 2,
                                       .with_calls = true};
    rig_history_runs runs = {.n = 0};
    rig_status status = rig_history_list(history, &filter, &runs, err);
    if (status == RIG_OK)
        take_latest(&runs, other_id, found);
    rig_history_runs_clear(&runs);
    return status;
}

static rig_status find_id(rig_history *history, const char *name, rig_run_found *found,
                          rig_error *err)
{
    const rig_history_filter filter = {.id = name, .limit = 2, .with_calls = true};
    rig_history_runs runs = {.n = 0};
    rig_status status = RIG_OK;
    if (strlen(name) >= LEAST_ID && strspn(name, "0123456789abcdef") == strlen(name))
        status = rig_history_list(history, &filter, &runs, err);
    if (status == RIG_OK && runs.n == 1)
        take_latest(&runs, NULL, found);
    else if (status == RIG_OK)
        status = rig_fail(err, RIG_EINPUT,
                          "%.200s: %s in %s; expected the folder of a run, an id of `peakrig "
                          "history` (its first %d digits or more), last, or last-passed",
                          name, runs.n > 1 ? "several runs begin so" : "no such run",
                          rig_history_path(history), LEAST_ID);
    rig_history_runs_clear(&runs);
    return status;
}

static rig_status find_named(rig_history *history, const char *const names[2],
                             rig_run_found found[2], rig_error *err)
{
    rig_status status = RIG_OK;
    for (int i = 0; i < 2 && status == RIG_OK; i++)
        if (found[i].run == NULL && !is_last(names[i]))
            status = find_id(history, names[i], &found[i], err);
    /* `last` first: last-passed is then of its scenario */
    for (int turn = 0; turn < 4 && status == RIG_OK; turn++) {
        const int i = turn % 2;
        if (found[i].run != NULL || (turn < 2 && strcmp(names[i], "last") != 0))
            continue;
        const rig_history_run *other = found[1 - i].run;
        status =
            find_last(history, names[i], other != NULL ? other->texts[RIG_HISTORY_SCENARIO] : NULL,
                      other != NULL ? other->id : NULL, &found[i], err);
        if (status == RIG_OK && found[i].run == NULL)
            status = rig_fail(err, RIG_EINPUT, "%s: no such run in %s%s%s", names[i],
                              rig_history_path(history), other != NULL ? " of the scenario " : "",
                              other != NULL ? other->texts[RIG_HISTORY_SCENARIO] : "");
    }
    return status;
}

rig_status rig_run_sought_pair(const char *file, const char *const names[2], rig_run_found found[2],
                               rig_error *err)
{
    rig_history *history = NULL;
    rig_status status = RIG_OK;
    for (int i = 0; i < 2 && status == RIG_OK; i++)
        if (is_folder(names[i]))
            status = find_folder(names[i], &found[i], err);
    if (status != RIG_OK || (found[0].run != NULL && found[1].run != NULL))
        return status;
    status = rig_history_open(file != NULL ? file : rig_run_history_default(), RIG_HISTORY_READ,
                              RIG_RUN_HISTORY_WAIT_S, &history, err);
    if (status == RIG_OK)
        status = find_named(history, names, found, err);
    rig_history_close(history);
    return status;
}

rig_status rig_run_sought_baseline(const char *file, const char *name, const char *scenario,
                                   const char *own_id, rig_run_found *found, rig_error *err)
{
    rig_history *history = NULL;
    const bool is_passed = strcmp(name, "last-passed") == 0;
    if (is_passed && access(file, F_OK) != 0)
        return RIG_OK; /* the first run makes it */
    rig_status status =
        rig_history_open(file, RIG_HISTORY_READ, RIG_RUN_HISTORY_WAIT_S, &history, err);
    if (status == RIG_OK)
        status = is_passed ? find_last(history, name, scenario, own_id, found, err)
                           : find_id(history, name, found, err);
    rig_history_close(history);
    return status;
}
