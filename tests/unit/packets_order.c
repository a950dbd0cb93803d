/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of packets: bursts of interfaces, disorder within one, clocks that step, limits, pipes,
 * and more files than may be open. Each file is written here; what comes out is told packet by
 * packet. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test.h"

#include "analyzer/packets/capture.h"
#include "core/clock.h"

enum { MAX_ROWS = 4096, MAX_PATH = 128 };

#define MS INT64_C(1000000)

static char folder[] = "/tmp/peakrig-order-XXXXXX";

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

/* A packet of 4 bytes: which it is in the file. */
typedef struct row {
    int64_t t_ms;
    uint32_t interface;
} row;

static void put(uint8_t *to, size_t *at, const void *p, size_t n)
{
    memcpy(to + *at, p, n);
    *at += n;
}

static size_t make_pcap(uint8_t *to, const row *rows, size_t n)
{
    const uint32_t header[6] = {0xa1b23c4d, 4u << 16 | 2, 0, 0, 262144, 1};
    size_t at = 0;
    put(to, &at, header, sizeof header);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t record[5] = {(uint32_t)(rows[i].t_ms / 1000),
                                    (uint32_t)(rows[i].t_ms % 1000 * MS), 4, 4, i};
        put(to, &at, record, sizeof record);
    }
    return at;
}

/* Two interfaces, milliseconds. */
static size_t make_pcapng(uint8_t *to, const row *rows, size_t n)
{
    const uint32_t section[7] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX, 28};
    const uint32_t interface[8] = {1, 32, 1, 262144, 1u << 16 | 9, 3, 0, 32};
    size_t at = 0;
    put(to, &at, section, sizeof section);
    put(to, &at, interface, sizeof interface);
    put(to, &at, interface, sizeof interface);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t block[9] = {6, 36, rows[i].interface, 0, (uint32_t)rows[i].t_ms, 4, 4,
                                   i, 36};
        put(to, &at, block, sizeof block);
    }
    return at;
}

static const char *write_file(const char *name, bool is_pcapng, const row *rows, size_t n)
{
    static char path[MAX_PATH];
    static uint8_t data[MAX_ROWS * 40];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    size_t n_data = is_pcapng ? make_pcapng(data, rows, n) : make_pcap(data, rows, n);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, n_data, file), n_data);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* What comes out: the numbers of the packets. */
static void read_numbers(const char *path, const rig_capture_order *order, char *text, size_t room,
                         rig_capture_disorder *disorder)
{
    rig_capture_reader *reader = NULL;
    rig_frame frame;
    bool is_end = false;
    const rig_capture_options options = {.order = *order};
    rig_error err = {.text = ""};
    text[0] = '\0';
    if (rig_capture_open_with(&path, 1, &options, &reader, &err) != RIG_OK)
        fail_msg("%s", err.text);
    while (rig_capture_next(reader, &frame, &is_end, NULL) == RIG_OK && !is_end) {
        uint32_t number;
        memcpy(&number, frame.data, sizeof number);
        assert_int_equal(frame.number, number + 1);
        size_t used = strlen(text);
        snprintf(text + used, room - used, "%s%u", used > 0 ? " " : "", number);
    }
    assert_true(is_end);
    *disorder = *rig_capture_disorder_of(reader);
    rig_capture_close(reader);
}

typedef struct order_case {
    const char *name;
    bool is_pcapng;
    row rows[12];
    size_t n;
    rig_capture_order order;
    const char *expected;
    uint64_t n_reordered, n_late, n_steps;
    int64_t back_ms; /* of the first step */
} order_case;

