/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What load hosts send rank 0 at the end, whatever becomes of it there: a host waits until all that
 * it sends is taken. The hosts, and the wire between them, are this test's. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test.h"

#include "cli/fleet_facts.h"
#include "cli/fleet_gather.h"
#include "generator/merge.h"

enum { N_HOSTS = 3, N_LOGS = 2, ROOM = 1 << 20, SKEW_NS = 50000000 };

/* What each has sent, and how much of it was taken. */
struct rig_fleet {
    uint32_t rank;
    unsigned char *sent[N_HOSTS];
    size_t n_sent[N_HOSTS], n_taken[N_HOSTS];
    uint32_t n_added, n_lacking;
    uint32_t damaged; /* rank of whose capture a byte is changed on its way; 0: of none */
};

uint32_t rig_fleet_n(const rig_fleet *fleet)
{
    (void)fleet;
    return N_HOSTS;
}

const char *rig_fleet_host(const rig_fleet *fleet, uint32_t rank)
{
    (void)fleet;
    (void)rank;
    return "host";
}

int64_t rig_fleet_test_skew_ns(const rig_fleet *fleet)
{
    (void)fleet;
    return SKEW_NS;
}

const rig_fleet_look *rig_fleet_looks(const rig_fleet *fleet, uint32_t rank, size_t *n)
{
    (void)fleet;
    (void)rank;
    *n = 0;
    return NULL;
}

void rig_fleet_send(rig_fleet *fleet, const void *data, size_t n)
{
    assert_true(fleet->n_sent[fleet->rank] + n <= ROOM);
    memcpy(fleet->sent[fleet->rank] + fleet->n_sent[fleet->rank], data, n);
    fleet->n_sent[fleet->rank] += n;
}

bool rig_fleet_take(rig_fleet *fleet, uint32_t rank, void *data, size_t n)
{
    assert_true(fleet->n_taken[rank] + n <= fleet->n_sent[rank]);
    memcpy(data, fleet->sent[rank] + fleet->n_taken[rank], n);
    fleet->n_taken[rank] += n;
    return true;
}

void rig_run_fleet_facts_begin(rig_run_fleet_facts *facts, const rig_run_host *host)
{
    facts->host = host;
}

void rig_run_fleet_facts_add(rig_run_fleet_facts *facts, uint32_t rank,
                             const rig_play_report *report, int64_t test_offset_ns)
{
    (void)rank;
    assert_int_equal(test_offset_ns, SKEW_NS);
    facts->all.n_workers += report->n_workers;
    facts->host->fleet->n_added++;
}

void rig_run_fleet_facts_lack(rig_run_fleet_facts *facts, uint32_t rank, const char *why)
{
    (void)rank;
    (void)why;
    facts->host->fleet->n_lacking++;
}

/* Counts the parts whose file is there. */
static size_t n_whole;

rig_status rig_merge_captures(const rig_merge_part *parts, size_t n, const char *path,
                              rig_error *err)
{
    (void)path;
    (void)err;
    for (size_t i = 0; i < n; i++)
        n_whole += access(parts[i].path, R_OK) == 0;
    return RIG_OK;
}

