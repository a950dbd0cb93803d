/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/set_up.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/language.h"
#include "core/clock.h"
#include "verdict/set_up_capture.h"
#include "verdict/set_up_wiring.h"

uint64_t rig_set_up_few(const rig_set_up_input *input, uint64_t n)
{
    return input->is_probe ? 0 : 1 + n / 1000;
}

/* Fewer phones' answers than this have no p99. */
enum { N_FOR_P99 = 100 };

void rig_set_up_add(rig_set_up_list *l, const char *name, bool is_ok, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rig_check_write(&l->items[l->n++], "G0b", name, is_ok, format, args);
    va_end(args);
}

#define N(x) ((unsigned long long)(x))

/* ---- our own side ---- */

static void check_programs(const rig_set_up_input *input, rig_set_up_list *l)
{
    const char *trouble = input->play->trouble;
    rig_set_up_add(
        l, "own programs", trouble[0] == '\0', "%s",
        trouble[0] == '\0'
            ? N_("our callers, phones and embedded centre ran until their calls were over")
            : trouble);
}

/* INVITEs of our calls that went out again. */
static uint64_t n_sent_again(const rig_join *join)
{
    uint64_t n = 0;
    for (size_t i = 0; i < join->n_planned; i++)
        n += join->observed[i] != NULL ? join->observed[i]->invite_retransmissions : 0;
    return n;
}

/* A centre that cannot send its answers, or sends them after it has forgotten the call, takes a
 * repetition for another call. Calls of others need not be in the capture: its filter is made of
 * our own ports. */
static const char *why_more(const rig_set_up_input *input, uint64_t n_others)
{
    if (n_others == 0)
        return "";
    if (2 * n_sent_again(input->join) >= n_others && 2 * input->join->n_foreign < n_others)
        return N_(
            ": it took INVITEs that we sent again for new calls, as its answers were lost or "
            "late. Look at the network between us and it, and at this host's firewall, routes "
            "and load");
    return N_(
        ": others call it, too, and take its circuits. Keep them away, or set target.port to a "
        "free one");
}

/* Who sends to our own ports takes nothing of the centre: it is told, and left out. */
static bool note_strangers(const rig_set_up_input *input, rig_set_up_list *l)
{
    if (input->wire == NULL || !input->wire->is_known)
        return false;
    const rig_exchange_totals *callers = &input->wire->callers, *phones = &input->wire->phones;
    if (callers->n_strange + phones->n_strange == 0)
        return false;
    rig_set_up_add(
        l, "strangers", true,
        "strangers sent %llu requests to our phones and %llu to our callers, the first from %s. "
        "They were refused, are not ours by their Call-IDs, and count nowhere. Keep them away: "
        "they take time of this host",
        N(phones->n_strange), N(callers->n_strange),
        phones->n_strange > 0 ? phones->stranger : callers->stranger);
    l->items[l->n - 1].is_noted = true;
    return true;
}

/* The embedded centre counts whom it was called by; what SIPp has placed is ours. */
static void check_strangers(const rig_set_up_input *input, rig_set_up_list *l)
{
    const rig_play_facts *play = input->play;
    /* a call without a line may have been placed all the same */
    const uint64_t n_ours = play->n_placed + play->n_missing_lines;
    const uint64_t n_offered = play->n_centre_offered;
    const uint64_t n_others = n_offered > n_ours ? n_offered - n_ours : 0;
    const bool is_ill = n_others > rig_set_up_few(input, n_ours);
    if (!is_ill && note_strangers(input, l))
        return;
    if (n_offered == 0)
        return; /* not known: another's centre, or it did not come to its end */
    rig_set_up_add(l, "strangers", !is_ill,
                   "the embedded call centre was offered %llu calls, of which %llu are ours%s",
                   N(n_offered), N(n_ours < n_offered ? n_ours : n_offered),
                   why_more(input, n_others));
}

/* Nearly all of it: whoever answers was well. */
static bool was_lost_here(const rig_exchange_totals *t)
{
    return 10 * t->n_lost_here >= 9 * t->n_late;
}

/* Datagrams that the kernel dropped at full sockets: of the callers' SIPp, or of all others. */
static const char *at_full_sockets(const rig_play_facts *play, bool is_of_callers)
{
    uint64_t n_callers = 0;
    for (size_t i = 0; i < play->n_workers && i < RIG_MAX_WORKERS; i++)
        n_callers += play->workers[i].n_socket_drops;
    const uint64_t n = is_of_callers ? n_callers : play->n_socket_drops - n_callers;
    return play->n_socket_drops < n_callers || n == 0
               ? N_("the kernel counts none at SIPp's sockets, so look at this host's firewall and "
                    "queueing disciplines (nft, tc)")
               : N_("the kernel dropped some at SIPp's sockets, which were full: this host is too "
                    "slow, or busy with others");
}

