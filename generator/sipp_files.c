/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/sipp_files.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/file_target.h"
#include "generator/play/injection.h"
#include "generator/play/sipp_assemble.h"
#include "scenarios/backup.h"
#include "scenarios/own_durations.h"

/* In the order of sipp_files.S. */
#define PARTS(X)                                                                                   \
    X(ack)                                                                                         \
    X(ack_failure)                                                                                 \
    X(agent)                                                                                       \
    X(agent_mark)                                                                                  \
    X(bye)                                                                                         \
    X(bye_wait)                                                                                    \
    X(caller)                                                                                      \
    X(caller_anew)                                                                                 \
    X(caller_call)                                                                                 \
    X(caller_end)                                                                                  \
    X(caller_place)                                                                                \
    X(caller_unanswered)                                                                           \
    X(cancel)                                                                                      \
    X(clock)                                                                                       \
    X(fine)                                                                                        \
    X(free)                                                                                        \
    X(header)                                                                                      \
    X(invite)                                                                                      \
    X(mark)                                                                                        \
    X(next_event)                                                                                  \
    X(ok)                                                                                          \
    X(ok_message)                                                                                  \
    X(provisional)                                                                                 \
    X(redirect)                                                                                    \
    X(refresh)                                                                                     \
    X(refuse)                                                                                      \
    X(register)                                                                                    \
    X(register_answer)                                                                             \
    X(register_challenge)                                                                          \
    X(register_request)                                                                            \
    X(reliable)                                                                                    \
    X(response)                                                                                    \
    X(sdp)                                                                                         \
    X(stage)                                                                                       \
    X(stay)                                                                                        \
    X(stop)                                                                                        \
    X(stop_request)                                                                                \
    X(timed)                                                                                       \
    X(timer)                                                                                       \
    X(wait)

#define DECLARE(name) extern const char rig_sipp_begin_##name[], rig_sipp_end_##name[];
PARTS(DECLARE)

rig_slice rig_sipp_file_find(const char *name)
{
#define ROW(part) {#part ".xml", rig_sipp_begin_##part, rig_sipp_end_##part},
    static const struct {
        const char *name, *begin, *end;
    } rows[] = {PARTS(ROW)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return (rig_slice){rows[i].begin, (size_t)(rows[i].end - rows[i].begin)};
    return (rig_slice){NULL, 0};
}

bool rig_sipp_needs_tells(const rig_scenario *scenario)
{
    return rig_sipp_is_quiet(scenario) || scenario->target.marks == RIG_MARK_EARLY;
}

bool rig_sipp_is_quiet(const rig_scenario *scenario)
{
    return scenario->target.marks == RIG_MARK_QUIET || scenario->target.marks == RIG_MARK_AUTO;
}

/* How long before a deadline a wait begins to poll the clock: a tick of SIPp's clock and a margin,
 * for a wait ends up to a tick late, and later on a busy host. The instant of an INVITE has more of
 * it. */
static const double MARGIN_MS = 1.0, MARGIN_BEFORE_INVITE_MS = 4.0;

/* Scenario time by which a caller may hang up late. When a tick is less, only the INVITE is polled
 * for: nobody's patience is known so well. */
static const double LATE_HANG_UP_MS = 10.0;

/* How long before its deadline it ends: from the last look at the clock to what follows it is one
 * to two laps of SIPp's loop, of 1.1 ms where nothing happens, and shorter under load. */
#define LAPS_MS "1.2"

/* SIPp's timers run on CLOCK_MONOTONIC_COARSE. */
static double tick_ms(void)
{
    static const double USUAL_TICK_MS = 4.0;
    struct timespec tick;
    if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) != 0)
        return USUAL_TICK_MS;
    return (double)tick.tv_sec * 1e3 + (double)tick.tv_nsec / 1e6;
}

void rig_sipp_tell_method(const rig_scenario *scenario, const rig_secret *secret,
                          char method[RIG_SIPP_METHOD_SIZE])
{
    const bool is_ours = scenario->callers.sipp_xml == NULL;
    (void)snprintf(method, RIG_SIPP_METHOD_SIZE, "X-TELL%s%s", is_ours ? "-" : "",
                   is_ours ? secret->text : "");
}

/* Of classes, or a backup number: each caller's row names his. */
static bool has_several_numbers(const rig_scenario *scenario)
{
    return rig_scenario_has_class_numbers(scenario) || rig_scenario_has_backup(scenario);
}

/* What became of a call decides what its caller does, or is done to him. */
static bool tells_fate(const rig_scenario *scenario)
{
    return scenario->callers.redial.p_redial > 0.0 || rig_scenario_calls_back(scenario);
}

