/* SPDX-License-Identifier: GPL-3.0-or-later */
/* play.json: what is written is read, of a run without looks, too; looks that cannot be are
 * refused. */
#include "reports/play_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "tests/test.h"
#include "verdict/hosts.h"

static char path[] = "/tmp/peakrig-play-XXXXXX";

/* Replace a text of the file, once. */
static void change(const char *from, const char *to)
{
    char *text = NULL, *made = NULL;
    size_t n;
    assert_int_equal(rig_file_read(path, &text, &n, NULL), RIG_OK);
    char *at = memmem(text, n, from, strlen(from));
    assert_non_null(at);
    const char *rest = at + strlen(from);
    int n_made =
        asprintf(&made, "%.*s%s%.*s", (int)(at - text), text, to, (int)(text + n - rest), rest);
    assert_true(n_made > 0);
    assert_int_equal(rig_atomic_file_write(path, made, (size_t)n_made, NULL), RIG_OK);
    free(text);
    free(made);
}

static rig_play_facts facts_of(bool is_stopped)
{
    return (rig_play_facts){.start_epoch_ns = 5,
                            .end_epoch_ns = 7,
                            .looks = {.is_on = true,
                                      .is_stopped = is_stopped,
                                      .look = is_stopped ? 2 : 0,
                                      .n_looks = 3,
                                      .at_s = is_stopped ? 71.5 : 0.0},
                            .n_planned = 100,
                            .n_placed = 60,
                            .target = "embedded 127.0.0.1:5060",
                            .sipp = "sipp"};
}

static void test_looks_are_kept(void **state)
{
    (void)state;
    for (int is_stopped = 0; is_stopped < 2; is_stopped++) {
        const rig_play_facts written = facts_of(is_stopped != 0);
        rig_play_facts read = {0};
        rig_error err;
        assert_int_equal(rig_json_play_write(&written, "0", path, &err), RIG_OK);
        if (rig_json_play_read(path, &read, &err) != RIG_OK)
            fail_msg("%s", err.text);
        assert_int_equal(read.n_placed, 60);
        assert_int_equal(read.looks.is_on, true);
        assert_int_equal(read.looks.is_stopped, is_stopped);
        assert_int_equal(read.looks.look, written.looks.look);
        assert_int_equal(read.looks.n_looks, 3);
        assert_true(read.looks.at_s == written.looks.at_s);
    }
}

static void test_a_file_without_looks(void **state)
{
    (void)state;
    const rig_play_facts written = facts_of(true);
    rig_play_facts read = written;
    assert_int_equal(rig_json_play_write(&written, "0", path, NULL), RIG_OK);
    change("\"early_stop\"", "\"something_else\"");
    assert_int_equal(rig_json_play_read(path, &read, NULL), RIG_OK);
    assert_false(read.looks.is_on || read.looks.is_stopped);
}

static void test_looks_that_cannot_be(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"\"look\": 2", "\"look\": 4"},
                                          {"\"look\": 2", "\"look\": -1"},
                                          {"\"look\": 2", "\"look\": \"two\""},
                                          {"\"at_s\": 71.5", "\"at_s\": 0.0"},
                                          {"\"n_looks\": 3", "\"n_looks\": -3"}};
    const rig_play_facts written = facts_of(true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_play_facts read = {.n_planned = 77};
        rig_error err = {.text = ""};
        assert_int_equal(rig_json_play_write(&written, "0", path, NULL), RIG_OK);
        change(rows[i][0], rows[i][1]);
        assert_int_equal(rig_json_play_read(path, &read, &err), RIG_EINPUT);
        assert_non_null(strstr(err.text, "early_stop: "));
        assert_int_equal(read.n_planned, 77);
    }
}

static const rig_play_facts *of_two_hosts(void)
{
    static rig_play_facts f;
    f = facts_of(false);
    f.n_hosts = 2;
    f.hosts[0] = (rig_play_facts_host){.name = "vm1", .n_calls = 30, .n_packets = 900};
    f.hosts[1] = (rig_play_facts_host){.name = "vm2",
                                       .is_lost = true,
                                       .n_calls = 29,
                                       .n_packets = 800,
                                       .n_kernel_dropped = 7,
                                       .start_offset_ns = -50000001,
                                       .end_offset_ns = -50000002,
                                       .error_ns = 12345,
                                       .test_offset_ns = -50000000,
                                       .n_looks = 11};
    return &f;
}

