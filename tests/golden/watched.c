/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden/watched.h"

#include <stdlib.h>

#include "analyzer/analyzer.h"

enum { MAX_CALLS = 4096 };

/* What was told of a call last, and what it was handed out as. */
typedef struct told {
    bool is_told, is_withdrawn, is_handed_out;
    rig_call_step step;
    rig_outcome outcome;
    rig_stage stage;
} told;

typedef struct watcher {
    told calls[MAX_CALLS]; /* by order */
} watcher;

static bool is_same(const rig_call_step *a, const rig_call_step *b)
{
    return a->place == b->place && a->stage == b->stage && a->outcome == b->outcome;
}

/* What it says of itself holds of the record, too. */
static void check_step(const rig_call *call, const rig_call_step *is)
{
    assert_int_equal(is->place == RIG_CALL_OVER, is->outcome != RIG_OUTCOME_IN_PROGRESS);
    switch (is->place) {
    case RIG_CALL_UNANSWERED:
        assert_int_equal(is->stage,
                         call->t_provisional_ns != RIG_NO_TIME ? RIG_STAGE_IVR : RIG_STAGE_TRUNK);
        break;
    case RIG_CALL_IN_MENU:
        assert_int_equal(is->stage, RIG_STAGE_IVR);
        assert_true(call->answered || call->t_menu_ns != RIG_NO_TIME);
        break;
    case RIG_CALL_IN_QUEUE:
        assert_int_equal(is->stage, RIG_STAGE_QUEUE);
        assert_true(call->t_queue_ns != RIG_NO_TIME);
        break;
    case RIG_CALL_RINGING:
        assert_int_equal(is->stage, RIG_STAGE_AGENT);
        assert_true(call->t_first_ring_ns != RIG_NO_TIME);
        break;
    case RIG_CALL_TALKING:
        assert_int_equal(is->stage, RIG_STAGE_AGENT);
        assert_true(call->t_agent_answer_ns != RIG_NO_TIME);
        break;
    case RIG_CALL_OVER:
    case RIG_N_CALL_PLACES:
        assert_true(call->reason[0] != '\0');
        break;
    }
}

static void take_step(void *ctx, const rig_call_news *news)
{
    watcher *w = ctx;
    assert_true(news->order < MAX_CALLS);
    told *call = &w->calls[news->order];
    assert_false(call->is_withdrawn);
    assert_int_equal(news->is_first, !call->is_told);
    if (!news->is_first)
        assert_true(is_same(&news->was, &call->step));
    call->is_told = true;
    call->is_withdrawn = news->is_withdrawn;
    if (news->is_withdrawn) {
        assert_false(news->is_first);
        return;
    }
    assert_true(news->is_first || !is_same(&call->step, &news->is));
    check_step(news->call, &news->is);
    call->step = news->is;
}

static rig_status take_call(void *ctx, const rig_finished_call *finished, rig_error *err)
{
    (void)err;
    watcher *w = ctx;
    assert_true(finished->order < MAX_CALLS);
    told *call = &w->calls[finished->order];
    assert_true(call->is_told && !call->is_handed_out);
    call->is_handed_out = true;
    call->outcome = finished->call->outcome;
    call->stage = rig_call_stage(finished->call);
    return RIG_OK;
}

void watched_check(const char *capture_path, const rig_rules *rules)
{
    rig_error err = {.text = ""};
    rig_analyzer *analyzer = NULL;
    watcher *w = calloc(1, sizeof *w);
    assert_non_null(w);
    const rig_analyzer_options options = {.rules = rules, .sink = {.take = take_call, .ctx = w}};
    const rig_call_watch watch = {.step = take_step, .ctx = w};
    assert_int_equal(rig_analyzer_new_with(&options, &analyzer, &err), RIG_OK);
    rig_analyzer_watch(analyzer, &watch);
    if (rig_analyze_file(capture_path, analyzer, &err) != RIG_OK ||
        rig_analyzer_finish(analyzer, NULL, &err) != RIG_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < MAX_CALLS; i++) {
        const told *call = &w->calls[i];
        assert_int_equal(call->is_told, call->is_handed_out || call->is_withdrawn);
        assert_false(call->is_handed_out && call->is_withdrawn);
        if (call->is_handed_out) {
            assert_int_equal(call->step.outcome, call->outcome);
            assert_int_equal(call->step.stage, call->stage);
        }
    }
    rig_analyzer_free(analyzer);
    free(w);
}
