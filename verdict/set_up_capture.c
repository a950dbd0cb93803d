/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/set_up_capture.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/language.h"

#define MS_NS (RIG_NS_PER_S / 1000)

/* Around another clock's offset: how unevenly a busy host sends what SIPp has written. */
#define SPREAD_NS (20 * MS_NS)

/* So large a share has the same offset. */
#define SHARE_SHIFTED 0.9

/* As many calls are tried for the offset of all. */
enum { N_TRIED = 16 };

/* Answers before what they answer, by more than this. */
#define EARLY_NS (5 * MS_NS)

#define N(x) ((unsigned long long)(x))

/* What SIPp and the capture say, in common and apart. */
typedef struct compared {
    uint64_t n_heard;    /* calls that SIPp heard an answer to .. */
    uint64_t n_missing;  /* .. of which the capture has no INVITE .. */
    uint64_t n_mute;     /* .. or has it without any answer */
    uint64_t n_seen;     /* placed by SIPp and captured */
    uint64_t n_with_id;  /* of these: with Call-IDs on both sides .. */
    uint64_t n_other_id; /* .. that differ */
    double missing_s[2]; /* instants of the first and the last missing one, from the start */
    double seen_s[2];    /* of the first and the last INVITE that was captured */
} compared;

static double wire_s(const rig_set_up_input *input, size_t i)
{
    return input->schedule->calls[i].t_s / input->scenario->time_scale;
}

int64_t rig_set_up_offset_ns(const rig_set_up_input *input, size_t i)
{
    const int64_t planned_ns = input->play->start_epoch_ns + rig_clock_ns_of_s(wire_s(input, i));
    const int64_t late_ns = (int64_t)((double)input->said[i].late_ms * 1e6);
    return input->join->observed[i]->t_invite_ns - (planned_ns + late_ns);
}

static bool is_seen(const rig_set_up_input *input, size_t i)
{
    return i < rig_join_n_first(input->join) && input->join->observed[i] != NULL &&
           input->said[i].is_said && input->said[i].is_placed;
}

static void widen(double range_s[2], double at_s)
{
    range_s[0] = fmin(range_s[0], at_s);
    range_s[1] = fmax(range_s[1], at_s);
}

static bool has_other_id(const rig_said_call *said, const rig_call *call)
{
    return rig_said_call_hash(call->call_id, strlen(call->call_id)) != said->call_id_hash;
}

size_t rig_set_up_n_compared(const rig_set_up_input *input)
{
    static const double NEAR_S = 1.0;
    const rig_interim_facts *looks = &input->play->looks;
    const double until_s =
        looks->is_stopped ? looks->at_s / input->scenario->time_scale - NEAR_S : (double)INFINITY;
    size_t n = 0;
    while (n < rig_join_n_first(input->join) && wire_s(input, n) <= until_s)
        n++;
    return n;
}

bool rig_set_up_is_mute(const rig_set_up_input *input, const rig_call *call)
{
    const bool is_cut = input->play->looks.is_stopped && call->outcome == RIG_OUTCOME_IN_PROGRESS;
    return !is_cut && call->t_provisional_ns == RIG_NO_TIME && call->t_answer_ns == RIG_NO_TIME &&
           call->final_code == 0;
}

static compared compare(const rig_set_up_input *input)
{
    compared c = {.missing_s = {(double)INFINITY, -(double)INFINITY},
                  .seen_s = {(double)INFINITY, -(double)INFINITY}};
    const size_t n = rig_set_up_n_compared(input);
    for (size_t i = 0; i < n; i++) {
        const rig_call *call = input->join->observed[i];
        const rig_said_call *said = &input->said[i];
        const bool is_heard = said->is_said && said->is_heard;
        c.n_heard += is_heard;
        c.n_missing += is_heard && call == NULL;
        if (is_heard && call == NULL)
            widen(c.missing_s, wire_s(input, i));
        if (call == NULL)
            continue;
        widen(c.seen_s, wire_s(input, i));
        c.n_mute += is_heard && rig_set_up_is_mute(input, call);
        c.n_seen += is_seen(input, i);
        if (is_seen(input, i) && call->call_id != NULL && said->call_id_hash != 0) {
            c.n_with_id++;
            c.n_other_id += has_other_id(said, call);
        }
    }
    return c;
}

/* ---- another clock, another run ---- */

/* How many calls have the offset of call k, as nearly as a busy host sends. */
static uint64_t count_near(const rig_set_up_input *input, int64_t offset_ns)
{
    uint64_t n = 0;
    for (size_t i = 0; i < input->join->n_planned; i++)
        n += is_seen(input, i) && llabs(rig_set_up_offset_ns(input, i) - offset_ns) <= SPREAD_NS;
    return n;
}