/* Of the agents' file (rig_injection_agents_row): the length of a talk that is to be kept short. */
static const char *field_of_short_talk(const rig_scenario *scenario)
{
    if (!rig_scenario_has_emergency(scenario))
        return "";
    return rig_injection_has_rings(scenario) ? "field7" : "field6";
}

/* SIPp 3.6.1 reads so much of a scenario file (XP_MAX_FILE_LEN of its XML parser) and then says
 * that it cannot load it. */
#define SIPP_FILE_SIZE 65536

/* What is not for SIPp, where the file would be too long for it: comments, and the blanks before an
 * element. Messages stand in CDATA and have neither. */
static void shorten(char *text)
{
    char *to = text;
    for (const char *at = text; *at != '\0';) {
        const bool is_first = at == text || at[-1] == '\n';
        const size_t blanks = is_first ? strspn(at, " ") : 0;
        const char *end = strncmp(at, "<!--", 4) == 0 ? strstr(at, "-->") : NULL;
        if (end != NULL)
            at = end + 3;
        else if (blanks > 0 && at[blanks] == '<')
            at += blanks;
        else
            *to++ = *at++;
    }
    *to = '\0';
}

/* What a caller offers in his INVITE, and whether another one may follow it. */
typedef struct caller_ways {
    const char *supported; /* option tags */
    char expires[24];
    const char *refresher;
    char *redirect; /* heap; as a URI has it */
    const char *anew;
} caller_ways;

static caller_ways ways_of(const rig_scenario *scenario, bool is_caller)
{
    static const char *const refreshers[] = {"", ";refresher=uas", ";refresher=uac"};
    static const char *const supported[] = {"", "timer", "100rel", "timer, 100rel"};
    const rig_callers *callers = &scenario->callers;
    const bool has_timer = is_caller && callers->session_timer.expires_s > 0;
    const bool has_prack = is_caller && callers->has_prack;
    const char *redirected_to = callers->redirected_to != NULL ? callers->redirected_to : "";
    caller_ways ways = {.supported = supported[(has_timer ? 1 : 0) + (has_prack ? 2 : 0)],
                        .refresher = refreshers[callers->session_timer.refresher],
                        .redirect = rig_injection_dialled(redirected_to)};
    if (has_timer)
        (void)snprintf(ways.expires, sizeof ways.expires, "%u", callers->session_timer.expires_s);
    ways.anew = callers->auth.user != NULL || has_timer || redirected_to[0] != '\0' ? "yes" : "";
    return ways;
}

static const char *header_of_announcement(rig_announcement announcement)
{
    return announcement == RIG_ANNOUNCE_POSITION        ? "X-Rig-Position"
           : announcement == RIG_ANNOUNCE_EXPECTED_WAIT ? "X-Rig-Wait"
                                                        : "";
}

/* Numbers, as SIPp reads them. */
typedef struct caller_numbers {
    char digits_after_ms[40], polled_ms[40], polled_before_invite_ms[40], announced_ms[40];
    char groups[24], rings[24];
} caller_numbers;

static caller_numbers numbers_of(const rig_scenario *scenario, bool is_called_back)
{
    caller_numbers n = {.groups = ""};
    const double digits_after_s =
        scenario->ivr.n_choices > 1 ? scenario->ivr.keyed_after_s : scenario->callers.dtmf.after_s;
    const bool has_position = scenario->queue.announcement == RIG_ANNOUNCE_POSITION;
    (void)snprintf(n.digits_after_ms, sizeof n.digits_after_ms, "%.3f",
                   digits_after_s / scenario->time_scale * 1e3);
    (void)snprintf(n.rings, sizeof n.rings, "%u", rig_injection_n_rings(scenario));
    if (rig_injection_has_rings(scenario) && !is_called_back)
        (void)snprintf(n.groups, sizeof n.groups, "%zu", scenario->n_agents);
    (void)snprintf(n.polled_ms, sizeof n.polled_ms, "%.3f",
                   tick_ms() * scenario->time_scale > LATE_HANG_UP_MS ? tick_ms() + MARGIN_MS
                                                                      : 0.0);
    (void)snprintf(n.polled_before_invite_ms, sizeof n.polled_before_invite_ms, "%.3f",
                   tick_ms() + MARGIN_BEFORE_INVITE_MS);
    (void)snprintf(
        n.announced_ms, sizeof n.announced_ms, "%.6f",
        1e3 * (has_position ? scenario->queue.seconds_per_place / scenario->time_scale : 1.0));
    return n;
}

