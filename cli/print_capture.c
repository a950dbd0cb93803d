/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_capture.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/parties.h"
#include "cli/console.h"
#include "core/clock.h"
#include "core/plural.h"

enum { NAME_SIZE = 600 };

/* ---- what was not read */

static void kind_text(const rig_not_read *what, char *text, size_t size)
{
    static const char *const formats[RIG_N_NOT_READ_KINDS] = {
        [RIG_NOT_READ_LINK] = "link layer %" PRIu32,
        [RIG_NOT_READ_ETHERTYPE] = "EtherType 0x%04" PRIx32,
        [RIG_NOT_READ_LLC] = "802.2 access points 0x%04" PRIx32,
        [RIG_NOT_READ_PPP] = "PPP protocol 0x%04" PRIx32,
        [RIG_NOT_READ_IP_PROTOCOL] = "IP protocol %" PRIu32,
        [RIG_NOT_READ_NEXT_PROTOCOL] = "next protocol %" PRIu32 " of NSH or VXLAN-GPE",
        [RIG_NOT_READ_TZSP] = "TZSP, which carries %" PRIu32,
        [RIG_NOT_READ_UDP_PORT] = "UDP port %" PRIu32,
    };
    char number[80];
    (void)snprintf(number, sizeof number, formats[what->kind], what->number);
    (void)snprintf(text, size, "%s%s%s%s", number, what->name != NULL ? " (" : "",
                   what->name != NULL ? what->name : "", what->name != NULL ? ")" : "");
}

static void say_not_read(const char *name, const rig_not_read *what)
{
    char text[160];
    kind_text(what, text, sizeof text);
    (void)fprintf(stderr, "peakrig: %s: %" PRIu64 " %s of %s not read\n", name, what->n,
                  rig_plural(what->n, "packet", "packets"), text);
}

/* Without any SIP, everything may be the reason; else only what may carry calls. */
static void warn_of_not_read(const char *name, const rig_capture_counts *counts)
{
    const rig_not_read_all *all = &counts->not_read;
    bool is_empty = counts->n_messages == 0;
    for (size_t i = 0; i < all->n; i++) {
        if (is_empty || !all->of[i].is_usual)
            say_not_read(name, &all->of[i]);
    }
    if (all->n_others > 0)
        (void)fprintf(stderr, "peakrig: %s: %" PRIu64 " %s of further kinds not read\n", name,
                      all->n_others, rig_plural(all->n_others, "packet", "packets"));
    for (size_t i = 0; is_empty && i < all->n_ports; i++)
        (void)fprintf(stderr,
                      "peakrig: %s: at least %" PRIu64 " %s of UDP port %" PRIu32 " %s no SIP\n",
                      name, all->ports[i].n, rig_plural(all->ports[i].n, "datagram", "datagrams"),
                      all->ports[i].number, rig_plural(all->ports[i].n, "is", "are"));
}

/* ---- clocks */

static double ms(int64_t ns)
{
    return (double)(ns < 0 ? -ns : ns) / 1e6;
}

static void warn_of_clocks(const char *name, const rig_clock_offsets *clocks)
{
    for (unsigned i = 0; i < clocks->n; i++) {
        const rig_clock_offset *o = &clocks->of[i];
        char end[RIG_ADDRESS_TEXT_SIZE], range[80];
        rig_endpoint_text(o->at, end);
        if (o->has_most)
            (void)snprintf(range, sizeof range, "%.3f ms (%.3f to %.3f)", ms(o->early_ns),
                           ms(o->at_least_ns), ms(o->at_most_ns));
        else
            (void)snprintf(range, sizeof range, "%.3f ms or more", ms(o->at_least_ns));
        (void)fprintf(
            stderr,
            "peakrig: %s: what %s %s is stamped early by %s against what it %s: in %" PRIu64
            " of %" PRIu64 " %s the answer comes before what it answers; times between the two "
            "directions are wrong by that\n",
            name, end, o->early_ns > 0 ? "sends" : "receives", range,
            o->early_ns > 0 ? "receives" : "sends", o->n_early, o->n_pairs,
            rig_plural(o->n_pairs, "pair", "pairs"));
    }
}

void rig_print_clocks(const rig_capture_counts *counts)
{
    const rig_clock_offsets *clocks = &counts->clocks;
    const rig_capture_disorder *d = &counts->disorder;
    if (clocks->n > 0 || d->n_steps > 0)
        putchar('\n');
    for (unsigned i = 0; i < clocks->n; i++) {
        const rig_clock_offset *o = &clocks->of[i];
        char end[RIG_ADDRESS_TEXT_SIZE];
        rig_endpoint_text(o->at, end);
        rig_console_say("clocks apart: what %s %s is early by %.3f ms, from %llu %s (%llu with the "
                        "answer first)",
                        end, rig_console_words(o->early_ns > 0 ? N_("sends") : N_("receives")),
                        ms(o->early_ns), (unsigned long long)o->n_pairs,
                        rig_console_words_n(o->n_pairs, "pair", "pairs"),
                        (unsigned long long)o->n_early);
    }
    if (d->n_steps > 0)
        rig_console_say("time went back %llu %s, by up to %.3f s", (unsigned long long)d->n_steps,
                        rig_console_words_n(d->n_steps, "time", "times"),
                        rig_clock_s_of_ns(d->max_step_ns));
}

/* ---- order */

/* Several queues of one card write packets of the same instant in any order: nobody need know. */
#define WORTH_SAYING_NS (RIG_NS_PER_S / 1000)

static void say_order(const char *name, const rig_capture_counts *counts)
{
    const rig_capture_disorder *d = &counts->disorder;
    if (d->max_disorder_ns >= WORTH_SAYING_NS)
        (void)fprintf(stderr, "peakrig: %s: %" PRIu64 " %s, by up to %.3f s, and put in order\n",
                      name, d->n_reordered,
                      rig_plural(d->n_reordered, "packet was written behind a later one",
                                 "packets were written behind later ones"),
                      rig_clock_s_of_ns(d->max_disorder_ns));
    if (counts->packets.n_datagrams_incomplete > 0)
        (void)fprintf(stderr,
                      "peakrig: %s: %" PRIu64
                      " %s a part (a filter by port takes only the first fragment of each)\n",
                      name, counts->packets.n_datagrams_incomplete,
                      rig_plural(counts->packets.n_datagrams_incomplete,
                                 "datagram in fragments lacks", "datagrams in fragments lack"));
    if (counts->packets.n_datagrams_headless > 0)
        (void)fprintf(stderr,
                      "peakrig: %s: %" PRIu64
                      " of them %s the beginning: what they said is not known, and outcomes may be "
                      "others\n",
                      name, counts->packets.n_datagrams_headless,
                      rig_plural(counts->packets.n_datagrams_headless, "lacks", "lack"));
}

void rig_warn_of_packets(const char *path, size_t n_paths, const rig_capture_counts *counts)
{
    char name[NAME_SIZE], more[48] = "";
    if (n_paths > 1)
        (void)snprintf(more, sizeof more, " and %zu more", n_paths - 1);
    (void)snprintf(name, sizeof name, "%.500s%s", path, more);
    warn_of_not_read(name, counts);
    say_order(name, counts);
    warn_of_clocks(name, &counts->clocks);
}
