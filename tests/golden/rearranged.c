/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Metamorphic tests of files: the packets of a capture, written as taps, cards and merging tools
 * write them, give the same calls. What reframe.c does to frames, this does to their order and
 * files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

#include "analyzer/analyzer.h"
#include "analyzer/packets/capture.h"
#include "core/clock.h"
#include "tests/golden/compare.h"

enum { MAX_PACKETS = 8192, MAX_FILES = 400, MAX_PATH = 128, ETHERNET_HEADER = 14, UDP_HEADER = 8 };

#define MS INT64_C(1000000)

static char folder[] = "/tmp/peakrig-rearranged-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int drop_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

/* A packet on its way into a file. */
typedef struct packet {
    int64_t t_ns;
    int64_t key_ns; /* by which it is sorted: how the file is written */
    size_t number;  /* keeps the order of equals */
    uint32_t interface;
    size_t file;
    size_t n;
    uint8_t *data;
    bool is_of_centre; /* sent by the end that received the first INVITE */
} packet;

static packet packets[2 * MAX_PACKETS];
static size_t n_packets, n_original;

static void load(const char *name)
{
    char path[4096];
    const char *paths[1] = {path};
    rig_capture_reader *reader = NULL;
    rig_frame frame;
    bool is_end = false;
    uint8_t centre[4] = {0};
    snprintf(path, sizeof path, "%s/%s.pcap", PEAKRIG_FIXTURES, name);
    assert_int_equal(rig_capture_open(paths, 1, &reader, NULL), RIG_OK);
    n_original = 0;
    while (rig_capture_next(reader, &frame, &is_end, NULL) == RIG_OK && !is_end) {
        assert_true(n_original < MAX_PACKETS && frame.caplen > ETHERNET_HEADER + 20);
        packet *p = &packets[n_original];
        *p = (packet){.t_ns = frame.t_ns, .n = frame.caplen, .data = malloc(frame.caplen)};
        memcpy(p->data, frame.data, frame.caplen);
        if (n_original++ == 0)
            memcpy(centre, p->data + ETHERNET_HEADER + 16, 4);
        p->is_of_centre = memcmp(p->data + ETHERNET_HEADER + 12, centre, 4) == 0;
    }
    rig_capture_close(reader);
}

static void unload(void)
{
    for (size_t i = 0; i < n_original; i++)
        free(packets[i].data);
}

/* ---- how files are written */

static int by_key(const void *a, const void *b)
{
    const packet *x = a, *y = b;
    if (x->key_ns != y->key_ns)
        return x->key_ns < y->key_ns ? -1 : 1;
    if (x->interface != y->interface)
        return x->interface < y->interface ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

static void put(FILE *file, const void *p, size_t n)
{
    assert_int_equal(fwrite(p, 1, n, file), n);
}

/* pcapng with two interfaces, nanoseconds. */
static void write_file(const char *path, size_t which, bool is_one_interface)
{
    static const uint32_t section[7] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX, 28};
    static const uint32_t interface[8] = {1, 32, 1, 262144, 1u << 16 | 9, 9, 0, 32};
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    put(file, section, sizeof section);
    put(file, interface, sizeof interface);
    put(file, interface, sizeof interface);
    for (size_t i = 0; i < n_packets; i++) {
        const packet *p = &packets[i];
        if (p->file != which)
            continue;
        uint32_t n_padding = (uint32_t)(-p->n & 3), zero = 0;
        uint32_t n_block = (uint32_t)p->n + n_padding + 32;
        const uint32_t head[7] = {6,
                                  n_block,
                                  is_one_interface ? 0 : p->interface,
                                  (uint32_t)((uint64_t)p->t_ns >> 32),
                                  (uint32_t)p->t_ns,
                                  (uint32_t)p->n,
                                  (uint32_t)p->n};
        put(file, head, sizeof head);
        put(file, p->data, p->n);
        put(file, &zero, n_padding);
        put(file, &n_block, sizeof n_block);
    }
    assert_int_equal(fclose(file), 0);
}

