/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run's folder for the tests of the report, and its pages. */
#ifndef RIG_TESTS_UNIT_REPORTS_RUN_H
#define RIG_TESTS_UNIT_REPORTS_RUN_H

#include <jansson.h>
#include <stdbool.h>

/** The folder of the run; it exists between the two functions below. */
extern const char *const run_dir;

/** Run a group of tests with the run's folder. @param fixtures  Folder of the results. */
#define RUN_REPORT_TESTS(tests, fixtures)                                                          \
    (reports_run_begin(fixtures), cmocka_run_group_tests(tests, make_run_dir, remove_run_dir))

void reports_run_begin(const char *fixtures);
int make_run_dir(void **state);
int remove_run_dir(void **state);

/** A result of tests/fixtures/results, by its name; the caller's. */
json_t *fixture(const char *name);

/** Text of a file of the run; the caller frees. */
char *text_of(const char *name);

/** Is there such a file in the run's folder? */
bool exists(const char *name);

/** Report and give the page; the caller frees. */
char *report(const json_t *result);

/** The same of a fixture. */
char *report_of(const char *name);

void assert_has(const char *page, const char *text);
void assert_lacks(const char *page, const char *text);

#endif
