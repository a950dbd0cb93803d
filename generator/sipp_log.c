/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/sipp_log.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"

/* Fields of a line, after "RIG". */
enum {
    CALLER_INDEX = 1,
    CALLER_HOW,
    CALLER_PHASE,
    CALLER_CODE,
    CALLER_LATE,
    CALLER_CALL_ID,
    N_CALLER_FIELDS
};

enum {
    AGENT_NUMBER = 1,
    AGENT_HOW,
    AGENT_RING,
    AGENT_TALK,
    AGENT_INVITE,
    AGENT_ANSWER,
    AGENT_END,
    AGENT_CALLER_CALL_ID,
    AGENT_CALL_ID,
    N_AGENT_FIELDS
};

/* The variable `phase` of caller.xml. */
enum { PHASE_NOT_PLACED = 0, PHASE_UNANSWERED, PHASE_IVR, PHASE_QUEUE, PHASE_RINGING, PHASE_TALK };

const char *rig_caller_end_name(rig_caller_end end)
{
    static const char *const names[RIG_N_CALLER_ENDS] = {
        [RIG_CALLER_NOT_PLACED] = "not_placed",
        [RIG_CALLER_REJECTED] = "rejected",
        [RIG_CALLER_NO_RESPONSE] = "no_response",
        [RIG_CALLER_CANCELLED] = "cancelled",
        [RIG_CALLER_CANCEL_UNANSWERED] = "cancel_unanswered",
        [RIG_CALLER_SELF_SERVED] = "self_served",
        [RIG_CALLER_HUNG_UP_UNMARKED] = "hung_up_unmarked",
        [RIG_CALLER_HUNG_UP_QUEUE] = "hung_up_queue",
        [RIG_CALLER_HUNG_UP_RINGING] = "hung_up_ringing",
        [RIG_CALLER_HUNG_UP_TALK] = "hung_up_talk",
        [RIG_CALLER_CENTRE_ENDED_UNMARKED] = "centre_ended_unmarked",
        [RIG_CALLER_CENTRE_ENDED_QUEUE] = "centre_ended_queue",
        [RIG_CALLER_CENTRE_ENDED_RINGING] = "centre_ended_ringing",
        [RIG_CALLER_CENTRE_ENDED_TALK] = "centre_ended_talk",
        [RIG_CALLER_BYE_UNANSWERED] = "bye_unanswered",
        [RIG_CALLER_STOPPED] = "stopped"};
    return (unsigned)end < RIG_N_CALLER_ENDS ? names[end] : "?";
}

const char *rig_phone_end_name(rig_phone_end end)
{
    static const char *const names[RIG_N_PHONE_ENDS] = {
        [RIG_AGENT_CANCELLED] = "cancelled",
        [RIG_AGENT_HUNG_UP] = "hung_up",
        [RIG_AGENT_CENTRE_ENDED] = "centre_ended",
        [RIG_AGENT_BYE_UNANSWERED] = "bye_unanswered",
        [RIG_AGENT_NOT_ACKNOWLEDGED] = "not_acknowledged",
        [RIG_AGENT_UNKNOWN_CALLER] = "unknown_caller",
        [RIG_AGENT_REFUSED] = "refused",
        [RIG_AGENT_STOPPED] = "stopped"};
    return (unsigned)end < RIG_N_PHONE_ENDS ? names[end] : "?";
}

/* Exactly n fields between ';'. The last one takes the rest. */
static bool split(rig_slice line, rig_slice *fields, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        size_t at = rig_slice_find(line, ';');
        if (at == line.n)
            return false;
        fields[i] = (rig_slice){line.p, at};
        line = rig_slice_skip(line, at + 1);
    }
    fields[n - 1] = line;
    return true;
}

