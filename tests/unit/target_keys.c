/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of the menu in an INFO: what the embedded centre takes one for, and that the analyzer, which
 * reads them for itself, takes it for the same. */
#include "analyzer/calls/keyed.h"
#include "callcentre/call/key.h"

#include <string.h>

#include "tests/test.h"

static void test_keys(void **state)
{
    static const struct {
        const char *body;
        char key;
    } rows[] = {
        {"Signal=5\r\nDuration=160\r\n", '5'},
        {"Duration=160\r\nSignal=5\r\n", '5'},
        {"signal = 0\r\n", '0'},
        {"Signal=*\r\n", '*'},
        {"Signal= #", '#'},
        {"Signal=d", 'D'},
        {"7", '7'},
        {" 7\r\n", '7'},
        {"Signal=1\r\nDuration=10\r\n", '1'},
        {"Signal=10\r\nDuration=160\r\n", '*'}, /* events of RFC 4733, 3.2 */
        {"Signal=11\r\n", '#'},
        {"Signal=12", 'A'},
        {"15", 'D'},
        {"Signal=16\r\n", '\0'}, /* a hook flash */
        {"Signal=20\r\n", '\0'},
        {"Signal=123\r\n", '\0'},
        {"Signal=\r\n", '\0'},
        {"Signal=!\r\n", '\0'},
        {"", '\0'},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t n = strlen(rows[i].body);
        const char key = rig_callcentre_key_of(rows[i].body, n);
        const char seen = rig_keyed_of(rig_slice_of("application/dtmf-relay"),
                                       (rig_slice){rows[i].body, n});
        if (key != rows[i].key || seen != rows[i].key)
            fail_msg("\"%s\": the centre %d, the analyzer %d", rows[i].body, key, seen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
