/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdio.h>

#include "cli/print_analysis.h"
#include "core/clock.h"
#include "core/plural.h"

/* A count that a person is told of, with what follows the number. */
typedef struct told_count {
    size_t at; /* in rig_capture_counts; a uint64_t */
    const char *one, *many;
} told_count;

#define OF(member) offsetof(rig_capture_counts, member)
#define LEGS_TELL                                                                                  \
    "(a border controller, agents under another number); join rules \"call_id\", \"session_id\", " \
    "\"same\" or \"bye\" would tell (docs/rules.md)"

static const told_count told[] = {
    {OF(n_messages_cut), "message is cut and was not used", "messages are cut and were not used"},
    {OF(n_messages_part),
     "message is cut among its headers; what stood behind (Reason, marks) is not known",
     "messages are cut among their headers; what stood behind (Reason, marks) is not known"},
    {OF(n_messages_malformed), "message lacks a usable Call-ID, CSeq, From or To and was not used",
     "messages lack a usable Call-ID, CSeq, From or To and were not used"},
    {OF(n_messages_too_long), "message has longer headers than are read and was not used",
     "messages have longer headers than are read and were not used"},
    {OF(n_limit_call_ids), "message has a Call-ID of more than 512 bytes, of which 256 were kept",
     "messages have Call-IDs of more than 512 bytes, of which 256 were kept"},
    {OF(packets.n_cut), "frame ends inside its headers and was not read",
     "frames end inside their headers and were not read"},
    {OF(packets.n_malformed), "frame has lengths that contradict each other and was not read",
     "frames have lengths that contradict each other and were not read"},
    {OF(packets.n_unread_link), "frame is of a link layer that is not read",
     "frames are of a link layer that is not read"},
    {OF(packets.n_too_nested), "frame has more headers within headers than are read",
     "frames have more headers within headers than are read"},
    {OF(packets.n_streams_encrypted), "direction of a TLS connection cannot be read",
     "directions of TLS connections cannot be read"},
    {OF(packets.n_messages_lost), "message of a stream lacks a part and was not used",
     "messages of streams lack a part and were not used"},
    {OF(packets.n_limit_reassemblies), "datagram in fragments was given up: too many at one time",
     "datagrams in fragments were given up: too many at one time"},
    {OF(packets.n_limit_streams), "connection was forgotten: too many at one time",
     "connections were forgotten: too many at one time"},
    {OF(packets.n_limit_stream_bytes), "segment or chunk was not kept: too many bytes were waiting",
     "segments or chunks were not kept: too many bytes were waiting"},
    {OF(packets.n_limit_message), "message of a stream is longer than is read",
     "messages of streams are longer than is read"},
    {OF(n_not_followed), "message was passed over: too many legs at one time",
     "messages were passed over: too many legs at one time"},
    {OF(n_registers_not_followed), "REGISTER was passed over: too many at one time",
     "REGISTERs were passed over: too many at one time"},
    {OF(n_silent_legs), "leg was given up after a long silence",
     "legs were given up after a long silence"},
    {OF(n_unmatched), "message belongs to no INVITE that was captured",
     "messages belong to no INVITE that was captured"},
    {OF(n_limit_early), "message was not kept for its INVITE: too many were waiting",
     "messages were not kept for their INVITE: too many were waiting"},
    {OF(n_limit_promises),
     "deflected call was not remembered, there were too many: its call back counts as a caller's",
     "deflected calls were not remembered, there were too many: their call backs count as "
     "callers'"},
    {OF(n_doubtful),
     "call hangs on the order of messages that are nearer to each other than the clocks differ: "
     "its outcome is not certain",
     "calls hang on the order of messages that are nearer to each other than the clocks differ: "
     "their outcomes are not certain"},
    {OF(n_backwards),
     "call has times that run backwards (a clock was set back, or clocks differ): its durations "
     "are not known",
     "calls have times that run backwards (a clock was set back, or clocks differ): their "
     "durations are not known"},
    {OF(n_gapped),
     "call lacks a message that must have been on the wire, or ends with the capture: its outcome "
     "is not certain",
     "calls lack a message that must have been on the wire, or end with the capture: their outcomes "
     "are not certain"},
    {OF(n_leg_pairs),
     "call comes from an address at which other calls were up: perhaps a further leg of one of "
     "these, counted twice " LEGS_TELL,
     "calls come from an address at which other calls were up: perhaps further legs of these, "
     "counted twice " LEGS_TELL},
    {OF(n_retargeted),
     "call has a leg before its answer that keeps To and goes to another user: taken for the call "
     "on its way; where the centre rings its agents so, say same_dialled = \"agent\" "
     "(docs/rules.md, Joins)",
     "calls have legs before their answer that keep To and go to another user: taken for the calls "
     "on their way; where the centre rings its agents so, say same_dialled = \"agent\" "
     "(docs/rules.md, Joins)"},
    {OF(n_by_agents),
     "call comes from a phone that agents' legs went to: an agent's own, counted as a caller's "
     "(--where 'caller != NUMBER' leaves it out)",
     "calls come from phones that agents' legs went to: agents' own, counted as callers' "
     "(--where 'caller != NUMBER' leaves them out)"},
    {OF(n_orphan_legs), "leg began before the capture", "legs began before the capture"},
    {OF(n_stray_legs), "agent's leg belongs to no call", "agents' legs belong to no call"},
};

