/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deflected calls beyond those that are remembered for their call backs are counted. */
#include "tests/test.h"

#include "analyzer/calls/book.h"

enum { MAX_PROMISES = 1 << 20 };

static rig_fate deflected(void)
{
    return (rig_fate){.number = 42, .call = {.call_id = (char *)"deflected"}};
}

static void test_limit(void **state)
{
    (void)state;
    static rig_book book;
    rig_fate kept = deflected(), first = deflected(), second = deflected();
    assert_int_equal(rig_number_index_init(&book.promises, NULL), RIG_OK);
    book.n_promised = MAX_PROMISES - 1;
    rig_backs_note_deflected(&book, &kept);
    assert_int_equal(book.counts.n_limit_promises, 0);
    assert_int_equal(book.n_promised, MAX_PROMISES);
    rig_backs_note_deflected(&book, &first);
    rig_backs_note_deflected(&book, &first); /* told once */
    assert_int_equal(book.counts.n_limit_promises, 1);
    rig_backs_note_deflected(&book, &second);
    assert_int_equal(book.counts.n_limit_promises, 2);
    assert_int_equal(book.n_promised, MAX_PROMISES);
    rig_backs_free(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_limit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
