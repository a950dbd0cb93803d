/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a machine is missing, weak or well: each fact changed alone on a machine that has all. */
#include "generator/machine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator/machine/quota.h"
#include "tests/test.h"

static const rig_machine_facts WHOLE = {
    .sipp = {.is_found = true, .path = "/usr/bin/sipp", .version = "3.6.1-TLS-PCAP-RTPSTREAM"},
    .capture = {.is_allowed = true, .program = "/opt/peak rig/peakrig", .has_setcap = true},
    .open_files = 8192,
    .open_files_most = 8192,
    .receive_bytes = 4000000,
    .send_bytes = 4000000,
    .has_loopback = true,
    .has_loopback_6 = true,
    .clock = RIG_MACHINE_CLOCK_KEPT,
    .clock_error_s = 0.001,
    .n_cores = 2,
    .n_online = 4,
    .cpu_quota = INFINITY,
    .runs = {.path = "/runs", .is_writable = true, .free_bytes = 1ULL << 30},
    .temporary = {.path = "/tmp", .is_writable = true, .free_bytes = 10U << 20},
    .shared = {.path = "/dev/shm", .is_writable = true, .free_bytes = 64U << 20}};

static const rig_machine_item *item_of(const rig_machine_item *items, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(items[i].name, name) == 0)
            return &items[i];
    }
    return NULL;
}

/* The one thing that is not well is `name`. */
static void expect(const rig_machine_facts *facts, const char *name, rig_machine_state state,
                   const char *mend)
{
    rig_machine_item items[RIG_MACHINE_N_ITEMS];
    const size_t n = rig_machine_judge(facts, items);
    for (size_t i = 0; i < n; i++) {
        assert_true(items[i].found[0] != '\0' && items[i].expected[0] != '\0');
        assert_int_equal(items[i].state, strcmp(items[i].name, name) == 0 ? state : RIG_MACHINE_OK);
        if (items[i].state == RIG_MACHINE_OK)
            assert_string_equal(items[i].mend, "");
    }
    if (state == RIG_MACHINE_OK)
        return;
    const rig_machine_item *item = item_of(items, n, name);
    assert_non_null(item);
    assert_string_equal(item->mend, mend);
}

