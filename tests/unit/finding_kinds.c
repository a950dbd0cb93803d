/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every kind of finding that a diagnosis knows has a name of its own, which the document of
 * result.json lists. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"
#include "verdict/diagnosis.h"

static const char *path; /* docs/result-format.md */

static void test_kinds_are_documented(void **state)
{
    (void)state;
    char *text = NULL;
    rig_error err = {.text = ""};
    if (rig_file_read(path, &text, NULL, &err) != RIG_OK)
        fail_msg("%s", err.text);
    const char *row = strstr(text, "\n| `diagnosis` |");
    assert_non_null(row);
    const char *from = strstr(row, "`kind` ("), *end = strstr(row, "), `stage`");
    assert_true(from != NULL && end != NULL && from < end);
    for (int k = 0; k < RIG_N_FINDING_KINDS; k++) {
        char name[80];
        (void)snprintf(name, sizeof name, "`%s`", rig_finding_kind_name((rig_finding_kind)k));
        const char *found = strstr(from, name);
        if (found == NULL || found > end)
            fail_msg("%s: %s is not among the kinds of `diagnosis`", path, name);
        for (int other = 0; other < k; other++)
            assert_string_not_equal(rig_finding_kind_name((rig_finding_kind)other),
                                    rig_finding_kind_name((rig_finding_kind)k));
    }
    free(text);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds_are_documented)};
    if (argc < 2)
        return 2;
    path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
