/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/book.h"

void rig_book_watch(rig_book *book, const rig_call_watch *watch)
{
    book->watch = *watch;
}

static rig_call_place place_of(const rig_fate *state)
{
    switch (state->phase) {
    case RIG_PHASE_MENU:
        return RIG_CALL_IN_MENU;
    case RIG_PHASE_QUEUE:
        return RIG_CALL_IN_QUEUE;
    case RIG_PHASE_RINGING:
        return RIG_CALL_RINGING;
    case RIG_PHASE_TALKING:
        return RIG_CALL_TALKING;
    case RIG_PHASE_OFFERED:
    case RIG_N_PHASES:
        break;
    }
    return RIG_CALL_UNANSWERED;
}

static rig_stage stage_of(const rig_fate *state)
{
    switch (state->phase) {
    case RIG_PHASE_MENU:
        return RIG_STAGE_IVR;
    case RIG_PHASE_QUEUE:
        return RIG_STAGE_QUEUE;
    case RIG_PHASE_RINGING:
    case RIG_PHASE_TALKING:
        return RIG_STAGE_AGENT;
    case RIG_PHASE_OFFERED:
    case RIG_N_PHASES:
        break;
    }
    return state->call.t_provisional_ns != RIG_NO_TIME ? RIG_STAGE_IVR : RIG_STAGE_TRUNK;
}

static bool is_same(const rig_call_step *a, const rig_call_step *b)
{
    return a->place == b->place && a->stage == b->stage && a->outcome == b->outcome;
}

static rig_call_step step_of(rig_packed_step packed)
{
    return (rig_call_step){(rig_call_place)packed.place, (rig_stage)packed.stage,
                           (rig_outcome)packed.outcome};
}

/* @param call  NULL: as it is now. */
static void tell(const rig_book *book, rig_fate *state, const rig_call *call, rig_call_step is)
{
    const rig_call_step was = step_of(state->told);
    if (state->is_told && is_same(&was, &is))
        return;
    const rig_call now = call == NULL ? rig_fate_record(state) : *call;
    const rig_call_news news = {
        .call = &now, .order = state->order, .is_first = !state->is_told, .was = was, .is = is};
    book->watch.step(book->watch.ctx, &news);
    state->told = (rig_packed_step){(uint8_t)is.place, (uint8_t)is.stage, (uint8_t)is.outcome};
    state->is_told = true;
}

void rig_book_tell_end(const rig_book *book, rig_fate *state, const rig_call *call)
{
    if (book->watch.step == NULL || state->is_call_back)
        return;
    const rig_call_place place =
        call->outcome == RIG_OUTCOME_IN_PROGRESS ? place_of(state) : RIG_CALL_OVER;
    tell(book, state, call, (rig_call_step){place, rig_call_stage(call), call->outcome});
}

void rig_book_tell_step(const rig_book *book, rig_fate *state)
{
    if (book->watch.step == NULL || state->is_call_back)
        return;
    if (state->counted_as == RIG_OUTCOME_IN_PROGRESS) {
        tell(book, state, NULL,
             (rig_call_step){place_of(state), stage_of(state), RIG_OUTCOME_IN_PROGRESS});
        return;
    }
    /* the record has neither until the call is handed out */
    rig_call call = rig_fate_record(state);
    call.outcome = rig_fate_decide(state, book->rules, book->marks.has_queue, book->t_now_ns,
                                   call.reason, NULL);
    rig_book_tell_end(book, state, &call);
}

void rig_book_tell_withdrawn(const rig_book *book, rig_fate *state)
{
    if (book->watch.step == NULL || !state->is_told)
        return;
    const rig_call call = rig_fate_record(state);
    const rig_call_news news = {
        .call = &call, .order = state->order, .is_withdrawn = true, .was = step_of(state->told)};
    book->watch.step(book->watch.ctx, &news);
    state->is_told = false;
}