/* Nothing was early, but clocks that are apart by less than the answers take show nowhere. Where
 * all was stamped by one clock there is nothing to doubt. */
static void warn_of_crossed(const char *name, const rig_capture_counts *c)
{
    if (c->n_crossed <= c->n_doubtful || c->disorder.n_at_once < 2)
        return;
    const uint64_t n = c->n_crossed - c->n_doubtful;
    (void)fprintf(
        stderr,
        "peakrig: %s: %llu %s on the order of messages that are nearer to each other than "
        "the %s, %.3f ms: certain only if one clock has stamped them\n",
        name, (unsigned long long)n, rig_plural(n, "further call hangs", "further calls hang"),
        c->apart_max_ns > c->reply_min_ns ? "answers of both directions" : "quickest answer",
        (double)c->apart_max_ns * 1e-6);
}

/* Two taps that each see both directions of their own hop. Files without hosts and calls in common,
 * of two sites, need no common clock. */
static void warn_of_untied(const char *const *paths, size_t n_paths, const rig_capture_counts *c)
{
    const rig_untied *u = &c->untied;
    char calls[160];
    if (u->n_pairs == 0 || u->file[0] >= n_paths || u->file[1] >= n_paths ||
        (!u->has_host && u->n_calls + c->n_stray_legs + c->n_leg_pairs == 0))
        return;
    (void)snprintf(calls, sizeof calls, "%llu %s legs in both, %llu may have ended otherwise",
                   (unsigned long long)u->n_calls, rig_plural(u->n_calls, "call has", "calls have"),
                   (unsigned long long)u->n_calls_near);
    (void)fprintf(
        stderr,
        "peakrig: %s and %s: their clocks cannot be compared, no request of one has its answer in "
        "the other: %s, if the clocks are up to %.3f s apart (--clocks-apart-ms N; 0: they "
        "agree)\n",
        paths[u->file[0]], paths[u->file[1]], calls, rig_clock_s_of_ns(u->apart_ns));
}

/* What went out before the answer may have been no agent's leg. */
static void warn_of_sent_on(const char *name, const rig_capture_counts *c)
{
    char at[RIG_ADDRESS_TEXT_SIZE];
    if (c->n_sent_on == 0)
        return;
    rig_endpoint_text(c->sent_on_to, at);
    (void)fprintf(
        stderr,
        "peakrig: %s: %llu %s sent on before the answer, or from where such calls went: taken for "
        "agents' legs and for calls of their own; most went to %s. If the centre is there, behind "
        "a "
        "border controller, name its address in the join rule \"number\", relays = ( \"ADDRESS\" "
        "); "
        "relays = ( ) where agents' phones are there (docs/rules.md, Joins)\n",
        name, (unsigned long long)c->n_sent_on, rig_plural(c->n_sent_on, "call was", "calls were"),
        at);
}

void rig_warn_of_capture(const char *const *paths, size_t n_paths, const rig_capture_counts *c)
{
    char name[600], more[48] = "";
    if (n_paths > 1)
        (void)snprintf(more, sizeof more, " and %zu more", n_paths - 1);
    (void)snprintf(name, sizeof name, "%.500s%s", paths[0], more);
    if (c->n_early > 0)
        (void)fprintf(
            stderr,
            "peakrig: %s: %llu %s, by up to %.3f ms: clocks differ, or packets are out of "
            "order\n",
            name, (unsigned long long)c->n_early,
            rig_plural(c->n_early, "message was captured before what it follows from",
                       "messages were captured before what they follow from"),
            (double)c->early_max_ns * 1e-6);
    if (c->n_messages == 0)
        (void)fprintf(stderr, "peakrig: %s: no SIP in %llu %s\n", name,
                      (unsigned long long)c->packets.n_frames,
                      rig_plural(c->packets.n_frames, "packet", "packets"));
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        const uint64_t n = *(const uint64_t *)((const char *)c + told[i].at);
        if (n > 0)
            (void)fprintf(stderr, "peakrig: %s: %llu %s\n", name, (unsigned long long)n,
                          rig_plural(n, told[i].one, told[i].many));
    }
    warn_of_crossed(name, c);
    warn_of_untied(paths, n_paths, c);
    warn_of_sent_on(name, c);
}
