/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the centre is wired: its credentials, number, audio, contacts and marks. */
#include "verdict/set_up_wiring.h"

#include <string.h>

#include "core/language.h"
#include "verdict/set_up_capture.h"

#define N(x) ((unsigned long long)(x))

/* Calls that show no habit yet. */
static uint64_t n_for_habit(const rig_set_up_input *input)
{
    return input->is_probe ? 0 : 2;
}

/* SIPp ends with such a text (src/auth.cpp, createAuthHeader) at a challenge that it cannot answer;
 * one that offers MD5 as well, and comes first, it answers. */
static bool has_other_digest(const rig_set_up_input *input, const rig_set_up_habits *h)
{
    return input->wire != NULL && input->wire->is_known &&
           input->wire->callers.n_other_digests > 0 && h->n_answered == 0 &&
           strstr(input->play->trouble, "createAuthHeader") != NULL;
}

void rig_set_up_digest(const rig_set_up_input *input, const rig_set_up_habits *h,
                       rig_set_up_list *l)
{
    const uint64_t n = input->wire->callers.n_other_digests;
    const bool is_ill = has_other_digest(input, h);
    rig_set_up_add(
        l, "digest", !is_ill, "%llu challenges offer a digest other than MD5%s", N(n),
        is_ill
            ? N_(", which this SIPp cannot answer: it ends there, and its calls with it. Let the "
                 "centre offer algorithm=MD5 alone, or give a SIPp that can (--sipp; 3.7.7 is one)")
            : "");
}

/* None was taken, and most were refused so: now and then a centre says something else beside. */
static bool is_all_refused(const rig_set_up_habits *h, uint64_t n)
{
    return n > 0 && h->n_answered == 0 && 2 * n > h->n_final;
}

static void check_credentials(const rig_set_up_input *input, const rig_set_up_habits *h,
                              rig_set_up_list *l)
{
    const char *user = input->scenario->callers.auth.user;
    const bool is_ill = is_all_refused(h, h->n_credentials);
    if (!is_ill || has_other_digest(input, h)) { /* a digest that is not understood says nothing */
        rig_set_up_add(l, "credentials", true,
                       "%llu of %llu calls were refused with 401, 403 or 407", N(h->n_credentials),
                       N(h->n_seen));
        return;
    }
    if (user == NULL)
        rig_set_up_add(l, "credentials", false,
                       "%llu of the %llu calls that were answered at all got %d, and none was "
                       "taken: the centre does not know us. Set callers.auth = { user = ..; "
                       "password = ..; }, or let the centre take calls from our address without",
                       N(h->n_credentials), N(h->n_final), h->code);
    else
        rig_set_up_add(l, "credentials", false,
                       "%llu of the %llu calls that were answered at all got %d, and none was "
                       "taken: the centre does not take the user \"%s\". Change "
                       "callers.auth.user or callers.auth.password",
                       N(h->n_credentials), N(h->n_final), h->code, user);
}

/* What to change where a centre takes no call for what the request says. */
static const char *what_to_change(rig_set_up_refusal why)
{
    switch (why) {
    case RIG_SET_UP_REFUSED_NUMBER:
        return N_("the centre does not know the number. Set callers.dial to one that leads to its "
                  "menu, or let its dialplan take this one");
    case RIG_SET_UP_REFUSED_MEDIA:
        return N_("the centre does not take our audio. Let it take PCMU or PCMA at this trunk, or "
                  "give callers of your own (callers.sipp_xml)");
    case RIG_SET_UP_REFUSED_REDIRECT:
        return N_("the centre sends callers elsewhere. Set callers.redirected_to to the number to "
                  "which it does, or target.host and target.port to where it sends them");
    case RIG_SET_UP_REFUSED_FORM:
    case RIG_N_SET_UP_REFUSALS:
        break;
    }
    return N_("the centre does not take an INVITE of this form. Look at its log, and at what we "
              "send (docs/wire-contract.md); callers.session_timer answers a 422, "
              "callers.reliable_provisional a 421");
}

