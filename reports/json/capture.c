/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/capture.h"

#include "analyzer/parties.h"
#include "core/clock.h"

static void add_seconds(rig_json_builder *b, const char *key, int64_t ns)
{
    rig_json_add_real(b, key, rig_clock_s_of_ns(ns));
}

static void add_order(rig_json_builder *b, const rig_capture_disorder *d)
{
    rig_json_open_object(b, "order");
    rig_json_add_count(b, "streams", d->n_streams);
    rig_json_add_count(b, "reordered", d->n_reordered);
    add_seconds(b, "max_disorder_s", d->max_disorder_ns);
    rig_json_add_count(b, "late", d->n_late);
    add_seconds(b, "max_late_s", d->max_late_ns);
    rig_json_add_count(b, "pushed_out", d->n_pushed_out);
    rig_json_add_count(b, "times_went_back", d->n_steps);
    rig_json_open_list(b, "steps_back");
    for (uint64_t i = 0; i < d->n_steps && i < RIG_CAPTURE_MAX_STEPS; i++) {
        const rig_capture_step_back *s = &d->steps[i];
        rig_json_open_object(b, NULL);
        rig_json_add_count(b, "file", s->file);
        rig_json_add_count(b, "interface", s->interface);
        rig_json_add_count(b, "packet", s->packet);
        add_seconds(b, "t_s", s->t_ns);
        add_seconds(b, "back_s", s->back_ns);
        rig_json_close(b);
    }
    rig_json_close(b);
    rig_json_close(b);
}

static void add_clocks(rig_json_builder *b, const rig_clock_offsets *clocks)
{
    char address[RIG_ADDRESS_TEXT_SIZE];
    rig_json_open_list(b, "clocks");
    for (unsigned i = 0; i < clocks->n; i++) {
        const rig_clock_offset *o = &clocks->of[i];
        rig_endpoint_host(o->at, address);
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "address", address);
        rig_json_add_count(b, "port", o->at.port);
        add_seconds(b, "sent_early_s", o->early_ns);
        add_seconds(b, "at_least_s", o->at_least_ns);
        if (o->has_most)
            add_seconds(b, "at_most_s", o->at_most_ns);
        else
            rig_json_add_null(b, "at_most_s");
        rig_json_add_count(b, "pairs", o->n_pairs);
        rig_json_add_count(b, "pairs_reversed", o->n_early);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_not_read(rig_json_builder *b, const rig_not_read_all *all)
{
    static const char *const kinds[RIG_N_NOT_READ_KINDS] = {
        [RIG_NOT_READ_LINK] = "link",
        [RIG_NOT_READ_ETHERTYPE] = "ethertype",
        [RIG_NOT_READ_LLC] = "llc",
        [RIG_NOT_READ_PPP] = "ppp",
        [RIG_NOT_READ_IP_PROTOCOL] = "ip_protocol",
        [RIG_NOT_READ_NEXT_PROTOCOL] = "next_protocol",
        [RIG_NOT_READ_TZSP] = "tzsp",
        [RIG_NOT_READ_UDP_PORT] = "udp_port",
    };
    rig_json_open_list(b, "not_read");
    for (size_t i = 0; i < all->n; i++) {
        const rig_not_read *what = &all->of[i];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "kind", kinds[what->kind]);
        rig_json_add_count(b, "number", what->number);
        rig_json_add_text(b, "name", what->name);
        rig_json_add_count(b, "packets", what->n);
        rig_json_close(b);
    }
    if (all->n_others > 0) {
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "kind", "others");
        rig_json_add_null(b, "number");
        rig_json_add_null(b, "name");
        rig_json_add_count(b, "packets", all->n_others);
        rig_json_close(b);
    }
    rig_json_close(b);
}

void rig_json_add_packets(rig_json_builder *b, const rig_capture_counts *counts)
{
    add_order(b, &counts->disorder);
    add_clocks(b, &counts->clocks);
    add_not_read(b, &counts->not_read);
}
