/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/loopback/generator_room.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "generator/recorder.h"
#include "generator/ports.h"
#include "tests/test.h"

/* How many agents the centre skips. */
static size_t n_skipped(const kind *k)
{
    size_t n = 0;
    for (const char *p = k->script; *p != '\0'; p++)
        n += *p == 'c';
    return n;
}

/* Whether this process may capture at all: else the tests play without. */
static bool may_capture(void)
{
    rig_recorder *capture;
    const uint16_t port = 9;
    char path[] = "/tmp/rig-may-capture.pcap";
    if (rig_recorder_start("lo", &port, 1, 0, path, NULL, NULL, &capture, NULL) != RIG_OK)
        return false;
    rig_recorder_abandon(capture);
    return true;
}

uint16_t free_port(void)
{
    uint16_t port;
    assert_int_equal(rig_ports_find_free("127.0.0.1", NULL, 1, 0, &port, NULL), RIG_OK);
    return port;
}

void assert_no_child(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

void room_set_up(play_room *room, const kind *kinds, size_t n_kinds, size_t n_rounds)
{
    memset(room, 0, sizeof *room);
    (void)snprintf(room->run_dir, sizeof room->run_dir, "/tmp/rig-play-XXXXXX");
    assert_non_null(mkdtemp(room->run_dir));
    room->can_capture = may_capture();
    room->scenario = small_scenario_make(&room->small);
    room->scenario->time_scale = 2.0; /* the kinds are said in wire time, and doubled here */
    room->kinds = kinds;
    room->n_kinds = n_kinds;
    room->n_rounds = n_rounds;
    room->schedule = (rig_schedule){.calls = room->calls, .n = n_kinds * n_rounds};
    assert_in_range(room->schedule.n, 1, ROOM_MAX_CALLS);
    for (size_t i = 0; i < room->schedule.n; i++) {
        const kind *k = &kinds[i % n_kinds];
        rig_planned_call *call = &room->calls[i];
        room->scripts[i] = k->script;
        *call = (rig_planned_call){.t_s = 0.02 * (double)i,
                                   .number = 1000 + i,
                                   .patience_answer_s = 2 * k->patience_answer_s,
                                   .patience_queue_s = 2 * k->patience_queue_s,
                                   .patience_ringing_s = 2 * k->patience_ringing_s,
                                   .self_service_s = 2 * k->self_service_s,
                                   .talk_s = 2 * k->talk_s,
                                   .caller_hangs_up = !k->agent_hangs_up};
        for (size_t r = 0; r < RIG_N_RING_ATTEMPTS; r++)
            call->ring_s[r] = 2 * k->ring_s;
        for (size_t r = 1; r < RIG_N_RING_ATTEMPTS && n_skipped(k) > 0; r++)
            call->ring_s[r] = 2 * (ROOM_NEVER_S + (double)r);
    }
}

void room_start_peer(play_room *room, peer_kind how)
{
    room->peer_kind = how;
    room->centre = peer_new(how, room->scripts, room->n_kinds);
    room->agents_port = free_port();
    room->scenario->target.transport =
        how == PEER_TCP || how == PEER_TCP6 ? RIG_TRANSPORT_TCP : RIG_TRANSPORT_UDP;
    room->options = (rig_play_options){
        .run_dir = room->run_dir,
        .target_host = how == PEER_UDP6 || how == PEER_TCP6 ? "::1" : "127.0.0.1",
        .target_port = peer_port(room->centre),
        .agents_port = room->agents_port,
        .without_capture = !room->can_capture};
    peer_start(room->centre, room->agents_port);
}

void room_play(play_room *room)
{
    rig_error err = {0};
    if (rig_play(room->scenario, &room->schedule, &room->options, &room->report, &err) != RIG_OK)
        fail_msg("%s", err.text);
    room->counts = peer_count(room->centre);
    peer_end(room->centre);
    for (size_t i = 0; i < room->schedule.n; i++)
        room->seen[i] = peer_instants_of(room->centre, i);
    peer_free(room->centre);
    room->centre = NULL;
}

void room_tear_down(play_room *room)
{
    char command[128];
    if (room->centre != NULL)
        peer_free(room->centre);
    (void)snprintf(command, sizeof command, "rm -r %s", room->run_dir);
    assert_int_equal(system(command), 0);
}

char *room_read_log(const play_room *room, const char *name)
{
    char path[128], *text;
    (void)snprintf(path, sizeof path, "%s/logs/%s.log", room->run_dir, name);
    assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
    return text;
}

/* When the agent had answered, by the mark that says so. */
static double talk_ms(const play_room *room, const peer_instants *seen)
{
    switch (room->scenario->target.marks) {
    case RIG_MARK_UPDATE:
        return seen->update_ms;
    case RIG_MARK_INFO:
        return seen->talk_ms;
    case RIG_MARK_EARLY:
        return seen->answer_ms;
    case RIG_MARK_QUIET:
        return seen->agent_answer_ms;
    case RIG_MARK_REINVITE:
    case RIG_MARK_AUTO: /* no play has it */
        break;
    }
    return seen->reinvite_ms;
}

/* When the queue had the caller. Where nobody tells, from the menu's end. */
static double queue_ms(const play_room *room, const peer_instants *seen)
{
    const rig_scenario *s = room->scenario;
    return s->target.marks == RIG_MARK_QUIET
               ? seen->answer_ms + s->ivr.menu.mean_s / s->time_scale * 1e3
               : seen->queue_ms;
}

/* No caller gives up or hangs up before his time, as the centre sees it. */
static void check_not_early(const play_room *room, const kind *k, size_t index)
{
    const rig_marks marks = room->scenario->target.marks;
    const peer_instants *seen = &room->seen[index];
    const bool has_phone = marks == RIG_MARK_EARLY || marks == RIG_MARK_QUIET;
    const double end_ms = seen->bye_ms > 0 ? seen->bye_ms : seen->cancel_ms;
    const struct {
        double from_ms, to_ms, planned_s;
        bool counts;
    } spans[] = {
        {seen->invite_ms, seen->cancel_ms, k->patience_answer_s, k->end == RIG_CALLER_CANCELLED},
        {seen->answer_ms, seen->bye_ms, k->self_service_s,
         k->end == RIG_CALLER_SELF_SERVED && marks != RIG_MARK_EARLY},
        {queue_ms(room, seen), end_ms, k->patience_queue_s, k->end == RIG_CALLER_HUNG_UP_QUEUE},
        {has_phone ? seen->agent_ring_ms : seen->ring_ms, end_ms, k->patience_ringing_s,
         k->end == RIG_CALLER_HUNG_UP_RINGING},
        {talk_ms(room, seen), seen->bye_ms, k->talk_s, k->end == RIG_CALLER_HUNG_UP_TALK}};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        if (spans[i].counts &&
            !(spans[i].from_ms > 0 &&
              spans[i].to_ms >= spans[i].from_ms + spans[i].planned_s * 1e3 - ROOM_EARLY_MS))
            fail_msg("%s: span %zu of %.3f s is only %.3f ms", k->script, i, spans[i].planned_s,
                     spans[i].to_ms - spans[i].from_ms);
    /* The one upper bound here: a new patience at the second mark would end at twice this. */
    if (k->end == RIG_CALLER_HUNG_UP_QUEUE && k->ring_s < ROOM_NEVER_S)
        assert_true(end_ms - queue_ms(room, seen) < 2e3 * k->patience_queue_s);
}

static void check_agents_log(const play_room *room)
{
    char *text = room_read_log(room, "agents");
    size_t n_attempts[ROOM_MAX_CALLS] = {0};
    for (char *at = text; *at != '\0';) {
        size_t n = strcspn(at, "\n");
        rig_agent_line line;
        rig_notice_line told;
        const rig_slice all = {at, n};
        at += n + (at[n] == '\n');
        if (rig_notice_line_parse(all, &told))
            continue;
        assert_true(rig_agent_line_parse(all, &line));
        if (line.end != RIG_AGENT_UNKNOWN_CALLER) {
            size_t i = line.number - room->calls[0].number;
            assert_in_range(i, 0, room->schedule.n - 1);
            double ring_s = room->calls[i].ring_s[n_attempts[i]++ % RIG_N_RING_ATTEMPTS];
            assert_true(fabs(line.planned_ring_ms - ring_s / 2 * 1e3) < 0.01);
        }
        if (line.answer_ms > 0)
            assert_true(line.answer_ms - line.invite_ms >= line.planned_ring_ms - ROOM_EARLY_MS);
        if (line.end == RIG_AGENT_HUNG_UP)
            assert_true(line.end_ms - line.answer_ms >= line.planned_talk_ms - ROOM_EARLY_MS);
    }
    free(text);
}

static size_t check_callers_log(const play_room *room, const char *name)
{
    size_t n_lines = 0;
    char *text = room_read_log(room, name);
    for (char *at = text; *at != '\0'; n_lines++) {
        size_t n = strcspn(at, "\n");
        rig_caller_line line;
        assert_true(rig_caller_line_parse((rig_slice){at, n}, &line));
        const kind *k = &room->kinds[line.planned_index % room->n_kinds];
        const rig_caller_end end =
            k->self_service_s >= 0 ? rig_caller_end_of_self_server(line.end) : line.end;
        if (end != k->end)
            fail_msg("%s: %s instead of %s", k->script, rig_caller_end_name(end),
                     rig_caller_end_name(k->end));
        assert_true(line.late_ms >= -ROOM_EARLY_MS);
        check_not_early(room, k, line.planned_index);
        at += n + (at[n] == '\n');
    }
    free(text);
    return n_lines;
}

void room_check(const play_room *room)
{
    const rig_play_report *report = &room->report;
    const size_t n = room->schedule.n;
    size_t n_ends[RIG_N_CALLER_ENDS] = {0}, n_agent_ends[RIG_N_PHONE_ENDS] = {0}, n_lines = 0;
    for (size_t i = 0; i < n; i++) {
        const kind *k = &room->kinds[i % room->n_kinds];
        n_ends[k->end]++;
        if (k->agent_end >= 0)
            n_agent_ends[k->agent_end]++;
        n_agent_ends[RIG_AGENT_CANCELLED] += n_skipped(k);
    }
    assert_string_equal(room->counts.bad, "");
    assert_int_equal(room->counts.n_calls, n);
    assert_int_equal(room->counts.n_up, 0);
    assert_int_equal(room->counts.n_agents_up, 0);
    for (size_t k = 0; k < report->n_workers; k++) {
        char name[32];
        (void)snprintf(name, sizeof name, "callers%zu", k);
        n_lines += check_callers_log(room, name);
        assert_int_equal(report->callers[k].exit_code, 0);
        assert_int_equal(report->callers[k].n_bad_lines, 0);
        assert_false(report->callers[k].was_killed);
    }
    assert_int_equal(n_lines, n);
    check_agents_log(room);
    for (int e = 0; e < RIG_N_CALLER_ENDS; e++)
        assert_int_equal(report->n_caller_ends[e], n_ends[e]);
    for (int e = 0; e < RIG_N_PHONE_ENDS; e++)
        assert_int_equal(report->n_agent_ends[e], n_agent_ends[e]);
    assert_int_equal(report->n_planned, n);
    assert_int_equal(report->n_sipp_lines, n);
    assert_int_equal(report->n_missing_lines, 0);
    assert_int_equal(report->n_repeated_lines, 0);
    assert_int_equal(report->tells.n_failed, 0);
    assert_false(report->was_stopped || report->ran_over);
    assert_int_equal(report->agents.exit_code, 0);
    assert_int_equal(report->agents.n_bad_lines, 0);
    assert_false(report->agents.was_killed);
    assert_int_equal(report->agents.port, room->agents_port);
    assert_no_child();
}