static void say_phones_late(const rig_set_up_input *input, uint64_t n_few, rig_set_up_list *l)
{
    const rig_exchange_totals *phones = &input->wire->phones;
    if (was_lost_here(phones))
        rig_set_up_add(
            l, "phones", false,
            "packets were lost on this host, between the capture and our agents' phones, not at "
            "the centre: %llu of the %llu requests that reached them were answered after 0.5 s or "
            "never; expected at most %llu. For %llu of these the phones were well: they answered "
            "at "
            "once what came again, or others at that very time; %s",
            N(phones->n_late), N(phones->n_asked), N(n_few), N(phones->n_lost_here),
            at_full_sockets(input->play, false));
    else
        rig_set_up_add(
            l, "phones", false,
            "our agents' phones were ill, not the centre: %llu of the %llu requests that reached "
            "them were answered after 0.5 s or never; expected at most %llu. Look at "
            "logs/agents.* and at this host's firewall and load: whether the phones were slow or "
            "packets were lost between the capture and them, the wire does not tell",
            N(phones->n_late), N(phones->n_asked), N(n_few));
}

static void say_callers_late(const rig_set_up_input *input, uint64_t n_few, rig_set_up_list *l)
{
    const rig_exchange_totals *callers = &input->wire->callers;
    if (was_lost_here(callers))
        rig_set_up_add(
            l, "callers", false,
            "packets were lost on this host, between the capture and our callers, not at the "
            "centre: %llu of the %llu requests that reached them were answered after 0.5 s or "
            "never; expected at most %llu. For %llu of these the callers were well: they answered "
            "at "
            "once what came again, or others at that very time; %s",
            N(callers->n_late), N(callers->n_asked), N(n_few), N(callers->n_lost_here),
            at_full_sockets(input->play, true));
    else
        rig_set_up_add(
            l, "callers", false,
            "our callers were ill, not the centre: %llu of the %llu requests that reached them "
            "were answered after 0.5 s or never; expected at most %llu. Look at logs/callers* and "
            "at this host's firewall and load: whether the callers were slow or packets were lost "
            "between the capture and them, the wire does not tell",
            N(callers->n_late), N(callers->n_asked), N(n_few));
}

/* Over TCP SIPp 3.6 drops the calls of a connection that the other side closes, and logs nothing of
 * them; each other call has a line when it is over. */
static uint64_t n_forgotten_calls(const rig_set_up_input *input)
{
    const rig_play_facts *play = input->play;
    const rig_exchange_totals *phones = &input->wire->phones;
    const uint64_t n_told = play->n_rung + phones->n_not_found;
    if (input->scenario->target.transport != RIG_TRANSPORT_TCP || play->looks.is_stopped ||
        play->was_stopped || play->ran_over || input->is_probe)
        return 0;
    return phones->n_invites > n_told ? phones->n_invites - n_told : 0;
}

static void check_phones(const rig_set_up_input *input, rig_set_up_list *l)
{
    const rig_exchange_totals *phones = &input->wire->phones;
    const double limit_ms = input->scenario->gate.max_lateness_p99_ms;
    const uint64_t n_few = rig_set_up_few(input, phones->n_asked);
    const uint64_t n_forgotten = n_forgotten_calls(input);
    if (phones->n_late > n_few)
        say_phones_late(input, n_few, l);
    else if (n_forgotten > n_few)
        rig_set_up_add(l, "phones", false,
                       "our agents' SIPp says nothing of %llu of the %llu calls that reached the "
                       "phones: over TCP it forgets the calls of a connection that is closed. Let "
                       "the centre keep its connections open while calls are up, or set "
                       "target.transport = \"udp\"",
                       N(n_forgotten), N(phones->n_invites));
    else
        rig_set_up_add(
            l, "phones", phones->n_invites < N_FOR_P99 || phones->invite_p99_ms <= limit_ms,
            "99 %% of %llu INVITEs at our phones were answered within %.2f ms, the last after "
            "%.1f ms; expected within %g ms (gate.max_lateness_p99_ms)",
            N(phones->n_invites), phones->invite_p99_ms, phones->invite_max_ms, limit_ms);
}

static void check_callers(const rig_set_up_input *input, rig_set_up_list *l)
{
    const rig_exchange_totals *callers = &input->wire->callers, *phones = &input->wire->phones;
    const uint64_t n_unheard = callers->n_unheard + phones->n_unheard;
    const uint64_t n_sent = callers->n_sent + phones->n_sent;
    const bool is_late = callers->n_late > rig_set_up_few(input, callers->n_asked);
    const bool is_deaf = n_unheard > rig_set_up_few(input, n_sent);
    if (is_late)
        say_callers_late(input, rig_set_up_few(input, callers->n_asked), l);
    else
        rig_set_up_add(
            l, "callers", !is_deaf,
            "%llu of our %llu requests were sent again although their answer had been captured; "
            "expected at most %llu%s",
            N(n_unheard), N(n_sent), N(rig_set_up_few(input, n_sent)),
            is_deaf
                ? N_(": this host did not hand it on (firewall, socket buffers, a stopped SIPp)")
                : "");
}

/* What the embedded centre has sent to our phones, and nobody has captured. A look has not all of
 * it; a defect may call phones that are not ours. */
static uint64_t n_never_out(const rig_set_up_input *input)
{
    const rig_play_facts *play = input->play;
    const uint64_t n_wire = input->wire->phones.n_invites;
    const bool is_comparable =
        !play->looks.is_stopped && !play->was_stopped && play->n_defects == 0;
    return is_comparable && play->n_centre_rang > n_wire ? play->n_centre_rang - n_wire : 0;
}

