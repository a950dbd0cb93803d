/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Legs whose INVITE the capture does not hold. */
#include "tests/unit/analyzer_messages.h"

/* A leg that is over is forgotten while packets come in: what still comes of it then is an orphan.
 */
static void test_analyzer_forgets(void **state)
{
    (void)state;
    rig_analyzer *a = begun();
    rig_capture_counts counts;
    invite(a, 1000 * MS, 1);
    respond(a, 1001 * MS, 1, "SIP/2.0 503 No");
    feed(a, 60000 * MS, 1, "BYE sip:c SIP/2.0", true, "2 BYE", "");
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.n_orphan_legs, 0);
    invite(a, 190000 * MS, 2);
    feed(a, 190001 * MS, 1, "BYE sip:c SIP/2.0", true, "3 BYE", "");
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.n_orphan_legs, 1);
    assert_int_equal(counts.n_calls, 2);
    rig_analyzer_free(a);
}

/* Whose request gets 481 had no call there; any other sign of one, before or behind it, tells. */
static void test_analyzer_nobodys(void **state)
{
    static const struct {
        unsigned id, n_orphans;
        const char *start, *cseq;
    } rows[] = {{1, 1, "BYE sip:c SIP/2.0", "2 BYE"}, {1, 0, "SIP/2.0 481 No", "2 BYE"},
                {1, 0, "SIP/2.0 481 No", "3 BYE"},    {2, 0, "SIP/2.0 481 No", "2 CANCEL"},
                {2, 1, "SIP/2.0 487 No", "2 INVITE"}, {3, 2, "INFO sip:c SIP/2.0", "2 INFO"},
                {3, 2, "SIP/2.0 200 OK", "2 INFO"},   {3, 2, "SIP/2.0 481 No", "3 BYE"}};
    (void)state;
    rig_analyzer *a = begun();
    rig_capture_counts counts;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        feed(a, (int64_t)(1000 + i) * MS, rows[i].id, rows[i].start, rows[i].start[0] != 'S',
             rows[i].cseq, "");
        rig_analyzer_counts(a, &counts);
        assert_int_equal(counts.n_orphan_legs, rows[i].n_orphans);
    }
    rig_analyzer_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_analyzer_forgets),
        cmocka_unit_test(test_analyzer_nobodys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
