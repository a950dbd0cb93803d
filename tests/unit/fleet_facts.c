/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The facts of several load hosts: an instant of a host's clock that runs fast or slow is told by
 * rank 0's. The hosts, and what each has played, are this test's. */
#include "tests/test.h"

#include "cli/fleet_facts.h"
#include "cli/run_play_facts.h"

enum { N_HOSTS = 2, N_LOOKS = 3 };
#define S INT64_C(1000000000)

/* Rank 1's clock: 1 s ahead at first, 2 s after 100 s, still 2 s after 200 s. A test sets it off by
 * another 5 s, which is in no stamp. */
#define SKEW_NS (5 * S)
static const rig_fleet_look looks[N_LOOKS] = {{1000 * S, 1 * S + SKEW_NS, 10},
                                              {1100 * S, 2 * S + SKEW_NS, 20},
                                              {1200 * S, 2 * S + SKEW_NS, 30}};

uint32_t rig_fleet_n(const rig_fleet *fleet)
{
    (void)fleet;
    return N_HOSTS;
}

const char *rig_fleet_host(const rig_fleet *fleet, uint32_t rank)
{
    (void)fleet;
    return rank == 0 ? "first" : "second";
}

const rig_fleet_look *rig_fleet_looks(const rig_fleet *fleet, uint32_t rank, size_t *n)
{
    (void)fleet;
    *n = rank == 0 ? 0 : N_LOOKS;
    return rank == 0 ? NULL : looks;
}

/* What the host that is asked for has played. */
static int64_t end_ns, stop_ns;

void rig_run_play_facts(const rig_run_play_input *input, rig_play_facts *facts)
{
    (void)input;
    *facts = (rig_play_facts){.end_epoch_ns = end_ns, .stop_epoch_ns = stop_ns};
}

/* @return the end and the stop of both hosts together. */
static void facts_of(int64_t own_end_ns, int64_t end_of_second_ns, int64_t stop_of_second_ns,
                     rig_play_facts *all)
{
    static rig_run_setup setup;
    static rig_schedule schedule;
    static rig_run_setup_options options;
    static rig_play_report report;
    rig_run_fleet_facts facts;
    setup.schedule = &schedule;
    const rig_run_host host = {.setup = &setup, .options = &options, .centre_end = ""};
    rig_run_fleet_facts_begin(&facts, &host);
    end_ns = own_end_ns;
    stop_ns = 0;
    rig_run_fleet_facts_add(&facts, 0, &report, 0);
    end_ns = end_of_second_ns;
    stop_ns = stop_of_second_ns;
    rig_run_fleet_facts_add(&facts, 1, &report, SKEW_NS);
    *all = facts.all;
}

static void test_clock_that_drifts(void **state)
{
    (void)state;
    static rig_play_facts all;
    facts_of(900 * S, 1050 * S + 3 * S / 2, 0, &all); /* halfway between two looks */
    assert_int_equal(all.end_epoch_ns, 1050 * S);
    assert_int_equal(all.stop_epoch_ns, 0);
    facts_of(900 * S, 1150 * S + 2 * S, 1026 * S + S / 4, &all);
    assert_int_equal(all.end_epoch_ns, 1150 * S);
    assert_int_equal(all.stop_epoch_ns, 1025 * S);
    facts_of(900 * S, 951 * S, 1302 * S, &all); /* before the first look; after the last */
    assert_int_equal(all.end_epoch_ns, 950 * S);
    assert_int_equal(all.stop_epoch_ns, 1300 * S);
    facts_of(2000 * S, 951 * S, 0, &all); /* rank 0 was the last */
    assert_int_equal(all.end_epoch_ns, 2000 * S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_clock_that_drifts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