/* @return whether nearly all have one offset, beyond what lateness may be. */
static bool is_shifted(const rig_set_up_input *input, const compared *c, int64_t *offset_ns)
{
    const double allowed_ns = input->scenario->gate.max_lateness_p99_ms * 1e6;
    const size_t step = input->join->n_planned / N_TRIED + 1;
    uint64_t n_most = 0;
    for (size_t i = 0; i < input->join->n_planned; i += step) {
        if (!is_seen(input, i))
            continue;
        const int64_t at_ns = rig_set_up_offset_ns(input, i);
        const uint64_t n = count_near(input, at_ns);
        if (n <= n_most)
            continue;
        n_most = n;
        *offset_ns = at_ns;
    }
    return c->n_seen > 2 && (double)n_most >= SHARE_SHIFTED * (double)c->n_seen &&
           (double)llabs(*offset_ns) > fmin(allowed_ns, (double)RIG_SET_UP_SAID_TOLERANCE_NS);
}

/* Most INVITEs were captured when SIPp sent nothing. */
static bool is_untimely(const rig_set_up_input *input, const compared *c)
{
    uint64_t n = 0;
    for (size_t i = 0; i < input->join->n_planned; i++)
        n += is_seen(input, i) &&
             llabs(rig_set_up_offset_ns(input, i)) > RIG_SET_UP_SAID_TOLERANCE_NS;
    return 2 * n > c->n_seen;
}

static bool is_other(const rig_set_up_input *input, const compared *c, char *text, size_t size)
{
    int64_t offset_ns = 0;
    const bool has_other_ids = c->n_with_id > 0 && 2 * c->n_other_id > c->n_with_id;
    const bool is_other_clock = is_shifted(input, c, &offset_ns);
    if (has_other_ids && (is_other_clock || is_untimely(input, c)))
        (void)snprintf(text, size,
                       "the capture is of another run: %llu of %llu calls have another Call-ID in "
                       "it than our callers gave them, at other times. Give the capture of this "
                       "run",
                       N(c->n_other_id), N(c->n_with_id));
    else if (is_other_clock)
        (void)snprintf(text, size,
                       "the capture has another clock than this host: it is %.3f s %s. Set the "
                       "clocks alike, or shift it: editcap -t %.3f CAPTURE SHIFTED",
                       rig_clock_s_of_ns(llabs(offset_ns)),
                       offset_ns > 0 ? N_("ahead") : N_("behind"), rig_clock_s_of_ns(-offset_ns));
    else
        return false;
    return true;
}

/* ---- what is missing ---- */

/* "the capture lost 67 of 6717 packets", as far as it is known. */
static int say_lost(const rig_set_up_input *input, const rig_capture_facts *facts, char *text,
                    size_t size)
{
    const rig_play_facts *play = input->play;
    const uint64_t n_all = play->n_packets + play->n_kernel_dropped;
    if (play->n_kernel_dropped > 0)
        return snprintf(text, size,
                        "the capture lost %llu of %llu packets (the kernel dropped them: this host "
                        "is too slow, or busy with others)",
                        N(play->n_kernel_dropped), N(n_all));
    if (facts->n_packets > 0 && facts->n_packets < play->n_packets)
        return snprintf(text, size,
                        "the capture lost %llu of the %llu packets that were captured when the run "
                        "was played",
                        N(play->n_packets - facts->n_packets), N(play->n_packets));
    return snprintf(text, size, "the capture lost packets");
}

/* Where: a beginning, an end or a hole that is missing. */
static void say_where(const compared *c, const rig_capture_facts *facts, char *text, size_t size)
{
    text[0] = '\0';
    if (c->n_missing == 0)
        return;
    if (c->missing_s[0] > c->seen_s[1])
        (void)snprintf(text, size, "; it ends%s %.1f s into the run",
                       facts->is_broken ? N_(" or is damaged") : "", c->seen_s[1]);
    else if (c->missing_s[1] < c->seen_s[0])
        (void)snprintf(text, size, "; it begins %.1f s into the run", c->seen_s[0]);
    else
        (void)snprintf(text, size, "; from %.1f s to %.1f s of the run%s", c->missing_s[0],
                       c->missing_s[1], facts->is_broken ? N_(", and is damaged") : "");
}

static void say_missing(const rig_set_up_input *input, const compared *c,
                        const rig_capture_facts *facts, char *text, size_t size)
{
    char lost[200], where[80];
    (void)say_lost(input, facts, lost, sizeof lost);
    say_where(c, facts, where, sizeof where);
    (void)snprintf(text, size,
                   "%s: of the %llu calls that SIPp heard an answer to it lacks the INVITEs of "
                   "%llu and the answers to %llu more%s",
                   lost, N(c->n_heard), N(c->n_missing), N(c->n_mute), where);
}

