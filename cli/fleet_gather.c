/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/fleet_gather.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/fleet_facts.h"
#include "core/atomic_file.h"
#include "core/clock.h"
#include "core/digest.h"
#include "generator/merge.h"

enum { PIECE = 1 << 20 };

/* What a host sends first; the files follow. Ranks are of the same program: a struct is a message.
 */
typedef struct parcel {
    bool has_report;
    int64_t skew_ns; /* of a test */
    rig_fleet_state state;
    rig_play_report report;
} parcel;

/* ---- sending ---- */

/* Its length, its bytes, their SHA-256: of as many as it was long, or "" where it was shortened
 * meanwhile, and what came was filled up with noughts. */
static void send_file(const rig_run_host *host, const char *path)
{
    static char buffer[PIECE];
    char sha256[RIG_SHA256_TEXT_SIZE] = "";
    struct stat about = {.st_size = 0};
    bool is_whole = true;
    FILE *in = rig_file_open_of_others(path);
    rig_digest *digest = rig_digest_new();
    uint64_t n_left = in != NULL && fstat(fileno(in), &about) == 0 ? (uint64_t)about.st_size : 0;
    rig_fleet_send(host->fleet, &n_left, sizeof n_left);
    while (n_left > 0) {
        const size_t n = n_left < PIECE ? (size_t)n_left : (size_t)PIECE;
        const size_t got = fread(buffer, 1, n, in);
        memset(buffer + got, 0, n - got);
        is_whole = is_whole && got == n;
        if (digest != NULL)
            rig_digest_add(digest, buffer, n);
        rig_fleet_send(host->fleet, buffer, n);
        n_left -= n;
    }
    if (digest != NULL && is_whole)
        rig_digest_text(digest, sha256);
    rig_fleet_send(host->fleet, sha256, sizeof sha256);
    rig_digest_free(digest);
    if (in != NULL)
        (void)fclose(in);
}

void rig_run_host_send(const rig_run_host *host)
{
    char path[1200];
    const parcel sent = {.has_report = host->has_report,
                         .skew_ns = rig_fleet_test_skew_ns(host->fleet),
                         .state = host->state,
                         .report = host->report};
    rig_fleet_send(host->fleet, &sent, sizeof sent);
    for (size_t k = 0; host->has_report && k < host->report.n_workers; k++) {
        (void)snprintf(path, sizeof path, "%s/logs/callers%zu.log", host->dir, k);
        send_file(host, path);
    }
    (void)snprintf(path, sizeof path, "%s/capture.pcap", host->dir);
    if (host->has_report)
        send_file(host, path);
}

/* ---- taking ---- */

/* All of it, on rank 0. */
typedef struct gathering {
    const rig_run_host *host;
    const rig_run_dir *run;
    rig_run_fleet_facts facts;
    rig_merge_part parts[RIG_MAX_WORKERS];
    rig_merge_point *points[RIG_MAX_WORKERS]; /* owned */
    char paths[RIG_MAX_WORKERS][1200];
    bool is_copy[RIG_MAX_WORKERS]; /* of a capture that stays on its host: removed at the end */
    size_t n_parts;
} gathering;

/* What comes of a file, in pieces. @param out  Or NULL: nobody wants it. @param[out] is_same  By
 * its SHA-256. @return whether it was written. */
static bool take_pieces(const gathering *g, uint32_t rank, FILE *out, bool *is_there, bool *is_same)
{
    static char buffer[PIECE];
    char sent[RIG_SHA256_TEXT_SIZE] = "", got[RIG_SHA256_TEXT_SIZE] = "";
    uint64_t n_left = 0;
    bool is_written = out != NULL;
    rig_digest *digest = rig_digest_new();
    *is_there = rig_fleet_take(g->host->fleet, rank, &n_left, sizeof n_left);
    while (*is_there && n_left > 0) {
        const size_t n = n_left < PIECE ? (size_t)n_left : (size_t)PIECE;
        *is_there = rig_fleet_take(g->host->fleet, rank, buffer, n);
        if (digest != NULL)
            rig_digest_add(digest, buffer, n);
        is_written = is_written && fwrite(buffer, 1, n, out) == n;
        n_left -= n;
    }
    *is_there = *is_there && rig_fleet_take(g->host->fleet, rank, sent, sizeof sent);
    if (digest != NULL)
        rig_digest_text(digest, got);
    rig_digest_free(digest);
    *is_same = memcmp(sent, got, sizeof got) == 0;
    return is_written;
}

/* @param path  NULL: nobody wants it. @param[in,out] is_same  Whether all files came as they are.
 */
static rig_status take_file(const gathering *g, uint32_t rank, const char *path, bool *is_there,
                            bool *is_same, rig_error *err)
{
    bool is_this_same;
    FILE *out = path != NULL ? fopen(path, "we") : NULL;
    const int cause = errno;
    bool is_written = take_pieces(g, rank, out, is_there, &is_this_same);
    *is_same = *is_same && is_this_same;
    if (out != NULL && fclose(out) != 0)
        is_written = false;
    return is_written || path == NULL ? RIG_OK
                                      : rig_fail(err, RIG_EIO, "%s: cannot write: %s", path,
                                                 out == NULL ? strerror(cause) : "no room");
}

