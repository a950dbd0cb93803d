/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The heap of events against a plain search for the earliest; the calendar against the heap. */
#include "tests/test.h"

#include <math.h>

#include "models/centre/calendar.h"
#include "models/centre/event_heap.h"

static uint32_t next_random(uint32_t *random)
{
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}

/* Through random sets, moves and removals. */
static void test_event_heap(void **state)
{
    (void)state;
    enum { N = 50 };
    rig_event_heap *heap = NULL;
    double at_s[N];
    uint32_t random = 1;
    assert_int_equal(rig_event_heap_new(N, &heap), RIG_OK);
    assert_true(isinf(rig_event_heap_next_s(heap)));
    for (int i = 0; i < N; i++)
        at_s[i] = INFINITY;
    for (int step = 0; step < 20000; step++) {
        uint32_t actor = next_random(&random) % N;
        if (step % 3 == 2) {
            rig_event_heap_unset(heap, actor);
            at_s[actor] = INFINITY;
        } else {
            at_s[actor] = (double)(next_random(&random) % 64); /* many equal instants */
            rig_event_heap_set(heap, actor, at_s[actor]);
        }
        uint32_t first = 0;
        for (uint32_t i = 1; i < N; i++) {
            if (at_s[i] < at_s[first])
                first = i;
        }
        assert_true(rig_event_heap_next_s(heap) == at_s[first]);
        if (step % 7 == 0 && isfinite(at_s[first])) {
            assert_int_equal(rig_event_heap_first(heap), first);
            assert_int_equal(rig_event_heap_pop(heap), first);
            at_s[first] = INFINITY;
        }
    }
    rig_event_heap_clear(heap);
    assert_true(isinf(rig_event_heap_next_s(heap)));
    rig_event_heap_free(heap);
    rig_event_heap_free(NULL);
}

/* How far from now the events are. */
typedef struct times {
    const char *name;
    uint32_t n_actors;
    double unit_s;           /* they are whole multiples of it.. */
    uint32_t n_units;        /* ..below so many */
    uint32_t per_cent;       /* so many of them are far: times 1,000 */
    double back_s;           /* this much is taken off each, so that some lie in the past */
    uint32_t n_steps_a_pace; /* after so many steps the unit is 1,000 times as long, or as short */
} times;

static const times all_times[] = {
    {"one actor", 1, 0.1, 100, 0, 0.0, 0},
    {"equal instants", 50, 1.0, 64, 0, 0.0, 0},
    {"all at one instant", 500, 1.0, 1, 0, 0.0, 0},
    {"all at three instants", 500, 30.0, 3, 0, 0.0, 0},
    {"a queue of talks", 300, 1e-6, 60000000, 0, 0.0, 0},
    {"talks and redials", 3000, 1e-6, 60000000, 20, 0.0, 0},
    {"events in the past", 200, 1e-3, 20000, 10, 5.0, 0},
    {"very many a second", 5000, 1e-9, 4000000, 1, 0.0, 0},
    {"hours apart", 40, 1.0, 500000, 5, 0.0, 0},
    {"a peak and a lull", 400, 1e-5, 1000000, 0, 0.0, 10000},
    {"beyond what slots can count", 60, 1e15, 1000, 50, 0.0, 0},
};

static double draw_s(const times *t, uint32_t step, double now_s, uint32_t *random)
{
    double at_s = t->unit_s * (double)(next_random(random) % t->n_units);
    if (t->n_steps_a_pace > 0 && step / t->n_steps_a_pace % 2 == 1)
        at_s *= 1000.0;
    if (next_random(random) % 100 < t->per_cent)
        at_s *= 1000.0;
    return now_s + at_s - t->back_s;
}

/* One step of each kind on both. @return the instant of the last event. */
static double step_both(const times *t, uint32_t step, double now_s, uint32_t *random,
                        rig_calendar *calendar, rig_event_heap *heap)
{
    const uint32_t actor = next_random(random) % t->n_actors, what = next_random(random) % 16;
    if (what == 0) {
        rig_calendar_unset(calendar, actor);
        rig_event_heap_unset(heap, actor);
    } else if (what < 9) {
        const double at_s = draw_s(t, step, now_s, random);
        rig_calendar_set(calendar, actor, at_s);
        rig_event_heap_set(heap, actor, at_s);
    }
    const double next_s = rig_event_heap_next_s(heap);
    if (what % 2 == 0) /* not always looked at before it is taken */
        assert_true(rig_calendar_next_s(calendar) == next_s);
    if (what < 2 || what > 8) {
        if (isfinite(next_s)) {
            assert_int_equal(rig_calendar_pop(calendar), rig_event_heap_pop(heap));
            return next_s > now_s ? next_s : now_s;
        }
        assert_true(isinf(rig_calendar_next_s(calendar)));
    }
    return now_s;
}

static void test_calendar(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all_times / sizeof *all_times; i++) {
        const times *t = &all_times[i];
        rig_calendar *calendar = NULL;
        rig_event_heap *heap = NULL;
        uint32_t random = 7;
        assert_int_equal(rig_calendar_new(t->n_actors, &calendar), RIG_OK);
        assert_int_equal(rig_event_heap_new(t->n_actors, &heap), RIG_OK);
        for (int run = 0; run < 2; run++) { /* the second with the slots of the first */
            double now_s = 0.0;
            for (uint32_t step = 0; step < 40000; step++)
                now_s = step_both(t, step, now_s, &random, calendar, heap);
            if (run == 1) { /* to the end */
                while (isfinite(rig_event_heap_next_s(heap)))
                    assert_int_equal(rig_calendar_pop(calendar), rig_event_heap_pop(heap));
                assert_true(isinf(rig_calendar_next_s(calendar)));
            }
            rig_calendar_clear(calendar);
            rig_event_heap_clear(heap);
            assert_true(isinf(rig_calendar_next_s(calendar)));
        }
        rig_calendar_free(calendar);
        rig_event_heap_free(heap);
    }
    rig_calendar_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_event_heap),
        cmocka_unit_test(test_calendar),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