static const order_case cases[] = {
    {"in order", false, {{1, 0}, {2, 0}, {2, 0}, {3, 0}}, 4, {0}, "0 1 2 3", 0, 0, 0, 0},
    {"neighbours", false, {{1, 0}, {3, 0}, {2, 0}, {4, 0}}, 4, {0}, "0 2 1 3", 1, 0, 0, 0},
    {"equal times stay", false, {{5, 0}, {4, 0}, {5, 0}, {4, 0}}, 4, {0}, "1 3 0 2", 2, 0, 0, 0},
    {"backwards", false, {{9, 0}, {8, 0}, {7, 0}, {6, 0}}, 4, {0}, "3 2 1 0", 3, 0, 0, 0},
    {"300 ms within an interface",
     false,
     {{1000, 0}, {1301, 0}, {1001, 0}, {1400, 0}},
     4,
     {0},
     "0 2 1 3",
     1,
     0,
     0,
     0},
    {"one packet late by 900 ms",
     false,
     {{1000, 0}, {2000, 0}, {1100, 0}, {2100, 0}},
     4,
     {0},
     "0 2 1 3",
     1,
     0,
     0,
     0},
    {"two interfaces, bursts of 900 ms",
     true,
     {{1000, 1}, {1500, 1}, {1900, 1}, {1001, 0}, {1499, 0}, {1901, 0}, {2000, 1}, {2001, 0}},
     8,
     {0},
     "0 3 4 1 2 5 6 7",
     2,
     0,
     0,
     0},
    {"a clock steps back by 3 s",
     false,
     {{5000, 0}, {5010, 0}, {2000, 0}, {2010, 0}, {2005, 0}, {7000, 0}},
     6,
     {0},
     "0 1 2 4 3 5",
     1,
     0,
     1,
     3010},
    {"a clock steps back by 0.5 s, once",
     false,
     {{5000, 0}, {5010, 0}, {4500, 0}, {4520, 0}, {6000, 0}},
     5,
     {0},
     "0 1 2 3 4",
     0,
     0,
     1,
     510},
    {"a clock steps back with the last packet",
     false,
     {{5000, 0}, {2000, 0}},
     2,
     {0},
     "0 1",
     0,
     0,
     1,
     3000},
    {"bursts of 0.5 s in one interface: known from the second on",
     false,
     {{1000, 0},
      {1500, 0},
      {1000, 0},
      {1100, 0},
      {2000, 0},
      {1500, 0},
      {1600, 0},
      {2500, 0},
      {2000, 0},
      {2100, 0}},
     10,
     {0},
     "0 1 2 3 4 5 6 8 9 7",
     2,
     0,
     2,
     500},
    {"too late: the window is over",
     true,
     {{1000, 0}, {3000, 0}, {1500, 1}, {3100, 0}},
     4,
     {0},
     "0 2 1 3",
     1,
     0,
     0,
     0},
    {"too late: what is later has gone on",
     true,
     {{1000, 0}, {1100, 0}, {3000, 0}, {1050, 1}, {3100, 0}},
     5,
     {0},
     "0 1 3 2 4",
     1,
     1,
     0,
     0},
    {"no window", false, {{1, 0}, {3, 0}, {2, 0}}, 3, {.window_ns = -1}, "0 1 2", 0, 0, 0, 0},
    {"a window of 2 ms",
     false,
     {{1, 0}, {9, 0}, {8, 0}, {20, 0}, {15, 0}, {16, 0}, {21, 0}},
     7,
     {.window_ns = 2 * MS},
     "0 2 1 3 4 5 6",
     1,
     0,
     1,
     5},
    {"two packets may wait",
     false,
     {{1, 0}, {5, 0}, {6, 0}, {7, 0}, {2, 0}, {8, 0}},
     6,
     {.max_packets = 2},
     "0 1 4 2 3 5",
     1,
     1,
     0,
     0},
};

static void test_order(void **state)
{
    (void)state;
    int n_wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const order_case *c = &cases[i];
        char text[256];
        rig_capture_disorder d;
        read_numbers(write_file("order", c->is_pcapng, c->rows, c->n), &c->order, text, sizeof text,
                     &d);
        bool is_right = strcmp(text, c->expected) == 0 && d.n_reordered == c->n_reordered &&
                        d.n_late == c->n_late && d.n_steps == c->n_steps &&
                        (c->n_steps == 0 || d.steps[0].back_ns == c->back_ms * MS);
        if (!is_right)
            print_error("%s: \"%s\", %llu reordered, %llu late, %llu steps, the first by %lld ms\n",
                        c->name, text, (unsigned long long)d.n_reordered,
                        (unsigned long long)d.n_late, (unsigned long long)d.n_steps,
                        (long long)(d.steps[0].back_ns / MS));
        n_wrong += !is_right;
    }
    assert_int_equal(n_wrong, 0);
}

