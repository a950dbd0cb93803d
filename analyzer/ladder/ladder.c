/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/ladder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/ladder/build.h"
#include "analyzer/slice/leg_map.h"

typedef struct collection {
    const rig_ladder_options *options;
    rig_leg_map legs;
    uint64_t *asked; /* legs of the Call-IDs that are asked for, with which one: two words each */
    size_t n_asked, n_asked_allocated;
    rig_ladder_build *builds; /* in the order of their calls once the first reading is over */
    char (*if_marks)[RIG_CALL_REASON_SIZE]; /* what the reasons are then */
    rig_outcome *outcome_if_marks;
    rig_query_fit *fit;
    size_t n, n_allocated;
    uint64_t n_left_out, n_not_followed;
    rig_analyzer *analyzer;
    bool is_all; /* not every call is named */
    bool is_second;
    rig_error *note_err;
    rig_status note_status;
} collection;

/* ---- first: which calls */

static rig_status note_asked(collection *c, uint64_t leg, size_t which, rig_error *err)
{
    for (size_t i = 0; i < c->n_asked; i++) {
        if (c->asked[2 * i] == leg)
            return RIG_OK;
    }
    if (c->n_asked == c->n_asked_allocated) {
        size_t n = c->n_asked * 2 > 16 ? c->n_asked * 2 : 16;
        uint64_t *asked = reallocarray(c->asked, n, 2 * sizeof *asked);
        if (asked == NULL)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        c->asked = asked;
        c->n_asked_allocated = n;
    }
    c->asked[2 * c->n_asked] = leg;
    c->asked[2 * c->n_asked++ + 1] = which;
    return RIG_OK;
}

static rig_ladder_build *find_build(const collection *c, uint64_t leg)
{
    uint64_t order;
    if (!rig_leg_map_find(&c->legs, leg, &order))
        return NULL;
    for (size_t i = 0; i < c->n; i++) {
        if (c->builds[i].ladder.order == order)
            return &c->builds[i];
    }
    return NULL;
}

static rig_status take_message(void *ctx, const rig_tapped_message *message, rig_error *err)
{
    collection *c = ctx;
    if (c->is_second) {
        rig_ladder_build *build = find_build(c, message->leg);
        return build != NULL ? rig_ladder_take(build, message, err) : RIG_OK;
    }
    for (size_t i = 0; i < c->options->n_call_ids; i++) {
        if (!rig_slice_is(message->sip->call_id, c->options->call_ids[i]))
            continue;
        rig_status status = note_asked(c, message->leg, i, err);
        if (status != RIG_OK)
            return status;
    }
    return RIG_OK;
}

static void join(void *ctx, uint64_t leg, uint64_t order)
{
    collection *c = ctx;
    if (!c->is_second)
        rig_leg_map_join(&c->legs, leg, order);
}

static bool is_asked(const collection *c, uint64_t order)
{
    uint64_t of;
    for (size_t i = 0; i < c->n_asked; i++) {
        if (rig_leg_map_find(&c->legs, c->asked[2 * i], &of) && of == order)
            return true;
    }
    return false;
}