static rig_status copy_file(const char *from, const char *to, rig_error *err)
{
    static char buffer[PIECE];
    size_t n;
    FILE *in = rig_file_open_of_others(from), *out = fopen(to, "we");
    bool is_whole = out != NULL;
    while (is_whole && in != NULL && (n = fread(buffer, 1, sizeof buffer, in)) > 0)
        is_whole = fwrite(buffer, 1, n, out) == n;
    if (in != NULL && ferror(in) != 0)
        is_whole = false;
    if (in != NULL)
        (void)fclose(in);
    if (out != NULL && fclose(out) != 0)
        is_whole = false;
    return is_whole ? RIG_OK : rig_fail(err, RIG_EIO, "%s: cannot copy %s", to, from);
}

/* The number of its worker in the whole run. */
static void log_path(const gathering *g, size_t worker, char path[1200])
{
    (void)snprintf(path, 1200, "%s/logs/callers%zu.log", g->run->dir, worker);
}

static rig_status add_part(gathering *g, uint32_t rank, int64_t skew_ns, rig_error *err)
{
    size_t n = 0;
    const rig_fleet_look *looks = rig_fleet_looks(g->host->fleet, rank, &n);
    rig_merge_point *points = calloc(n + 1, sizeof *points);
    if (points == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t i = 0; i < n; i++)
        points[i] = rig_run_fleet_point(&looks[i], skew_ns);
    g->points[g->n_parts] = points;
    g->parts[g->n_parts] = (rig_merge_part){.path = g->paths[g->n_parts],
                                            .name = rig_fleet_host(g->host->fleet, rank),
                                            .points = points,
                                            .n_points = n};
    g->n_parts++;
    return RIG_OK;
}

static rig_status take_own(gathering *g, rig_error *err)
{
    const rig_run_host *host = g->host;
    rig_status status = RIG_OK;
    rig_run_fleet_facts_add(&g->facts, 0, &host->report, rig_fleet_test_skew_ns(host->fleet));
    for (size_t k = 0; k < host->report.n_workers && status == RIG_OK; k++) {
        char from[1200], to[1200];
        (void)snprintf(from, sizeof from, "%s/logs/callers%zu.log", host->dir, k);
        log_path(g, k, to);
        status = copy_file(from, to, err);
    }
    (void)snprintf(g->paths[0], sizeof g->paths[0], "%s/capture.pcap", host->dir);
    return status == RIG_OK ? add_part(g, 0, 0, err) : status;
}

/* What becomes of a host's files. */
typedef struct coming {
    bool is_there, is_same;
} coming;

/* The next file of a host. After a failure it is taken all the same, for its sender waits for that,
 * and thrown away. */
static void take_next(const gathering *g, uint32_t rank, const char *path, coming *of,
                      rig_status *status, rig_error *err)
{
    if (of->is_there && *status == RIG_OK)
        *status = take_file(g, rank, path, &of->is_there, &of->is_same, err);
    else if (of->is_there)
        (void)take_file(g, rank, NULL, &of->is_there, &of->is_same, err);
}

/* From a host: what does not come makes it a lost one. @param status  So far. */
static rig_status take_from(gathering *g, uint32_t rank, rig_status status, rig_error *err)
{
    static parcel taken;
    char path[1200];
    const size_t first = g->facts.all.n_workers;
    coming of = {.is_there = rig_fleet_take(g->host->fleet, rank, &taken, sizeof taken),
                 .is_same = true};
    if (!of.is_there || !taken.has_report || first + taken.report.n_workers > RIG_MAX_WORKERS) {
        rig_run_fleet_facts_lack(&g->facts, rank,
                                 of.is_there ? taken.state.trouble
                                             : "lost: nothing was heard of it any more");
        return RIG_OK;
    }
    for (size_t k = 0; k < taken.report.n_workers; k++) {
        log_path(g, first + k, path);
        take_next(g, rank, path, &of, &status, err);
    }
    (void)snprintf(g->paths[g->n_parts], sizeof g->paths[0], "%s/capture-of-rank-%u.part",
                   g->run->dir, rank);
    g->is_copy[g->n_parts] = true;
    take_next(g, rank, g->paths[g->n_parts], &of, &status, err);
    if (status == RIG_OK && of.is_there && of.is_same) {
        rig_run_fleet_facts_add(&g->facts, rank, &taken.report, taken.skew_ns);
        return add_part(g, rank, taken.skew_ns, err);
    }
    (void)unlink(g->paths[g->n_parts]);
    rig_run_fleet_facts_lack(
        &g->facts, rank,
        of.is_there && status == RIG_OK
            ? "lost: its logs or its capture came otherwise than they are there "
              "(SHA-256)"
            : "lost: it went while it sent its capture");
    return status;
}

rig_status rig_run_host_gather(const rig_run_host *host, const rig_run_dir *run,
                               rig_play_facts *facts, rig_error *err)
{
    static gathering all; /* there is always room: the hosts wait until all is taken */
    gathering *g = &all;
    all = (gathering){.host = host, .run = run};
    rig_run_fleet_facts_begin(&g->facts, host);
    rig_status status = take_own(g, err);
    for (uint32_t rank = 1; rank < rig_fleet_n(host->fleet); rank++)
        status = take_from(g, rank, status, err);
    if (status == RIG_OK)
        status = rig_merge_captures(g->parts, g->n_parts, run->capture, err);
    for (size_t i = 0; i < g->n_parts; i++) {
        if (g->is_copy[i])
            (void)unlink(g->paths[i]);
        free(g->points[i]);
    }
    if (status == RIG_OK)
        *facts = g->facts.all;
    return status;
}