/* Whatever comes in, all of it comes out, and what is within the window in order. */
static void test_any_disorder(void **state)
{
    (void)state;
    static row rows[MAX_ROWS];
    static char text[MAX_ROWS * 6];
    uint64_t x = 88172645463325252u;
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < MAX_ROWS; i++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            rows[i] = (row){.t_ms = 10000 + (int64_t)i + (int64_t)(x % 290),
                            .interface = (uint32_t)(x >> 63)};
        }
        rig_capture_disorder d;
        read_numbers(write_file("any", true, rows, MAX_ROWS), &(rig_capture_order){0}, text,
                     sizeof text, &d);
        bool seen[MAX_ROWS] = {false};
        int64_t t_last_ms = 0;
        const char *p = text;
        for (size_t i = 0; i < MAX_ROWS; i++) {
            char *end;
            unsigned long number = strtoul(p, &end, 10);
            assert_true(number < MAX_ROWS && !seen[number]);
            seen[number] = true;
            assert_true(rows[number].t_ms >= t_last_ms);
            t_last_ms = rows[number].t_ms;
            p = end;
        }
        assert_int_equal(d.n_late + d.n_steps, 0);
        assert_true(d.n_reordered > 1000);
    }
}

/* More files than may be open, of which any two neighbours overlap; the last named is the earliest.
 */