rig_status rig_sipp_file_make(const char *name, const rig_scenario *scenario,
                              const rig_secret *secret, char **text, rig_error *err)
{
    const bool is_called_back = strcmp(name, RIG_SIPP_CALLED_XML) == 0; /* by the agents' file */
    const rig_marks marks = scenario->target.marks;
    const rig_callers *callers = &scenario->callers;
    const caller_ways ways = ways_of(scenario, strcmp(name, RIG_SIPP_CALLER_XML) == 0);
    if (ways.redirect == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", name);
    const bool is_quiet = rig_sipp_is_quiet(scenario);
    const caller_numbers n = numbers_of(scenario, is_called_back);
    const rig_sipp_symbol symbols[] = {
        {"REINVITE", marks == RIG_MARK_REINVITE ? "yes" : ""},
        {"UPDATE", marks == RIG_MARK_UPDATE ? "yes" : ""},
        {"EARLY", marks == RIG_MARK_EARLY ? "yes" : ""},
        {"QUIET", is_quiet ? "yes" : ""},
        {"TELLS", rig_sipp_needs_tells(scenario) && !is_called_back ? "yes" : ""},
        {"CALL_BACKS", rig_scenario_calls_back(scenario) && !is_called_back ? "yes" : ""},
        {"CALLED_BACK", is_called_back ? "yes" : ""},
        /* who is not told of the queue may be in it from the menu on */
        {"TALK_AFTER_PHASE", is_quiet ? "1" : "2"},
        {"SECRET", secret->text},
        {"SUPPORTED", ways.supported},
        {"EXPIRES", ways.expires},
        {"REFRESHER", ways.refresher},
        {"PRACK", callers->has_prack ? "yes" : ""},
        {"REDIRECT", ways.redirect},
        {"ANEW", ways.anew},
        {"USER", callers->auth.user != NULL ? callers->auth.user : ""},
        {"PASSWORD", callers->auth.password != NULL ? callers->auth.password : ""},
        {"DIGITS", scenario->ivr.n_choices > 1    ? "[field11]"
                   : callers->dtmf.digits != NULL ? callers->dtmf.digits
                                                  : ""},
        {"DIGITS_AFTER_MS", n.digits_after_ms},
        {"LAPS_MS", LAPS_MS},
        {"POLLED_MS", n.polled_ms},
        {"POLLED_BEFORE_INVITE_MS", n.polled_before_invite_ms},
        {"ANNOUNCED", header_of_announcement(scenario->queue.announcement)},
        {"ANNOUNCED_MS", n.announced_ms},
        {"CLASSES", has_several_numbers(scenario) ? "yes" : ""},
        {"GROUPS", n.groups},
        {"RINGS", n.rings},
        {"PHONES", scenario->n_agents > 1 && !is_called_back ? "yes" : ""},
        {"REFUSES", rig_scenario_has_refusals(scenario) && !is_called_back ? "yes" : ""},
        {"EMERGENCY", is_called_back ? "" : field_of_short_talk(scenario)},
        {"TALKS", rig_scenario_has_group_talks(scenario) && !is_called_back ? "yes" : ""},
        {"REDIALS", callers->redial.p_redial > 0.0 && !is_called_back ? "yes" : ""},
        {"RETRY", callers->redial.heeds_retry_after && !is_called_back ? "yes" : ""},
        {"DEFLECTED", tells_fate(scenario) ? "yes" : ""},
        {"AUDIO", callers->has_audio ? RIG_SIPP_AUDIO : ""}};
    const rig_status status =
        rig_sipp_assemble(rig_sipp_file_find, is_called_back ? RIG_SIPP_AGENT_XML : name, symbols,
                          sizeof symbols / sizeof *symbols, text, err);
    free(ways.redirect);
    if (status == RIG_OK && strlen(*text) >= SIPP_FILE_SIZE)
        shorten(*text);
    return status;
}

rig_status rig_sipp_user_file_read(const rig_scenario *scenario, char **text, rig_error *err)
{
    const char *path = scenario->callers.sipp_xml;
    static const struct {
        const char *text, *why;
    } needed[] = {{"<scenario", "it is no SIPp scenario"},
                  {"[field0]", "the planned index must be in the log line and in X-Rig-Call"},
                  {"[field1]", "a call must wait for its instant"},
                  {"[field2]", "the caller's number must be in From"},
                  {"X-Rig-Call:", "the INVITE must carry X-Rig-Call: [field0]"},
                  {"RIG;[field0];", "each call must log its line"}};
    char *read = NULL;
    size_t n = 0;
    rig_error why = {0};
    if (path == NULL) {
        *text = NULL;
        return RIG_OK;
    }
    if (rig_file_read(path, &read, &n, &why) != RIG_OK)
        return rig_fail(err, RIG_EINPUT, "callers.sipp_xml: %s", why.text);
    if (strlen(read) != n) {
        free(read);
        return rig_fail(err, RIG_EINPUT, "callers.sipp_xml: %s: holds a NUL; expected text", path);
    }
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (strstr(read, needed[i].text) == NULL) {
            free(read);
            return rig_fail(err, RIG_EINPUT,
                            "callers.sipp_xml: %s: has no \"%s\": %s (docs/your-own-target.md)",
                            path, needed[i].text, needed[i].why);
        }
    }
    *text = read;
    return RIG_OK;
}