static rig_status reserve(collection *c, rig_error *err)
{
    if (c->n < c->n_allocated)
        return RIG_OK;
    size_t n = c->n * 2 > 4 ? c->n * 2 : 4;
    rig_ladder_build *builds = reallocarray(c->builds, n, sizeof *builds);
    if (builds != NULL)
        c->builds = builds;
    void *if_marks = reallocarray(c->if_marks, n, sizeof *c->if_marks);
    if (if_marks != NULL)
        c->if_marks = if_marks;
    rig_outcome *outcomes = reallocarray(c->outcome_if_marks, n, sizeof *outcomes);
    if (outcomes != NULL)
        c->outcome_if_marks = outcomes;
    rig_query_fit *fit = reallocarray(c->fit, n, sizeof *fit);
    if (fit != NULL)
        c->fit = fit;
    if (builds == NULL || if_marks == NULL || outcomes == NULL || fit == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    c->n_allocated = n;
    return RIG_OK;
}

/* Whether a call is to be drawn, if it fits in the end. */
static bool is_wanted(collection *c, const rig_finished_call *finished, rig_query_fit *fit)
{
    bool is_named = is_asked(c, finished->order);
    if (!is_named && !c->is_all)
        return false;
    *fit = rig_query_fit_call(c->options->where, finished, rig_analyzer_t_first_ns(c->analyzer));
    if (!fit->as_told && !fit->if_marks)
        return false;
    bool has_room = is_named || c->n < RIG_LADDER_MAX_CALLS;
    c->n_left_out += !has_room;
    return has_room;
}

static rig_status take_call(void *ctx, const rig_finished_call *finished, rig_error *err)
{
    collection *c = ctx;
    rig_query_fit fit;
    if (c->is_second || !is_wanted(c, finished, &fit))
        return RIG_OK;
    rig_status status = reserve(c, err);
    if (status != RIG_OK)
        return status;
    char *call_id = strdup(finished->call->call_id);
    if (call_id == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_ladder_build *build = &c->builds[c->n];
    *build = (rig_ladder_build){.ladder = {.call = *finished->call, .order = finished->order}};
    build->ladder.call.call_id = call_id;
    build->ladder.call.carrier = build->ladder.call.caller_class = NULL; /* the rules' */
    c->fit[c->n] = fit;
    c->outcome_if_marks[c->n] = finished->outcome_if_marks;
    (void)snprintf(c->if_marks[c->n++], RIG_CALL_REASON_SIZE, "%s", finished->reason_if_marks);
    return RIG_OK;
}

/* ---- second: their messages */

static int by_order(const void *a, const void *b)
{
    const rig_ladder_build *x = a, *y = b;
    return (x->ladder.order > y->ladder.order) - (x->ladder.order < y->ladder.order);
}

/* The words of a rule that has fired: 'mark "NAME": MEANING' and 'join rule "NAME": agent's leg
 * ..', of which the Call-ID is left out. What else is said of the call, the arrows show.
 * @return false for that. */
static bool read_rule(const char *text, char note[80])
{
    const char *end = strstr(text, "\": ");
    if (end == NULL)
        return false;
    if (strncmp(text, "mark \"", 6) == 0)
        (void)snprintf(note, 80, "%s: rule \"%.*s\"", end + 3, (int)(end - text - 6), text + 6);
    else if (strncmp(text, "join rule \"", 11) == 0)
        (void)snprintf(note, 80, "joined: rule \"%.*s\"", (int)(end - text - 11), text + 11);
    else
        return false;
    return true;
}

static void take_explanation(void *ctx, rig_slice call_id, int64_t t_ns, const char *text)
{
    collection *c = ctx;
    char note[80];
    if (t_ns == RIG_NO_TIME || !read_rule(text, note))
        return;
    for (size_t i = 0; i < c->n && c->note_status == RIG_OK; i++) {
        rig_ladder_build *build = &c->builds[i];
        const rig_call *call = &build->ladder.call;
        bool is_its = rig_slice_is(call_id, call->call_id) && t_ns >= call->t_invite_ns &&
                      (call->t_end_ns == RIG_NO_TIME || t_ns <= call->t_end_ns);
        if (is_its)
            c->note_status = rig_ladder_add_note(build, t_ns, RIG_LADDER_RULE, note, c->note_err);
    }
}

static void free_ladder(rig_ladder *ladder)
{
    free(ladder->call.call_id);
    free(ladder->messages);
    free(ladder->notes);
}

/* The first reading is over: it is known now what each call has become, and whether it fits. */
static void settle(collection *c, bool has_queue_marks)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        rig_call *call = &c->builds[i].ladder.call;
        if (has_queue_marks) {
            call->outcome = c->outcome_if_marks[i];
            memcpy(call->reason, c->if_marks[i], sizeof call->reason);
        }
        if (has_queue_marks ? c->fit[i].if_marks : c->fit[i].as_told)
            c->builds[n++] = c->builds[i];
        else
            free_ladder(&c->builds[i].ladder);
    }
    c->n = n;
}

