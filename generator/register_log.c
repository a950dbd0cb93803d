/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/register_log.h"

#include <stdio.h>
#include <string.h>

enum { KIND, USER, HOW, CODE, SECONDS, N_FIELDS };

static bool event_of(rig_slice how, rig_register_event *event)
{
    static const char *const names[] = {
        [RIG_REGISTER_DONE] = "registered", [RIG_REGISTER_REFUSED] = "refused",
        [RIG_REGISTER_SHA] = "sha",         [RIG_REGISTER_LONGER] = "longer",
        [RIG_REGISTER_SILENT] = "silent",   [RIG_REGISTER_REMOVED] = "removed",
        [RIG_REGISTER_KEPT] = "kept"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!rig_slice_is(how, names[i]))
            continue;
        *event = (rig_register_event)i;
        return true;
    }
    return false;
}

bool rig_register_line_parse(rig_slice line, rig_register_line *parsed)
{
    rig_slice field[N_FIELDS];
    rig_register_line read = {.code = 0};
    uint64_t code, seconds;
    for (size_t i = 0; i < N_FIELDS; i++) {
        const size_t n = rig_slice_find(line, ';');
        if (n == line.n)
            return false;
        field[i] = (rig_slice){line.p, n};
        line = rig_slice_skip(line, n + 1);
    }
    if (!rig_slice_is(field[KIND], "REG") || field[USER].n == 0 ||
        !event_of(field[HOW], &read.event) || !rig_slice_u64(field[CODE], &code) || code > 999 ||
        !rig_slice_u64(field[SECONDS], &seconds))
        return false;
    read.user = field[USER];
    read.code = (unsigned)code;
    read.seconds = (double)seconds;
    read.reason = line; /* to its end: it may have a ';' */
    *parsed = read;
    return true;
}

/* ---- in words ---- */

/* Which key to change. */
static void advise(const rig_register_line *line, const rig_register_about *about, char *text,
                   size_t size)
{
    const bool has_password = about->registration->password != NULL;
    char key[64], last[RIG_USER_SIZE];
    (void)snprintf(key, sizeof key, "agents[%zu].register", about->group);
    rig_scenario_register_user(about->registration, about->n_phones > 0 ? about->n_phones - 1 : 0,
                               last);
    if (line->event == RIG_REGISTER_SHA)
        (void)snprintf(text, size,
                       "let the registrar offer MD5 alone; SIPp would end at this digest");
    else if (line->event == RIG_REGISTER_SILENT)
        (void)snprintf(text, size, "look at %s.registrar, and whether it runs", key);
    else if (line->code == 401 || line->code == 407)
        (void)snprintf(text, size,
                       has_password
                           ? "look at %s.password_file: its first line must be the password "
                             "of each user"
                           : "it asks for a password: set %s.password_file",
                       key);
    else if (line->code == 403 || line->code == 404)
        (void)snprintf(text, size,
                       "it must know the users %s to %s: look at %s.first_user and .domain",
                       about->registration->first_user, last, key);
    else if (line->code == 423)
        (void)snprintf(text, size, "set %s.expires_s to what it takes", key);
    else
        (void)snprintf(text, size, "look at %s.registrar and .domain, and at the registrar's log",
                       key);
}

void rig_register_sentence(const rig_register_line *line, const rig_register_about *about,
                           char *text, size_t size)
{
    const bool has_reason = line->reason.n > 0 && !rig_slice_is(line->reason, "-");
    char how[160], advice[200];
    if (line->event == RIG_REGISTER_SHA)
        (void)snprintf(how, sizeof how,
                       "is asked for with SHA-256 or its kin (%u), which SIPp cannot "
                       "answer",
                       line->code);
    else if (line->event == RIG_REGISTER_SILENT)
        (void)snprintf(how, sizeof how, "had no answer in %.1f s", about->waited_s);
    else
        (void)snprintf(how, sizeof how, "was refused: %u%s%.*s", line->code, has_reason ? " " : "",
                       has_reason ? (int)(line->reason.n < 80 ? line->reason.n : 80) : 0,
                       line->reason.p);
    advise(line, about, advice, sizeof advice);
    (void)snprintf(text, size, "agent %.*s's registration at %s %s%s; %s", (int)line->user.n,
                   line->user.p, about->registrar, how,
                   about->was_registered ? ", when it was to be renewed" : "", advice);
}