static void test_load_hosts_are_kept(void **state)
{
    (void)state;
    const rig_play_facts *written = of_two_hosts();
    rig_play_facts read = {0};
    assert_int_equal(rig_json_play_write(written, "0", path, NULL), RIG_OK);
    assert_int_equal(rig_json_play_read(path, &read, NULL), RIG_OK);
    assert_int_equal(read.n_hosts, 2);
    for (size_t i = 0; i < 2; i++) {
        const rig_play_facts_host *a = &read.hosts[i], *b = &written->hosts[i];
        assert_string_equal(a->name, b->name);
        assert_int_equal(a->is_lost, b->is_lost);
        assert_int_equal(a->n_calls, b->n_calls);
        assert_int_equal(a->n_packets, b->n_packets);
        assert_int_equal(a->n_kernel_dropped, b->n_kernel_dropped);
        assert_int_equal(a->start_offset_ns, b->start_offset_ns);
        assert_int_equal(a->end_offset_ns, b->end_offset_ns);
        assert_int_equal(a->error_ns, b->error_ns);
        assert_int_equal(a->test_offset_ns, b->test_offset_ns);
        assert_int_equal(a->n_looks, b->n_looks);
    }
}

static void test_load_hosts_that_cannot_be(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"\"name\": \"vm2\"", "\"name\": 2"},
        {"\"lost\": true", "\"lost\": 1"},
        {"\"calls\": 29", "\"calls\": -1"},
        {"\"error_ns\": 12345", "\"error_ns\": -12345"},
        {"\"looks\": 11", "\"looks\": 1.5"},
        {"\"test_offset_ns\": -50000000", "\"test_offset_ns\": \"\""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_play_facts read = {.n_planned = 77};
        rig_error err = {.text = ""};
        assert_int_equal(rig_json_play_write(of_two_hosts(), "0", path, NULL), RIG_OK);
        change(rows[i][0], rows[i][1]);
        assert_int_equal(rig_json_play_read(path, &read, &err), RIG_EINPUT);
        assert_non_null(strstr(err.text, "hosts: expected 2 to "));
        assert_int_equal(read.n_planned, 77);
    }
}

/* Clocks that a test has set off are told as such: no run may be so in silence. */
static void test_clocks_of_a_test_are_told(void **state)
{
    (void)state;
    rig_play_facts facts = *of_two_hosts();
    rig_hosts hosts = {.n = 2, .facts = facts.hosts};
    rig_check checks[2] = {0};
    facts.hosts[1].is_lost = false;
    assert_int_equal(rig_hosts_check(&hosts, 10.0, checks), 2);
    assert_true(checks[0].is_ok && checks[1].is_ok);
    assert_non_null(strstr(checks[1].text, "PEAKRIG_TEST_FLEET_CLOCKS"));
    facts.hosts[1].test_offset_ns = 0;
    assert_int_equal(rig_hosts_check(&hosts, 10.0, checks), 2);
    assert_true(checks[1].is_ok);
    assert_null(strstr(checks[1].text, "TEST"));
    assert_non_null(strstr(checks[1].text, "up to 50.000 ms"));
    facts.hosts[1].error_ns = 6000000;
    facts.hosts[1].is_lost = true;
    assert_int_equal(rig_hosts_check(&hosts, 10.0, checks), 2);
    assert_false(checks[0].is_ok || checks[1].is_ok);
    assert_non_null(strstr(checks[0].text, "load host vm2 (rank 1) was lost"));
    assert_non_null(strstr(checks[1].text, "known to 6.000 ms only"));
}

int main(void)
{
    int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    (void)close(fd);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_looks_are_kept),
        cmocka_unit_test(test_a_file_without_looks),
        cmocka_unit_test(test_looks_that_cannot_be),
        cmocka_unit_test(test_load_hosts_are_kept),
        cmocka_unit_test(test_load_hosts_that_cannot_be),
        cmocka_unit_test(test_clocks_of_a_test_are_told),
    };
    int n_failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)unlink(path);
    return n_failed;
}
