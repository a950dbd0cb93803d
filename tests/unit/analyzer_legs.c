/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables behind the analyzer: legs come and go, calls are found by their keys, repeats are told
 * from what is new; and memory does not grow with the length of a capture. */
#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/calls/hash.h"
#include "analyzer/calls/leg_table.h"
#include "analyzer/calls/number_index.h"
#include "analyzer/calls/seen.h"

#define MS (RIG_NS_PER_S / 1000)

/* Two hours at 20 calls a second: legs come and go. */
static rig_status add_leg(rig_leg_table *table, rig_slice call_id, rig_leg **leg, rig_error *err)
{
    return rig_leg_table_add(table, rig_hash_slice(0, call_id), call_id, leg, err);
}

static void test_legs_are_forgotten(void **state)
{
    (void)state;
    rig_leg_table *table = NULL;
    assert_int_equal(rig_leg_table_new(&table, NULL), RIG_OK);
    rig_leg *stays = NULL;
    assert_int_equal(add_leg(table, rig_slice_of("stays"), &stays, NULL), RIG_OK);
    stays->role = RIG_LEG_OF_CALLER;
    size_t most = 0;
    for (int i = 0; i < 144000; i++) {
        char name[32];
        int64_t t_ns = i * 50 * MS;
        snprintf(name, sizeof name, "call-%d", i);
        rig_leg_table_expire(table, t_ns);
        rig_leg *leg = NULL;
        assert_int_equal(add_leg(table, rig_slice_of(name), &leg, NULL), RIG_OK);
        leg->role = RIG_LEG_OF_CALLER;
        leg->is_failed = true;
        leg->t_last_ns = t_ns;
        rig_leg_table_retire(table, leg);
        rig_leg_table_retire(table, leg); /* twice is once */
        if (rig_leg_table_n(table) > most)
            most = rig_leg_table_n(table);
    }
    assert_true(most > 1200 && most <= 1290); /* 64 s of them */
    assert_non_null(rig_leg_table_find(table, rig_slice_of("call-143999")));
    assert_null(rig_leg_table_find(table, rig_slice_of("call-1439")));
    assert_null(rig_leg_table_find(table, rig_slice_of("call-14399")));
    assert_ptr_equal(rig_leg_table_find(table, rig_slice_of("stays")), stays);
    rig_leg_table_free(table);
    rig_leg_table_free(NULL);
}

/* A Call-ID that is used again and again: the newest is found, the older ones go in time. */
static void test_replaced_legs_are_freed(void **state)
{
    (void)state;
    rig_leg_table *table = NULL;
    rig_leg *leg = NULL;
    assert_int_equal(rig_leg_table_new(&table, NULL), RIG_OK);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(add_leg(table, rig_slice_of("same"), &leg, NULL), RIG_OK);
        leg->role = RIG_LEG_OF_CALLER;
        leg->t_last_ns = i * 10 * RIG_NS_PER_S;
        rig_leg_table_expire(table, leg->t_last_ns);
        assert_ptr_equal(rig_leg_table_find(table, rig_slice_of("same")), leg);
        assert_true(rig_leg_table_n(table) <= 9);
    }
    /* Back from the list of those to forget: a leg that turned out to go on. */
    rig_leg_table_retire(table, leg);
    rig_leg_table_expire(table, leg->t_last_ns + RIG_LEG_LINGER_NS);
    assert_ptr_equal(rig_leg_table_find(table, rig_slice_of("same")), leg);
    leg->is_ended = true;
    rig_leg_table_retire(table, leg);
    leg->t_last_ns += 10 * RIG_NS_PER_S; /* heard of again */
    rig_leg_table_expire(table, leg->t_last_ns + RIG_LEG_LINGER_NS - 1);
    assert_int_equal(rig_leg_table_n(table), 1);
    rig_leg_table_expire(table, leg->t_last_ns + 2 * RIG_LEG_LINGER_NS);
    assert_int_equal(rig_leg_table_n(table), 0);
    rig_leg_table_free(table);
}

/* Items come and go in every order; the index holds exactly those that are in. */
static void test_number_index(void **state)
{
    (void)state;
    enum { N = 3000, N_KEYS = 50 };
    static rig_number_link links[N];
    static bool is_in[N];
    rig_number_index index = {0};
    memset(links, 0, sizeof links);
    assert_int_equal(rig_number_index_init(&index, NULL), RIG_OK);
    uint32_t draw = 1;
    for (int step = 0; step < 20000; step++) {
        draw = draw * 1664525 + 1013904223;
        size_t i = (draw >> 8) % N;
        if (is_in[i])
            rig_number_index_remove(&index, &links[i]);
        else
            rig_number_index_add(&index, &links[i], i % N_KEYS * 1024); /* all in few buckets */
        is_in[i] = !is_in[i];
    }
    for (size_t key = 0; key < N_KEYS; key++) {
        size_t n_found = 0, n_expected = 0;
        for (rig_number_link *link = rig_number_index_first(&index, key * 1024); link != NULL;
             link = rig_number_index_next(link)) {
            size_t i = (size_t)(link - links);
            assert_true(is_in[i] && i % N_KEYS == key);
            n_found++;
        }
        for (size_t i = key; i < N; i += N_KEYS)
            n_expected += is_in[i];
        assert_int_equal(n_found, n_expected);
    }
    for (size_t i = 0; i < N; i++) {
        rig_number_index_remove(&index, &links[i]);
        rig_number_index_remove(&index, &links[i]); /* twice is once */
    }
    assert_int_equal(index.n, 0);
    rig_number_index_clear(&index);
}