static rig_calls *analyze(size_t n_files, bool is_one_interface)
{
    static char names[MAX_FILES][MAX_PATH];
    const char *paths[MAX_FILES];
    rig_analyzer *analyzer = NULL;
    rig_calls *calls = NULL;
    rig_error err = {.text = ""};
    for (size_t i = 0; i < n_files; i++) {
        /* Named against their order in time. */
        snprintf(names[i], MAX_PATH, "%s/%zu.pcapng", folder, n_files - i);
        paths[i] = names[i];
        write_file(names[i], n_files - 1 - i, is_one_interface);
    }
    if (rig_analyzer_new_with(&(rig_analyzer_options){.with_redials = true}, &analyzer, &err) != RIG_OK ||
        rig_analyze_files_with(paths, n_files, NULL, analyzer, &err) != RIG_OK ||
        rig_analyzer_finish(analyzer, &calls, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_analyzer_free(analyzer);
    return calls;
}

/* ---- the changes */

typedef enum change {
    AS_IT_IS,
    BURSTS,     /* of `size_ms`: what one direction had, then what the other had */
    SHUFFLE,    /* by up to `size_ms` */
    TWO_TAPS,   /* a file a direction */
    TWICE,      /* both interfaces see both directions, 30 us apart, in bursts of `size_ms` */
    MANY_FILES, /* `size_ms` of them, one after the other */
    DRAWN       /* bursts, files and copies, drawn by the seed `size_ms` */
} change;

typedef struct arrangement {
    const char *name;
    change change;
    int64_t size_ms;
    bool is_one_interface; /* whoever wrote the file dropped which it was */
} arrangement;

static const arrangement arrangements[] = {
    {"two interfaces, bursts of 1 ms", BURSTS, 1, false},
    {"two interfaces, bursts of 20 ms", BURSTS, 20, false},
    {"two interfaces, bursts of 250 ms", BURSTS, 250, false},
    {"two interfaces, bursts of 900 ms", BURSTS, 900, false},
    {"one interface, bursts of 5 ms", BURSTS, 5, true},
    {"one interface, bursts of 100 ms", BURSTS, 100, true},
    {"one interface, bursts of 280 ms", BURSTS, 280, true},
    {"shuffled by 10 ms", SHUFFLE, 10, true},
    {"shuffled by 290 ms", SHUFFLE, 290, true},
    {"two interfaces, shuffled by 290 ms", SHUFFLE, 290, false},
    {"two taps", TWO_TAPS, 0, true},
    {"seen twice", TWICE, 0, false},
    {"seen twice, bursts of 250 ms", TWICE, 250, false},
    {"seen twice, one interface, bursts of 50 ms", TWICE, 50, true},
    {"7 files", MANY_FILES, 7, true},
    {"300 files", MANY_FILES, 300, true},
    {"drawn by 1", DRAWN, 1, false},
    {"drawn by 2", DRAWN, 2, false},
    {"drawn by 3", DRAWN, 3, false},
    {"drawn by 4", DRAWN, 4, false},
};

static int64_t burst_of(int64_t t_ns, int64_t size_ms)
{
    return size_ms == 0 ? t_ns : t_ns / (size_ms * MS);
}

/* A burst size of its own, some packets twice, a file or two for each interface. */
static size_t arrange_drawn(uint64_t seed)
{
    uint64_t x = seed * UINT64_C(0x9e3779b97f4a7c15);
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    const int64_t burst_ms = (int64_t)(1 + (x >> 11) % 800);
    const size_t n_files = 1 + (size_t)(x >> 33) % 2;
    n_packets = n_original;
    for (size_t i = 0; i < n_original; i++) {
        packet *p = &packets[i];
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        p->number = i;
        p->interface = p->is_of_centre ? 0 : 1;
        p->file = p->interface % n_files;
        p->key_ns = burst_of(p->t_ns, burst_ms);
        if ((x >> 11) % 3 != 0)
            continue;
        packet *copy = &packets[n_packets++];
        *copy = *p;
        copy->interface = !p->interface;
        copy->file = copy->interface % n_files;
        copy->t_ns += 1000 + (int64_t)((x >> 13) % 2000000);
        copy->key_ns = burst_of(copy->t_ns, burst_ms);
    }
    qsort(packets, n_packets, sizeof packets[0], by_key);
    return n_files;
}

static size_t arrange(const arrangement *a)
{
    if (a->change == DRAWN)
        return arrange_drawn((uint64_t)a->size_ms);
    uint64_t x = 88172645463325252u;
    size_t n_files = a->change == TWO_TAPS ? 2 : a->change == MANY_FILES ? (size_t)a->size_ms : 1;
    n_packets = n_original;
    for (size_t i = 0; i < n_original; i++) {
        packet *p = &packets[i];
        p->number = i;
        p->interface = p->is_of_centre ? 0 : 1;
        p->file = a->change == TWO_TAPS     ? p->interface
                  : a->change == MANY_FILES ? i * n_files / n_original
                                            : 0;
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        p->key_ns = a->change == BURSTS || a->change == TWICE ? burst_of(p->t_ns, a->size_ms)
                    : a->change == SHUFFLE ? p->t_ns + (int64_t)(x % (uint64_t)(a->size_ms * MS))
                                           : p->t_ns;
        if (a->change != TWICE)
            continue;
        packet *copy = &packets[n_packets++];
        *copy = *p;
        copy->interface = !p->interface;
        copy->t_ns += 30000;
        copy->key_ns = burst_of(copy->t_ns, a->size_ms);
    }
    qsort(packets, n_packets, sizeof packets[0], by_key);
    return n_files;
}

static int by_number(const void *a, const void *b)
{
    const packet *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* The packets as they were loaded; copies go. */
static void restore(void)
{
    size_t n = 0;
    qsort(packets, n_packets, sizeof packets[0], by_number);
    for (size_t i = 0; i < n_packets; i++) {
        if (n > 0 && packets[n - 1].number == packets[i].number) {
            if (packets[i].t_ns < packets[n - 1].t_ns)
                packets[n - 1] = packets[i];
            continue;
        }
        packets[n++] = packets[i];
    }
    assert_int_equal(n, n_original);
}

static void test_same_calls(void **state)
{
    int n_differences = 0;
    load(*state);
    size_t n_files = arrange(&(arrangement){.change = AS_IT_IS});
    rig_calls *expected = analyze(n_files, true);
    assert_true(expected->n > 0);
    restore();
    for (size_t i = 0; i < sizeof arrangements / sizeof arrangements[0]; i++) {
        n_files = arrange(&arrangements[i]);
        rig_calls *got = analyze(n_files, arrangements[i].is_one_interface);
        n_differences += compare_calls(arrangements[i].name, got, expected, 0);
        rig_calls_free(got);
        restore();
    }
    rig_calls_free(expected);
    unload();
    assert_int_equal(n_differences, 0);
}

/* ---- first fragments alone */

/* The datagram cut into a first fragment, which holds all but the last bytes, and nothing else. */
static void keep_first_fragment(packet *p)
{
    uint8_t *ip = p->data + ETHERNET_HEADER;
    size_t n_ip = (size_t)(ip[2] << 8 | ip[3]), n_header = (size_t)(ip[0] & 0xf) * 4;
    if (ip[9] != 17 || (ip[6] & 0x3f) != 0 || ip[7] != 0 || n_ip < n_header + UDP_HEADER + 64)
        return;
    static uint16_t id = 1;
    size_t n_first = (n_ip - n_header - 1) / 8 * 8;
    p->n = ETHERNET_HEADER + n_header + n_first;
    ip[2] = (uint8_t)((n_header + n_first) >> 8);
    ip[3] = (uint8_t)(n_header + n_first);
    ip[4] = (uint8_t)(id >> 8); /* a sender of fragments gives each datagram its own */
    ip[5] = (uint8_t)id++;
    ip[6] = 0x20;
}

/* Messages known by their first fragment only, of all ends or of those that call the centre (the
 * others come whole, and so at once): the same calls. */
static void first_fragments_of(const char *fixture, bool is_of_all)
{
    load(fixture);
    (void)arrange(&(arrangement){.change = AS_IT_IS});
    rig_calls *expected = analyze(1, true);
    for (size_t i = 0; i < n_packets; i++) {
        if (is_of_all || !packets[i].is_of_centre)
            keep_first_fragment(&packets[i]);
    }
    rig_calls *got = analyze(1, true);
    int n_differences = compare_calls("first fragments", got, expected, 0);
    rig_calls_free(got);
    rig_calls_free(expected);
    unload();
    assert_int_equal(n_differences, 0);
}

static void test_first_fragments(void **state)
{
    first_fragments_of(*state, true);
}

/* Only where nothing hangs on two legs at once: an agent's ringing would be known up to 200 ms
 * late. */
static void test_first_fragments_of_callers(void **state)
{
    first_fragments_of(*state, false);
}

int main(void)
{
#define ON(test, name) cmocka_unit_test_prestate(test, (void *)(uintptr_t)(name))
    const struct CMUnitTest tests[] = {
        ON(test_same_calls, "embedded_centre"),
        ON(test_same_calls, "crossings"),
        ON(test_same_calls, "plain_pbx"),
        ON(test_same_calls, "behind_a_proxy"),
        ON(test_same_calls, "agent_drops_while_others_ring"),
        ON(test_same_calls, "agent_consults_a_colleague"),
        ON(test_same_calls, "attempts_after_refusals"),
        ON(test_same_calls, "caller_shown_elsewhere"),
        ON(test_same_calls, "controller_changes_from"),
        ON(test_same_calls, "forked_side_by_side"),
        ON(test_same_calls, "through_a_border_controller"),
        ON(test_same_calls, "transferred"),
        ON(test_first_fragments, "embedded_centre"),
        ON(test_first_fragments, "plain_pbx"),
        ON(test_first_fragments, "challenges"),
        ON(test_first_fragments, "forked_one_by_one"),
        ON(test_first_fragments, "through_a_proxy"),
        ON(test_first_fragments, "failures_of_all_kinds"),
        ON(test_first_fragments_of_callers, "plain_pbx"),
    };
    return cmocka_run_group_tests_name("rearranged", tests, make_folder, drop_folder);
}