static void check_request(const rig_set_up_input *input, const rig_set_up_habits *h,
                          rig_set_up_list *l)
{
    uint64_t n = 0;
    for (int i = 0; i < RIG_N_SET_UP_REFUSALS; i++)
        n += h->n_refused[i];
    for (int i = 0; i < RIG_N_SET_UP_REFUSALS; i++) {
        if (!is_all_refused(h, h->n_refused[i]))
            continue;
        rig_set_up_add(l, "request", false,
                       "%llu of the %llu calls to \"%s\" that were answered at all got %d, and "
                       "none was taken: %s",
                       N(h->n_refused[i]), N(h->n_final), input->scenario->callers.dial,
                       h->refused_code[i], what_to_change((rig_set_up_refusal)i));
        return;
    }
    rig_set_up_add(l, "request", true,
                   "%llu of %llu calls were refused for their number, their audio or their form",
                   N(n), N(h->n_seen));
}

static void check_numbers(const rig_set_up_input *input, rig_set_up_list *l)
{
    const rig_exchange_totals *phones = &input->wire->phones;
    const bool is_ill = phones->n_not_found > rig_set_up_few(input, phones->n_invites);
    if (!is_ill)
        rig_set_up_add(l, "numbers", true,
                       "%llu of %llu INVITEs at our phones showed a caller whom nobody knows",
                       N(phones->n_not_found), N(phones->n_invites));
    else
        rig_set_up_add(
            l, "numbers", false,
            "%llu of the %llu INVITEs at our phones show a caller in From whom nobody knows, such "
            "as \"%s\": the centre rewrites the number. Let it keep the caller's (the first one "
            "is callers.first_number = \"%llu\"), or set that key so that what the centre makes "
            "of it is the same",
            N(phones->n_not_found), N(phones->n_invites), phones->not_found,
            N(input->scenario->callers.first_number));
}

static void check_contacts(const rig_set_up_input *input, const rig_set_up_habits *h,
                           rig_set_up_list *l)
{
    const rig_play_facts *play = input->play;
    const char *listen = input->scenario->target.agents_listen;
    const bool have_waited = h->n_waited > n_for_habit(input);
    const bool are_sent_away = h->n_sent_away > n_for_habit(input);
    const bool is_ill = input->wire->phones.n_invites == 0 && (have_waited || are_sent_away) &&
                        input->n_served > (double)n_for_habit(input);
    if (!is_ill)
        rig_set_up_add(l, "contacts", true,
                       "our agents' phones were called %llu times, %llu calls were in the queue",
                       N(input->wire->phones.n_invites), N(h->n_waited));
    else
        rig_set_up_add(
            l, "contacts", false,
            "%llu %s and no agent's phone of ours was ever called: they listen at %s "
            "port %u. Give the centre's agents that contact, or set "
            "target.agents_listen%s%s%s to the contact that they have",
            N(have_waited ? h->n_waited : h->n_sent_away),
            have_waited ? N_("calls waited for an agent")
                        : N_("calls were answered and sent away (as a queue does that sees no "
                             "agent, such as Asterisk's with joinempty)"),
            play->agents_host, play->agents_port, listen != NULL ? " = \"" : N_(" (it is not set)"),
            listen != NULL ? listen : "", listen != NULL ? "\"" : "");
}

/* Fewer marks than one for every other call whose phone rang: a call has one at least. */
static bool is_unmarked(uint64_t n_marks, const rig_set_up_habits *h)
{
    return n_marks == 0 || 2 * n_marks < h->n_rung;
}

/* The profile that the wire looks like. */
static rig_marks guess_marks(const rig_set_up_input *input, const rig_set_up_habits *h)
{
    const rig_exchange_totals *callers = &input->wire->callers;
    const uint64_t n_talks = rig_set_up_n_told_talks(input);
    if (h->n_answered_alone == 0 && callers->n_queued + callers->n_progress > 0)
        return RIG_MARK_EARLY;
    if (is_unmarked(callers->n_marks, h))
        return RIG_MARK_QUIET;
    if (2 * callers->n_reinvites > n_talks)
        return RIG_MARK_REINVITE;
    return 2 * callers->n_updates > n_talks ? RIG_MARK_UPDATE : RIG_MARK_INFO;
}

