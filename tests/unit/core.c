/* SPDX-License-Identifier: GPL-3.0-or-later */
/* core/: slices, time, tables, files, digests, tallies, random numbers. */
#include "tests/test.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/call.h"
#include "core/clock.h"
#include "core/csv.h"
#include "core/digest.h"
#include "core/random.h"
#include "core/random/block.h"
#include "core/slice.h"
#include "core/stage.h"
#include "core/tally.h"

static char folder[] = "/tmp/peakrig-core-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static char *path_of(const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void test_error_keeps_first_text_as_argument(void **state)
{
    (void)state;
    rig_error err = {0};
    assert_int_equal(rig_fail(&err, RIG_EIO, "disk %s", "full"), RIG_EIO);
    assert_int_equal(rig_fail(&err, RIG_EINPUT, "file: %s", err.text), RIG_EINPUT);
    assert_string_equal(err.text, "file: disk full");
    assert_int_equal(err.status, RIG_EINPUT);
    assert_int_equal(rig_fail(NULL, RIG_ENOMEM, "x"), RIG_ENOMEM);
}

static void test_exit_codes(void **state)
{
    (void)state;
    static const struct {
        rig_status status;
        int code;
    } rows[] = {{RIG_OK, 0},  {RIG_EDOM, 2}, {RIG_EINPUT, 2},   {RIG_ENOMEM, 5},
                {RIG_EIO, 5}, {RIG_EENV, 5}, {RIG_EINVALID, 4}, {RIG_ECANCELLED, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(rig_status_exit_code(rows[i].status), rows[i].code);
}

static void test_slice_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_number;
        uint64_t value;
    } rows[] = {{"0", true, 0},
                {"18446744073709551615", true, UINT64_MAX},
                {"18446744073709551616", false, 0},
                {"99999999999999999999", false, 0},
                {"", false, 0},
                {"-1", false, 0},
                {"1 ", false, 0},
                {"007", true, 7}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t value = 4711;
        assert_int_equal(rig_slice_u64(rig_slice_of(rows[i].text), &value), rows[i].is_number);
        assert_int_equal(value, rows[i].is_number ? rows[i].value : 4711);
    }
}

static void test_slice_edges(void **state)
{
    (void)state;
    rig_slice empty = rig_slice_of(NULL);
    assert_int_equal(empty.n, 0);
    assert_true(rig_slice_eq(empty, rig_slice_of("")));
    assert_true(rig_slice_is_nocase(rig_slice_of("Via"), "vIA"));
    assert_false(rig_slice_is_nocase(rig_slice_of("Via"), "Vi"));
    assert_true(rig_slice_starts_nocase(rig_slice_of("SIP/2.0 200"), "sip/"));
    assert_false(rig_slice_starts_nocase(rig_slice_of("SI"), "sip"));
    assert_true(rig_slice_is(rig_slice_trim(rig_slice_of(" \t a b\r\n")), "a b"));
    assert_int_equal(rig_slice_trim(rig_slice_of(" \r\n")).n, 0);
    assert_int_equal(rig_slice_skip(rig_slice_of("abc"), 7).n, 0);
    assert_int_equal(rig_slice_find(rig_slice_of("abc"), 'x'), 3);
    char *copy = rig_slice_dup((rig_slice){"abc", 2});
    assert_string_equal(copy, "ab");
    free(copy);
}

static void test_utc(void **state)
{
    (void)state;
    char text[RIG_UTC_TEXT_SIZE];
    rig_clock_format_utc(INT64_C(1767225599123456789), text);
    assert_string_equal(text, "2025-12-31T23:59:59.123Z");
    rig_clock_format_utc_compact(INT64_C(951782400000000000), text);
    assert_string_equal(text, "20000229T000000Z");
    assert_int_equal(rig_clock_ns_of_s(1.25), INT64_C(1250000000));
}

static void test_outcome_names_round_trip(void **state)
{
    (void)state;
    for (int o = 0; o < RIG_N_OUTCOMES; o++) {
        rig_outcome back = RIG_N_OUTCOMES;
        assert_true(rig_outcome_of_name(rig_outcome_name((rig_outcome)o), &back));
        assert_int_equal(back, o);
    }
    rig_outcome untouched = RIG_OUTCOME_SERVED;
    assert_false(rig_outcome_of_name("lost", &untouched));
    assert_int_equal(untouched, RIG_OUTCOME_SERVED);
    assert_string_equal(rig_outcome_name(rig_outcome_lost_at(RIG_STAGE_QUEUE)), "lost_queue");
    assert_string_equal(rig_stage_name((rig_stage)99), "?");
}

