/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer target: any bytes as a scenario. What is read is written, reads again, and is written
 * as the same bytes. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "scenarios/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int is_so, const char *what)
{
    if (is_so)
        return;
    (void)fprintf(stderr, "fuzz_scenario: %s\n", what);
    abort();
}

static char *written(const rig_scenario *scenario, const char *path)
{
    char *text = NULL;
    expect(rig_scenario_write(scenario, path, NULL) == RIG_OK, "cannot be written");
    expect(rig_file_read(path, &text, NULL, NULL) == RIG_OK, "cannot be read back");
    return text;
}

static void read_again(const rig_scenario *scenario, const char *copy)
{
    rig_scenario *again = NULL;
    rig_error err = {.text = ""};
    char *first = written(scenario, copy);
    expect(rig_scenario_read(copy, NULL, 0, &again, &err) == RIG_OK, err.text);
    char *second = written(again, copy);
    expect(strcmp(first, second) == 0, "the copy of the copy differs");
    (void)rig_scenario_check_playable(scenario, &err);
    free(first);
    free(second);
    rig_scenario_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char folder[] = "/tmp/peakrig-fuzz-XXXXXX", path[64], copy[64];
    rig_scenario *scenario = NULL;
    rig_error err = {.text = ""};
    expect(mkdtemp(folder) != NULL, "no folder");
    (void)snprintf(path, sizeof path, "%s/a.cfg", folder);
    (void)snprintf(copy, sizeof copy, "%s/b.cfg", folder);
    expect(rig_atomic_file_write(path, data, size, NULL) == RIG_OK, "cannot write the input");
    rig_status status = rig_scenario_read(path, NULL, 0, &scenario, &err);
    expect(status == RIG_OK || (status == RIG_EINPUT && err.text[0] != '\0'), "no message");
    if (status == RIG_OK)
        read_again(scenario, copy);
    rig_scenario_free(scenario);
    (void)unlink(path);
    (void)unlink(copy);
    (void)rmdir(folder);
    return 0;
}
