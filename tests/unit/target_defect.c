/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text to defect: every row of the table, its argument's bounds, and its window. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "callcentre/callcentre.h"
#include "callcentre/defect.h"
#include "tests/small_scenario.h"
#include "tests/test.h"

typedef struct good {
    const char *text;
    rig_callcentre_defect_kind kind;
    double value, value2;
    const char *name;
    double from_s, to_s;
} good;

static const good goods[] = {
    {"circuits=240", RIG_DEFECT_CIRCUITS, 240, 0, "", 0, INFINITY},
    {"circuits=0@60..120", RIG_DEFECT_CIRCUITS, 0, 0, "", 60, 120},
    {"leak_on_cancel", RIG_DEFECT_LEAK_ON_CANCEL, 0, 0, "", 0, INFINITY},
    {"leak_on_cancel@5.5..", RIG_DEFECT_LEAK_ON_CANCEL, 0, 0, "", 5.5, INFINITY},
    {"trunk_dead=North E1 = 2@1..2", RIG_DEFECT_TRUNK_DEAD, 0, 0, "North E1 = 2", 1, 2},
    {"refuse_after=300", RIG_DEFECT_REFUSE_AFTER, 300, 0, "", 300, INFINITY},
    {"mute_every=500", RIG_DEFECT_MUTE_EVERY, 500, 0, "", 0, INFINITY},
    {"slow=0.3", RIG_DEFECT_SLOW, 0.3, 0, "", 0, INFINITY},
    {"ports=90", RIG_DEFECT_PORTS, 90, 0, "", 0, INFINITY},
    {"ivr_late=2", RIG_DEFECT_IVR_LATE, 2, 0, "", 0, INFINITY},
    {"queue_limit=20", RIG_DEFECT_QUEUE_LIMIT, 20, 0, "", 0, INFINITY},
    {"lifo@0..1e3", RIG_DEFECT_LIFO, 0, 0, "", 0, 1000},
    {"no_priority", RIG_DEFECT_NO_PRIORITY, 0, 0, "", 0, INFINITY},
    {"priority_reversed@1..2", RIG_DEFECT_PRIORITY_REVERSED, 0, 0, "", 1, 2},
    {"class_unknown=gold card", RIG_DEFECT_CLASS_UNKNOWN, 0, 0, "gold card", 0, INFINITY},
    {"pushes_out", RIG_DEFECT_PUSHES_OUT, 0, 0, "", 0, INFINITY},
    {"message=0.2", RIG_DEFECT_MESSAGE, 0.2, 30, "", 0, INFINITY},
    {"message=.25:12@.5...75", RIG_DEFECT_MESSAGE, 0.25, 12, "", 0.5, 0.75},
    {"dead_agents=10", RIG_DEFECT_DEAD_AGENTS, 10, 0, "", 0, INFINITY},
    {"no_ring_timeout", RIG_DEFECT_NO_RING_TIMEOUT, 0, 0, "", 0, INFINITY},
    {"stuck_agents=60", RIG_DEFECT_STUCK_AGENTS, 60, 0, "", 0, INFINITY},
    {"drop=0.02", RIG_DEFECT_DROP, 0.02, 5, "", 0, INFINITY},
    {"drop=1:0", RIG_DEFECT_DROP, 1, 0, "", 0, INFINITY},
    {"reject=0.1", RIG_DEFECT_REJECT, 0.1, 403, "", 0, INFINITY},
    {"reject=1:404@10..", RIG_DEFECT_REJECT, 1, 404, "", 10, INFINITY},
    {"no_overflow", RIG_DEFECT_NO_OVERFLOW, 0, 0, "", 0, INFINITY},
    {"no_backup", RIG_DEFECT_NO_BACKUP, 0, 0, "", 0, INFINITY},
    {"misrouted=carrier A@1..", RIG_DEFECT_MISROUTED, 0, 0, "carrier A", 1, INFINITY},
    {"wrong_skill=orders@9..", RIG_DEFECT_WRONG_SKILL, 0, 0, "orders", 9, INFINITY},
    {"no_queue_overflow", RIG_DEFECT_NO_QUEUE_OVERFLOW, 0, 0, "", 0, INFINITY},
    {"no_reserves=on call", RIG_DEFECT_NO_RESERVES, 0, 0, "on call", 0, INFINITY},
    {"no_deflection@3..", RIG_DEFECT_NO_DEFLECTION, 0, 0, "", 3, INFINITY},
    {"deflects_all", RIG_DEFECT_DEFLECTS_ALL, 0, 0, "", 0, INFINITY},
    {"forgets_call_backs=0.3", RIG_DEFECT_FORGETS_CALL_BACKS, 0.3, 0, "", 0, INFINITY},
    {"doubles_call_backs", RIG_DEFECT_DOUBLES_CALL_BACKS, 0, 0, "", 0, INFINITY},
    {"call_backs_first@9..", RIG_DEFECT_CALL_BACKS_FIRST, 0, 0, "", 9, INFINITY},
    {"loses_places", RIG_DEFECT_LOSES_PLACES, 0, 0, "", 0, INFINITY},
    {"no_emergency@5..9", RIG_DEFECT_NO_EMERGENCY, 0, 0, "", 5, 9},
    {"no_standby", RIG_DEFECT_NO_STANDBY, 0, 0, "", 0, INFINITY},
    {"announces=0.5", RIG_DEFECT_ANNOUNCES, 0.5, 0, "", 0, INFINITY},
    {"nobody_comes=desk@30..", RIG_DEFECT_NOBODY_COMES, 0, 0, "desk", 30, INFINITY},
    {"menu=12.5", RIG_DEFECT_MENU, 12.5, 0, "", 0, INFINITY},
    {"poll=1", RIG_DEFECT_POLL, 1, 0, "", 0, INFINITY},
    {"one_at_a_time", RIG_DEFECT_ONE_AT_A_TIME, 0, 0, "", 0, INFINITY},
    {"counts_ringing", RIG_DEFECT_COUNTS_RINGING, 0, 0, "", 0, INFINITY},
    {"timeout_ringing", RIG_DEFECT_TIMEOUT_RINGING, 0, 0, "", 0, INFINITY},
    {"ring_all", RIG_DEFECT_RING_ALL, 0, 0, "", 0, INFINITY},
    {"wrap_up=0@5..6", RIG_DEFECT_WRAP_UP, 0, 0, "", 5, 6},
    {"crash=100:30", RIG_DEFECT_CRASH, 100, 30, "", 0, INFINITY},
};

