/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/merge.h"

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/atomic_file.h"
#include "core/clock.h"

/* A part that is read, and its next packet. */
typedef struct source {
    pcap_t *pcap;
    struct pcap_pkthdr *header;
    const u_char *data;
    int64_t t_ns;
    bool is_over;
} source;

int64_t rig_merge_stamp(const rig_merge_point *points, size_t n, int64_t t_ns)
{
    if (n == 0)
        return t_ns;
    if (t_ns <= points[0].t_ns)
        return t_ns - points[0].ahead_ns;
    if (t_ns >= points[n - 1].t_ns)
        return t_ns - points[n - 1].ahead_ns;
    const rig_merge_point *a = &points[0], *b = &points[n - 1]; /* at or before it; after it */
    while (b - a > 1) {
        const rig_merge_point *middle = a + (b - a) / 2;
        if (middle->t_ns <= t_ns)
            a = middle;
        else
            b = middle;
    }
    const double share = (double)(t_ns - a->t_ns) / (double)(b->t_ns - a->t_ns);
    return t_ns - a->ahead_ns - (int64_t)(share * (double)(b->ahead_ns - a->ahead_ns));
}

static rig_status next(source *s, const rig_merge_part *part, rig_error *err)
{
    const int got = pcap_next_ex(s->pcap, &s->header, &s->data);
    s->is_over = got == PCAP_ERROR_BREAK;
    if (got < 0 && !s->is_over)
        return rig_fail(err, RIG_EIO, "%s (of %s): %s", part->path, part->name,
                        pcap_geterr(s->pcap));
    if (!s->is_over) /* the subseconds of a reader with nanoseconds */
        s->t_ns = rig_merge_stamp(part->points, part->n_points,
                                  (int64_t)s->header->ts.tv_sec * RIG_NS_PER_S +
                                      (int64_t)s->header->ts.tv_usec);
    return RIG_OK;
}

static rig_status open_parts(const rig_merge_part *parts, size_t n, source *sources, rig_error *err)
{
    char text[PCAP_ERRBUF_SIZE];
    rig_status status = RIG_OK;
    for (size_t i = 0; i < n && status == RIG_OK; i++) {
        sources[i].pcap = pcap_open_offline_with_tstamp_precision(parts[i].path,
                                                                  PCAP_TSTAMP_PRECISION_NANO, text);
        if (sources[i].pcap == NULL)
            return rig_fail(err, RIG_EIO, "the capture of %s: %s", parts[i].name, text);
        if (pcap_datalink(sources[i].pcap) != pcap_datalink(sources[0].pcap))
            return rig_fail(err, RIG_EINPUT,
                            "the captures of %s and %s are of different link layers (%s, %s); "
                            "expected load hosts with interfaces of one kind",
                            parts[0].name, parts[i].name,
                            pcap_datalink_val_to_name(pcap_datalink(sources[0].pcap)),
                            pcap_datalink_val_to_name(pcap_datalink(sources[i].pcap)));
        status = next(&sources[i], &parts[i], err);
    }
    return status;
}

/* The source with the earliest packet; NULL: all are over. */
static source *earliest(source *sources, size_t n)
{
    source *first = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!sources[i].is_over && (first == NULL || sources[i].t_ns < first->t_ns))
            first = &sources[i];
    }
    return first;
}

static rig_status copy_all(const rig_merge_part *parts, size_t n, source *sources,
                           pcap_dumper_t *out, rig_error *err)
{
    rig_status status = RIG_OK;
    source *from;
    while (status == RIG_OK && (from = earliest(sources, n)) != NULL) {
        struct pcap_pkthdr header = *from->header;
        header.ts.tv_sec = from->t_ns / RIG_NS_PER_S;
        header.ts.tv_usec = from->t_ns % RIG_NS_PER_S;
        pcap_dump((u_char *)out, &header, from->data);
        status = next(from, &parts[from - sources], err);
    }
    return status;
}

/* A dumper is its stream (libpcap, pcap_dump_fopen): whoever commits the file closes it. */
static rig_status write_merged(const rig_merge_part *parts, size_t n, source *sources,
                               const char *path, rig_error *err)
{
    rig_atomic_file *file = NULL;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    pcap_t *dead = pcap_open_dead_with_tstamp_precision(
        pcap_datalink(sources[0].pcap), pcap_snapshot(sources[0].pcap), PCAP_TSTAMP_PRECISION_NANO);
    pcap_dumper_t *out = dead != NULL ? pcap_dump_fopen(dead, rig_atomic_file_stream(file)) : NULL;
    status = out == NULL ? rig_fail(err, RIG_ENOMEM, "%s: out of memory", path) : RIG_OK;
    if (status == RIG_OK)
        status = copy_all(parts, n, sources, out, err);
    if (dead != NULL)
        pcap_close(dead);
    if (status == RIG_OK)
        return rig_atomic_file_commit(file, err);
    rig_atomic_file_abandon(file);
    return status;
}

rig_status rig_merge_captures(const rig_merge_part *parts, size_t n, const char *path,
                              rig_error *err)
{
    source *sources = calloc(n + 1, sizeof *sources);
    if (sources == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    rig_status status = open_parts(parts, n, sources, err);
    if (status == RIG_OK)
        status = write_merged(parts, n, sources, path, err);
    for (size_t i = 0; i < n; i++) {
        if (sources[i].pcap != NULL)
            pcap_close(sources[i].pcap);
    }
    free(sources);
    return status;
}
