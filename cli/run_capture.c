/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A capture that was made elsewhere, for a run: rig_run_files_take_capture. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/rules.h"
#include "cli/print_analysis.h"
#include "cli/print_capture.h"
#include "cli/run_files.h"
#include "cli/run_set_up.h"
#include "cli/run_sums.h"
#include "core/atomic_file.h"
#include "core/digest.h"
#include "reports/play_json.h"
#include "verdict/cut_by_rig.h"

enum { MAX_ALIAS = 40 };

/* A file under another name. */
typedef struct renamed {
    const char *path, *read;
} renamed;

static const int64_t SLACK_NS = 600 * RIG_NS_PER_S; /* of clocks that are apart */

/* The copy, not in place yet. */
static rig_status copy(const char *path, const rig_run_dir *run, rig_atomic_file **file,
                       rig_error *err)
{
    char buffer[1 << 16];
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return rig_file_fail_read(path, errno, err);
    rig_status status = rig_atomic_file_new(run->capture, file, err);
    size_t n = 0;
    while (status == RIG_OK && (n = fread(buffer, 1, sizeof buffer, in)) > 0)
        (void)fwrite(buffer, 1, n,
                     rig_atomic_file_stream(*file)); /* an error is kept until the end */
    if (status == RIG_OK && ferror(in) != 0)
        status = rig_file_fail_read(path, errno, err);
    if (status == RIG_OK)
        status = rig_atomic_file_flush(*file, err);
    (void)fclose(in);
    return status;
}

/* Texts of the reader name the file that is read. */
static void warn_of_file(void *ctx, const char *text)
{
    const renamed *as = ctx;
    const size_t n = strlen(as->read);
    const bool is_named = strncmp(text, as->read, n) == 0;
    (void)fprintf(stderr, "peakrig: %s%s\n", is_named ? as->path : "", is_named ? text + n : text);
}

/* What a capture holds. */
typedef struct found {
    rig_calls *calls;
    rig_exchanges *book;
    rig_capture_counts counts;
} found;

/* @param read  Where the capture is read; messages name `path` in its place. */
static rig_status find_calls(const rig_run_dir *run, const char *path, const char *read, found *f,
                             rig_error *err)
{
    rig_analyzer *analyzer = NULL;
    rig_rules *rules = NULL;
    rig_error why = {0};
    rig_status status = RIG_OK;
    if (access(run->rules, F_OK) == 0)
        status = rig_rules_read(run->rules, &rules, &why);
    if (status == RIG_OK)
        status = rig_analyzer_new_with(&(rig_analyzer_options){.rules = rules,
                                                               .tap = rig_exchanges_tap(f->book),
                                                               .with_parties = true},
                                       &analyzer, &why);
    if (status == RIG_OK)
        status = rig_analyze_files(&read, 1, analyzer, warn_of_file, &(renamed){path, read}, &why);
    if (status == RIG_OK)
        status = rig_analyzer_finish(analyzer, &f->calls, &why);
    if (status == RIG_OK) { /* what the verdict's bounds stand for, in words */
        rig_analyzer_counts(analyzer, &f->counts);
        rig_warn_of_capture(&path, 1, &f->counts);
        rig_warn_of_packets(path, 1, &f->counts);
    }
    rig_analyzer_free(analyzer);
    rig_rules_free(rules);
    if (status != RIG_OK && strncmp(why.text, read, strlen(read)) == 0)
        return rig_fail(err, status, "%s%s", path, why.text + strlen(read));
    return status == RIG_OK ? RIG_OK : rig_fail(err, status, "%s", why.text);
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp((*(const rig_call *const *)a)->call_id, (*(const rig_call *const *)b)->call_id);
}

/* Calls that have the Call-ID of one that was found before, and how much later they are (of the
 * first). */
static rig_status count_known(const rig_calls *calls, const rig_calls *before, size_t *n,
                              int64_t *later_ns)
{
    const rig_call **known = calloc(before->n + 1, sizeof *known);
    if (known == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < before->n; i++)
        known[i] = &before->items[i];
    qsort(known, before->n, sizeof *known, compare_ids);
    *n = 0;
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        const rig_call *const *own = bsearch(&call, known, before->n, sizeof *known, compare_ids);
        if (own != NULL && (*n)++ == 0)
            *later_ns = call->t_invite_ns - (*own)->t_invite_ns;
    }
    free(known);
    return RIG_OK;
}

/* Calls with a number of the plan that came while the run was played, whatever their Call-IDs: they
 * may have been captured behind a border controller. */
static size_t count_timely(const rig_calls *calls, const rig_play_facts *play)
{
    size_t n = 0;
    for (size_t i = 0; i < calls->n; i++)
        n += calls->items[i].planned_index >= 0 &&
             calls->items[i].t_invite_ns >= play->start_epoch_ns - SLACK_NS &&
             calls->items[i].t_invite_ns <= play->end_epoch_ns + SLACK_NS;
    return n;
}

