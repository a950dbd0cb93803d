/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_sums.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/digest.h"
#include "reports/json_file.h"

enum { N_SHOWN = 12 /* digits of a digest that tell two files apart for people */ };

/* The files, in the order in which they are noted. */
typedef enum noted { SCENARIO, SCHEDULE, PLAY, CALLS, CAPTURE, N_NOTED } noted;

static const struct {
    const char *name, *is_not;
} files[N_NOTED] = {
    [SCENARIO] = {"scenario.cfg", "is not the file that was played"},
    [SCHEDULE] = {"schedule.csv", "is not the file that was played"},
    [PLAY] = {"play.json", "is not the file that was written when it was played"},
    [CALLS] = {"calls.csv", "is not the file that was written"},
    [CAPTURE] = {"capture.pcap", "is not the capture that calls.csv was made from"},
};

/* Digests; "" = not known. */
typedef struct sums {
    char of[N_NOTED][RIG_SHA256_TEXT_SIZE];
} sums;

static void path_of(const rig_run_dir *run, const char *name, char path[1100])
{
    (void)snprintf(path, 1100, "%s/%s", run->dir, name);
}

/* ---- the file ---- */

static bool is_digest(const char *text, size_t n)
{
    for (size_t i = 0; i < RIG_SHA256_TEXT_SIZE - 1; i++) {
        if (i >= n || isxdigit((unsigned char)text[i]) == 0 || isupper((unsigned char)text[i]) != 0)
            return false;
    }
    return true;
}

/* "DIGEST  NAME": what sha256sum writes ("DIGEST *NAME" is the same, in its binary mode). */
static bool read_line(const char *line, size_t n, sums *s)
{
    const size_t n_digest = RIG_SHA256_TEXT_SIZE - 1;
    if (n < n_digest + 3 || !is_digest(line, n) || line[n_digest] != ' ' ||
        (line[n_digest + 1] != ' ' && line[n_digest + 1] != '*'))
        return false;
    const char *name = line + n_digest + 2;
    for (int f = 0; f < N_NOTED; f++) {
        if (strlen(files[f].name) == n - n_digest - 2 &&
            strncmp(files[f].name, name, n - n_digest - 2) == 0)
            (void)snprintf(s->of[f], sizeof s->of[f], "%.*s", (int)n_digest, line);
    }
    return true;
}

static rig_status read_sums(const rig_run_dir *run, sums *s, rig_error *err)
{
    char path[1100], *text = NULL;
    rig_status status = RIG_OK;
    path_of(run, "SHA256SUMS", path);
    *s = (sums){0};
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return RIG_OK; /* of an older version */
    status = rig_file_read(path, &text, NULL, err);
    if (status != RIG_OK)
        return status;
    unsigned number = 1;
    for (const char *at = text; *at != '\0' && status == RIG_OK; number++) {
        const size_t n = strcspn(at, "\n");
        if (n > 0 && !read_line(at, n, s))
            status = rig_fail(err, RIG_EINPUT, "%s:%u: expected a SHA-256, two blanks and a name",
                              path, number);
        at += n + (at[n] == '\n');
    }
    free(text);
    return status;
}

static rig_status write_sums(const rig_run_dir *run, const sums *s, rig_error *err)
{
    char path[1100];
    rig_atomic_file *file;
    path_of(run, "SHA256SUMS", path);
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    for (int f = 0; f < N_NOTED; f++) {
        if (s->of[f][0] != '\0')
            (void)fprintf(rig_atomic_file_stream(file), "%s  %s\n", s->of[f], files[f].name);
    }
    return rig_atomic_file_commit(file, err);
}

rig_status rig_run_sums_renew(const rig_run_dir *run, const char *capture_sha256, rig_error *err)
{
    sums s;
    rig_status status = read_sums(run, &s, err);
    if (status == RIG_OK)
        status = rig_digest_file(run->calls, s.of[CALLS], err);
    if (status != RIG_OK)
        return status;
    (void)snprintf(s.of[CAPTURE], sizeof s.of[CAPTURE], "%s", capture_sha256);
    return write_sums(run, &s, err);
}

