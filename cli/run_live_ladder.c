/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_live_ladder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/ladder.h"
#include "analyzer/rules.h"
#include "core/clock.h"
#include "reports/ladder_text.h"

/* Sizes of a pcap file, https://www.tcpdump.org/manpages/pcap-savefile.5.html: its header, and that
 * of a packet. */
enum { FILE_HEADER = 24, PACKET_HEADER = 16 };

enum { FIRST_STEP = 1 << 16, PIECE = 1 << 16, WIDTH = 100 };

#define BEFORE_NS RIG_NS_PER_S       /* packets come in nearly the order of their times */
#define BEHIND_NS (2 * RIG_NS_PER_S) /* BYE, 200 and ACK, sent again */

/* So far the file had come when a packet of this time began. */
typedef struct mark {
    int64_t t_ns;
    uint64_t offset;
} mark;

struct rig_run_live_ladder {
    int fd; /* of the capture; -1: none */
    char part[1200], rules[1100];
    uint64_t n_bytes, next_mark; /* of the thread that captures */
    pthread_mutex_t lock;        /* of the marks */
    mark marks[RIG_RUN_LIVE_LADDER_MOST_MARKS];
    size_t n_marks;
    uint64_t step; /* bytes from one to the next */
    pthread_mutex_t drawing;
    const rig_language *language;
};

rig_status rig_run_live_ladder_new(const rig_language *language, rig_run_live_ladder **made,
                                   rig_error *err)
{
    rig_run_live_ladder *ladders = calloc(1, sizeof *ladders);
    if (ladders == NULL)
        return rig_fail(err, RIG_ENOMEM, "ladders of the run: out of memory");
    ladders->language = language;
    ladders->fd = -1;
    ladders->n_bytes = FILE_HEADER;
    ladders->step = FIRST_STEP;
    (void)pthread_mutex_init(&ladders->lock, NULL);
    (void)pthread_mutex_init(&ladders->drawing, NULL);
    *made = ladders;
    return RIG_OK;
}

void rig_run_live_ladder_free(rig_run_live_ladder *ladders)
{
    if (ladders == NULL)
        return;
    if (ladders->fd >= 0)
        (void)close(ladders->fd);
    (void)pthread_mutex_destroy(&ladders->lock);
    (void)pthread_mutex_destroy(&ladders->drawing);
    free(ladders);
}

