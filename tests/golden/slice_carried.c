/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slices of captures whose packets are carried in all kinds of ways: fragments, streams, tunnels,
 * copies. Whatever frames a message needs must be in the slice, and no call must differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

#include "analyzer/packets/capture.h"
#include "tests/golden/carriers.h"
#include "tests/golden/slice_check.h"

enum { ETHERNET_HEADER = 14, MAX_PATH = 4096, MAX_TESTS = 200 };

static char folder[] = "/tmp/peakrig-carried-XXXXXX";

/* The IPv4 packets of a fixture, carried otherwise. */
static void write_carried(const char *fixture, const carrier *how, const char *to)
{
    static carried frames;
    carrier_state state = {.n_flows = 0};
    rig_capture_reader *reader = NULL;
    rig_capture_writer *writer = NULL;
    rig_frame frame;
    bool is_end = false;
    rig_error err = {.text = ""};
    char path[MAX_PATH];
    const char *paths[] = {path};
    snprintf(path, sizeof path, "%s/%s.pcap", PEAKRIG_FIXTURES, fixture);
    if (rig_capture_open(paths, 1, &reader, &err) != RIG_OK ||
        rig_capture_writer_new(to, &writer, &err) != RIG_OK)
        fail_msg("%s", err.text);
    while (rig_capture_next(reader, &frame, &is_end, &err) == RIG_OK && !is_end) {
        const uint8_t *ip = frame.data + ETHERNET_HEADER;
        frames.n = 0;
        how->carry(&state, frame.t_ns, ip, (size_t)(ip[2] << 8 | ip[3]), &frames);
        for (size_t k = 0; k < frames.n; k++) {
            const rig_frame made = {.linktype = how->linktype,
                                    .t_ns = frame.t_ns,
                                    .data = frames.frames[k].data,
                                    .caplen = frames.frames[k].n,
                                    .len = frames.frames[k].n};
            assert_int_equal(rig_capture_writer_add(writer, &made, &err), RIG_OK);
        }
    }
    rig_capture_close(reader);
    if (rig_capture_writer_commit(writer, &err) != RIG_OK)
        fail_msg("%s", err.text);
}

static void check_carrier(void **state)
{
    static const char *const fixtures[] = {"embedded_centre", "plain_pbx", "crossings"};
    const carrier *how = *state;
    char whole[MAX_PATH], part[MAX_PATH];
    int n_differences = 0;
    snprintf(whole, sizeof whole, "%s/whole.pcap", folder);
    snprintf(part, sizeof part, "%s/part.pcap", folder);
    for (size_t i = 0; i < sizeof fixtures / sizeof fixtures[0]; i++) {
        write_carried(fixtures[i], how, whole);
        const slice_of of = {.name = how->name, .path = whole, .output = part};
        n_differences += check_slices(&of);
    }
    (void)unlink(whole);
    (void)unlink(part);
    assert_int_equal(n_differences, 0);
}

int main(void)
{
    static struct CMUnitTest tests[MAX_TESTS];
    if (mkdtemp(folder) == NULL || n_carriers < 5 || n_carriers > MAX_TESTS)
        return 1;
    for (size_t i = 0; i < n_carriers; i++)
        tests[i] = (struct CMUnitTest){.name = carriers[i].name,
                                       .test_func = check_carrier,
                                       .initial_state = (void *)(uintptr_t)&carriers[i]};
    int n_failed = _cmocka_run_group_tests("slice_carried", tests, n_carriers, NULL, NULL);
    (void)rmdir(folder);
    return n_failed;
}
