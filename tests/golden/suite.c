/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/suite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"

enum { N_SUFFIX = sizeof SUITE_TRUTH_SUFFIX - 1 };

static int is_truth(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return n > N_SUFFIX && strcmp(entry->d_name + n - N_SUFFIX, SUITE_TRUTH_SUFFIX) == 0;
}

int suite_run(const char *name, const char *folder, int n_min, CMUnitTestFunction test)
{
    static struct CMUnitTest tests[SUITE_MAX];
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_truth, alphasort);
    if (n < n_min || n > SUITE_MAX) {
        fprintf(stderr, "%s: %d fixtures; expected %d to %d\n", folder, n, n_min, SUITE_MAX);
        return 1;
    }
    for (int i = 0; i < n; i++) {
        entries[i]->d_name[strlen(entries[i]->d_name) - N_SUFFIX] = '\0';
        tests[i] = (struct CMUnitTest){
            .name = entries[i]->d_name, .test_func = test, .initial_state = entries[i]->d_name};
    }
    int n_failed = _cmocka_run_group_tests(name, tests, (size_t)n, NULL, NULL);
    for (int i = 0; i < n; i++)
        free(entries[i]);
    free(entries);
    return n_failed;
}

int suite_check_counts(const char *name, const char *truth_path, const suite_count *counts,
                       size_t n)
{
    int n_differences = 0;
    size_t n_known = 0;
    rig_csv *csv = NULL;
    rig_error err = {.text = ""};
    if (rig_csv_read(truth_path, &csv, &err) != RIG_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < n; i++) {
        const char *expected = rig_csv_stamp(csv, counts[i].name);
        if (expected == NULL)
            continue;
        n_known++;
        if (strtoull(expected, NULL, 10) != counts[i].value) {
            fprintf(stderr, "%s: %s is %llu; expected %s\n", name, counts[i].name,
                    (unsigned long long)counts[i].value, expected);
            n_differences++;
        }
    }
    rig_csv_free(csv);
    assert_true(n_known > 0); /* a truth without counts would check nothing here */
    return n_differences;
}
