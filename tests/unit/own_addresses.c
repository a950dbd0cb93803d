/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses are this host's, however they are written. */
#include "callcentre/sip/transport.h"

#include <stdio.h>

#include "tests/test.h"

static void test_is_here(void **state)
{
    static const struct {
        const char *numeric;
        bool is_here;
    } rows[] = {
        {"127.0.0.1", true},       {"::ffff:127.0.0.1", true},
        {"::ffff:7f00:1", true},   {"::ffff:192.0.2.1", false},
        {"192.0.2.1", false},      {"2001:db8::1", false},
        {"::127.0.0.1", false}, /* RFC 4291, 2.5.5.1: that is another */
        {"not an address", false}, {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_callcentre_address address = {.family = 0};
        (void)snprintf(address.numeric, sizeof address.numeric, "%s", rows[i].numeric);
        if (rig_callcentre_address_is_here(&address) != rows[i].is_here)
            fail_msg("%s", rows[i].numeric);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