#define CASE(member_and_value, name, state, mend)                                                  \
    do {                                                                                           \
        rig_machine_facts f = WHOLE;                                                               \
        f member_and_value;                                                                        \
        expect(&f, name, RIG_MACHINE_##state, mend);                                               \
    } while (0)

static void test_a_whole_machine(void **state)
{
    (void)state;
    rig_machine_item items[RIG_MACHINE_N_ITEMS];
    expect(&WHOLE, "", RIG_MACHINE_OK, "");
    assert_int_equal(rig_machine_judge(&WHOLE, items), RIG_MACHINE_N_ITEMS);
}

static void test_limits(void **state)
{
    (void)state;
    CASE(.open_files = 4064, "open files", OK, "");
    CASE(.open_files = UINT64_MAX, "open files", OK, "");
    CASE(.open_files = 4063, "open files", WEAK, "ulimit -n 4064");
    CASE(.open_files = 64, "open files", WEAK, "ulimit -n 4064");
    CASE(.open_files = 63, "open files", MISSING, "ulimit -n 4064");
    CASE(.open_files = f.open_files_most = 63, "open files", MISSING,
         "sudo prlimit --pid $$ --nofile=4064");
    const char *const wider = "sudo sysctl -w net.core.rmem_max=4194304 net.core.wmem_max=4194304";
    CASE(.receive_bytes = 3999999, "socket buffers", WEAK, wider);
    CASE(.send_bytes = 212992, "socket buffers", WEAK, wider);
    CASE(.has_loopback = false, "loopback", MISSING, "sudo ip link set lo up");
    CASE(.has_loopback_6 = false, "loopback IPv6", WEAK,
         "sudo sysctl -w net.ipv6.conf.lo.disable_ipv6=0");
}

static void test_time(void **state)
{
    (void)state;
    const char *const chrony = "sudo apt-get install -y chrony && sudo chronyd";
    CASE(.clock = RIG_MACHINE_CLOCK_FREE, "clock", WEAK, chrony);
    CASE(.clock = RIG_MACHINE_CLOCK_UNKNOWN, "clock", WEAK, chrony);
    rig_machine_facts with_systemd = WHOLE;
    with_systemd.clock = RIG_MACHINE_CLOCK_FREE;
    with_systemd.has_systemd = true;
    expect(&with_systemd, "clock", RIG_MACHINE_WEAK,
           "sudo apt-get install -y systemd-timesyncd && sudo timedatectl set-ntp true");
    CASE(.cpu_quota = 2.0, "cores", OK, "");
    CASE(.cpu_quota = 1.5, "cores", WEAK, "docker update --cpus 2 CONTAINER");
    CASE(.n_cores = 1, "cores", WEAK, "taskset -cp 0-3 $$");
    CASE(.n_cores = f.n_online = 1, "cores", WEAK, "");
}

static void test_room(void **state)
{
    (void)state;
    const char *const out = "peakrig run SCENARIO --out FOLDER_WITH_ROOM";
    CASE(.runs.free_bytes = (1ULL << 30) - 1, "disk", WEAK, out);
    CASE(.runs.free_bytes = 100U << 20, "disk", WEAK, out);
    CASE(.runs.free_bytes = (100U << 20) - 1, "disk", MISSING, out);
    CASE(.runs.is_writable = false, "disk", MISSING, out);
    CASE(.temporary.is_writable = false, "temporary files", MISSING,
         "export TMPDIR=FOLDER_WITH_ROOM");
    CASE(.temporary.free_bytes = (10U << 20) - 1, "temporary files", MISSING,
         "export TMPDIR=FOLDER_WITH_ROOM");
    const char *const shm =
        "sudo mkdir -p /dev/shm && sudo mount -t tmpfs -o size=256M,mode=1777 shm /dev/shm";
    CASE(.shared.is_writable = false, "shared memory", WEAK, shm);
    CASE(.shared.free_bytes = (64U << 20) - 1, "shared memory", WEAK, shm);
}

static void test_capture(void **state)
{
    (void)state;
    rig_machine_facts f = WHOLE;
    f.capture.is_allowed = false;
    (void)snprintf(f.capture.problem, sizeof f.capture.problem, "lo: capturing is not permitted");
    expect(&f, "capture", RIG_MACHINE_MISSING,
           "sudo setcap cap_net_raw+ep '/opt/peak rig/peakrig'");
    f.is_root = true;
    f.capture.has_setcap = false;
    expect(&f, "capture", RIG_MACHINE_MISSING,
           "apt-get install -y libcap2-bin && setcap cap_net_raw+ep '/opt/peak rig/peakrig'");
    f.capture.is_nosuid = true;
    expect(&f, "capture", RIG_MACHINE_MISSING,
           "install '/opt/peak rig/peakrig' /usr/local/bin/peakrig && setcap cap_net_raw+ep "
           "/usr/local/bin/peakrig");
    f.capture.is_held = true;
    expect(&f, "capture", RIG_MACHINE_MISSING,
           "docker run --security-opt no-new-privileges=false --cap-add NET_RAW IMAGE");
    f.capture.is_bounded = true;
    expect(&f, "capture", RIG_MACHINE_MISSING, "docker run --cap-add NET_RAW IMAGE");
}

static void without_sipp(rig_machine_facts *f, const char *problem, bool has_better_place)
{
    *f = WHOLE;
    f->sipp = (rig_machine_sipp){.has_better_place = has_better_place};
    (void)snprintf(f->sipp.problem, sizeof f->sipp.problem, "%s", problem);
}

static void test_sipp(void **state)
{
    (void)state;
    rig_machine_facts f;
    const char *const install = "sudo apt-get install -y sip-tester";
    without_sipp(&f, "sipp: not found in PATH", false);
    expect(&f, "sipp", RIG_MACHINE_MISSING, install);
    without_sipp(&f, "/x/sipp: SIPp 3.5; expected 3.6 or later", false);
    expect(&f, "sipp", RIG_MACHINE_MISSING, install);
    without_sipp(&f, "/x/sipp: SIPp 3.5; expected 3.6 or later", true);
    expect(&f, "sipp", RIG_MACHINE_MISSING, "peakrig run --sipp /usr/bin/sipp SCENARIO");
    without_sipp(&f, "/x/sipp: has privileges of its file (setcap or set-user-ID)", false);
    expect(&f, "sipp", RIG_MACHINE_MISSING,
           "sudo setcap -r \"$(command -v sipp)\"; sudo chmod ug-s \"$(command -v sipp)\"");
}

static void test_audio(void **state)
{
    (void)state;
    const struct {
        const char *version;
        rig_machine_state state;
    } cases[] = {{"3.6.1-SCTP-PCAP-RTPSTREAM", RIG_MACHINE_OK},
                 {"3.6.1-PCAP", RIG_MACHINE_WEAK},
                 {"3.6.0-RTPSTREAM", RIG_MACHINE_WEAK},
                 {"3.6.0", RIG_MACHINE_WEAK},
                 {"3.7.3-TLS-PCAP", RIG_MACHINE_OK},
                 {"3.7.3", RIG_MACHINE_WEAK},
                 {"4.0.0-PCAP", RIG_MACHINE_OK},
                 {"", RIG_MACHINE_WEAK}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_machine_facts f = WHOLE;
        (void)snprintf(f.sipp.version, sizeof f.sipp.version, "%s", cases[i].version);
        expect(&f, "sipp audio", cases[i].state, "sudo apt-get install -y --reinstall sip-tester");
    }
}

static void test_words_for_a_shell(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"/usr/bin/peakrig", "/usr/bin/peakrig"},
                                           {"", "''"},
                                           {"a b", "'a b'"},
                                           {"it's", "'it'\\''s'"},
                                           {"$(x)", "'$(x)'"},
                                           {"a;b", "'a;b'"},
                                           {"~", "'~'"}};
    char quoted[16];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_machine_quote(cases[i][0], quoted, sizeof quoted);
        if (strlen(cases[i][1]) < sizeof quoted)
            assert_string_equal(quoted, cases[i][1]);
        else
            assert_string_equal(quoted, "");
    }
    rig_machine_quote("a word that is too long", quoted, sizeof quoted);
    assert_string_equal(quoted, ""); /* never a part of it */
}

