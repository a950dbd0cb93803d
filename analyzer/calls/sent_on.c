/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/sent_on.h"

#include "analyzer/calls/book.h"
#include "analyzer/calls/calls.h"

/* One host for all (a rig on loopback) tells nothing by its address. */
static bool is_guessed(const rig_book *book, const rig_leg *leg)
{
    return !book->rules->knows_relays && !rig_endpoint_same_host(leg->caller, leg->callee);
}

static rig_sent_on_place *find_place(rig_sent_on *s, rig_endpoint at)
{
    for (size_t i = 0; i < s->n; i++) {
        if (rig_endpoint_eq(s->places[i].at, at))
            return &s->places[i];
    }
    return NULL;
}

void rig_sent_on_note(rig_book *book, rig_fate *state, rig_leg *leg)
{
    rig_sent_on *s = &book->sent_on;
    if (!rig_fate_is_of_caller_alone(state) || !is_guessed(book, leg))
        return;
    rig_sent_on_place *place = find_place(s, leg->callee);
    if (place == NULL) {
        if (s->n == RIG_SENT_ON_MAX_PLACES)
            return; /* so many are phones */
        place = &s->places[s->n++];
        *place = (rig_sent_on_place){.at = leg->callee};
    }
    place->n_calls++;
    leg->is_sent_on = true;
    rig_joins_note_sent_on(book, state, leg->callee);
}

void rig_sent_on_note_talk(rig_book *book, rig_leg *leg, bool talks)
{
    if (!leg->is_sent_on || talks == leg->is_sent_on_talk)
        return;
    rig_sent_on_place *place = find_place(&book->sent_on, leg->callee);
    if (place == NULL)
        return; /* a proxy has passed the leg on: it was noted elsewhere */
    leg->is_sent_on_talk = talks;
    place->n_talk = talks ? place->n_talk + 1 : place->n_talk - (place->n_talk > 0);
    if (place->n_talk > place->n_most)
        place->n_most = place->n_talk;
}

bool rig_sent_on_is_relay(const rig_book *book, rig_endpoint at)
{
    const rig_sent_on *s = &book->sent_on;
    if (book->rules->knows_relays)
        return rig_rules_is_relay(book->rules, at);
    for (size_t i = 0; i < s->n; i++) {
        if (s->places[i].is_relay && rig_endpoint_same_host(s->places[i].at, at))
            return true;
    }
    return false;
}

bool rig_sent_on_is_beyond(rig_book *book, const rig_leg *leg, const rig_sip *sip)
{
    rig_sent_on *s = &book->sent_on;
    bool is_beyond = false;
    for (size_t i = 0; i < s->n; i++) {
        rig_sent_on_place *place = &s->places[i];
        if (!rig_endpoint_same_host(place->at, leg->caller) || !is_guessed(book, leg))
            continue;
        is_beyond = is_beyond || rig_joins_shows_sent_on(book, leg, sip);
        place->is_relay |= is_beyond;
    }
    s->n_beyond += is_beyond;
    return is_beyond;
}

static bool is_doubtful(const rig_sent_on_place *place)
{
    return place->is_relay || place->n_most > 1;
}

static uint64_t n_doubtful(const rig_sent_on *s)
{
    uint64_t n = s->n_beyond;
    for (size_t i = 0; i < s->n; i++)
        n += is_doubtful(&s->places[i]) ? s->places[i].n_calls : 0;
    return n;
}

/* The address that most of them were sent to. */
static rig_endpoint where_to(const rig_sent_on *s)
{
    const rig_sent_on_place *most = NULL;
    for (size_t i = 0; i < s->n; i++) {
        const rig_sent_on_place *place = &s->places[i];
        if (is_doubtful(place) && (most == NULL || place->n_calls > most->n_calls))
            most = place;
    }
    return most != NULL ? most->at : (rig_endpoint){0};
}

void rig_book_count_sent_on(const rig_book *book, uint64_t *n, rig_endpoint *to)
{
    *n = n_doubtful(&book->sent_on);
    *to = where_to(&book->sent_on);
}
