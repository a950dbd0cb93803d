/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "analyzer/analyzer.h"
#include "analyzer/packets/capture.h"
#include "core/clock.h"
#include "core/plural.h"

/* So many frames between two looks at how far it is. */
enum { FRAMES_A_LOOK = 64 };

/* ---- warnings */

/* Who is told, and of what. */
typedef struct telling {
    const rig_capture_reader *reader;
    size_t n_files;
    const rig_analyze_reading *how;
    rig_analyzer *analyzer;
} telling;

static void warn(const telling *t, const char *text)
{
    if (t->how->warn != NULL)
        t->how->warn(t->how->ctx, text);
}

static void warn_of_cut_files(const telling *t)
{
    for (size_t i = 0; i < t->n_files; i++) {
        rig_capture_file_info info = rig_capture_about(t->reader, i);
        if (!info.is_cut && !info.is_damaged)
            continue;
        char text[1200];
        rig_analyzer_note_cut(t->analyzer);
        (void)snprintf(text, sizeof text, "%s: %s; what is there was read", info.name,
                       info.problem);
        warn(t, text);
    }
}

static void warn_of_steps(const telling *t, const rig_capture_disorder *d)
{
    char text[1200];
    for (size_t i = 0; i < d->n_steps && i < RIG_CAPTURE_MAX_STEPS; i++) {
        const rig_capture_step_back *s = &d->steps[i];
        (void)snprintf(text, sizeof text,
                       "%s: time went back by %.3f s at packet %llu, to %.6f: a clock was set back "
                       "(by that or more), or packets are out of order by more than is put in "
                       "order; durations across it are wrong",
                       rig_capture_about(t->reader, s->file).name, rig_clock_s_of_ns(s->back_ns),
                       (unsigned long long)s->packet, rig_clock_s_of_ns(s->t_ns));
        warn(t, text);
    }
    if (d->n_steps > RIG_CAPTURE_MAX_STEPS) {
        (void)snprintf(text, sizeof text, "time went back %llu times, by up to %.3f s",
                       (unsigned long long)d->n_steps, rig_clock_s_of_ns(d->max_step_ns));
        warn(t, text);
    }
}

static void warn_of_late(const telling *t, const rig_capture_disorder *d)
{
    char text[1200], more[48] = "";
    if (d->n_late == 0)
        return;
    if (t->n_files > 1)
        (void)snprintf(more, sizeof more, " and %zu more", t->n_files - 1);
    (void)snprintf(text, sizeof text,
                   "%s%s: %llu %s came too late to be put in order, by up to %.3f s%s; a larger "
                   "window may help (--reorder-window-ms)",
                   rig_capture_about(t->reader, 0).name, more, (unsigned long long)d->n_late,
                   rig_plural(d->n_late, "packet", "packets"), rig_clock_s_of_ns(d->max_late_ns),
                   d->n_pushed_out > 0 ? " (more packets were waiting than may)" : "");
    warn(t, text);
}

static void tell(const telling *t)
{
    const rig_capture_disorder *d = rig_capture_disorder_of(t->reader);
    warn_of_cut_files(t);
    warn_of_steps(t, d);
    warn_of_late(t, d);
    rig_analyzer_note_disorder(t->analyzer, d);
}

/* ---- reading */

static void look(const telling *t)
{
    uint64_t n_done, n_all;
    if (t->how->progress == NULL)
        return;
    rig_capture_progress(t->reader, &n_done, &n_all);
    t->how->progress(t->how->ctx, n_done, n_all);
}

static rig_status read_all(rig_capture_reader *reader, const telling *t, rig_error *err)
{
    rig_frame frame;
    uint64_t n_frames = 0;
    bool is_read = false; /* one frame is of a link layer that is */
    bool is_end = false;
    rig_status status;
    int linktype = 0;
    size_t file = 0;
    while ((status = rig_capture_next(reader, &frame, &is_end, err)) == RIG_OK && !is_end) {
        if (++n_frames % FRAMES_A_LOOK == 0)
            look(t);
        if (!is_read && rig_decoder_link_is_read(frame.linktype))
            is_read = true;
        else if (n_frames == 1)
            linktype = frame.linktype, file = frame.file;
        rig_analyzer_is_from(t->analyzer, frame.file);
        status = rig_analyzer_packet(t->analyzer, frame.linktype, frame.t_ns, frame.data,
                                     frame.caplen, frame.len, err);
        if (status != RIG_OK)
            return status;
    }
    if (status == RIG_OK && n_frames > 0 && !is_read)
        status =
            rig_fail(err, RIG_EINPUT,
                     "%s: link layer %d is not read; expected one of docs/captures.md, such as "
                     "Ethernet, Linux cooked (SLL, SLL2), BSD loopback or raw IP",
                     rig_capture_about(reader, file).name, linktype);
    return status;
}

rig_status rig_analyze_files_with(const char *const *paths, size_t n,
                                  const rig_analyze_reading *how, rig_analyzer *analyzer,
                                  rig_error *err)
{
    static const rig_analyze_reading as_usual = {0};
    rig_capture_reader *reader = NULL;
    if (how == NULL)
        how = &as_usual;
    const rig_capture_options options = {.order = how->order, .is_over = how->is_over};
    rig_status status = rig_capture_open_with(paths, n, &options, &reader, err);
    if (status != RIG_OK)
        return status;
    const telling t = {.reader = reader, .n_files = n, .how = how, .analyzer = analyzer};
    status = read_all(reader, &t, err);
    if (status == RIG_OK)
        tell(&t);
    rig_capture_close(reader);
    return status;
}

rig_status rig_analyze_files(const char *const *paths, size_t n, rig_analyzer *analyzer,
                             rig_analyze_warning warn_of, void *ctx, rig_error *err)
{
    const rig_analyze_reading how = {.warn = warn_of, .ctx = ctx};
    return rig_analyze_files_with(paths, n, &how, analyzer, err);
}

rig_status rig_analyze_file(const char *path, rig_analyzer *analyzer, rig_error *err)
{
    return rig_analyze_files_with(&path, 1, NULL, analyzer, err);
}

rig_status rig_analyze_probe(const char *path, rig_error *err)
{
    rig_capture_reader *reader = NULL;
    rig_status status = rig_capture_open(&path, 1, &reader, err);
    rig_capture_close(reader);
    return status;
}