static rig_status analyze(collection *c, rig_error *err)
{
    const rig_ladder_options *o = c->options;
    const rig_tap tap = {.message = take_message, .joined = join, .ctx = c};
    const char **call_ids = calloc(c->n + 1, sizeof *call_ids);
    if (call_ids == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t i = 0; i < c->n; i++)
        call_ids[i] = c->builds[i].ladder.call.call_id;
    const rig_explain explain = {
        .call_ids = call_ids, .n_call_ids = c->n, .say = take_explanation, .ctx = c};
    const rig_analyzer_options how = {.rules = o->rules,
                                      .sink = {.take = take_call, .ctx = c},
                                      .explain = c->is_second ? &explain : NULL,
                                      .tap = &tap,
                                      .max_legs = o->max_legs,
                                      .with_parties = !c->is_second && o->where != NULL};
    rig_analyze_reading reading = o->reading;
    rig_capture_counts counts = {0};
    c->note_err = err;
    if (c->is_second)
        reading.warn = NULL;
    rig_status status = rig_analyzer_new_with(&how, &c->analyzer, err);
    if (status == RIG_OK)
        status = rig_analyze_files_with(o->paths, o->n_paths, &reading, c->analyzer, err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(c->analyzer, NULL, err);
    if (status == RIG_OK)
        status = c->note_status;
    if (status == RIG_OK && c->legs.has_failed)
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK)
        rig_analyzer_counts(c->analyzer, &counts);
    c->n_not_followed = counts.n_not_followed;
    if (!c->is_second && status == RIG_OK)
        settle(c, counts.has_queue_marks);
    rig_analyzer_free(c->analyzer);
    c->analyzer = NULL;
    free(call_ids);
    return status;
}

static rig_status check_found(const collection *c, rig_error *err)
{
    for (size_t which = 0; which < c->options->n_call_ids; which++) {
        bool is_seen = false, is_found = strcmp(c->options->call_ids[which], "*") == 0;
        for (size_t i = 0; i < c->n_asked; i++) {
            uint64_t order;
            if (c->asked[2 * i + 1] != which)
                continue;
            is_seen = true;
            is_found |= rig_leg_map_find(&c->legs, c->asked[2 * i], &order);
        }
        if (!is_found)
            return rig_fail(err, RIG_EINPUT, "--ladder: \"%s\": %s", c->options->call_ids[which],
                            is_seen ? "this Call-ID belongs to no call: it began before the "
                                      "capture, or no join rule fits; expected one of a call"
                                    : "no message has this Call-ID; expected one of the capture "
                                      "(--calls FILE lists those of the calls)");
    }
    return RIG_OK;
}

/* ---- the end */

static int by_time(const void *a, const void *b)
{
    const rig_ladder_message *x = a, *y = b;
    if (x->t_ns != y->t_ns)
        return (x->t_ns > y->t_ns) - (x->t_ns < y->t_ns);
    return (x->frame > y->frame) - (x->frame < y->frame);
}

static int notes_by_time(const void *a, const void *b)
{
    const rig_ladder_note *x = a, *y = b;
    if (x->t_ns != y->t_ns)
        return (x->t_ns > y->t_ns) - (x->t_ns < y->t_ns);
    return (x->stage > y->stage) - (x->stage < y->stage);
}

/* Whether a mark has told it already, with the rule's name. */
static bool is_told(const rig_ladder *ladder, int64_t t_ns, const char *meaning)
{
    for (size_t i = 0; i < ladder->n_notes; i++) {
        const rig_ladder_note *note = &ladder->notes[i];
        if (note->stage == RIG_LADDER_RULE && note->t_ns == t_ns &&
            strncmp(note->text, meaning, strlen(meaning)) == 0)
            return true;
    }
    return false;
}

static rig_status add_stages(rig_ladder_build *build, rig_error *err)
{
    const rig_call *call = &build->ladder.call;
    const struct {
        int64_t t_ns;
        rig_ladder_stage stage;
        const char *text;
    } stages[] = {
        {call->t_answer_ns, RIG_LADDER_ANSWERED, "answered"},
        {call->t_queue_ns, RIG_LADDER_IN_QUEUE, "queue"},
        {call->t_agent_ring_ns, RIG_LADDER_RINGING, "an agent rings"},
        {call->t_agent_answer_ns, RIG_LADDER_TALKING, "an agent talks"},
        {call->t_end_ns, RIG_LADDER_END, "end"},
    };
    const char *const meanings[] = {"answered:", "queue:", "ringing:", "talking:", "end:"};
    rig_status status = RIG_OK;
    for (size_t i = 0; status == RIG_OK && i < sizeof stages / sizeof stages[0]; i++) {
        if (stages[i].t_ns != RIG_NO_TIME && !is_told(&build->ladder, stages[i].t_ns, meanings[i]))
            status =
                rig_ladder_add_note(build, stages[i].t_ns, stages[i].stage, stages[i].text, err);
    }
    return status;
}

