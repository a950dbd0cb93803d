/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks beside each other: zero, apart, aligned for anything; what was given back comes again. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/calls/slabs.h"

enum { N = 20000, SIZES = 5 };

static const size_t sizes[SIZES] = {1, 64, 65, 700, RIG_SLABS_MAX_BYTES + 1};

static bool is_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != 0)
            return false;
    }
    return true;
}

/* Each is filled with bytes of its own, which nothing else may change. */
static void test_slabs_hold_blocks_apart(void **state)
{
    (void)state;
    static unsigned char *blocks[N];
    rig_slabs *slabs = NULL;
    assert_int_equal(rig_slabs_new(&slabs, NULL), RIG_OK);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < N; i++) {
            const size_t n = sizes[i % SIZES];
            blocks[i] = rig_slabs_take(slabs, n);
            assert_non_null(blocks[i]);
            assert_true(is_zero(blocks[i], n));
            memset(blocks[i], (int)(i % 255) + 1, n);
        }
        for (size_t i = 0; i < N; i++) {
            const size_t n = sizes[i % SIZES];
            assert_int_equal(blocks[i][0], i % 255 + 1);
            assert_int_equal(blocks[i][n - 1], i % 255 + 1);
            rig_slabs_give(slabs, blocks[i], n);
        }
    }
    rig_slabs_give(slabs, NULL, 64);
    rig_slabs_free(slabs);
    rig_slabs_free(NULL);
}

#ifndef __SANITIZE_ADDRESS__
/* Memory follows the most that there were at one time: what comes later lies where others lay. */
static void test_slabs_use_blocks_again(void **state)
{
    (void)state;
    rig_slabs *slabs = NULL;
    void *held[100];
    uintptr_t lowest = UINTPTR_MAX, highest = 0;
    assert_int_equal(rig_slabs_new(&slabs, NULL), RIG_OK);
    for (size_t i = 0; i < 100; i++) {
        held[i] = rig_slabs_take(slabs, 500);
        assert_non_null(held[i]);
        assert_int_equal((uintptr_t)held[i] % RIG_SLABS_GRAIN, 0);
        lowest = (uintptr_t)held[i] < lowest ? (uintptr_t)held[i] : lowest;
        highest = (uintptr_t)held[i] > highest ? (uintptr_t)held[i] : highest;
    }
    for (size_t i = 0; i < N; i++) {
        rig_slabs_give(slabs, held[i * 37 % 100], 500);
        void *last = held[i * 37 % 100];
        held[i * 37 % 100] = rig_slabs_take(slabs, 497 + i % RIG_SLABS_GRAIN); /* as many grains */
        assert_ptr_equal(held[i * 37 % 100], last);
        assert_in_range((uintptr_t)last, lowest, highest);
    }
    rig_slabs_free(slabs);
}
#endif

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slabs_hold_blocks_apart),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(test_slabs_use_blocks_again),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