static void test_seen(void **state)
{
    (void)state;
    static const struct {
        int64_t t_ns;
        uint64_t key;
        uint16_t ip_id;
        rig_seen_verdict expected;
    } cases[] = {
        {0, 1, 0, RIG_SEEN_NEW},
        {0, 2, 0, RIG_SEEN_NEW},
        {49 * MS, 1, 0, RIG_SEEN_DUPLICATE},
        {99 * MS, 1, 0, RIG_SEEN_RETRANSMISSION},
        {500 * MS, 2, 0, RIG_SEEN_RETRANSMISSION},
        {499 * MS, 2, 0, RIG_SEEN_DUPLICATE}, /* a little out of order */
        {600 * MS, 3, 7, RIG_SEEN_NEW},
        {601 * MS, 3, 7, RIG_SEEN_DUPLICATE},
        {602 * MS, 3, 8, RIG_SEEN_RETRANSMISSION}, /* another packet, however soon */
        {603 * MS, 3, 0, RIG_SEEN_DUPLICATE},      /* not known */
        {63 * 1000 * MS, 3, 0, RIG_SEEN_RETRANSMISSION},
        {128 * 1000 * MS, 3, 0, RIG_SEEN_NEW}, /* after more than the window */
        {200 * 1000 * MS, 4, 0, RIG_SEEN_NEW},
        {201 * 1000 * MS, 0, 0, RIG_SEEN_NEW},
        {202 * 1000 * MS, 0, 0, RIG_SEEN_RETRANSMISSION},
        {100000 * 1000 * MS, 4, 0, RIG_SEEN_NEW},
    };
    rig_seen *seen = NULL;
    rig_seen_recent recent = {.block = NULL};
    assert_int_equal(rig_seen_new(&seen, NULL), RIG_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_seen_verdict verdict = RIG_SEEN_NEW;
        assert_int_equal(rig_seen_check(seen, &recent, cases[i].key, cases[i].t_ns, cases[i].ip_id,
                                        &verdict, NULL),
                         RIG_OK);
        if (verdict != cases[i].expected)
            fail_msg("case %zu: %d; expected %d", i, (int)verdict, (int)cases[i].expected);
    }
    rig_seen_free(seen);
    rig_seen_free(NULL);
}

/* Many messages of one leg over many windows: each is new once and known the second time, whether
 * the leg still has it or the shared table. */
static void test_seen_many(void **state)
{
    (void)state;
    rig_seen *seen = NULL;
    rig_seen_recent recent = {.block = NULL};
    assert_int_equal(rig_seen_new(&seen, NULL), RIG_OK);
    for (uint64_t i = 0; i < 200000; i++) {
        int64_t t_ns = (int64_t)i * 2 * MS;
        rig_seen_verdict first, second;
        assert_int_equal(rig_seen_check(seen, &recent, i * UINT64_C(0x9e3779b97f4a7c15) + 1, t_ns,
                                        0, &first, NULL),
                         RIG_OK);
        assert_int_equal(first, RIG_SEEN_NEW);
        uint64_t back = i % 2 == 0 ? 3 : 30000; /* 60 s before */
        if (i < back)
            continue;
        assert_int_equal(rig_seen_check(seen, &recent,
                                        (i - back) * UINT64_C(0x9e3779b97f4a7c15) + 1, t_ns, 0,
                                        &second, NULL),
                         RIG_OK);
        assert_int_equal(second, back == 3 ? RIG_SEEN_DUPLICATE : RIG_SEEN_RETRANSMISSION);
    }
    rig_seen_free(seen);
}

/* What one leg has had is new to another. */
static void test_seen_by_leg(void **state)
{
    (void)state;
    rig_seen *seen = NULL;
    rig_seen_recent one = {.block = NULL}, other = {.block = NULL};
    rig_seen_verdict verdict;
    assert_int_equal(rig_seen_new(&seen, NULL), RIG_OK);
    assert_int_equal(rig_seen_check(seen, &one, 5, 0, 0, &verdict, NULL), RIG_OK);
    assert_int_equal(rig_seen_check(seen, &other, 5, 1, 0, &verdict, NULL), RIG_OK);
    assert_int_equal(verdict, RIG_SEEN_NEW);
    /* What no longer fits in its own memory is in the table that all share. */
    for (uint64_t key = 6; key < 5 + RIG_SEEN_N_RECENT; key++)
        assert_int_equal(rig_seen_check(seen, &one, key, 2, 0, &verdict, NULL), RIG_OK);
    assert_int_equal(rig_seen_check(seen, &one, 99, 3, 0, &verdict, NULL), RIG_OK);
    assert_int_equal(verdict, RIG_SEEN_NEW);
    assert_int_equal(rig_seen_check(seen, &one, 5, RIG_NS_PER_S, 0, &verdict, NULL), RIG_OK);
    assert_int_equal(verdict, RIG_SEEN_RETRANSMISSION);
    rig_seen_free(seen);
}