static void test_many_files(void **state)
{
    (void)state;
    enum { N_FILES = 300, N_ROWS = 5 };
    static char names[N_FILES][MAX_PATH];
    const char *paths[N_FILES];
    for (int i = 0; i < N_FILES; i++) {
        row rows[N_ROWS];
        char name[32];
        for (int k = 0; k < N_ROWS; k++)
            rows[k] = (row){.t_ms = (N_FILES - i) * 2000 + k * 600};
        snprintf(name, sizeof name, "many-%03d", i);
        snprintf(names[i], MAX_PATH, "%s", write_file(name, false, rows, N_ROWS));
        paths[i] = names[i];
    }
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = 24;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    rig_capture_reader *reader = NULL;
    rig_frame frame;
    bool is_end = false;
    int64_t t_last_ns = 0;
    size_t n = 0;
    rig_error err = {.text = ""};
    rig_status status = rig_capture_open(paths, N_FILES, &reader, &err);
    while (status == RIG_OK &&
           (status = rig_capture_next(reader, &frame, &is_end, &err)) == RIG_OK && !is_end) {
        assert_true(frame.t_ns >= t_last_ns);
        t_last_ns = frame.t_ns;
        n++;
    }
    uint64_t n_done = 0, n_all = 0;
    if (status == RIG_OK)
        rig_capture_progress(reader, &n_done, &n_all);
    rig_capture_close(reader);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    if (status != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(n, N_FILES * N_ROWS);
    assert_int_equal(n_all, N_FILES * (24 + 20 * N_ROWS));
    assert_int_equal(n_done, n_all);
}

/* All at one time: they cannot be read together, and the message says what to do. */
static void test_too_many_overlap(void **state)
{
    (void)state;
    enum { N_FILES = 100 };
    const row rows[2] = {{1000, 0}, {900000, 0}};
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s", write_file("same", false, rows, 2));
    const char *paths[N_FILES];
    for (int i = 0; i < N_FILES; i++)
        paths[i] = path;
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = 24;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    rig_capture_reader *reader = NULL;
    rig_frame frame;
    bool is_end = false;
    rig_error err = {.text = ""};
    rig_status status = rig_capture_open(paths, N_FILES, &reader, &err);
    while (status == RIG_OK && !is_end)
        status = rig_capture_next(reader, &frame, &is_end, &err);
    rig_capture_close(reader);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(status, RIG_EIO);
    assert_non_null(strstr(err.text, "ulimit -n"));
}

/* ---- pipes */

typedef struct writer {
    int fd;
    const uint8_t *data;
    size_t n;
    int64_t pause_ns;
} writer;

/* All of it at once, and then nothing for a while. */
static void *write_and_wait(void *ctx)
{
    const writer *w = ctx;
    assert_int_equal(write(w->fd, w->data, w->n), (ssize_t)w->n);
    struct timespec pause = {.tv_sec = w->pause_ns / RIG_NS_PER_S,
                             .tv_nsec = w->pause_ns % RIG_NS_PER_S};
    (void)nanosleep(&pause, NULL);
    (void)close(w->fd);
    return NULL;
}

/* What waits in the window comes when the pipe has been silent for as long, not only at its end. */
static void test_a_silent_pipe(void **state)
{
    (void)state;
    const row rows[3] = {{1000, 0}, {1002, 0}, {1001, 0}};
    uint8_t data[256];
    int ends[2];
    char path[64];
    assert_int_equal(pipe(ends), 0);
    writer w = {.fd = ends[1], .data = data, .n = make_pcap(data, rows, 3), .pause_ns = 1500 * MS};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_and_wait, &w), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    const char *paths[1] = {path};
    const rig_capture_options options = {.order = {.window_ns = 200 * MS}};
    rig_capture_reader *reader = NULL;
    rig_frame frame;
    bool is_end = false;
    int64_t t_begin_ns = rig_clock_monotonic_ns();
    assert_int_equal(rig_capture_open_with(paths, 1, &options, &reader, NULL), RIG_OK);
    static const uint64_t expected[3] = {1, 3, 2};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
        assert_false(is_end);
        assert_int_equal(frame.number, expected[i]);
    }
    int64_t took_ns = rig_clock_monotonic_ns() - t_begin_ns;
    assert_true(took_ns >= 200 * MS && took_ns < 1400 * MS);
    assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
    assert_true(is_end);
    rig_capture_close(reader);
    pthread_join(thread, NULL);
    (void)close(ends[0]);
}

/* ---- files that grow */

static void *grow(void *ctx)
{
    const char *path = ctx;
    const uint32_t record[5] = {2, 0, 4, 4, 1};
    struct timespec pause = {.tv_nsec = 300 * MS};
    (void)nanosleep(&pause, NULL);
    int fd = open(path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, record, sizeof record), (ssize_t)sizeof record);
    (void)close(fd);
    return NULL;
}

static void test_follow(void **state)
{
    (void)state;
    static rig_stop is_over;
    const row rows[1] = {{1000, 0}};
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s", write_file("grows", false, rows, 1));
    const char *paths[1] = {path};
    const rig_capture_options options = {.order = {.window_ns = 50 * MS}, .is_over = &is_over};
    rig_capture_reader *reader = NULL;
    rig_frame frame;
    bool is_end = false;
    pthread_t thread;
    is_over = (rig_stop){0};
    assert_int_equal(rig_capture_open_with(paths, 1, &options, &reader, NULL), RIG_OK);
    assert_int_equal(pthread_create(&thread, NULL, grow, path), 0);
    for (uint64_t i = 1; i <= 2; i++) {
        assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
        assert_false(is_end);
        assert_int_equal(frame.number, i);
    }
    pthread_join(thread, NULL);
    rig_stop_set(&is_over);
    assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
    assert_true(is_end);
    rig_capture_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),         cmocka_unit_test(test_any_disorder),
        cmocka_unit_test(test_many_files),    cmocka_unit_test(test_too_many_overlap),
        cmocka_unit_test(test_a_silent_pipe), cmocka_unit_test(test_follow),
    };
    return cmocka_run_group_tests_name("packets_order", tests, make_folder, drop_folder);
}