/* ---- control groups ---- */

static char root[] = "/tmp/peakrig-machine-XXXXXX";

static void put(const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    if (text == NULL) {
        assert_int_equal(mkdir(path, 0700), 0);
        return;
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static double quota(const char *own)
{
    char path[256];
    put("own", own);
    (void)snprintf(path, sizeof path, "%s/own", root);
    return rig_machine_cpu_quota(root, path);
}

static void test_quota(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(root));
    put("a", NULL);
    put("a/b", NULL);
    put("cpu", NULL);
    put("cpu/c", NULL);
    assert_true(isinf(quota("0::/a/b\n")));
    put("a/b/cpu.max", "max 100000\n");
    assert_true(isinf(quota("0::/a/b\n")));
    put("a/cpu.max", "150000 100000\n");
    assert_true(quota("0::/a/b\n") == 1.5); /* that above limits, too */
    put("a/b/cpu.max", "50000 100000\n");
    assert_true(quota("0::/a/b\n") == 0.5);
    assert_true(quota("0::/a\n") == 1.5);
    assert_true(isinf(quota("0::/elsewhere\n")));
    put("cpu/c/cpu.cfs_quota_us", "-1\n");
    put("cpu/c/cpu.cfs_period_us", "100000\n");
    assert_true(isinf(quota("4:cpu,cpuacct:/c\n")));
    put("cpu/c/cpu.cfs_quota_us", "25000\n");
    assert_true(quota("7:memory:/a\n4:cpu,cpuacct:/c\n") == 0.25);
    assert_true(isinf(quota("3:cpuset:/c\n2:cpuacct:/c\n"))); /* other controllers */
    assert_true(isinf(quota("nonsense\n:\n")));
    assert_true(isinf(rig_machine_cpu_quota(root, "/nowhere")));
}

static int remove_root(void **state)
{
    (void)state;
    static const char *const names[] = {
        "a/b/cpu.max", "a/b", "a/cpu.max", "a", "cpu/c/cpu.cfs_quota_us", "cpu/c/cpu.cfs_period_us",
        "cpu/c",       "cpu", "own",       "."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "%s/%s", root, names[i]);
        (void)remove(names[i][0] == '.' ? root : path);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_whole_machine),
                                       cmocka_unit_test(test_limits),
                                       cmocka_unit_test(test_time),
                                       cmocka_unit_test(test_room),
                                       cmocka_unit_test(test_capture),
                                       cmocka_unit_test(test_sipp),
                                       cmocka_unit_test(test_audio),
                                       cmocka_unit_test(test_words_for_a_shell),
                                       cmocka_unit_test_teardown(test_quota, remove_root)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