/* Legs that are silent for long give back what they have remembered, as others come; those that are
 * not keep it; and it is another's when a leg's place is taken. */
static void test_seen_lets_silent_legs_go(void **state)
{
    (void)state;
    enum { N_SILENT = 1000 };
    static rig_seen_recent silent[N_SILENT];
    rig_seen *seen = NULL;
    rig_seen_recent busy = {.block = NULL}, next = {.block = NULL}, after = {.block = NULL};
    rig_seen_verdict verdict;
    assert_int_equal(rig_seen_new(&seen, NULL), RIG_OK);
    assert_int_equal(rig_seen_check(seen, &busy, 7, 0, 0, &verdict, NULL), RIG_OK);
    for (int i = 0; i < N_SILENT; i++)
        assert_int_equal(rig_seen_check(seen, &silent[i], 7, 0, 0, &verdict, NULL), RIG_OK);
    assert_int_equal(rig_seen_n_blocks(seen), N_SILENT + 1);
    const int64_t later_ns = RIG_SEEN_KEPT_NS + RIG_NS_PER_S;
    assert_int_equal(rig_seen_check(seen, &busy, 8, later_ns, 0, &verdict, NULL), RIG_OK);
    for (int i = 0; i < N_SILENT / 2 + 1; i++) { /* each comes, and goes at once */
        assert_int_equal(rig_seen_check(seen, &after, 7, later_ns, 0, &verdict, NULL), RIG_OK);
        assert_int_equal(verdict, RIG_SEEN_NEW);
        rig_seen_forget(&after);
    }
    assert_int_equal(rig_seen_n_blocks(seen), 1);
    assert_null(silent[0].block);
    rig_seen_move(&next, &busy);
    assert_int_equal(rig_seen_check(seen, &next, 8, later_ns + RIG_NS_PER_S, 0, &verdict, NULL),
                     RIG_OK);
    assert_int_equal(verdict, RIG_SEEN_RETRANSMISSION);
    assert_int_equal(rig_seen_check(seen, &silent[0], 7, later_ns, 0, &verdict, NULL), RIG_OK);
    assert_int_equal(verdict, RIG_SEEN_NEW);
    /* what was moved is let go from where it is now */
    const int64_t last_ns = later_ns + 2 * RIG_SEEN_KEPT_NS;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(rig_seen_check(seen, &after, 7, last_ns, 0, &verdict, NULL), RIG_OK);
        rig_seen_forget(&after);
    }
    assert_null(next.block);
    assert_int_equal(rig_seen_n_blocks(seen), 0);
    rig_seen_forget(&next);
    rig_seen_forget(&busy);
    rig_seen_free(seen);
}

static int n_forgotten;

static void count_forgotten(void *ctx, rig_leg *leg)
{
    (void)ctx;
    (void)leg;
    n_forgotten++;
}

/* Legs that are not over go after a silence, wherever they stand in the table. */
static void test_silent_legs(void **state)
{
    (void)state;
    rig_leg_table *table = NULL;
    rig_leg *leg = NULL;
    n_forgotten = 0;
    assert_int_equal(rig_leg_table_new(&table, NULL), RIG_OK);
    rig_leg_table_on_forget(table, count_forgotten, NULL);
    for (int i = 0; i < 1000; i++) {
        char name[32];
        snprintf(name, sizeof name, "leg-%d", i);
        assert_int_equal(add_leg(table, rig_slice_of(name), &leg, NULL), RIG_OK);
        leg->role = RIG_LEG_OF_CALLER;
        leg->t_last_ns = i % 2 * RIG_NS_PER_S;
        if (i % 10 == 0) {
            leg->is_ended = true;
            rig_leg_table_retire(table, leg);
        }
    }
    assert_int_equal(rig_leg_table_forget_silent(table, 10 * RIG_NS_PER_S, 10 * RIG_NS_PER_S), 400);
    assert_int_equal(n_forgotten, 400);
    assert_int_equal(rig_leg_table_n(table), 600);
    assert_null(rig_leg_table_find(table, rig_slice_of("leg-2")));
    assert_non_null(rig_leg_table_find(table, rig_slice_of("leg-3")));
    assert_non_null(rig_leg_table_find(table, rig_slice_of("leg-10"))); /* goes by itself, later */
    rig_leg_table_free(table);
    assert_int_equal(n_forgotten, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_legs_are_forgotten),
        cmocka_unit_test(test_replaced_legs_are_freed),
        cmocka_unit_test(test_silent_legs),
        cmocka_unit_test(test_number_index),
        cmocka_unit_test(test_seen),
        cmocka_unit_test(test_seen_many),
        cmocka_unit_test(test_seen_by_leg),
        cmocka_unit_test(test_seen_lets_silent_legs_go),
    };
    return cmocka_run_group_tests_name("analyzer_legs", tests, NULL, NULL);
}
