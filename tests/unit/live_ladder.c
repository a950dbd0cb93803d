/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ladders of a run under way: the part of a large capture that is read, and what is refused. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test.h"

#include "cli/run_live_ladder.h"
#include "core/call.h"
#include "core/clock.h"

enum { FILE_HEADER = 24, PACKET_HEADER = 16, N_FILLERS = 6000, FILLER = 60000, MOST = 65536 };

static const char FIXTURE[] = PEAKRIG_FIXTURES "/agent_drops_the_call.pcap";
static const char call_id[] = "call-1"; /* two agents' legs */

/* A run's folder with a capture that is still written: N_FILLERS large packets, a tenth of a second
 * from one to the next, and behind them, a minute later, those of the fixture. */
typedef struct world {
    rig_run_dir dir;
    char part[1200];
    rig_run_live_ladder *ladders;
    int64_t from_ns, first_ns, last_ns; /* of the fillers; of the fixture */
} world;

static int64_t time_of(const uint32_t record[4])
{
    return (int64_t)record[0] * RIG_NS_PER_S + (int64_t)record[1];
}

static void put(world *w, FILE *out, const uint32_t record[4], const void *data)
{
    assert_int_equal(fwrite(record, PACKET_HEADER, 1, out), 1);
    if (data != NULL)
        assert_int_equal(fwrite(data, record[2], 1, out), 1);
    else
        assert_int_equal(fseek(out, (long)record[2], SEEK_CUR), 0); /* takes no room on the disk */
    rig_run_live_ladder_packet(w->ladders, time_of(record), record[2]);
}

static void write_capture(world *w, size_t n_fillers)
{
    uint8_t header[FILE_HEADER], data[MOST];
    uint32_t record[4], magic;
    FILE *in = fopen(FIXTURE, "rb"), *out = fopen(w->part, "wb");
    assert_non_null(in);
    assert_non_null(out);
    assert_int_equal(fread(header, sizeof header, 1, in), 1);
    memcpy(&magic, header, sizeof magic);
    assert_int_equal(magic, 0xa1b23c4d); /* nanoseconds, as a run's own */
    assert_int_equal(fwrite(header, sizeof header, 1, out), 1);
    rig_run_live_ladder_open(w->ladders, &w->dir);
    for (bool is_first = true; fread(record, sizeof record, 1, in) == 1; is_first = false) {
        if (is_first) {
            w->first_ns = time_of(record);
            w->from_ns = w->first_ns - 60 * RIG_NS_PER_S - (int64_t)n_fillers * RIG_NS_PER_S / 10;
        }
        for (size_t i = 0; is_first && i < n_fillers; i++) {
            const int64_t t_ns = w->from_ns + (int64_t)i * RIG_NS_PER_S / 10;
            put(w, out,
                (uint32_t[]){(uint32_t)(t_ns / RIG_NS_PER_S), (uint32_t)(t_ns % RIG_NS_PER_S),
                             FILLER, FILLER},
                NULL);
        }
        assert_int_equal(fread(data, record[2], 1, in), 1);
        put(w, out, record, data);
        w->last_ns = time_of(record);
    }
    (void)fclose(in);
    assert_int_equal(fclose(out), 0);
}

static void make(world *w, size_t n_fillers)
{
    char dir[] = "/tmp/peakrig-ladder-XXXXXX";
    assert_non_null(mkdtemp(dir));
    assert_int_equal(rig_run_dir_of(dir, &w->dir, NULL), RIG_OK);
    (void)snprintf(w->part, sizeof w->part, "%s.part-%ld", w->dir.capture, (long)getpid());
    assert_int_equal(rig_run_live_ladder_new(rig_language_english(), &w->ladders, NULL), RIG_OK);
    write_capture(w, n_fillers);
}

/* Nothing is left in the folder but the capture. */
static void clear(world *w)
{
    rig_run_live_ladder_free(w->ladders);
    assert_int_equal(unlink(w->part), 0);
    assert_int_equal(rmdir(w->dir.dir), 0);
}

static void test_at_the_end_of_a_large_capture(void **state)
{
    (void)state;
    char *alone = NULL, *found = NULL;
    world w;
    make(&w, 0);
    assert_int_equal(
        rig_run_live_ladder_draw(w.ladders, call_id, w.first_ns, w.last_ns, &alone, NULL), RIG_OK);
    clear(&w);
    assert_non_null(strstr(alone, "INVITE"));
    assert_non_null(strstr(alone, "agent"));
    make(&w, N_FILLERS); /* more marks than there is room for */
    struct stat is;
    assert_int_equal(stat(w.part, &is), 0);
    assert_true(is.st_size / 65536 > RIG_RUN_LIVE_LADDER_MOST_MARKS);
    assert_int_equal(
        rig_run_live_ladder_draw(w.ladders, call_id, w.first_ns, w.last_ns, &found, NULL), RIG_OK);
    assert_string_equal(found, alone);
    free(found);
    /* its end is not known */
    assert_int_equal(
        rig_run_live_ladder_draw(w.ladders, call_id, w.first_ns, RIG_NO_TIME, &found, NULL),
        RIG_OK);
    assert_string_equal(found, alone);
    clear(&w);
    free(found);
    free(alone);
}

static void test_refused(void **state)
{
    (void)state;
    char *text = NULL;
    rig_error err;
    world w;
    make(&w, N_FILLERS);
    assert_int_equal(
        rig_run_live_ladder_draw(w.ladders, call_id, w.from_ns, w.last_ns, &text, &err),
        RIG_EINPUT);
    assert_non_null(strstr(err.text, "spread over 360 MB of the capture, at most 33 are read"));
    assert_int_equal(
        rig_run_live_ladder_draw(w.ladders, "nobody@nowhere", w.first_ns, w.last_ns, &text, &err),
        RIG_EINPUT);
    assert_non_null(strstr(err.text, "no message has this Call-ID"));
    assert_int_equal(rig_run_live_ladder_draw(w.ladders, "*", w.first_ns, w.last_ns, &text, &err),
                     RIG_EINPUT);
    assert_null(text);
    clear(&w);
}

static void test_without_a_capture(void **state)
{
    (void)state;
    char *text = NULL;
    rig_error err;
    rig_run_dir dir;
    rig_run_live_ladder *ladders;
    assert_int_equal(rig_run_dir_of("/tmp/peakrig-no-such-folder", &dir, NULL), RIG_OK);
    assert_int_equal(rig_run_live_ladder_new(rig_language_english(), &ladders, NULL), RIG_OK);
    assert_int_equal(rig_run_live_ladder_draw(ladders, call_id, 0, 1, &text, &err), RIG_EENV);
    rig_run_live_ladder_open(ladders, &dir);
    assert_int_equal(rig_run_live_ladder_draw(ladders, call_id, 0, 1, &text, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "there is no capture yet"));
    rig_run_live_ladder_free(ladders);
    rig_run_live_ladder_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_at_the_end_of_a_large_capture),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_without_a_capture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