/* A number; SIPp prints the number 0 as nothing. */
static bool number(rig_slice field, double *value)
{
    char text[40], *end;
    if (field.n >= sizeof text)
        return false;
    if (field.n == 0) {
        *value = 0.0;
        return true;
    }
    memcpy(text, field.p, field.n);
    text[field.n] = '\0';
    double read = strtod(text, &end);
    if (*end != '\0' || !isfinite(read))
        return false;
    *value = read;
    return true;
}

/* Behind it stands what the BYE says of its cause, where callers redial. */
static const char BYE_RECEIVED[] = "bye_received";

static bool is_bye_received(rig_slice how)
{
    const size_t n = sizeof BYE_RECEIVED - 1;
    return how.n >= n && memcmp(how.p, BYE_RECEIVED, n) == 0 && (how.n == n || how.p[n] == ' ');
}

/* Cut by the centre: a cause other than 16, normal call clearing (Q.850). */
static bool is_cut(rig_slice how)
{
    const size_t at = rig_slice_find(how, '=');
    uint64_t cause = 0;
    if (!is_bye_received(how) || at == how.n)
        return false;
    rig_slice number = rig_slice_skip(how, at + 1);
    while (number.n > 0 && number.p[0] == ' ')
        number = rig_slice_skip(number, 1);
    return rig_slice_u64(number, &cause) && cause != 16;
}

/* Told not to wait: not lost. */
static bool is_deflected(rig_slice how)
{
    return rig_slice_is(how, "deflected") || rig_slice_is(how, "bye_received deflected");
}

static bool caller_end_of(rig_slice how, int phase, int code, rig_caller_end *end)
{
    static const rig_caller_end hung_up[] = {[PHASE_IVR] = RIG_CALLER_HUNG_UP_UNMARKED,
                                             [PHASE_QUEUE] = RIG_CALLER_HUNG_UP_QUEUE,
                                             [PHASE_RINGING] = RIG_CALLER_HUNG_UP_RINGING,
                                             [PHASE_TALK] = RIG_CALLER_HUNG_UP_TALK};
    static const rig_caller_end ended[] = {[PHASE_IVR] = RIG_CALLER_CENTRE_ENDED_UNMARKED,
                                           [PHASE_QUEUE] = RIG_CALLER_CENTRE_ENDED_QUEUE,
                                           [PHASE_RINGING] = RIG_CALLER_CENTRE_ENDED_RINGING,
                                           [PHASE_TALK] = RIG_CALLER_CENTRE_ENDED_TALK};
    const bool is_in_call = phase >= PHASE_IVR;
    if (rig_slice_is(how, "deflected"))
        how.n = 0; /* refused so */
    if (phase == PHASE_NOT_PLACED && (how.n == 0 || rig_slice_is(how, "stopped")))
        *end = RIG_CALLER_NOT_PLACED;
    else if (phase == PHASE_NOT_PLACED)
        return false;
    else if (how.n == 0 && is_in_call)
        /* a failure in the call: of a centre that answers with the agent */
        *end = code >= 300 ? ended[phase] : hung_up[phase];
    else if (how.n == 0 && code > 0)
        *end = RIG_CALLER_REJECTED;
    else if (rig_slice_is(how, "cancelled"))
        *end = is_in_call ? hung_up[phase] : RIG_CALLER_CANCELLED;
    else if (is_bye_received(how))
        *end = is_in_call ? ended[phase] : RIG_CALLER_CANCELLED; /* the answer crossed our CANCEL */
    else if (rig_slice_is(how, "no_response"))
        *end = RIG_CALLER_NO_RESPONSE;
    else if (rig_slice_is(how, "cancel_unanswered"))
        *end = RIG_CALLER_CANCEL_UNANSWERED;
    else if (rig_slice_is(how, "bye_unanswered"))
        *end = RIG_CALLER_BYE_UNANSWERED;
    else if (rig_slice_is(how, "stopped"))
        *end = RIG_CALLER_STOPPED;
    else
        return false;
    return true;
}

