/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end as rank 0 sees it: whoever has said his last word, and who never will. The others, and
 * the wire between them, are this test's. */
#include "tests/test.h"

#include <string.h>

#include "ranks/state.h"

enum { N_RANKS = 4 };

/* What comes, in its order. */
static struct {
    uint32_t from;
    rig_message_kind kind;
} coming[8];
static size_t n_coming, n_come;
static bool is_told[N_RANKS];
static rig_message last_told;

bool rig_message_take(rig_message *message, uint32_t *from)
{
    if (n_come == n_coming)
        return false;
    *message = (rig_message){.kind = coming[n_come].kind};
    *from = coming[n_come++].from;
    return true;
}

void rig_message_send(uint32_t to, const rig_message *message)
{
    is_told[to] = message->kind == RIG_MESSAGE_END;
    last_told = *message;
}

void rig_message_wait(rig_message *message, uint32_t *from)
{
    (void)message;
    (void)from;
    fail_msg("it waits for ever");
}

void rig_message_wait_for(uint32_t from, rig_message *message)
{
    rig_message_wait(message, &from);
}

void rig_message_take_rows(uint32_t from, double *rows, size_t n)
{
    (void)from;
    (void)rows;
    (void)n;
}

void rig_message_spread(void *data, size_t n)
{
    (void)data;
    (void)n;
}

static rig_rank_peer peers[N_RANKS];
static rig_rank_site sites[N_RANKS];

/* @param words  Ranks whose last words come. @return as rig_leader_end. */
static bool end(const char *words, double silence_s, int *exit_code, rig_error *err)
{
    rig_ranks ranks = {
        .n_ranks = N_RANKS, .sites = sites, .peers = peers, .end_silence_s = silence_s};
    n_come = n_coming = 0;
    for (; *words != '\0'; words++) {
        coming[n_coming].from = (uint32_t)(*words - '0');
        coming[n_coming++].kind = RIG_MESSAGE_LEFT;
    }
    memset(is_told, 0, sizeof is_told);
    *err = (rig_error){0};
    return rig_leader_end(&ranks, exit_code, err);
}

static void forget(void)
{
    memset(peers, 0, sizeof peers);
}

static void test_all_say_a_last_word(void **state)
{
    (void)state;
    rig_error err;
    int exit_code = 1;
    forget();
    assert_false(end("312", 0.0, &exit_code, &err));
    assert_int_equal(exit_code, 1);
    assert_true(is_told[1] && is_told[2] && is_told[3]);
    assert_int_equal(last_told.status, 1);
    assert_string_equal(err.text, "");
}

/* Killed after its work: rank 0 does not wait for ever. */
static void test_one_never_says_it(void **state)
{
    (void)state;
    rig_error err;
    int exit_code = 0;
    forget();
    assert_true(end("31", 0.05, &exit_code, &err));
    assert_int_equal(exit_code, 5); /* with 0 mpirun would wait for its guard */
    assert_true(is_told[1] && !is_told[2] && is_told[3]);
    assert_int_equal(last_told.status, 5);
    assert_int_equal(last_told.n, 1);
    assert_non_null(strstr(err.text, "rank 2"));
    exit_code = 4; /* it has a reason of its own */
    forget();
    assert_true(end("13", 0.05, &exit_code, &err));
    assert_int_equal(exit_code, 4);
    assert_string_equal(err.text, "");
}

/* Taken for lost in the play, and come back: its word is not another's. */
static void test_one_comes_back(void **state)
{
    (void)state;
    rig_error err;
    int exit_code = 4;
    forget();
    peers[1].is_lost = peers[1].has_left = true;
    assert_true(end("123", 0.0, &exit_code, &err));
    assert_int_equal(n_come, 3);
    assert_true(!is_told[1] && is_told[2] && is_told[3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_say_a_last_word),
                                       cmocka_unit_test(test_one_never_says_it),
                                       cmocka_unit_test(test_one_comes_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