static void test_stage_of_a_call(void **state)
{
    (void)state;
    const int64_t none = RIG_NO_TIME;
    const struct {
        rig_outcome outcome;
        int64_t provisional, queue, ring;
        bool answered;
        rig_stage stage;
    } rows[] = {{RIG_OUTCOME_LOST_TRUNK, none, none, none, false, RIG_STAGE_TRUNK},
                {RIG_OUTCOME_LOST_QUEUE, none, 1, 2, true, RIG_STAGE_QUEUE},
                {RIG_OUTCOME_SERVED, none, 1, 2, true, RIG_STAGE_AGENT},
                {RIG_OUTCOME_IN_PROGRESS, none, none, none, false, RIG_STAGE_TRUNK},
                {RIG_OUTCOME_IN_PROGRESS, 1, none, none, false, RIG_STAGE_IVR},
                {RIG_OUTCOME_DROPPED, none, none, none, true, RIG_STAGE_IVR},
                {RIG_OUTCOME_DROPPED, none, 1, none, true, RIG_STAGE_QUEUE},
                {RIG_OUTCOME_DROPPED, none, 1, 2, true, RIG_STAGE_AGENT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_call call = {.outcome = rows[i].outcome,
                         .t_provisional_ns = rows[i].provisional,
                         .t_queue_ns = rows[i].queue,
                         .t_agent_ring_ns = rows[i].ring,
                         .t_agent_answer_ns = none,
                         .answered = rows[i].answered};
        assert_int_equal(rig_call_stage(&call), rows[i].stage);
    }
}

static void test_tally_conserves(void **state)
{
    (void)state;
    rig_tally tally = {0};
    rig_tally_add(&tally, RIG_OUTCOME_LOST_TRUNK, RIG_STAGE_TRUNK);
    rig_tally_add(&tally, RIG_OUTCOME_SELF_SERVED, RIG_STAGE_IVR);
    rig_tally_add(&tally, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
    rig_tally_add(&tally, RIG_OUTCOME_SERVED, RIG_STAGE_AGENT);
    rig_tally_add(&tally, RIG_OUTCOME_NOT_PLACED, RIG_STAGE_AGENT);
    assert_int_equal(tally.n_offered, 4);
    assert_int_equal(rig_tally_entered(&tally, RIG_STAGE_TRUNK), 4);
    assert_int_equal(rig_tally_entered(&tally, RIG_STAGE_QUEUE), 2);
    assert_int_equal(rig_tally_lost(&tally, RIG_STAGE_QUEUE), 1);
    assert_true(fabs(rig_tally_p_lost_per_entrant(&tally, RIG_STAGE_QUEUE) - 0.5) < 1e-15);
    assert_true(fabs(rig_tally_p_lost_per_offered(&tally, RIG_STAGE_QUEUE) - 0.25) < 1e-15);
    assert_true(rig_tally_p_lost_per_entrant(&(rig_tally){0}, RIG_STAGE_IVR) == 0.0);
    assert_true(rig_tally_conserved(&tally, 5));
    assert_false(rig_tally_conserved(&tally, 6));
    rig_tally broken = tally;
    broken.n_outcome[RIG_OUTCOME_SERVED]++;
    assert_false(rig_tally_conserved(&broken, 5));
    broken = tally;
    broken.n_ended[RIG_STAGE_QUEUE] = 0;
    assert_false(rig_tally_conserved(&broken, 5));
}

static void test_random_is_a_function_of_its_arguments(void **state)
{
    (void)state;
    double u = rig_random_uniform(785, RIG_CAUSE_TALK, 4711, 0, 0);
    assert_true(u == rig_random_uniform(785, RIG_CAUSE_TALK, 4711, 0, 0));
    assert_true(u != rig_random_uniform(786, RIG_CAUSE_TALK, 4711, 0, 0));
    assert_true(u != rig_random_uniform(785, RIG_CAUSE_RING, 4711, 0, 0));
    assert_true(u != rig_random_uniform(785, RIG_CAUSE_TALK, 4712, 0, 0));
    assert_true(u != rig_random_uniform(785, RIG_CAUSE_TALK, 4711, 1, 0));
    assert_true(u != rig_random_uniform(785, RIG_CAUSE_TALK, 4711, 0, 1));
    assert_true(u != rig_random_uniform(785 + (UINT64_C(1) << 32), RIG_CAUSE_TALK, 4711, 0, 0));
}

/* Philox-4x32-10 by its published known-answer vector: counter and key 0 give 6627e8d5 e169c58d...
 */
static void test_random_is_philox(void **state)
{
    (void)state;
    double expected = ((double)(UINT64_C(0x6627e8d5e169c58d) >> 12) + 0.5) * 0x1p-52;
    assert_true(rig_random_uniform(0, (rig_cause)0, 0, 0, 0) == expected);
}

/* Both ways of making eight at once give the bits of one by one. */
static void test_random_blocks(void **state)
{
    (void)state;
    static const uint64_t seeds[] = {0, 785, UINT64_C(0x9E3779B97F4A7C15), UINT64_MAX};
    static const uint64_t firsts[] = {0, 4711, UINT32_MAX - 3u, UINT64_MAX - 3u};
    enum { N_SEEDS = 4, N_FIRSTS = 4 };
    for (int i = 0; i < N_SEEDS * N_FIRSTS * 100; i++) {
        const uint64_t seed = seeds[i % N_SEEDS], first = firsts[i / N_SEEDS % N_FIRSTS];
        const uint32_t replication = (uint32_t)i * 2654435761u;
        rig_random_counters counters = {.replication = replication, .seed = seed};
        double expected[RIG_RANDOM_BLOCK], u[RIG_RANDOM_BLOCK];
        for (uint32_t k = 0; k < RIG_RANDOM_BLOCK; k++) {
            const rig_cause cause = (rig_cause)(1u + (k + (uint32_t)i) % 21u);
            const uint32_t sub = (uint32_t)i * 7919u * k;
            counters.index[k] = first + k * (uint64_t)(i % 3);
            counters.purpose[k] = rig_random_purpose(cause, sub);
            expected[k] = rig_random_uniform(seed, cause, counters.index[k], replication, sub);
        }
        rig_random_block_portable(&counters, u);
        assert_memory_equal(u, expected, sizeof u);
        if (i == 0 && !rig_random_block_has_avx2())
            print_message("no AVX2 here: only the portable way is tested\n");
        if (rig_random_block_has_avx2()) {
            rig_random_block_avx2(&counters, u);
            assert_memory_equal(u, expected, sizeof u);
        }
        if (i % 3 == 0) {
            rig_random_uniforms(seed, first, replication, counters.purpose, u);
            assert_memory_equal(u, expected, sizeof u);
        }
        rig_random_uniforms_from(seed, counters.purpose[0], first, replication, u);
        for (uint32_t k = 0; k < RIG_RANDOM_BLOCK; k++)
            assert_true(u[k] == rig_random_uniform(seed, (rig_cause)(counters.purpose[0] >> 24),
                                                   first + k, replication, 0));
    }
}

/* Chi-square over 100 cells: 99 degrees of freedom, 99.9 % limit 148.2; and open at both ends. */
static void test_random_is_uniform(void **state)
{
    (void)state;
    enum { N = 100000, CELLS = 100 };
    int counts[CELLS] = {0};
    for (uint64_t i = 0; i < N; i++) {
        double u = rig_random_uniform(1, RIG_CAUSE_ARRIVAL, i, 0, 0);
        assert_true(u > 0.0 && u < 1.0);
        counts[(int)(u * CELLS)]++;
    }
    double chi2 = 0.0;
    for (int c = 0; c < CELLS; c++) {
        double d = counts[c] - (double)N / CELLS;
        chi2 += d * d / ((double)N / CELLS);
    }
    assert_true(chi2 < 148.2);
    assert_true(chi2 > 60.0);
}

static void test_digest(void **state)
{
    (void)state;
    char text[RIG_SHA256_TEXT_SIZE] = "untouched";
    rig_error err = {0};
    rig_digest_bytes("abc", 3, text); /* FIPS 180-4, appendix B.1 */
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    char again[RIG_SHA256_TEXT_SIZE];
    rig_digest *digest = rig_digest_new();
    assert_non_null(digest);
    for (int i = 0; i < 2; i++) { /* it begins anew */
        rig_digest_add(digest, "a", 1);
        rig_digest_add(digest, "bc", 2);
        rig_digest_text(digest, again);
        assert_string_equal(again, text);
    }
    rig_digest_free(digest);
    rig_digest_free(NULL);
    assert_int_equal(rig_atomic_file_write(path_of("abc"), "abc", 3, &err), RIG_OK);
    assert_int_equal(rig_digest_file(path_of("abc"), again, &err), RIG_OK);
    assert_string_equal(again, text);
    assert_int_equal(unlink(path_of("abc")), 0);
    assert_int_equal(rig_digest_file(path_of("none"), again, &err), RIG_EIO);
    assert_string_equal(again, text);
    assert_non_null(strstr(err.text, "/none: "));
}

static void test_atomic_file_keeps_its_part(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_atomic_file *file = NULL;
    char part[300], *data = NULL;
    assert_int_equal(rig_atomic_file_write(path_of("f"), "old", 3, &err), RIG_OK);
    assert_int_equal(rig_atomic_file_new(path_of("f"), &file, &err), RIG_OK);
    (void)fputs("new", rig_atomic_file_stream(file));
    rig_atomic_file_keep(file, part, sizeof part);
    assert_non_null(strstr(part, "/f.part-"));
    assert_int_equal(rig_file_read(part, &data, NULL, &err), RIG_OK);
    assert_string_equal(data, "new");
    free(data);
    assert_int_equal(rig_file_read(path_of("f"), &data, NULL, &err), RIG_OK);
    assert_string_equal(data, "old");
    free(data);
    assert_int_equal(unlink(part), 0);
    assert_int_equal(unlink(path_of("f")), 0);
}

static void test_atomic_file_replaces_whole_or_not(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_atomic_file *file = NULL;
    char *data = NULL;
    size_t n = 0;
    assert_int_equal(rig_atomic_file_write(path_of("f"), "old", 3, &err), RIG_OK);
    assert_int_equal(rig_atomic_file_new(path_of("f"), &file, &err), RIG_OK);
    (void)fputs("new", rig_atomic_file_stream(file));
    (void)fflush(rig_atomic_file_stream(file));
    assert_int_equal(rig_file_read(path_of("f"), &data, &n, &err), RIG_OK);
    assert_string_equal(data, "old");
    free(data);
    rig_atomic_file_abandon(file);
    assert_int_equal(rig_file_read(path_of("f"), &data, &n, &err), RIG_OK);
    assert_string_equal(data, "old");
    free(data);
    assert_int_equal(rig_atomic_file_write(path_of("f"), "a\0b", 3, &err), RIG_OK);
    assert_int_equal(rig_file_read(path_of("f"), &data, &n, &err), RIG_OK);
    assert_int_equal(n, 3);
    free(data);
    assert_int_equal(unlink(path_of("f")), 0);
    assert_int_equal(rig_atomic_file_new(path_of("none/f"), &file, &err), RIG_EIO);
    assert_non_null(strstr(err.text, "/none/f"));
}

/* A full disk: what was there stays, nothing half-written is left. */
static void test_atomic_file_on_a_full_disk(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_atomic_file *file = NULL;
    struct rlimit usual, small = {.rlim_cur = 2};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    small.rlim_max = usual.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(rig_atomic_file_new(path_of("g"), &file, &err), RIG_OK);
    (void)fputs("data", rig_atomic_file_stream(file));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const rig_status status = rig_atomic_file_commit(file, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    assert_int_equal(status, RIG_EIO);
    assert_non_null(strstr(err.text, "File too large; free some space"));
    DIR *dir = opendir(folder);
    int n_entries = 0;
    assert_non_null(dir);
    while (readdir(dir) != NULL)
        n_entries++;
    closedir(dir);
    assert_int_equal(n_entries, 2); /* "." and "..": neither the file nor its part */
}

static rig_status read_text(const char *text, rig_csv **csv, rig_error *err)
{
    assert_int_equal(rig_atomic_file_write(path_of("t.csv"), text, strlen(text), err), RIG_OK);
    rig_status status = rig_csv_read(path_of("t.csv"), csv, err);
    assert_int_equal(unlink(path_of("t.csv")), 0);
    return status;
}

/* A link that another user has put where a log is expected is not followed, a pipe not waited for.
 */
static void test_files_of_others(void **state)
{
    (void)state;
    char *plain = strdup(path_of("plain")), *link = strdup(path_of("link")),
         *pipe = strdup(path_of("pipe"));
    assert_int_equal(rig_atomic_file_write(plain, "text", 4, NULL), RIG_OK);
    assert_int_equal(symlink(plain, link), 0);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    FILE *in = rig_file_open_of_others(plain);
    assert_non_null(in);
    assert_int_equal(fgetc(in), 't');
    (void)fclose(in);
    assert_null(rig_file_open_of_others(link));
    assert_int_equal(errno, ELOOP);
    assert_null(rig_file_open_of_others(pipe));
    assert_int_equal(errno, EINVAL);
    assert_null(rig_file_open_of_others(folder));
    assert_int_equal(errno, EINVAL);
    (void)unlink(link), (void)unlink(pipe), (void)unlink(plain);
    assert_null(rig_file_open_of_others(plain));
    assert_int_equal(errno, ENOENT);
    free(plain), free(link), free(pipe);
}

static void test_csv_reads(void **state)
{
    (void)state;
    rig_csv *csv = NULL;
    rig_error err = {0};
    size_t b = 0;
    double value = 0.0;
    assert_int_equal(
        read_text("\xEF\xBB\xBF# seed: 7\na,b\r\n1,\"x,\"\"y\"\"\nz\"\n\n2,3.5", &csv, &err),
        RIG_OK);
    assert_int_equal(rig_csv_n_rows(csv), 2);
    assert_int_equal(rig_csv_column(csv, "b", &b, &err), RIG_OK);
    assert_string_equal(rig_csv_field(csv, 0, b), "x,\"y\"\nz");
    assert_int_equal(rig_csv_number(csv, 1, b, &value, &err), RIG_OK);
    assert_true(value == 3.5);
    assert_int_equal(rig_csv_line(csv, 1), 6);
    assert_string_equal(rig_csv_stamp(csv, "seed"), "7");
    assert_null(rig_csv_stamp(csv, "see"));
    assert_int_equal(rig_csv_number(csv, 0, b, &value, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "t.csv:3: b: "));
    assert_int_equal(rig_csv_column(csv, "c", &b, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "no column \"c\"; the header has: a, b"));
    rig_csv_free(csv);
}

static void test_csv_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {{"", "empty"},
                {"# only: stamps\n", "empty"},
                {"a,b\n1\n", ":2: 1 fields; expected 2"},
                {"a,b\n1,2,3\n", ":2: 3 fields; expected 2"},
                {"a,b\n1,\"2\n", ":2: a quoted field is not closed"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_csv *csv = NULL;
        rig_error err = {0};
        assert_int_equal(read_text(rows[i].text, &csv, &err), RIG_EINPUT);
        assert_null(csv);
        if (strstr(err.text, rows[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_keeps_first_text_as_argument),
        cmocka_unit_test(test_exit_codes),
        cmocka_unit_test(test_slice_numbers),
        cmocka_unit_test(test_slice_edges),
        cmocka_unit_test(test_utc),
        cmocka_unit_test(test_outcome_names_round_trip),
        cmocka_unit_test(test_stage_of_a_call),
        cmocka_unit_test(test_tally_conserves),
        cmocka_unit_test(test_random_is_a_function_of_its_arguments),
        cmocka_unit_test(test_random_is_philox),
        cmocka_unit_test(test_random_blocks),
        cmocka_unit_test(test_random_is_uniform),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_atomic_file_keeps_its_part),
        cmocka_unit_test(test_atomic_file_replaces_whole_or_not),
        cmocka_unit_test(test_atomic_file_on_a_full_disk),
        cmocka_unit_test(test_files_of_others),
        cmocka_unit_test(test_csv_reads),
        cmocka_unit_test(test_csv_refuses),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
