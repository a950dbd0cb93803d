/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which class of callers the embedded centre takes a call for; and that it and the model, which do
 * not know each other, mean the same callers. */
#include <stdio.h>

#include "callcentre/centre/centre.h"
#include "callcentre/centre/classes.h"
#include "core/clock.h"
#include "models/schedule.h"
#include "tests/small_scenario.h"
#include "tests/test.h"

static small_scenario room;

static rig_scenario *three_classes(rig_caller_class classes[3])
{
    rig_scenario *s = small_scenario_make(&room);
    classes[0] = (rig_caller_class){.name = (char *)"vip", .p_share = 0.2, .priority = 9};
    classes[1] = (rig_caller_class){.name = (char *)"late", .p_share = 0.3, .priority = 0};
    classes[2] = (rig_caller_class){.name = (char *)"other", .p_share = 0.5, .priority = 0};
    s->callers.classes = classes;
    s->callers.n_classes = 3;
    return s;
}

static void the_called_number_tells(void **state)
{
    (void)state;
    rig_caller_class classes[3];
    rig_scenario *s = three_classes(classes);
    static const struct {
        const char *called;
        size_t is;
    } row[] = {{"7851", 0}, {"*2#", 2}, {"785", 1}, {"78511", 1}, {"", 1}, {NULL, 1}, {"+7851", 1}};
    classes[0].dial = (char *)"7851";
    classes[2].dial = (char *)"*2#";
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_int_equal(rig_callcentre_class_of(s, row[i].called, "1000"), row[i].is);
    /* at the backup number by the caller's: this one is nobody's, so the first of the least
     * priority */
    s->callers.redial =
        (rig_redial){.p_redial = 1.0, .backup = {.p_backup = 1.0, .dial = (char *)"7851"}};
    assert_int_equal(rig_callcentre_class_of(s, "7851", "1"), 1);
    s->callers.redial.backup.dial = NULL;
    classes[1].dial = (char *)"7859"; /* now nobody dials 785: the first of the least priority */
    assert_int_equal(rig_callcentre_class_of(s, "785", "1000"), 1);
    assert_int_equal(rig_callcentre_class_n_lines(s), 3);
}

static void the_callers_number_tells(void **state)
{
    (void)state;
    rig_caller_class classes[3];
    rig_scenario *s = three_classes(classes);
    rig_schedule *schedule = NULL;
    rig_error err = {.text = ""};
    size_t n[3] = {0};
    char number[32];
    s->traffic.duration_s = 1200.0;
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, &err), RIG_OK);
    assert_true(schedule->n > 1000);
    for (size_t i = 0; i < schedule->n; i++) {
        (void)snprintf(number, sizeof number, "%llu",
                       (unsigned long long)schedule->calls[i].number);
        const size_t is = rig_callcentre_class_of(s, "785", number);
        assert_int_equal(is, schedule->calls[i].caller_class);
        n[is]++;
    }
    assert_true(n[0] > 150 && n[1] > 250 && n[2] > 450);
    rig_schedule_free(schedule);
    static const char *const strangers[] = {"anonymous", "999", "1000a", "", "99999999999999"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        assert_int_equal(rig_callcentre_class_of(s, "785", strangers[i]), 1);
}

static void one_class_is_all(void **state)
{
    (void)state;
    rig_scenario *s = small_scenario_make(&room);
    assert_int_equal(rig_callcentre_class_of(s, "785", "1000"), 0);
    assert_int_equal(rig_callcentre_class_n_lines(s), 1);
}

/* The line of each class, with no defect and with each that changes it. */
static void the_greater_priority_is_served_first(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t lines[4];
    } row[] = {
        {NULL, {1, 2, 0, 2}},
        {"lifo", {1, 2, 0, 2}},
        {"no_priority", {0, 0, 0, 0}},
        {"priority_reversed", {2, 0, 3, 0}},
        {"class_unknown=gold", {1, 2, 2, 2}},
        {"class_unknown=silver", {2, 2, 0, 2}},
        {"no_priority@5..", {1, 2, 0, 2}}, /* it has not begun */
    };
    static rig_caller_class classes[] = {{.name = (char *)"silver", .priority = 10},
                                         {.name = (char *)"bronze"},
                                         {.name = (char *)"gold", .priority = 20},
                                         {.name = (char *)"other"}};
    rig_scenario *s = small_scenario_make(&room);
    s->callers.classes = classes;
    s->callers.n_classes = 4;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        rig_callcentre_defect defect = {.kind = RIG_DEFECT_CIRCUITS};
        rig_callcentre_centre centre = {.scenario = s,
                                        .first_invite_ns = RIG_NO_TIME,
                                        .defects = &defect,
                                        .n_defects = row[i].text != NULL};
        if (row[i].text != NULL)
            assert_int_equal(rig_callcentre_defect_read(row[i].text, &defect, NULL), RIG_OK);
        for (size_t k = 0; k < 4; k++)
            assert_int_equal(rig_callcentre_class_line(&centre, k), row[i].lines[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_called_number_tells),
        cmocka_unit_test(the_callers_number_tells),
        cmocka_unit_test(one_class_is_all),
        cmocka_unit_test(the_greater_priority_is_served_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
