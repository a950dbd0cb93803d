/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A slice of a capture gives the same calls as the capture: of every fixture, the calls of each
 * outcome together and each call alone, written by rig_extract and analysed again. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

#include "analyzer/rules.h"
#include "core/csv.h"
#include "tests/golden/slice_check.h"

enum { MIN_FIXTURES = 150, MAX_FIXTURES = 600, MAX_PATH = 4096 };

static const char truth_suffix[] = ".expected.csv";
static char folder[] = "/tmp/peakrig-slice-XXXXXX";

/* ---- fixtures */

static void find_capture(const char *truth_path, char path[MAX_PATH])
{
    static const char *const suffixes[] = {".pcap",      ".pcapng",   ".pcap.gz",
                                           ".pcapng.gz", ".pcap.zst", ".pcapng.zst"};
    int n = (int)(strlen(truth_path) - strlen(truth_suffix));
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        snprintf(path, MAX_PATH, "%.*s%s", n, truth_path, suffixes[i]);
        if (access(path, R_OK) == 0)
            return;
    }
    fail_msg("%s: no capture beside it", truth_path);
}

static void check_fixture(void **state)
{
    const char *truth_path = *state;
    char path[MAX_PATH], rules_path[MAX_PATH];
    rig_csv *csv = NULL;
    rig_rules *rules = NULL;
    rig_error err = {.text = ""};
    find_capture(truth_path, path);
    if (rig_csv_read(truth_path, &csv, &err) != RIG_OK)
        fail_msg("%s", err.text);
    const char *name = rig_csv_stamp(csv, "rules");
    snprintf(rules_path, sizeof rules_path, "%s/%s", PEAKRIG_SOURCE,
             name != NULL ? name : "scenarios/rules/embedded.cfg");
    if (rig_rules_read(rules_path, &rules, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_csv_free(csv);
    const char *short_name = strrchr(path, '/') + 1;
    char output[MAX_PATH];
    snprintf(output, sizeof output, "%s/part.pcap", folder);
    /* Of this one, all INVITEs are in one segment. */
    size_t n_along = strcmp(short_name, "tcp_many_in_a_segment.pcap") == 0 ? 11 : 0;
    const slice_of of = {short_name, path, rules, output, n_along};
    assert_int_equal(check_slices(&of), 0);
    rig_rules_free(rules);
}

static int is_truth(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name), n_suffix = strlen(truth_suffix);
    /* What its address does is found out from its first call: a slice without that cannot
     * (docs/analyze.md, Slices); controller_is_named has the same calls with rules that say it. */
    if (strcmp(entry->d_name, "controller_changes_both.expected.csv") == 0)
        return 0;
    return n > n_suffix && strcmp(entry->d_name + n - n_suffix, truth_suffix) == 0;
}

static struct CMUnitTest tests[MAX_FIXTURES];
static size_t n_tests;

static void add_fixtures(const char *in)
{
    struct dirent **entries = NULL;
    int n = scandir(in, &entries, is_truth, alphasort);
    for (int i = 0; i < n; i++) {
        char path[MAX_PATH];
        snprintf(path, sizeof path, "%s/%s", in, entries[i]->d_name);
        if (n_tests < MAX_FIXTURES) {
            char *kept = strdup(path);
            tests[n_tests++] = (struct CMUnitTest){
                .name = strrchr(kept, '/') + 1, .test_func = check_fixture, .initial_state = kept};
        }
        free(entries[i]);
    }
    free(entries);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    add_fixtures(PEAKRIG_FIXTURES);
    add_fixtures(PEAKRIG_LAYERS);
    if (n_tests < MIN_FIXTURES || n_tests == MAX_FIXTURES) {
        fprintf(stderr, "%zu fixtures; expected %d to %d\n", n_tests, MIN_FIXTURES, MAX_FIXTURES);
        return 1;
    }
    int n_failed = _cmocka_run_group_tests("slice", tests, n_tests, NULL, NULL);
    for (size_t i = 0; i < n_tests; i++)
        free(tests[i].initial_state);
    char output[MAX_PATH];
    snprintf(output, sizeof output, "%s/part.pcap", folder);
    (void)unlink(output);
    (void)rmdir(folder);
    return n_failed;
}