void rig_run_live_ladder_open(rig_run_live_ladder *ladders, const rig_run_dir *dir)
{
    char path[1200];
    (void)snprintf(path, sizeof path, "%s.part-%ld", dir->capture, (long)getpid());
    (void)snprintf(ladders->part, sizeof ladders->part, "%s/ladder-of-a-call.pcap", dir->dir);
    (void)snprintf(ladders->rules, sizeof ladders->rules, "%s", dir->rules);
    ladders->fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

/* ---- where what is in the file ---- */

static void put_mark(rig_run_live_ladder *ladders, int64_t t_ns)
{
    (void)pthread_mutex_lock(&ladders->lock);
    if (ladders->n_marks == RIG_RUN_LIVE_LADDER_MOST_MARKS) {
        ladders->n_marks /= 2;
        for (size_t i = 0; i < ladders->n_marks; i++)
            ladders->marks[i] = ladders->marks[2 * i];
        ladders->step *= 2;
    }
    ladders->marks[ladders->n_marks++] = (mark){t_ns, ladders->n_bytes};
    ladders->next_mark = ladders->n_bytes + ladders->step;
    (void)pthread_mutex_unlock(&ladders->lock);
}

void rig_run_live_ladder_packet(rig_run_live_ladder *ladders, int64_t t_ns, size_t caplen)
{
    if (ladders->n_bytes >= ladders->next_mark)
        put_mark(ladders, t_ns);
    ladders->n_bytes += PACKET_HEADER + caplen;
}

/* From which byte to which. */
static void find_part(rig_run_live_ladder *ladders, int64_t from_ns, int64_t to_ns, uint64_t size,
                      uint64_t *from, uint64_t *to)
{
    *from = FILE_HEADER;
    *to = size;
    (void)pthread_mutex_lock(&ladders->lock);
    for (size_t i = 0; i < ladders->n_marks; i++) {
        const mark *m = &ladders->marks[i];
        if (m->t_ns <= from_ns)
            *from = m->offset;
        else if (m->t_ns > to_ns) {
            *to = m->offset < size ? m->offset : size;
            break;
        }
    }
    (void)pthread_mutex_unlock(&ladders->lock);
}

/* ---- the part ---- */

static bool copy(int from_fd, uint64_t from, uint64_t to, int to_fd)
{
    char piece[PIECE];
    while (from < to) {
        const size_t n = to - from < sizeof piece ? (size_t)(to - from) : sizeof piece;
        const ssize_t got = pread(from_fd, piece, n, (off_t)from);
        const ssize_t put = got > 0 ? write(to_fd, piece, (size_t)got) : -1;
        if (got == 0)
            errno = EIO; /* it was longer a moment ago */
        else if (put >= 0 && put < got)
            errno = ENOSPC;
        if (put < 0 || put < got)
            return false;
        from += (uint64_t)got;
    }
    return true;
}

static rig_status copy_part(rig_run_live_ladder *ladders, int64_t from_ns, int64_t to_ns,
                            rig_error *err)
{
    struct stat is;
    uint64_t from, to;
    if (ladders->fd < 0 || fstat(ladders->fd, &is) != 0 || is.st_size <= FILE_HEADER)
        return rig_fail(err, RIG_EENV, "there is no capture yet that a ladder could be read from");
    find_part(ladders, from_ns, to_ns, (uint64_t)is.st_size, &from, &to);
    if (to > from && to - from > RIG_RUN_LIVE_LADDER_MOST_BYTES)
        return rig_fail(
            err, RIG_EINPUT,
            "the call's messages are spread over %.0f MB of the capture, at most %d are "
            "read during a run; after it: peakrig analyze CAPTURE --ladder CALL-ID",
            (double)(to - from) / 1e6, RIG_RUN_LIVE_LADDER_MOST_BYTES / 1000000);
    const int fd = open(ladders->part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    const bool is_done =
        fd >= 0 && copy(ladders->fd, 0, FILE_HEADER, fd) && copy(ladders->fd, from, to, fd);
    const int why = errno;
    if (fd >= 0)
        (void)close(fd);
    return is_done ? RIG_OK : rig_fail(err, RIG_EIO, "%s: %s", ladders->part, strerror(why));
}

/* ---- the ladder ---- */

static rig_status print(const rig_ladders *found, const rig_language *language, char **text,
                        rig_error *err)
{
    const rig_report_ladder_style style = {.width = WIDTH, .language = language};
    char *made = NULL;
    size_t n;
    FILE *out = open_memstream(&made, &n);
    if (out == NULL)
        return rig_fail(err, RIG_ENOMEM, "ladder: out of memory");
    for (size_t i = 0; i < found->n; i++)
        rig_report_ladder_print(out, &found->items[i], &style);
    if (fclose(out) != 0) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "ladder: out of memory");
    }
    *text = made;
    return RIG_OK;
}

static rig_status read_part(const rig_run_live_ladder *ladders, const char *call_id, char **text,
                            rig_error *err)
{
    const char *path = ladders->part;
    rig_rules *rules = NULL;
    rig_ladders *found = NULL;
    rig_status status = RIG_OK;
    if (access(ladders->rules, R_OK) == 0)
        status = rig_rules_read(ladders->rules, &rules, err);
    if (status == RIG_OK)
        status = rig_ladders_collect(&(rig_ladder_options){.paths = &path,
                                                           .n_paths = 1,
                                                           .call_ids = &call_id,
                                                           .n_call_ids = 1,
                                                           .rules = rules},
                                     &found, err);
    if (status == RIG_OK)
        status = print(found, ladders->language, text, err);
    rig_ladders_free(found);
    rig_rules_free(rules);
    return status;
}

rig_status rig_run_live_ladder_draw(rig_run_live_ladder *ladders, const char *call_id,
                                    int64_t t_invite_ns, int64_t t_end_ns, char **text,
                                    rig_error *err)
{
    if (strcmp(call_id, "*") == 0) /* every call, for the ladders' reader */
        return rig_fail(err, RIG_EINPUT, "the Call-ID \"*\": no ladder is drawn of it");
    if (pthread_mutex_trylock(&ladders->drawing) != 0)
        return rig_fail(err, RIG_EENV, "another ladder is being drawn: try again");
    rig_status status = copy_part(ladders, t_invite_ns - BEFORE_NS,
                                  t_end_ns == RIG_NO_TIME ? INT64_MAX : t_end_ns + BEHIND_NS, err);
    if (status == RIG_OK)
        status = read_part(ladders, call_id, text, err);
    (void)unlink(ladders->part);
    (void)pthread_mutex_unlock(&ladders->drawing);
    return status;
}
