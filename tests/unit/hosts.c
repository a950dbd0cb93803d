/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Load hosts of a run: each is judged by its own calls and its own clock. */
#include "verdict/hosts.h"

#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "tests/test.h"

enum { N = 10, N_HOSTS = 3, WORST = 2 };

static const int64_t MS = RIG_NS_PER_S / 1000;

/* Of three hosts: the second is 2 ms late, the third so late. */
static void measure(rig_play_facts *play, int64_t third_late_ms, rig_hosts *hosts)
{
    int64_t planned_ns[N], actual_ns[N];
    play->n_hosts = N_HOSTS;
    for (size_t i = 0; i < N_HOSTS; i++)
        (void)strcpy(play->hosts[i].name, i == 0 ? "vm1" : i == 1 ? "vm2" : "vm3");
    for (int i = 0; i < N; i++) {
        planned_ns[i] = i * RIG_NS_PER_S;
        actual_ns[i] =
            planned_ns[i] + MS * (i % N_HOSTS == WORST ? third_late_ms : 2 * (i % N_HOSTS));
    }
    actual_ns[N - 1] = RIG_NO_TIME; /* of the first host: not placed */
    assert_int_equal(rig_hosts_measure(play, planned_ns, actual_ns, N, hosts), RIG_OK);
}

static void test_each_by_its_own_calls(void **state)
{
    (void)state;
    static rig_play_facts play;
    static rig_hosts hosts;
    memset(&play, 0, sizeof play);
    measure(&play, 7, &hosts);
    static const size_t n_planned[] = {4, 3, 3}, n_placed[] = {3, 3, 3};
    static const double late_ms[] = {0.0, 2.0, 7.0};
    assert_int_equal(hosts.n, N_HOSTS);
    for (size_t i = 0; i < N_HOSTS; i++) {
        assert_int_equal(hosts.lateness[i].n_planned, n_planned[i]);
        assert_int_equal(hosts.lateness[i].n_placed, n_placed[i]);
        assert_true(fabs(hosts.lateness[i].abs_p99_ms - late_ms[i]) < 1e-6);
    }
}

static const struct {
    bool is_lost; /* the second */
    int64_t late_ms, error_ns, start_ns, end_ns;
    bool are_ok[2];
    const char *text[2];
} rows[] = {
    {false,
     7,
     40000,
     -3000000,
     9000000,
     {true, true},
     {"on each of 3 load hosts 99 % of the INVITEs within 7.00 ms",
      "up to 9.000 ms from the first one's, which is corrected, and are known to 0.040 ms"}},
    {false,
     -11,
     0,
     -12000000,
     0,
     {false, true},
     {"load host vm3 (rank 2) was late: 99 % of its INVITEs within 11.00 ms of their plan; "
      "expected at most 10 ms",
      "up to 12.000 ms"}},
    {true,
     11,
     0,
     0,
     0,
     {false, true},
     {"load host vm2 (rank 1) was lost during the run; what its 3 calls came to is not known",
      "up to 0.000 ms"}},
    {false,
     0,
     5100000,
     0,
     0,
     {true, false},
     {"within 2.00 ms", "the clock of load host vm3 (rank 2) is known to 5.100 ms only; "
                        "expected 5 ms"}},
};

static void test_checks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static rig_play_facts play;
        static rig_hosts hosts;
        rig_check checks[2];
        memset(&play, 0, sizeof play);
        measure(&play, rows[i].late_ms, &hosts);
        play.hosts[1].is_lost = rows[i].is_lost;
        play.hosts[1].n_calls = 3;
        play.hosts[WORST].error_ns = rows[i].error_ns;
        play.hosts[WORST].start_offset_ns = rows[i].start_ns;
        play.hosts[WORST].end_offset_ns = rows[i].end_ns;
        assert_int_equal(rig_hosts_check(&hosts, 10.0, checks), 2);
        for (size_t k = 0; k < 2; k++) {
            assert_string_equal(checks[k].gate, "G0");
            if (checks[k].is_ok != rows[i].are_ok[k] ||
                strstr(checks[k].text, rows[i].text[k]) == NULL)
                fail_msg("row %zu: %s", i, checks[k].text);
        }
    }
}

static void test_one_host_is_none(void **state)
{
    (void)state;
    static const rig_play_facts play;
    static rig_hosts hosts;
    const int64_t t_ns = 0;
    rig_check checks[2];
    assert_int_equal(rig_hosts_measure(&play, &t_ns, &t_ns, 1, &hosts), RIG_OK);
    assert_int_equal(rig_hosts_check(&hosts, 10.0, checks), 0);
    assert_int_equal(rig_hosts_check(NULL, 10.0, checks), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_by_its_own_calls),
        cmocka_unit_test(test_checks),
        cmocka_unit_test(test_one_host_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
