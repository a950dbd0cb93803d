/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios and their keys from the command line, for tests that are written in Python. Linked with
 * scenarios/ alone.
 *
 *     scenario_tool keys --names | --tables | --schema     as `peakrig keys`
 *     scenario_tool write FILE OUT [KEY=VALUE..]           the resolved copy
 *     scenario_tool read                                   a line of standard input each: FILE, and
 *                                                          overrides behind tabs; tells "ok" and
 * the expected calls, or what is wrong
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/keys.h"
#include "scenarios/scenario.h"

static int tell_keys(const char *option)
{
    if (strcmp(option, "--names") == 0)
        rig_scenario_write_names(stdout);
    else if (strcmp(option, "--tables") == 0)
        rig_scenario_write_tables(stdout);
    else if (strcmp(option, "--schema") == 0)
        rig_scenario_write_schema(stdout);
    else
        return 2;
    return 0;
}

static int write_copy(const char *path, const char *copy, char **overrides, size_t n)
{
    rig_scenario *scenario = NULL;
    rig_error err = {.text = ""};
    rig_status status = rig_scenario_read(path, (const char *const *)overrides, n, &scenario, &err);
    if (status == RIG_OK)
        status = rig_scenario_write(scenario, copy, &err);
    if (status != RIG_OK)
        (void)fprintf(stderr, "%s\n", err.text);
    rig_scenario_free(scenario);
    return status == RIG_OK ? 0 : 2;
}

static void read_line(char *line)
{
    const char *words[64];
    size_t n = 0;
    char *rest = NULL;
    rig_scenario *scenario = NULL;
    rig_error err = {.text = ""};
    for (char *word = strtok_r(line, "\t\n", &rest); word != NULL && n < 64;
         word = strtok_r(NULL, "\t\n", &rest))
        words[n++] = word;
    if (n == 0)
        return;
    if (rig_scenario_read(words[0], words + 1, n - 1, &scenario, &err) == RIG_OK)
        printf("ok %.9g\n",
               rig_traffic_expected_calls(&scenario->traffic, scenario->traffic.duration_s));
    else
        printf("%s\n", err.text);
    rig_scenario_free(scenario);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "keys") == 0)
        return tell_keys(argv[2]);
    if (argc >= 4 && strcmp(argv[1], "write") == 0)
        return write_copy(argv[2], argv[3], argv + 4, (size_t)argc - 4);
    if (argc != 2 || strcmp(argv[1], "read") != 0)
        return 2;
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0)
        read_line(line);
    free(line);
    return 0;
}