bool rig_caller_line_parse(rig_slice line, rig_caller_line *parsed)
{
    rig_slice field[N_CALLER_FIELDS];
    rig_caller_line read = {0};
    double phase, code;
    if (!split(line, field, N_CALLER_FIELDS) || !rig_slice_is(field[0], "RIG") ||
        !rig_slice_u64(field[CALLER_INDEX], &read.planned_index) ||
        !number(field[CALLER_PHASE], &phase) || !number(field[CALLER_CODE], &code) ||
        !number(field[CALLER_LATE], &read.late_ms) || phase < PHASE_NOT_PLACED ||
        phase > PHASE_TALK || code < 0 || code > 999 ||
        !caller_end_of(field[CALLER_HOW], (int)phase, (int)code, &read.end))
        return false;
    read.code = (int)code;
    read.is_lost = read.end != RIG_CALLER_NOT_PLACED && read.end != RIG_CALLER_STOPPED &&
                   !is_deflected(field[CALLER_HOW]) &&
                   (phase < PHASE_TALK || is_cut(field[CALLER_HOW]));
    read.is_deflected = is_deflected(field[CALLER_HOW]);
    /* a code beside another end may be that of a CANCEL or BYE */
    read.is_heard = phase >= PHASE_IVR || read.end == RIG_CALLER_REJECTED;
    read.call_id_hash = rig_said_call_hash(field[CALLER_CALL_ID].p, field[CALLER_CALL_ID].n);
    *parsed = read;
    return true;
}

rig_said_call rig_caller_line_said(const rig_caller_line *line)
{
    return (rig_said_call){.is_said = true,
                           .is_placed = line->end != RIG_CALLER_NOT_PLACED,
                           .is_unheard = line->end == RIG_CALLER_NO_RESPONSE,
                           .is_heard = line->is_heard,
                           .code = (short)line->code,
                           .late_ms = (float)line->late_ms,
                           .call_id_hash = line->call_id_hash};
}

rig_caller_end rig_caller_end_of_self_server(rig_caller_end end)
{
    bool hung_up = end == RIG_CALLER_HUNG_UP_UNMARKED || end == RIG_CALLER_HUNG_UP_QUEUE ||
                   end == RIG_CALLER_HUNG_UP_RINGING || end == RIG_CALLER_HUNG_UP_TALK;
    return hung_up ? RIG_CALLER_SELF_SERVED : end;
}

bool rig_retry_line_is(rig_slice line)
{
    return rig_slice_starts_nocase(line, "RETRY;");
}

bool rig_retry_line_parse(rig_slice line, rig_retry_line *parsed)
{
    enum { KIND, INDEX, SECONDS, N_FIELDS };
    rig_slice field[N_FIELDS];
    rig_retry_line read;
    if (!split(line, field, N_FIELDS) || !rig_slice_is(field[KIND], "RETRY") ||
        !rig_slice_u64(field[INDEX], &read.planned_index) ||
        !rig_slice_u64(field[SECONDS], &read.retry_after_s))
        return false;
    *parsed = read;
    return true;
}

bool rig_notice_line_parse(rig_slice line, rig_notice_line *parsed)
{
    enum { KIND, NUMBER, STAGE, N_FIELDS };
    rig_slice field[N_FIELDS];
    rig_notice_line read = {0};
    if (!split(line, field, N_FIELDS) || !rig_slice_is(field[KIND], "TELL") ||
        !rig_slice_u64(field[NUMBER], &read.number))
        return false;
    read.stage = field[STAGE];
    if (!rig_slice_is(read.stage, "ringing") && !rig_slice_is(read.stage, "talk") &&
        !rig_slice_is(read.stage, "queue"))
        return false;
    *parsed = read;
    return true;
}

