/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Large arrays: they begin with a line of the cache, are zero from end to end, small or of many
 * huge pages, and what does not fit into the address space is refused. */
#include "tests/test.h"

#include <stdint.h>
#include <string.h>

#include "core/pages.h"

static void check_array(size_t n, size_t size)
{
    unsigned char *array = rig_pages_new(n, size);
    assert_non_null(array);
    assert_int_equal((uintptr_t)array % 64u, 0);
    for (size_t i = 0; i < n * size; i++)
        assert_int_equal(array[i], 0);
    memset(array, 0xff, n * size); /* all of it is ours */
    rig_pages_free(array);
}

static void test_all_sizes(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{1, 1},
                                      {63, 1},
                                      {64, 1},
                                      {65, 1},
                                      {3, 128},
                                      {(2u << 20) - 64u, 1},
                                      {2u << 20, 1},
                                      {(4u << 20) - 1u, 1},
                                      {4u << 20, 1},
                                      {(4u << 20) + 1u, 1},
                                      {(6u << 20) - 64u, 1},
                                      {(6u << 20) - 63u, 1},
                                      {65537, 128}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_array(sizes[i][0], sizes[i][1]);
}

static void test_too_much(void **state)
{
    (void)state;
    assert_null(rig_pages_new(SIZE_MAX / 8u, 8));
    assert_null(rig_pages_new(SIZE_MAX, 1));
    assert_null(rig_pages_new((size_t)1 << 40, (size_t)1 << 23)); /* no overflow; no such room */
    rig_pages_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_sizes),
        cmocka_unit_test(test_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