static void every_defect_is_read(void **state)
{
    bool is_seen[RIG_N_DEFECTS] = {false};
    (void)state;
    for (size_t i = 0; i < sizeof goods / sizeof goods[0]; i++) {
        rig_callcentre_defect got;
        rig_error err = {0};
        memset(&got, 0xff, sizeof got);
        if (rig_callcentre_defect_read(goods[i].text, &got, &err) != RIG_OK)
            fail_msg("%s: %s", goods[i].text, err.text);
        if (got.kind != goods[i].kind || got.value != goods[i].value ||
            got.value2 != goods[i].value2 || strcmp(got.name, goods[i].name) != 0 ||
            got.from_s != goods[i].from_s || got.to_s != goods[i].to_s)
            fail_msg("%s: read as %d, %g, %g, \"%s\", %g..%g", goods[i].text, got.kind, got.value,
                     got.value2, got.name, got.from_s, got.to_s);
        is_seen[goods[i].kind] = true;
    }
    for (int kind = 0; kind < RIG_N_DEFECTS; kind++) {
        const rig_callcentre_defect_about *about =
            rig_callcentre_defect_about_of((rig_callcentre_defect_kind)kind);
        if (!is_seen[kind])
            fail_msg("%s: no row here", about->name);
        assert_int_not_equal(strlen(about->meaning), 0);
    }
}