/* One sample of G.711 mu-law (ITU-T G.711, table 2): sign, segment, step; all bits inverted. */
static uint8_t mu_law(double amplitude)
{
    int sample = (int)lrint(amplitude * 8031.0);
    int sign = sample < 0 ? 0x80 : 0;
    int magnitude = abs(sample) + 33;
    int segment = 0;
    while (segment < 7 && magnitude >> (segment + 6) != 0)
        segment++;
    return (uint8_t) ~(sign | segment << 4 | ((magnitude >> (segment + 1)) & 0x0f));
}

/* One second of 400 Hz at -20 dB: whole periods, so that it can be repeated without a click. */
static rig_status write_tone(const char *folder, rig_error *err)
{
    enum { RATE = 8000, TONE_HZ = 400 };
    static const double LEVEL = 0.1;
    char samples[RATE];
    char *path;
    for (int i = 0; i < RATE; i++)
        samples[i] = (char)mu_law(LEVEL * sin(2.0 * M_PI * TONE_HZ * i / RATE));
    if (asprintf(&path, "%s/" RIG_SIPP_AUDIO, folder) < 0)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", folder);
    rig_status status = rig_atomic_file_write(path, samples, sizeof samples, err);
    free(path);
    return status;
}

rig_status rig_sipp_memory_open(const char *name, char *text, int *fd, rig_error *err)
{
    int made = memfd_create(name, MFD_CLOEXEC);
    const int failure = made < 0 ? errno : rig_file_write_all(made, text, strlen(text));
    explicit_bzero(text, strlen(text));
    free(text);
    if (failure == 0) {
        *fd = made;
        return RIG_OK;
    }
    if (made >= 0)
        (void)close(made);
    return rig_fail(err, RIG_EENV, "no memory file for SIPp's scenario: %s", strerror(failure));
}

rig_status rig_sipp_secret_open(const rig_scenario *scenario, const rig_secret *secret, int *fd,
                                rig_error *err)
{
    char *text = NULL;
    *fd = -1;
    if (scenario->callers.auth.password == NULL || scenario->callers.sipp_xml != NULL)
        return RIG_OK;
    rig_status status = rig_sipp_file_make(RIG_SIPP_CALLER_XML, scenario, secret, &text, err);
    return status == RIG_OK ? rig_sipp_memory_open("peakrig-callers", text, fd, err) : status;
}

rig_status rig_sipp_file_write(const char *folder, const char *name, const char *text,
                               rig_error *err)
{
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", folder);
    rig_status status = rig_atomic_file_write(path, text, strlen(text), err);
    free(path);
    return status;
}

rig_status rig_sipp_files_write(const rig_scenario *scenario, const char *caller_xml,
                                const rig_secret *secret, const char *folder, rig_error *err)
{
    static const char *const names[] = {RIG_SIPP_CALLER_XML, RIG_SIPP_AGENT_XML, RIG_SIPP_STOP_XML,
                                        RIG_SIPP_CALLED_XML};
    const size_t n_names = sizeof names / sizeof *names - !rig_scenario_calls_back(scenario);
    static char shown[] = "***";
    rig_scenario without = *scenario; /* the password */
    if (scenario->callers.auth.password != NULL)
        without.callers.auth.password = shown;
    rig_status status = scenario->callers.has_audio ? write_tone(folder, err) : RIG_OK;
    for (size_t i = 0; i < n_names && status == RIG_OK; i++) {
        char *text = NULL;
        const bool is_users = i == 0 && caller_xml != NULL;
        if (!is_users)
            status = rig_sipp_file_make(names[i], &without, secret, &text, err);
        if (status == RIG_OK)
            status = rig_sipp_file_write(folder, names[i], is_users ? caller_xml : text, err);
        free(text);
    }
    return status;
}