static const char unanswered[] = N_(
    "no call is answered before an agent answers, and none has early media. Let the centre answer "
    "for its menu, or send a 183 and set target.marks = \"early\"");

/* What the wire should show and does not, in words; NULL: nothing. */
static const char *missing_mark(const rig_set_up_input *input, const rig_set_up_habits *h)
{
    const rig_exchange_totals *callers = &input->wire->callers;
    const rig_marks marks = input->scenario->target.marks, guess = guess_marks(input, h);
    switch (marks) {
    case RIG_MARK_AUTO: /* no run is judged by it */
    case RIG_MARK_QUIET:
        if (guess == RIG_MARK_EARLY)
            return N_("no call is answered before an agent's phone rings");
        return h->n_answered_first == 0 && h->n_answered > n_for_habit(input) ? unanswered : NULL;
    case RIG_MARK_EARLY:
        if (!is_unmarked(callers->n_queued + callers->n_progress, h))
            return NULL;
        return callers->n_queued + callers->n_progress == 0
                   ? N_("no call has early media: 183 for the menu, 182 in the queue")
                   : N_("most calls have no early media: 183 for the menu, 182 in the queue");
    case RIG_MARK_REINVITE:
    case RIG_MARK_UPDATE:
    case RIG_MARK_INFO:
        break;
    }
    if (guess == RIG_MARK_EARLY)
        return N_("no call is answered before an agent's phone rings");
    if (is_unmarked(callers->n_marks, h))
        return callers->n_marks == 0
                   ? N_("no answered call shows a mark of the queue (INFO with X-Rig-Stage)")
                   : N_("most answered calls show no mark of the queue (INFO with X-Rig-Stage)");
    return guess != marks && rig_set_up_n_told_talks(input) > n_for_habit(input)
               ? N_("callers are told in another way that an agent has answered")
               : NULL;
}

static void check_marks(const rig_set_up_input *input, const rig_set_up_habits *h,
                        rig_set_up_list *l)
{
    const char *expected = rig_marks_name(input->scenario->target.marks);
    const uint64_t n_reached = input->wire->phones.n_invites;
    const char *missing = n_reached > n_for_habit(input) ? missing_mark(input, h) : NULL;
    if (missing == NULL && input->play->marks_found[0] != '\0')
        rig_set_up_add(
            l, "marks", true,
            "target.marks = \"auto\" was found to be \"%s\" before the run (%s), and the centre "
            "tells its callers so",
            expected, input->play->marks_found);
    else if (missing == NULL)
        rig_set_up_add(l, "marks", true,
                       "the centre tells its callers as target.marks = \"%s\" says", expected);
    else if (missing == unanswered)
        rig_set_up_add(l, "marks", false, "%s", missing);
    else
        rig_set_up_add(
            l, "marks", false,
            "%s, and %llu INVITEs reached our phones: the centre does not tell its callers as "
            "target.marks = \"%s\" says. Set target.marks = \"%s\"",
            missing, N(n_reached), expected, rig_marks_name(guess_marks(input, h)));
}

static void check_audio(const rig_set_up_input *input, const rig_set_up_habits *h,
                        rig_set_up_list *l)
{
    const bool is_ill = !input->scenario->callers.has_audio &&
                        h->n_without_audio > rig_set_up_few(input, h->n_answered);
    rig_set_up_add(
        l, "audio", !is_ill,
        "%llu of %llu answered calls were cut by the centre for want of audio%s",
        N(h->n_without_audio), N(h->n_answered),
        is_ill ? N_(" (cause 44, 111 or 604), and we send none: set callers.audio = true, or "
                    "switch off the centre's RTP time-out")
               : "");
}

void rig_set_up_wiring(const rig_set_up_input *input, const rig_set_up_habits *h, bool is_known,
                       rig_set_up_list *l)
{
    check_credentials(input, h, l);
    check_request(input, h, l);
    check_audio(input, h, l);
    if (!is_known)
        return;
    check_numbers(input, l);
    check_contacts(input, h, l);
    check_marks(input, h, l);
}