static void write_file(const char *dir, const char *name, const char *text)
{
    char path[1300];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *out = fopen(path, "we");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

/* A folder with what a host leaves: logs and a capture. */
static void make_host(char dir[64])
{
    char logs[80], name[40];
    (void)snprintf(dir, 64, "/tmp/peakrig-gather-XXXXXX");
    assert_non_null(mkdtemp(dir));
    (void)snprintf(logs, sizeof logs, "%s/logs", dir);
    assert_int_equal(mkdir(logs, 0700), 0);
    for (int k = 0; k < N_LOGS; k++) {
        (void)snprintf(name, sizeof name, "logs/callers%d.log", k);
        write_file(dir, name, "RIG;0\n");
    }
    write_file(dir, "capture.pcap", "packets");
}

static void remove_all(const char *dir)
{
    char command[100];
    (void)snprintf(command, sizeof command, "rm -r %s", dir);
    assert_int_equal(system(command), 0);
}

/* Rank 0 gathers into a folder that has, or has not, room for logs. */
static rig_status gather(rig_fleet *fleet, bool has_logs)
{
    static rig_run_host host;
    static rig_run_dir run;
    static rig_play_facts facts;
    char own[64], into[64];
    rig_error err = {0};
    make_host(own);
    make_host(into);
    host = (rig_run_host){.fleet = fleet, .dir = own, .has_report = true};
    host.report.n_workers = N_LOGS;
    for (fleet->rank = 1; fleet->rank < N_HOSTS; fleet->rank++) {
        fleet->sent[fleet->rank] = malloc(ROOM);
        assert_non_null(fleet->sent[fleet->rank]);
        rig_run_host_send(&host);
        if (fleet->rank == fleet->damaged)
            fleet->sent[fleet->rank][fleet->n_sent[fleet->rank] - 1 - 65] ^= 1;
    }
    fleet->rank = 0;
    run = (rig_run_dir){0};
    (void)snprintf(run.dir, sizeof run.dir, "%s%s", into, has_logs ? "" : "/nowhere");
    (void)snprintf(run.capture, sizeof run.capture, "%s/capture.pcap", into);
    n_whole = 0;
    const rig_status status = rig_run_host_gather(&host, &run, &facts, &err);
    assert_int_equal(err.text[0] != '\0', status != RIG_OK);
    for (uint32_t rank = 1; rank < N_HOSTS; rank++)
        free(fleet->sent[rank]);
    remove_all(own);
    remove_all(into);
    return status;
}

static void test_all_is_taken(void **state)
{
    (void)state;
    rig_fleet fleet = {.rank = 0};
    assert_int_equal(gather(&fleet, true), RIG_OK);
    assert_int_equal(fleet.n_added, N_HOSTS);
    assert_int_equal(n_whole, N_HOSTS);
    for (uint32_t rank = 1; rank < N_HOSTS; rank++)
        assert_int_equal(fleet.n_taken[rank], fleet.n_sent[rank]);
}

/* A full disk, or a folder that is gone: the hosts are not left waiting. */
static void test_what_cannot_be_written_is_taken_too(void **state)
{
    (void)state;
    rig_fleet fleet = {.rank = 0};
    assert_int_equal(gather(&fleet, false), RIG_EIO);
    assert_int_equal(n_whole, 0);
    for (uint32_t rank = 1; rank < N_HOSTS; rank++) {
        assert_true(fleet.n_sent[rank] > 0);
        assert_int_equal(fleet.n_taken[rank], fleet.n_sent[rank]);
    }
}

/* What comes otherwise than it was sent is not judged. */
static void test_a_damaged_capture(void **state)
{
    (void)state;
    rig_fleet fleet = {.damaged = 2};
    assert_int_equal(gather(&fleet, true), RIG_OK);
    assert_int_equal(fleet.n_added, N_HOSTS - 1);
    assert_int_equal(fleet.n_lacking, 1);
    assert_int_equal(n_whole, N_HOSTS - 1);
    for (uint32_t rank = 1; rank < N_HOSTS; rank++)
        assert_int_equal(fleet.n_taken[rank], fleet.n_sent[rank]);
}

/* How much a host of this folder sends. */
static size_t n_sent_of(const char *dir)
{
    static rig_run_host host;
    rig_fleet fleet = {.rank = 1};
    fleet.sent[1] = malloc(ROOM);
    assert_non_null(fleet.sent[1]);
    host = (rig_run_host){.fleet = &fleet, .dir = dir, .has_report = true};
    host.report.n_workers = N_LOGS;
    rig_run_host_send(&host);
    free(fleet.sent[1]);
    return fleet.n_sent[1];
}

/* SIPp may be another user's: what he has put in the place of its log is not sent. */
static void test_a_link_is_not_followed(void **state)
{
    (void)state;
    char dir[64], path[100];
    make_host(dir);
    const size_t n = n_sent_of(dir);
    (void)snprintf(path, sizeof path, "%s/logs/callers1.log", dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("callers0.log", path), 0);
    assert_int_equal(n_sent_of(dir), n - strlen("RIG;0\n"));
    remove_all(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_link_is_not_followed),
        cmocka_unit_test(test_all_is_taken),
        cmocka_unit_test(test_a_damaged_capture),
        cmocka_unit_test(test_what_cannot_be_written_is_taken_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