rig_status rig_run_sums_write(const rig_run_dir *run, const char *capture_sha256, rig_error *err)
{
    sums s = {0};
    rig_status status = rig_digest_file(run->scenario, s.of[SCENARIO], err);
    if (status == RIG_OK)
        status = rig_digest_file(run->schedule, s.of[SCHEDULE], err);
    if (status == RIG_OK)
        status = rig_digest_file(run->play, s.of[PLAY], err);
    if (status == RIG_OK)
        status = rig_digest_file(run->calls, s.of[CALLS], err);
    if (status != RIG_OK)
        return status;
    (void)snprintf(s.of[CAPTURE], sizeof s.of[CAPTURE], "%s", capture_sha256);
    return write_sums(run, &s, err);
}

/* ---- what files say of each other ---- */

/* A stamp at the top of a table: "# KEY: DIGEST". */
static void read_stamp(const char *path, const char *key, char digest[RIG_SHA256_TEXT_SIZE])
{
    char line[512];
    FILE *in = digest[0] == '\0' ? fopen(path, "re") : NULL;
    const size_t n = strlen(key);
    while (in != NULL && fgets(line, sizeof line, in) != NULL && line[0] == '#') {
        const char *value = line + 2 + n + 2;
        if (line[1] == ' ' && strncmp(line + 2, key, n) == 0 &&
            strncmp(line + 2 + n, ": ", 2) == 0 && is_digest(value, strcspn(value, "\r\n")))
            (void)snprintf(digest, RIG_SHA256_TEXT_SIZE, "%.*s", RIG_SHA256_TEXT_SIZE - 1, value);
    }
    if (in != NULL)
        (void)fclose(in);
}

static void read_play(const rig_run_dir *run, char digest[RIG_SHA256_TEXT_SIZE])
{
    json_t *play = NULL;
    if (digest[0] != '\0' || rig_json_read(run->play, &play, NULL) != RIG_OK)
        return;
    const char *text = rig_json_text(rig_json_object(play, "inputs"), "schedule_sha256");
    if (is_digest(text, strlen(text)))
        (void)snprintf(digest, RIG_SHA256_TEXT_SIZE, "%.*s", RIG_SHA256_TEXT_SIZE - 1, text);
    json_decref(play);
}

/* ---- comparing ---- */

static void say(char *text, size_t size, const char *path, noted file, const char *found,
                const char *expected)
{
    const size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s%s %s (SHA-256 %.*s.., expected %.*s..)",
                   used > 0 ? "; " : "", path, files[file].is_not, N_SHOWN, found, N_SHOWN,
                   expected);
}

rig_status rig_run_sums_compare(const rig_run_dir *run, rig_result_inputs *inputs, char *text,
                                size_t size, rig_error *err)
{
    sums expected;
    rig_status status = read_sums(run, &expected, err);
    if (status != RIG_OK)
        return status;
    read_play(run, expected.of[SCHEDULE]);
    read_stamp(run->schedule, "scenario_sha256", expected.of[SCENARIO]);
    read_stamp(run->calls, "capture_sha256", expected.of[CAPTURE]);
    const struct {
        const char *path, *found;
    } now[N_NOTED] = {[SCENARIO] = {run->scenario, inputs->scenario},
                      [SCHEDULE] = {run->schedule, inputs->schedule},
                      [PLAY] = {run->play, inputs->play},
                      [CALLS] = {run->calls, inputs->calls},
                      [CAPTURE] = {run->capture, inputs->capture}};
    text[0] = '\0';
    inputs->n_changed = 0;
    for (int f = 0; f < N_NOTED; f++) {
        if (now[f].found[0] == '\0' || expected.of[f][0] == '\0' ||
            strcmp(now[f].found, expected.of[f]) == 0)
            continue;
        inputs->changed[inputs->n_changed++] = files[f].name;
        say(text, size, now[f].path, (noted)f, now[f].found, expected.of[f]);
    }
    return RIG_OK;
}