static rig_status finish(collection *c, rig_ladders **ladders, rig_error *err)
{
    rig_ladders *made = calloc(1, sizeof *made);
    rig_ladder *items = calloc(c->n + 1, sizeof *items);
    if (made == NULL || items == NULL) {
        free(made);
        free(items);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < c->n; i++) {
        rig_ladder *ladder = &c->builds[i].ladder;
        rig_ladder_place_ends(&c->builds[i]);
        if (ladder->n_messages > 0)
            qsort(ladder->messages, ladder->n_messages, sizeof *ladder->messages, by_time);
        if (ladder->n_notes > 0)
            qsort(ladder->notes, ladder->n_notes, sizeof *ladder->notes, notes_by_time);
        items[i] = *ladder;
    }
    *made = (rig_ladders){.items = items,
                          .n = c->n,
                          .n_left_out = c->n_left_out,
                          .n_not_followed = c->n_not_followed};
    *ladders = made;
    return RIG_OK;
}

rig_status rig_ladders_collect(const rig_ladder_options *options, rig_ladders **ladders,
                               rig_error *err)
{
    collection c = {.options = options};
    for (size_t i = 0; i < options->n_call_ids; i++)
        c.is_all |= strcmp(options->call_ids[i], "*") == 0;
    rig_status status = analyze(&c, err);
    if (status == RIG_OK)
        status = check_found(&c, err);
    if (status == RIG_OK) {
        qsort(c.builds, c.n, sizeof *c.builds, by_order);
        c.is_second = true;
        status = analyze(&c, err);
    }
    for (size_t i = 0; status == RIG_OK && i < c.n; i++)
        status = add_stages(&c.builds[i], err);
    if (status == RIG_OK)
        status = finish(&c, ladders, err);
    for (size_t i = 0; i < c.n; i++) {
        if (status != RIG_OK)
            free_ladder(&c.builds[i].ladder);
        free(c.builds[i].peers);
        free(c.builds[i].legs);
    }
    free(c.builds);
    free(c.if_marks);
    free(c.outcome_if_marks);
    free(c.fit);
    free(c.asked);
    rig_leg_map_clear(&c.legs);
    return status;
}

void rig_ladders_free(rig_ladders *ladders)
{
    if (ladders == NULL)
        return;
    for (size_t i = 0; i < ladders->n; i++)
        free_ladder(&ladders->items[i]);
    free(ladders->items);
    free(ladders);
}

rig_status rig_ladders_mask(rig_ladders *ladders, const rig_mask *mask, rig_error *err)
{
    for (size_t i = 0; i < ladders->n; i++) {
        rig_ladder *ladder = &ladders->items[i];
        char id[RIG_MASK_ID_SIZE], text[RIG_CALL_REASON_SIZE];
        rig_mask_id(mask, rig_slice_of(ladder->call.call_id), id);
        char *call_id = strdup(id);
        if (call_id == NULL)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        free(ladder->call.call_id);
        ladder->call.call_id = call_id;
        char caller[sizeof ladder->caller];
        rig_mask_user(mask, rig_slice_of(ladder->caller), caller, sizeof caller);
        memcpy(ladder->caller, caller, sizeof caller);
        rig_mask_text(mask, ladder->call.reason, text, sizeof text);
        memcpy(ladder->call.reason, text, sizeof text);
        for (unsigned k = 0; k < ladder->n_ends; k++)
            ladder->ends[k].at = rig_mask_endpoint(mask, ladder->ends[k].at);
        for (size_t k = 0; k < ladder->n_messages; k++) {
            rig_ladder_message *m = &ladder->messages[k];
            rig_mask_text(mask, m->phrase, text, sizeof m->phrase);
            memcpy(m->phrase, text, sizeof m->phrase);
            rig_mask_text(mask, m->reason, text, sizeof m->reason);
            memcpy(m->reason, text, sizeof m->reason);
        }
    }
    return RIG_OK;
}