static uint64_t n_lost(const rig_set_up_input *input)
{
    const rig_exchange_totals *callers = &input->wire->callers, *phones = &input->wire->phones;
    return callers->n_lost + phones->n_lost + callers->n_cut_off + phones->n_cut_off;
}

/* Requests that speak against our own side. */
static uint64_t n_ill(const rig_set_up_input *input)
{
    const rig_exchange_totals *callers = &input->wire->callers, *phones = &input->wire->phones;
    return callers->n_late + phones->n_late + callers->n_unheard + phones->n_unheard;
}

/* @return whether it was. */
static bool check_cut_off(const rig_set_up_input *input, rig_set_up_list *l)
{
    const rig_exchange_totals *callers = &input->wire->callers, *phones = &input->wire->phones;
    const uint64_t n_cut_off = callers->n_cut_off + phones->n_cut_off;
    if (input->play->n_defects > 0 ||
        n_cut_off <= 1 + rig_set_up_few(input, 2 * (callers->n_sent + phones->n_sent)))
        return false;
    rig_set_up_add(
        l, "network", false,
        "nothing passed between us and the centre for %.1f s: %llu of our requests were lost, it "
        "answered each at once when it was sent again behind that, and had lost no call. Look at "
        "the network between us (a standby that takes over with all its calls looks the same)",
        fmax(callers->cut_off_s, phones->cut_off_s), N(n_cut_off));
    return true;
}

static void check_network(const rig_set_up_input *input, rig_set_up_list *l)
{
    const uint64_t n_rang = input->play->n_centre_rang, n_out = n_never_out(input);
    if (n_out > rig_set_up_few(input, n_rang)) {
        rig_set_up_add(
            l, "network", false,
            "the embedded call centre called our phones %llu times, and %llu of its INVITEs never "
            "came to the wire: this host does not send them (its routes, firewall or full buffers)",
            N(n_rang), N(n_out));
        return;
    }
    if (check_cut_off(input, l))
        return;
    const rig_exchange_totals *callers = &input->wire->callers, *phones = &input->wire->phones;
    const uint64_t n_gone = n_lost(input);
    const uint64_t n = callers->n_sent + callers->n_asked + phones->n_sent + phones->n_asked;
    const uint64_t n_few = 1 + rig_set_up_few(input, 2 * n);
    rig_set_up_add(
        l, "network", n_gone <= n_few,
        "%llu of %llu requests or their answers were lost on the way while the centre answered "
        "others at once; expected at most %llu%s",
        N(n_gone), N(n), N(n_few),
        n_gone > n_few ? N_(": the network between us and the centre loses packets") : "");
}

size_t rig_set_up_judge(const rig_set_up_input *input, rig_check *checks)
{
    rig_set_up_list l = {.items = checks};
    const bool is_seen = input->wire != NULL && input->wire->is_known;
    const rig_set_up_habits h = rig_set_up_habits_of(input);
    if (is_seen)
        rig_set_up_digest(input, &h, &l);
    check_programs(input, &l);
    check_strangers(input, &l);
    /* what a capture of something else shows, or does not, says nothing of our side and the wire */
    const bool is_sound = !is_seen || rig_set_up_capture(input, &l.items[l.n++]);
    const bool is_known = is_seen && is_sound;
    if (is_known) {
        /* what was lost on the way is late at our side, too: whoever forgot his call by then says
         * nothing to what comes for it. Then the network is told first */
        const bool is_of_network = n_lost(input) > 2 * n_ill(input);
        if (is_of_network)
            check_network(input, &l);
        check_phones(input, &l);
        check_callers(input, &l);
        if (!is_of_network)
            check_network(input, &l);
    }
    if (input->said != NULL && is_sound)
        rig_set_up_said(input, &l.items[l.n++]);
    if (is_known)
        rig_set_up_unreachable(input, &l.items[l.n++]);
    rig_set_up_wiring(input, &h, is_known, &l);
    return l.n;
}

rig_status rig_wire_facts_of(const rig_exchanges *book, const rig_play_facts *play,
                             int64_t until_ns, rig_wire_facts *facts)
{
    rig_endpoint callers[RIG_MAX_WORKERS], phone;
    rig_wire_facts made = {.is_known = true};
    size_t n = 0;
    for (size_t i = 0; i < play->n_workers && i < RIG_MAX_WORKERS; i++)
        n += rig_endpoint_of_text(play->workers[i].host, play->workers[i].port, &callers[n]);
    if (n == 0 || !rig_endpoint_of_text(play->agents_host, play->agents_port, &phone)) {
        *facts = (rig_wire_facts){.is_known = false}; /* of a run of an earlier version */
        return RIG_OK;
    }
    rig_status status = rig_exchanges_total(book, callers, n, until_ns, &made.callers);
    if (status == RIG_OK)
        status = rig_exchanges_total(book, &phone, 1, until_ns, &made.phones);
    if (status == RIG_OK)
        *facts = made;
    return status;
}
