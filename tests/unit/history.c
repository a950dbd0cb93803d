/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The history: what is put in comes out; older and newer files, damage, locks, a full disk. */
#include "tests/test.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history/store.h"

static char folder[64], path[128];

static int make_folder(void **state)
{
    (void)state;
    (void)strcpy(folder, "/tmp/peakrig-history-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/history.db", folder);
    return 0;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"history.db", "history.db-wal", "history.db-shm"};
    char file[160];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)snprintf(file, sizeof file, "%s/%s", folder, names[i]);
        (void)unlink(file);
    }
    return rmdir(folder);
}

/* Everything of it is set, and to something of its own. */
static rig_history_run *run_of(const char *id, int64_t start_ms, const char *judgement)
{
    rig_history_run *run = rig_history_run_new();
    char text[64];
    assert_non_null(run);
    (void)snprintf(run->id, sizeof run->id, "%s", id);
    for (int t = 0; t < RIG_HISTORY_N_TEXTS; t++) {
        (void)snprintf(text, sizeof text, "text %d of %s", t, id);
        assert_int_equal(rig_history_run_set(run, (rig_history_text)t, text), RIG_OK);
    }
    assert_int_equal(rig_history_run_set(run, RIG_HISTORY_JUDGEMENT, judgement), RIG_OK);
    assert_int_equal(rig_history_run_set(run, RIG_HISTORY_SCENARIO, "tv-peak"), RIG_OK);
    assert_int_equal(rig_history_run_set(run, RIG_HISTORY_JUDGED_UTC, "2026-01-01T00:00:00.000Z"),
                     RIG_OK);
    for (int c = 0; c < RIG_HISTORY_N_COUNTS; c++)
        run->counts[c] = 1000 + c;
    run->counts[RIG_HISTORY_SEED] = INT64_MIN + 5;
    run->counts[RIG_HISTORY_START_MS] = start_ms;
    run->reals[RIG_HISTORY_TIME_SCALE] = 0.1;
    run->reals[RIG_HISTORY_WAIT_MEAN_S] = 1.0 / 3.0;
    for (int s = 0; s < RIG_N_STAGES; s++)
        run->stages[s] = (rig_history_stage){.n_entered = 100u + (unsigned)s,
                                             .n_lost = 10u + (unsigned)s,
                                             .p_predicted = 0.1 * s,
                                             .predicted_low = 0.01 * s,
                                             .predicted_high = s == 0 ? (double)NAN : 0.2 * s,
                                             .margin = 0.02,
                                             .judgement = "PASS"};
    assert_int_equal(rig_history_run_set_label_text(run, "build=1.4", NULL), RIG_OK);
    assert_int_equal(rig_history_run_set_label_text(run, "app=a=b", NULL), RIG_OK);
    assert_int_equal(
        rig_history_run_add_metric(run, "wait_mean_s", "s", 2.5, (double)NAN, 1.5, 3.5), RIG_OK);
    free(run->calls);
    run->calls = strdup("tiqamdSs12345?-");
    return run;
}

static void expect_same_real(double a, double b)
{
    assert_true((isnan(a) && isnan(b)) || a == b);
}

static void expect_same(const rig_history_run *a, const rig_history_run *b)
{
    assert_string_equal(a->id, b->id);
    for (int t = 0; t < RIG_HISTORY_N_TEXTS; t++)
        assert_string_equal(a->texts[t], b->texts[t]);
    for (int c = 0; c < RIG_HISTORY_N_COUNTS; c++)
        assert_true(a->counts[c] == b->counts[c]);
    for (int r = 0; r < RIG_HISTORY_N_REALS; r++)
        expect_same_real(a->reals[r], b->reals[r]);
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_history_stage *x = &a->stages[s], *y = &b->stages[s];
        assert_true(x->n_entered == y->n_entered && x->n_lost == y->n_lost);
        expect_same_real(x->p_predicted, y->p_predicted);
        expect_same_real(x->predicted_low, y->predicted_low);
        expect_same_real(x->predicted_high, y->predicted_high);
        expect_same_real(x->margin, y->margin);
        assert_string_equal(x->judgement, y->judgement);
    }
    assert_int_equal(a->n_labels, b->n_labels);
    for (size_t i = 0; i < a->n_labels; i++) {
        assert_string_equal(a->labels[i].key, b->labels[i].key);
        assert_string_equal(a->labels[i].value, b->labels[i].value);
    }
    assert_int_equal(a->n_metrics, b->n_metrics);
    for (size_t i = 0; i < a->n_metrics; i++) {
        assert_string_equal(a->metrics[i].name, b->metrics[i].name);
        assert_string_equal(a->metrics[i].unit, b->metrics[i].unit);
        expect_same_real(a->metrics[i].observed, b->metrics[i].observed);
        expect_same_real(a->metrics[i].predicted, b->metrics[i].predicted);
        expect_same_real(a->metrics[i].low, b->metrics[i].low);
        expect_same_real(a->metrics[i].high, b->metrics[i].high);
    }
    assert_string_equal(a->calls, b->calls);
}