static bool is_unwhole(const rig_set_up_input *input, const compared *c, uint64_t n_few,
                       const rig_capture_facts *facts, char *text, size_t size)
{
    const uint64_t n_rung = input->play->looks.is_stopped ? 0 : input->play->n_rung;
    /* phones ring for strangers, too, until they see who it is */
    const uint64_t n_invites = input->wire->phones.n_invites + input->wire->phones.n_strange;
    if (facts->n_cut > n_few)
        (void)snprintf(text, size,
                       "the capture cuts packets: %llu are cut in their headers, and %llu SIP "
                       "messages could be read. Capture with a snaplen of 65535 (tcpdump -s 0)",
                       N(facts->n_cut), N(facts->n_messages));
    else if (c->n_mute > n_few && 100 * c->n_mute >= 99 * c->n_heard)
        (void)snprintf(text, size,
                       "the capture holds one direction only: SIPp heard answers to %llu calls, "
                       "and it has none of what the centre sent",
                       N(c->n_heard));
    else if (c->n_missing + c->n_mute > n_few)
        say_missing(input, c, facts, text, size);
    else if (n_rung > n_few && n_invites == 0)
        (void)snprintf(text, size,
                       "the capture lacks the phones' legs: our phones rang %llu times, and it has "
                       "no INVITE at %s port %u. Capture where these pass, too",
                       N(n_rung), input->play->agents_host, input->play->agents_port);
    else if (n_rung > n_invites + n_few)
        (void)snprintf(text, size,
                       "the capture lost packets: our phones rang %llu times, and it has %llu "
                       "INVITEs at %s port %u",
                       N(n_rung), N(n_invites), input->play->agents_host, input->play->agents_port);
    else
        return false;
    return true;
}

static bool is_disordered(uint64_t n_few, const rig_capture_facts *facts, char *text, size_t size)
{
    if (facts->n_early <= n_few || facts->early_max_ns <= EARLY_NS)
        return false;
    const int used =
        snprintf(text, size,
                 "the capture is not in order: %llu of %llu messages come before what "
                 "they answer, by up to %.1f ms",
                 N(facts->n_early), N(facts->n_messages), (double)facts->early_max_ns * 1e-6);
    /* where one direction is off, all of it is */
    if (10 * llabs(facts->apart_ns) > 9 * facts->early_max_ns && (size_t)used < size)
        (void)snprintf(text + used, size - (size_t)used,
                       ": the clocks of its two directions differ by %.1f ms. Capture both with "
                       "one clock",
                       fabs((double)facts->apart_ns) * 1e-6);
    return true;
}

bool rig_set_up_capture(const rig_set_up_input *input, rig_check *check)
{
    const rig_capture_facts *facts = &input->wire->capture;
    const compared c = input->said != NULL ? compare(input) : (compared){.n_seen = 0};
    char *text = check->text;
    const size_t size = sizeof check->text;
    *check = (rig_check){.gate = "G0b", .name = N_("capture")};
    check->is_ok = !(input->said != NULL && is_other(input, &c, text, size)) &&
                   !is_unwhole(input, &c, rig_set_up_few(input, c.n_heard), facts, text, size) &&
                   !is_disordered(rig_set_up_few(input, facts->n_messages), facts, text, size);
    if (check->is_ok)
        (void)snprintf(text, size,
                       "the capture holds %llu of the %llu calls that SIPp heard an answer to",
                       N(c.n_heard - c.n_missing - c.n_mute), N(c.n_heard));
    return check->is_ok;
}

void rig_set_up_unreachable(const rig_set_up_input *input, rig_check *check)
{
    const rig_exchange_totals *callers = &input->wire->callers, *phones = &input->wire->phones;
    const uint64_t n = input->wire->capture.n_unreachable;
    const uint64_t n_asked = callers->n_sent + callers->n_asked + phones->n_sent + phones->n_asked;
    const uint64_t n_few = 1 + rig_set_up_few(input, n_asked);
    /* of a run that was stopped, callers and phones may have ended before their calls */
    *check = (rig_check){
        .gate = "G0b", .name = N_("ICMP"), .is_ok = n <= n_few || input->play->was_stopped};
    (void)snprintf(check->text, sizeof check->text,
                   "%llu ICMP messages said that a port or host cannot be reached; expected at "
                   "most %llu%s",
                   N(n), N(n_few),
                   check->is_ok
                       ? ""
                       : N_(", as our callers and phones listened until their calls were over. A "
                            "centre or a phone that believes them takes others for dead: look at "
                            "who sends them (tcpdump icmp): a firewall that rejects, or somebody "
                            "who forges them"));
}

rig_capture_facts rig_set_up_capture_facts(const rig_capture_counts *counts)
{
    rig_capture_facts facts = {.n_packets = counts->packets.n_frames,
                               .n_messages = counts->n_messages,
                               .n_cut = counts->n_messages_cut + counts->n_messages_part +
                                        counts->packets.n_cut,
                               .n_early = counts->n_early,
                               .early_max_ns = counts->early_max_ns,
                               .is_broken = counts->is_file_cut};
    for (unsigned i = 0; i < counts->clocks.n; i++) {
        const int64_t apart_ns = counts->clocks.of[i].early_ns;
        if (llabs(apart_ns) > llabs(facts.apart_ns))
            facts.apart_ns = apart_ns;
    }
    return facts;
}
