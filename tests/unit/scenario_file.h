/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenario files for tests: a folder of its own, texts written and read there. */
#ifndef RIG_TESTS_SCENARIO_FILE_H
#define RIG_TESTS_SCENARIO_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "scenarios/scenario.h"
#include "tests/test.h"

/** Where they stand; the folder also holds talk.csv and instants.csv. */
static char folder[] = "/tmp/peakrig-scenario-XXXXXX";
static char path[256], copy_path[256], talk_path[256], instants_path[256];

/** The smallest scenario. */
static const char good[] =
    "name = \"small\";\n"                                                        /* 1 */
    "traffic: { duration_s = 60.0; rate = ( { at_s = 0; per_min = 60; } ); };\n" /* 2 */
    "callers: { patience_answer = 10; patience_queue = 20; talk = 30; };\n"      /* 3 */
    "trunks = ( { e1 = 2; } );\n"                                                /* 4 */
    "agents = ( { count = 5; ring = 2; } );\n";                                  /* 5 */

static inline void write_text(const char *to, const char *text)
{
    rig_error err = {0};
    if (rig_atomic_file_write(to, text, strlen(text), &err) != RIG_OK)
        fail_msg("%s", err.text);
}

static inline int set_up(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/a.cfg", folder);
    (void)snprintf(copy_path, sizeof copy_path, "%s/b.cfg", folder);
    (void)snprintf(talk_path, sizeof talk_path, "%s/talk.csv", folder);
    (void)snprintf(instants_path, sizeof instants_path, "%s/instants.csv", folder);
    write_text(talk_path, "id,talk_s\n1,10\n2,30\n3,20\n");
    write_text(instants_path, "t_s\n0\n1.5\n1.5\n59.25\n");
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(copy_path);
    (void)unlink(talk_path);
    (void)unlink(instants_path);
    return rmdir(folder);
}

/** Read a text, with up to one override. */
static inline rig_status read_text(const char *text, const char *override, rig_scenario **scenario,
                                   rig_error *err)
{
    write_text(path, text);
    return rig_scenario_read(path, &override, override != NULL, scenario, err);
}

/** The bytes of the resolved copy of a scenario; the caller frees. */
static inline char *resolved(const rig_scenario *scenario)
{
    rig_error err = {0};
    char *text = NULL;
    if (rig_scenario_write(scenario, copy_path, &err) != RIG_OK ||
        rig_file_read(copy_path, &text, NULL, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return text;
}

#endif