static rig_history *open_for(rig_history_use use)
{
    rig_history *history = NULL;
    rig_error err = {0};
    if (rig_history_open(path, use, 5.0, &history, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return history;
}

static rig_history_put put(const char *id, int64_t start_ms, const char *judgement)
{
    rig_history *history = open_for(RIG_HISTORY_WRITE_OWN);
    rig_history_run *run = run_of(id, start_ms, judgement);
    rig_history_put how;
    rig_error err = {0};
    if (rig_history_add(history, run, &how, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_history_run_free(run);
    rig_history_close(history);
    return how;
}

static size_t count(rig_history_filter filter)
{
    rig_history *history = open_for(RIG_HISTORY_READ);
    rig_history_runs runs;
    assert_int_equal(rig_history_list(history, &filter, &runs, NULL), RIG_OK);
    const size_t n = runs.n;
    rig_history_runs_clear(&runs);
    rig_history_close(history);
    return n;
}

static void execute(const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void expect_refused(rig_history_use use, double wait_s, rig_status status, const char *words)
{
    rig_history *history = NULL;
    rig_error err = {0};
    assert_int_equal(rig_history_open(path, use, wait_s, &history, &err), status);
    assert_null(history);
    if (strstr(err.text, words) == NULL || strstr(err.text, path) == NULL)
        fail_msg("\"%s\" lacks \"%s\" or the path", err.text, words);
}

/* ---- what is put in comes out ---- */

static void test_all_of_a_run(void **state)
{
    (void)state;
    assert_int_equal(put("00000000000000a1", 1000, "PASS"), RIG_HISTORY_ADDED);
    rig_history *history = open_for(RIG_HISTORY_READ);
    rig_history_run *expected = run_of("00000000000000a1", 1000, "PASS");
    rig_history_runs runs;
    assert_int_equal(
        rig_history_list(history, &(rig_history_filter){.with_calls = true}, &runs, NULL), RIG_OK);
    assert_int_equal(runs.n, 1);
    expect_same(runs.items[0], expected);
    rig_history_runs_clear(&runs);
    rig_history_run_free(expected);
    rig_history_close(history);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

static void test_filters(void **state)
{
    (void)state;
    (void)put("00000000000000a1", 1000, "PASS");
    (void)put("00000000000000b2", 3000, "FAIL");
    (void)put("00000000000000c3", 2000, "PASS");
    static const char *const one[] = {"build=1.4"}, *const none[] = {"build=1.4", "build=1.5"};
    assert_int_equal(count((rig_history_filter){.id = NULL}), 3);
    assert_int_equal(count((rig_history_filter){.id = "00000000000000c"}), 1);
    assert_int_equal(count((rig_history_filter){.id = "%"}), 0);
    assert_int_equal(count((rig_history_filter){.judgement = "PASS"}), 2);
    assert_int_equal(count((rig_history_filter){.scenario = "tv-peak"}), 3);
    assert_int_equal(count((rig_history_filter){.scenario = "tv"}), 0);
    assert_int_equal(count((rig_history_filter){.labels = one, .n_labels = 1}), 3);
    assert_int_equal(count((rig_history_filter){.labels = none, .n_labels = 2}), 0);
    assert_int_equal(count((rig_history_filter){.has_since = true, .since_ms = 2000}), 2);
    assert_int_equal(count((rig_history_filter){.has_until = true, .until_ms = 2000}), 1);
    rig_history *history = open_for(RIG_HISTORY_READ);
    rig_history_runs runs;
    assert_int_equal(rig_history_list(history, &(rig_history_filter){.limit = 2}, &runs, NULL),
                     RIG_OK);
    assert_int_equal(runs.n, 2); /* the latest, earliest first */
    assert_string_equal(runs.items[0]->id, "00000000000000c3");
    assert_string_equal(runs.items[1]->id, "00000000000000b2");
    rig_history_runs_clear(&runs);
    rig_history_close(history);
}

static void test_one_run_is_there_once(void **state)
{
    (void)state;
    assert_int_equal(put("00000000000000a1", 1000, "PASS"), RIG_HISTORY_ADDED);
    assert_int_equal(put("00000000000000a1", 1000, "FAIL"), RIG_HISTORY_UNCHANGED);
    assert_int_equal(count((rig_history_filter){.judgement = "PASS"}), 1);
    rig_history *history = open_for(RIG_HISTORY_WRITE);
    rig_history_run *later = run_of("00000000000000a1", 1000, "FAIL");
    rig_history_put how;
    assert_int_equal(rig_history_run_set(later, RIG_HISTORY_JUDGED_UTC, "2026-01-01T00:00:00.001Z"),
                     RIG_OK);
    assert_int_equal(rig_history_add(history, later, &how, NULL), RIG_OK);
    assert_int_equal(how, RIG_HISTORY_RENEWED);
    rig_history_run_free(later);
    rig_history_close(history);
    assert_int_equal(count((rig_history_filter){.id = NULL}), 1);
    assert_int_equal(count((rig_history_filter){.judgement = "FAIL"}), 1);
}

static void test_labels(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "build",      "=1",        "a b=1",
                                        "build=\x01", "build=\xff", "\xc3\xa4=1"};
    rig_history_run *run = rig_history_run_new();
    rig_error err = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(rig_history_run_set_label_text(run, wrong[i], &err), RIG_EINPUT);
    assert_int_equal(rig_history_run_set_label_text(run, "build=", NULL), RIG_OK);
    assert_int_equal(rig_history_run_set_label_text(run, "build=1", NULL), RIG_OK);
    assert_int_equal(run->n_labels, 1);
    assert_string_equal(rig_history_run_label(run, "build"), "1");
    assert_null(rig_history_run_label(run, "buil"));
    rig_history_run_free(run);
}

/* ---- files of other versions and other programs ---- */

static void test_older_file(void **state)
{
    (void)state;
    char sql[8000];
    FILE *in = fopen(PEAKRIG_FIXTURES "/history/schema_1.sql", "re");
    assert_non_null(in);
    sql[fread(sql, 1, sizeof sql - 1, in)] = '\0';
    (void)fclose(in);
    execute(sql);
    /* read: as it is now, and the file stays of the older version */
    assert_int_equal(count((rig_history_filter){.scenario = "of version 1"}), 1);
    rig_history *history = open_for(RIG_HISTORY_READ);
    rig_history_runs runs;
    assert_int_equal(
        rig_history_list(history, &(rig_history_filter){.with_calls = true}, &runs, NULL), RIG_OK);
    assert_string_equal(runs.items[0]->calls, "Stq");
    assert_string_equal(rig_history_run_label(runs.items[0], "build"), "1.0");
    assert_string_equal(runs.items[0]->texts[RIG_HISTORY_BASELINE], "");
    assert_true(runs.items[0]->stages[RIG_STAGE_TRUNK].n_lost == 1);
    rig_history_runs_clear(&runs);
    rig_history_close(history);
    execute("CREATE TABLE proof AS SELECT * FROM pragma_user_version");
    /* written to: brought up to date, nothing lost */
    assert_int_equal(put("00000000000000a1", 1000, "PASS"), RIG_HISTORY_ADDED);
    assert_int_equal(count((rig_history_filter){.id = NULL}), 2);
    sqlite3 *db;
    sqlite3_stmt *query;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT (SELECT user_version FROM proof),"
                                        " (SELECT user_version FROM pragma_user_version)",
                                        -1, &query, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(query, 0), 1);
    assert_int_equal(sqlite3_column_int(query, 1), RIG_HISTORY_SCHEMA);
    (void)sqlite3_finalize(query);
    (void)sqlite3_close(db);
}

static char *bytes_of(const char *name, size_t *n)
{
    FILE *in = fopen(name, "re");
    char *data = calloc(1, 1 << 20);
    assert_non_null(in);
    *n = fread(data, 1, 1 << 20, in);
    (void)fclose(in);
    return data;
}

static void test_newer_file_is_left(void **state)
{
    (void)state;
    char sql[80];
    (void)put("00000000000000a1", 1000, "PASS");
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %d", RIG_HISTORY_SCHEMA + 1);
    execute(sql);
    size_t n_before, n_after;
    char *before = bytes_of(path, &n_before);
    expect_refused(RIG_HISTORY_WRITE, 1.0, RIG_EINPUT, "is of a newer peakrig (schema 3;");
    expect_refused(RIG_HISTORY_READ, 1.0, RIG_EINPUT, "it is left as it is");
    char *after = bytes_of(path, &n_after);
    assert_int_equal(n_before, n_after);
    assert_memory_equal(before, after, n_before);
    free(before);
    free(after);
}

static void test_files_of_others(void **state)
{
    (void)state;
    execute("CREATE TABLE addresses (name)");
    expect_refused(RIG_HISTORY_WRITE, 1.0, RIG_EINPUT, "of another program");
    expect_refused(RIG_HISTORY_READ, 1.0, RIG_EINPUT, "of another program");
    FILE *out = fopen(path, "we");
    for (int i = 0; i < 500; i++)
        (void)fputs("this is no database\n", out);
    (void)fclose(out);
    expect_refused(RIG_HISTORY_WRITE, 1.0, RIG_EINPUT, "is no SQLite file");
    expect_refused(RIG_HISTORY_READ, 1.0, RIG_EINPUT, "is no SQLite file");
    assert_int_equal(unlink(path), 0);
    expect_refused(RIG_HISTORY_READ, 1.0, RIG_EINPUT, "no such file");
    assert_int_equal(symlink("/dev/null", path), 0);
    expect_refused(RIG_HISTORY_WRITE_OWN, 1.0, RIG_EINPUT, "no ordinary file");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_refused(RIG_HISTORY_WRITE, 1.0, RIG_EINPUT, "no ordinary file");
    assert_int_equal(rmdir(path), 0);
}

static void test_damaged_file(void **state)
{
    (void)state;
    char id[RIG_HISTORY_ID_SIZE];
    for (int i = 0; i < 30; i++) {
        (void)snprintf(id, sizeof id, "%016x", i);
        (void)put(id, i, "PASS");
    }
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    char rubbish[512];
    memset(rubbish, 0xa5, sizeof rubbish);
    for (off_t at = 4096; at < about.st_size; at += (off_t)sizeof rubbish)
        assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, at), (ssize_t)sizeof rubbish);
    (void)close(fd);
    rig_history *history = NULL;
    rig_history_run *run = run_of("00000000000000a1", 1000, "PASS");
    rig_error err = {0};
    rig_status status = rig_history_open(path, RIG_HISTORY_WRITE, 1.0, &history, &err);
    if (status == RIG_OK)
        status = rig_history_add(history, run, NULL, &err);
    assert_int_equal(status, RIG_EINPUT);
    assert_non_null(strstr(err.text, "is damaged"));
    assert_non_null(strstr(err.text, "peakrig history add"));
    rig_history_run_free(run);
    rig_history_close(history);
}

/* ---- others, and no room ---- */

static void test_locked_by_another(void **state)
{
    (void)state;
    (void)put("00000000000000a1", 1000, "PASS");
    sqlite3 *other;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    rig_history *history = NULL;
    rig_error err = {0};
    rig_history_run *run = run_of("00000000000000b2", 2000, "PASS");
    assert_int_equal(rig_history_open(path, RIG_HISTORY_WRITE, 0.05, &history, &err), RIG_OK);
    assert_int_equal(rig_history_add(history, run, NULL, &err), RIG_EIO);
    assert_non_null(strstr(err.text, "another program has kept it locked"));
    assert_int_equal(count((rig_history_filter){.id = NULL}), 1); /* who reads need not wait */
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(rig_history_add(history, run, NULL, &err), RIG_OK);
    (void)sqlite3_close(other);
    rig_history_run_free(run);
    rig_history_close(history);
    assert_int_equal(count((rig_history_filter){.id = NULL}), 2);
}

/* A limit on the size of files is a disk without room: nothing of the run is in, all else is. */
static void test_no_room(void **state)
{
    (void)state;
    struct rlimit before, little;
    (void)put("00000000000000a1", 1000, "PASS");
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    rig_history *history = open_for(RIG_HISTORY_WRITE);
    rig_history_run *run = run_of("00000000000000b2", 2000, "PASS");
    rig_error err = {0};
    free(run->calls);
    run->calls = malloc(400001);
    memset(run->calls, 'S', 400000);
    run->calls[400000] = '\0';
    little = before;
    little.rlim_cur = 100000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    rig_status status = rig_history_add(history, run, NULL, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, RIG_EIO);
    assert_non_null(strstr(err.text, path));
    rig_history_close(history);
    assert_int_equal(count((rig_history_filter){.id = NULL}), 1);
    history = open_for(RIG_HISTORY_WRITE);
    assert_int_equal(rig_history_add(history, run, NULL, &err), RIG_OK);
    rig_history_close(history);
    rig_history_run_free(run);
    assert_int_equal(count((rig_history_filter){.id = NULL}), 2);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_all_of_a_run),
        IN_FOLDER(test_filters),
        IN_FOLDER(test_one_run_is_there_once),
        cmocka_unit_test(test_labels),
        IN_FOLDER(test_older_file),
        IN_FOLDER(test_newer_file_is_left),
        IN_FOLDER(test_files_of_others),
        IN_FOLDER(test_damaged_file),
        IN_FOLDER(test_locked_by_another),
        IN_FOLDER(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