bool rig_agent_line_parse(rig_slice line, rig_agent_line *parsed)
{
    static const struct {
        const char *how;
        rig_phone_end end;
    } ends[] = {{"cancelled", RIG_AGENT_CANCELLED},
                {"bye_sent", RIG_AGENT_HUNG_UP},
                {"bye_received", RIG_AGENT_CENTRE_ENDED},
                {"bye_unanswered", RIG_AGENT_BYE_UNANSWERED},
                {"not_acknowledged", RIG_AGENT_NOT_ACKNOWLEDGED},
                {"unknown_caller", RIG_AGENT_UNKNOWN_CALLER},
                {"refused", RIG_AGENT_REFUSED},
                {"stopped", RIG_AGENT_STOPPED}};
    rig_slice field[N_AGENT_FIELDS];
    rig_agent_line read = {0};
    if (!split(line, field, N_AGENT_FIELDS) || !rig_slice_is(field[0], "RIG") ||
        !number(field[AGENT_RING], &read.planned_ring_ms) ||
        !number(field[AGENT_TALK], &read.planned_talk_ms) ||
        !number(field[AGENT_INVITE], &read.invite_ms) ||
        !number(field[AGENT_ANSWER], &read.answer_ms) || !number(field[AGENT_END], &read.end_ms))
        return false;
    (void)rig_slice_u64(field[AGENT_NUMBER], &read.number); /* an unknown caller may be anything */
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (rig_slice_is(field[AGENT_HOW], ends[i].how)) {
            read.end = ends[i].end;
            *parsed = read;
            return true;
        }
    }
    return false;
}

struct rig_sipp_log {
    char *path;
    FILE *in;   /* NULL until the file exists */
    char *line; /* the begun line */
    size_t n_line, cap_line;
};

rig_status rig_sipp_log_new(const char *path, rig_sipp_log **log, rig_error *err)
{
    rig_sipp_log *made = calloc(1, sizeof *made);
    if (made == NULL || (made->path = strdup(path)) == NULL) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    }
    *log = made;
    return RIG_OK;
}

static bool keep(rig_sipp_log *log, const char *data, size_t n)
{
    if (n == 0)
        return true;
    if (log->cap_line - log->n_line < n) {
        size_t cap = (log->n_line + n) * 2;
        char *grown = realloc(log->line, cap);
        if (grown == NULL)
            return false;
        log->line = grown;
        log->cap_line = cap;
    }
    memcpy(log->line + log->n_line, data, n);
    log->n_line += n;
    return true;
}

rig_status rig_sipp_log_read(rig_sipp_log *log, rig_sipp_log_line line, void *ctx, rig_error *err)
{
    if (log->in == NULL) {
        log->in = rig_file_open_of_others(log->path);
        if (log->in == NULL && errno == ENOENT)
            return RIG_OK; /* nothing is logged yet */
        if (log->in == NULL)
            return rig_fail(err, RIG_EIO, "%s: cannot read: %s", log->path, strerror(errno));
    }
    clearerr(log->in); /* an earlier end of file is not the end of a file that grows */
    char block[65536];
    size_t got;
    while ((got = fread(block, 1, sizeof block, log->in)) > 0) {
        rig_slice left = {block, got};
        for (size_t at = rig_slice_find(left, '\n'); at < left.n; at = rig_slice_find(left, '\n')) {
            rig_slice whole = {left.p, at};
            if (log->n_line > 0) {
                if (!keep(log, left.p, at))
                    return rig_fail(err, RIG_ENOMEM, "%s: out of memory", log->path);
                whole = (rig_slice){log->line, log->n_line};
            }
            line(ctx, whole);
            log->n_line = 0;
            left = rig_slice_skip(left, at + 1);
        }
        if (!keep(log, left.p, left.n))
            return rig_fail(err, RIG_ENOMEM, "%s: out of memory", log->path);
    }
    if (ferror(log->in))
        return rig_fail(err, RIG_EIO, "%s: cannot read: %s", log->path, strerror(errno));
    return RIG_OK;
}

void rig_sipp_log_free(rig_sipp_log *log)
{
    if (log == NULL)
        return;
    if (log->in != NULL)
        fclose(log->in);
    free(log->path);
    free(log->line);
    free(log);
}
