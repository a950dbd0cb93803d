/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No "-0", whatever is rounded. */
#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#include <stdbool.h>

#include "core/tidy.h"

static void test_no_negative_nought(void **state)
{
    (void)state;
    static const double values[] = {-0.0,    0.0,    -1e-300, -0.4,  -0.5,    -0.049, -0.05,
                                    -0.0004, -0.005, -0.001,  0.4,   -0.51,   -0.99,  -1.0,
                                    -12.3,   1e9,    -1e9,    -0.06, -0.0006, -0.0051};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        for (int decimals = 0; decimals <= 4; decimals++) {
            char plain[64], tidy[64];
            (void)snprintf(plain, sizeof plain, "%.*f", decimals, values[i]);
            (void)snprintf(tidy, sizeof tidy, "%.*f", decimals, rig_tidy(values[i], decimals));
            bool is_nought = strspn(plain, "-0.") == strlen(plain);
            if (is_nought)
                assert_true(tidy[0] == '0');
            if (tidy[0] == '-' && strspn(tidy, "-0.") == strlen(tidy))
                fail_msg("%g: %s", values[i], tidy);
            /* all else stays, but for the half that printf rounds up and this rounds to nought */
            if (!is_nought && strcmp(plain, tidy) != 0 && values[i] < -0.501 * pow(10, -decimals))
                fail_msg("%g: %s; expected %s", values[i], tidy, plain);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_negative_nought)};
    return cmocka_run_group_tests_name("tidy", tests, NULL, NULL);
}
