/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/ordered_feed.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/packets/reorder.h"

struct rig_ordered_feed {
    rig_analyzer *analyzer;
    rig_reorder *reorder; /* NULL: no window */
    const bool *is_due;   /* of it */
    rig_reorder_stream stream;
    uint64_t n_packets;
};

static rig_status no_memory(rig_error *err)
{
    return rig_fail(err, RIG_ENOMEM, "out of memory");
}

rig_status rig_ordered_feed_new(const rig_capture_order *order, rig_analyzer *analyzer,
                                rig_ordered_feed **feed, rig_error *err)
{
    rig_capture_order made_order = {0};
    if (order != NULL)
        made_order = *order;
    rig_status status = rig_reorder_complete(&made_order, err);
    if (status != RIG_OK)
        return status;
    rig_ordered_feed *made = calloc(1, sizeof *made);
    if (made == NULL)
        return no_memory(err);
    made->analyzer = analyzer;
    if (made_order.window_ns != -1) {
        if (rig_reorder_new(&made_order, &made->reorder) != RIG_OK) {
            free(made);
            return no_memory(err);
        }
        made->is_due = rig_reorder_is_due(made->reorder);
    }
    *feed = made;
    return RIG_OK;
}

void rig_ordered_feed_free(rig_ordered_feed *feed)
{
    if (feed == NULL)
        return;
    rig_reorder_free(feed->reorder);
    rig_reorder_stream_clear(&feed->stream);
    free(feed);
}

static rig_status analyze(rig_ordered_feed *feed, const rig_frame *f, rig_error *err)
{
    return rig_analyzer_packet(feed->analyzer, f->linktype, f->t_ns, f->data, f->caplen, f->len,
                               err);
}

/* All packets whose turn it is. An error of one does not keep the others; the first is told. */
static rig_status hand_on(rig_ordered_feed *feed, bool is_all, rig_error *err)
{
    rig_status first = RIG_OK;
    rig_frame frame;
    while (rig_reorder_pop(feed->reorder, is_all, &frame)) {
        rig_status status = analyze(feed, &frame, first == RIG_OK ? err : NULL);
        if (first == RIG_OK)
            first = status;
    }
    return first;
}

/* The block is freed by the last that needs it: nobody reads on into it. */
static rig_byte_block *copy_of(const uint8_t *data, size_t n)
{
    rig_byte_block *block = malloc(sizeof *block + n);
    if (block == NULL)
        return NULL;
    *block = (rig_byte_block){.n = n};
    if (n > 0)
        memcpy(block->data, data, n);
    return block;
}

rig_status rig_ordered_feed_packet(rig_ordered_feed *feed, int linktype, int64_t t_ns,
                                   const uint8_t *data, size_t caplen, size_t len, rig_error *err)
{
    rig_frame frame = {.linktype = linktype,
                       .t_ns = t_ns,
                       .data = data,
                       .caplen = caplen,
                       .len = len,
                       .number = ++feed->n_packets};
    /* a time that no packet has would hold up the others; the analyzer says what is wrong with it
     */
    if (feed->reorder == NULL || t_ns < 0 || t_ns > RIG_CAPTURE_LATEST_NS)
        return analyze(feed, &frame, err);
    rig_byte_block *block = copy_of(data, caplen);
    if (block == NULL)
        return no_memory(err);
    frame.data = block->data;
    rig_status status = RIG_OK;
    if (rig_reorder_push(feed->reorder, &feed->stream, &frame, block) != RIG_OK)
        status = no_memory(err);
    if (!*feed->is_due)
        return status;
    rig_status handed = hand_on(feed, false, status == RIG_OK ? err : NULL);
    return status == RIG_OK ? handed : status;
}

rig_status rig_ordered_feed_end(rig_ordered_feed *feed, rig_error *err)
{
    if (feed->reorder == NULL)
        return RIG_OK;
    rig_status status = rig_reorder_settle(feed->reorder, NULL) == RIG_OK ? RIG_OK : no_memory(err);
    rig_status handed = hand_on(feed, true, status == RIG_OK ? err : NULL);
    rig_analyzer_note_disorder(feed->analyzer, rig_reorder_disorder(feed->reorder));
    return status == RIG_OK ? handed : status;
}