static void what_is_wrong_is_told(void **state)
{
    static const struct {
        const char *text, *told;
    } row[] = {
        {"", "no such defect"},
        {"circuit=3", "circuit: no such defect; expected one of circuits=N, leak_on_cancel"},
        {"Circuits=3", "no such defect"},
        {"crash", "crash=AT:FOR"},
        {"circuits", "circuits=N"},
        {"circuits=", "circuits=N"},
        {"circuits=-1", "whole number"},
        {"circuits= 1", "whole number"},
        {"circuits=1.5", "whole number"},
        {"circuits=5000000000", "whole number"},
        {"circuits=nan", "whole number"},
        {"circuits=10x", "whole number"},
        {"mute_every=0", ">= 1"},
        {"leak_on_cancel=1", "no argument"},
        {"slow=inf", "seconds"},
        {"slow=1e999", "seconds"},
        {"drop=0", "(0, 1]"},
        {"drop=1.01", "(0, 1]"},
        {"drop=2%", "(0, 1]"},
        {"drop=0.5:", "(0, 1]"},
        {"message=0.5:1:2", "(0, 1]"},
        {"forgets_call_backs", "forgets_call_backs=P, P in (0, 1]"},
        {"forgets_call_backs=0.3:5", "forgets_call_backs=P, P in (0, 1]"},
        {"poll=0", "> 0"},
        {"poll", "poll=S"},
        {"ring_all=2", "no argument"},
        {"reject=0", "(0, 1]"},
        {"reject=0.5:200", "from 400 to 699"},
        {"reject=0.5:404.5", "from 400 to 699"},
        {"reject=0.5:700", "from 400 to 699"},
        {"crash=10", "crash=AT:FOR"},
        {"crash=10:0", "FOR > 0"},
        {"crash=10:5@1..2", "expected no @"},
        {"refuse_after=10@1..2", "expected no @"},
        {"trunk_dead=", "NAME"},
        {"lifo@", "@FROM..TO"},
        {"lifo@5", "@FROM..TO"},
        {"lifo@5..5", "FROM < TO"},
        {"lifo@9..5", "FROM < TO"},
        {"lifo@..5", "@FROM..TO"},
        {"lifo@1.2.3", "@FROM..TO"},
        {"lifo@1..2s", "@FROM..TO"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        rig_callcentre_defect got = {.kind = RIG_DEFECT_DROP, .value = 77};
        rig_error err = {0};
        if (rig_callcentre_defect_read(row[i].text, &got, &err) != RIG_EINPUT)
            fail_msg("\"%s\" was not refused", row[i].text);
        if (!strstr(err.text, row[i].told))
            fail_msg("\"%s\": expected \"%s\" in: %s", row[i].text, row[i].told, err.text);
        assert_true(got.kind == RIG_DEFECT_DROP && got.value == 77); /* untouched */
    }
}

/* What the scenario must have; NULL: it has it. */
static const char no_class[] = "class_unknown=gold: the scenario has no class of callers of that "
                               "name";
static const char equal[] = ": expected classes of callers (callers.classes) with other priorities";
static const struct {
    const char *text;
    size_t n_classes;
    uint32_t priority, capacity;
    const char *told;
} needs[] = {
    {"lifo", 0, 0, 0, NULL},
    {"no_priority", 1, 9, 5, equal},
    {"no_priority", 2, 0, 5, equal},
    {"no_priority", 2, 9, 0, NULL},
    {"priority_reversed", 2, 0, 5, equal},
    {"priority_reversed", 2, 9, 0, NULL},
    {"class_unknown=gold", 2, 9, 5, no_class},
    {"class_unknown=gold", 1, 0, 5, no_class},
    {"class_unknown=other", 2, 0, 5, equal},
    {"class_unknown=other", 2, 9, 0, NULL},
    {"pushes_out", 2, 0, 0, equal},
    {"pushes_out", 2, 9, 0, ": expected a queue.capacity over 0"},
    {"pushes_out", 2, 9, 5, NULL},
    {"wrong_skill=orders", 1, 0, 0, ": expected ivr.choices that lead to several skills"},
    {"wrong_skill=gold", 1, 0, 0, "gold: no choice of ivr.choices leads to a skill of that name"},
    {"no_queue_overflow", 1, 0, 0, ": expected rules of queue.overflow"},
    {"no_reserves=gold", 1, 0, 0, "gold: the scenario has no reserves of that name"},
    {"no_deflection", 1, 0, 0, ": expected a queue.deflection with a share over 0"},
    {"deflects_all", 1, 0, 0, ": expected a queue.deflection with a share over 0"},
    {"forgets_call_backs=1", 1, 0, 0, ": expected callers who are called back"},
    {"no_emergency", 1, 0, 0, ": expected an emergency with a talk_factor below 1"},
    {"no_standby", 1, 0, 0, ": expected a fault of kind \"centre\""},
    {"announces=2", 1, 0, 0, ": expected a queue.announcement"},
    {"loses_places", 1, 0, 0, ": expected a queue.keep_place with a share over 0"},
    {"nobody_comes=gold", 1, 0, 0, "gold: the scenario has no group of agents of that name"},
    {"nobody_comes=desk", 1, 0, 0, "desk: expected a shift of that group"},
};

static void what_a_defect_needs_is_told(void **state)
{
    static char *skills[] = {(char *)"orders"};
    (void)state;
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        rig_caller_class classes[] = {{.name = (char *)"vip", .priority = needs[i].priority},
                                      {.name = (char *)"other"}};
        rig_callcentre_defect defect;
        rig_error err = {.text = ""};
        s->callers.classes = classes;
        s->callers.n_classes = needs[i].n_classes;
        s->skills = skills;
        s->n_skills = 1;
        room.agents[0].name = (char *)"desk";
        s->queue.capacity = needs[i].capacity;
        assert_int_equal(rig_callcentre_defect_read(needs[i].text, &defect, NULL), RIG_OK);
        const rig_status status = rig_callcentre_check_defects(s, &defect, 1, &err);
        assert_int_equal(status, needs[i].told == NULL ? RIG_OK : RIG_EINPUT);
        if (needs[i].told != NULL && strstr(err.text, needs[i].told) == NULL)
            fail_msg("%s: expected \"%s\" in: %s", needs[i].text, needs[i].told, err.text);
    }
}

static void all_known_ones_are_named(void **state)
{
    rig_callcentre_defect got;
    (void)state;
    rig_error err = {0};
    assert_int_equal(rig_callcentre_defect_read("x", &got, &err), RIG_EINPUT);
    for (int kind = 0; kind < RIG_N_DEFECTS; kind++)
        assert_non_null(strstr(
            err.text, rig_callcentre_defect_about_of((rig_callcentre_defect_kind)kind)->name));
    char longer[400];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(rig_callcentre_defect_read(longer, &got, &err), RIG_EINPUT);
}

static void a_window_includes_its_begin_alone(void **state)
{
    const rig_callcentre_defect defect = {.from_s = 60, .to_s = 120};
    (void)state;
    assert_false(rig_callcentre_defect_is_on(&defect, 59.999));
    assert_true(rig_callcentre_defect_is_on(&defect, 60));
    assert_true(rig_callcentre_defect_is_on(&defect, 119.999));
    assert_false(rig_callcentre_defect_is_on(&defect, 120));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_defect_is_read),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(what_a_defect_needs_is_told),
        cmocka_unit_test(all_known_ones_are_named),
        cmocka_unit_test(a_window_includes_its_begin_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