/* What there is instead of this run's calls, in words: for a message. */
static void describe(const found *f, size_t n_known, int64_t later_ns, char *text, size_t size)
{
    const rig_capture_counts *c = &f->counts;
    const uint64_t n_cut = c->n_messages_cut + c->packets.n_cut;
    if (n_known > 0)
        (void)snprintf(text, size,
                       "its calls have this run's Call-IDs, and were placed %.3f s %s it was "
                       "played: the capture has another clock; shift it: editcap -t %.3f",
                       rig_clock_s_of_ns(llabs(later_ns)), later_ns > 0 ? "after" : "before",
                       rig_clock_s_of_ns(-later_ns));
    else if (f->calls->n > 0)
        (void)snprintf(text, size, "none of its %zu calls is one of this run", f->calls->n);
    else if (n_cut > c->n_messages)
        (void)snprintf(text, size,
                       "the capture cuts packets: %llu are cut in their headers, and no call can "
                       "be read (capture with a snaplen of 65535: tcpdump -s 0)",
                       (unsigned long long)n_cut);
    else if (c->n_messages > 0)
        (void)snprintf(text, size,
                       "the capture lacks the callers' INVITEs: one direction only, or the phones' "
                       "legs alone (%llu SIP messages)",
                       (unsigned long long)c->n_messages);
    else
        (void)snprintf(text, size, "the capture holds no SIP in its %llu packets",
                       (unsigned long long)c->packets.n_frames);
}

/* Nothing that was found of the run is given up for a capture of something else. */
static rig_status check_calls(const rig_run_dir *run, const char *path, const found *f,
                              const rig_play_facts *play, rig_error *err)
{
    const rig_calls *calls = f->calls;
    char text[300];
    rig_calls *before = NULL;
    rig_error why = {0};
    size_t n_known = 0;
    int64_t later_ns = 0;
    if (count_timely(calls, play) > 0 || access(run->calls, F_OK) != 0 ||
        rig_cdr_read(run->calls, &before, &why) != RIG_OK || before->n == 0) {
        rig_calls_free(before);
        return RIG_OK;
    }
    rig_status status = count_known(calls, before, &n_known, &later_ns);
    rig_calls_free(before);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: out of memory", path);
    describe(f, n_known, later_ns, text, sizeof text);
    return rig_fail(err, RIG_EINPUT,
                    "%s: %s; expected a capture of the run (%s and %s are left as they were)", path,
                    text, run->calls, run->capture);
}

static bool is_own(const char *path, const rig_run_dir *run)
{
    struct stat a, b;
    return stat(path, &a) == 0 && stat(run->capture, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static rig_status write_calls(const rig_run_dir *run, const rig_play_facts *play, const found *f,
                              char sha256[RIG_SHA256_TEXT_SIZE], rig_error *err)
{
    const rig_capture_facts facts = rig_set_up_capture_facts(&f->counts);
    rig_status status = rig_digest_file(run->capture, sha256, err);
    const rig_cdr_stamp stamps[] = {{"peakrig", PEAKRIG_VERSION}, {"capture_sha256", sha256}};
    if (status == RIG_OK)
        status = rig_cdr_write(f->calls, run->calls, stamps, 2, err);
    if (status == RIG_OK)
        status = rig_run_set_up_write(run, play, f->book, &facts, sha256, err);
    return status == RIG_OK ? rig_run_sums_renew(run, sha256, err) : status;
}

rig_status rig_run_files_take_capture(const char *path, const rig_run_dir *run, char *sha256,
                                      rig_error *err)
{
    found f = {.calls = NULL};
    rig_atomic_file *file = NULL;
    rig_play_facts play;
    char alias[MAX_ALIAS], own_sha256[RIG_SHA256_TEXT_SIZE];
    const bool is_copied = !is_own(path, run);
    rig_status status = rig_exchanges_new(&f.book, err);
    if (status == RIG_OK && is_copied)
        status = copy(path, run, &file, err);
    if (status == RIG_OK && is_copied)
        (void)snprintf(alias, sizeof alias, "/proc/self/fd/%d", rig_atomic_file_fd(file));
    if (status == RIG_OK)
        status = find_calls(run, path, is_copied ? alias : run->capture, &f, err);
    if (status == RIG_OK)
        status = rig_json_play_read(run->play, &play, err);
    if (status == RIG_OK)
        status = check_calls(run, path, &f, &play, err);
    if (status == RIG_OK)
        rig_cut_by_rig(f.calls, play.stop_epoch_ns);
    if (status == RIG_OK && is_copied) {
        status = rig_atomic_file_commit(file, err);
        file = NULL;
    }
    if (status == RIG_OK)
        status = write_calls(run, &play, &f, sha256 != NULL ? sha256 : own_sha256, err);
    rig_atomic_file_abandon(file);
    rig_exchanges_free(f.book);
    rig_calls_free(f.calls);
    return status;
}
