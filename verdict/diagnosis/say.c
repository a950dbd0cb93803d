/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cause in words. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/language.h"
#include "verdict/diagnosis.h"

static void say(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(char *text, size_t size, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text + used, size - used, format, args);
    va_end(args);
}

const char *rig_explained_by_name(rig_explained_by by)
{
    static const char *const names[] = {"", "replay", "calls"};
    return (unsigned)by < sizeof names / sizeof *names ? names[by] : "?";
}

static void say_candidates(const rig_diagnosis *diagnosis, char *text, size_t size)
{
    say(text, size, "; cause not found");
    for (size_t i = 0; i < 2 && i < diagnosis->n_findings; i++) {
        const rig_finding *f = &diagnosis->findings[i];
        if (isnan(f->share))
            continue;
        say(text, size,
            i == 0 ? N_(": the best candidates are: %s (would explain %.0f %% of the deviation)")
                   : N_("; %s (would explain %.0f %% of the deviation)"),
            f->text, 100.0 * f->share);
    }
}

rig_stage rig_diagnosis_say_cause(const rig_diagnosis *diagnosis, rig_stage failed, char *text,
                                  size_t size)
{
    if (diagnosis == NULL)
        return failed;
    if (diagnosis->is_predicted)
        say(text, size, "; the model predicts as much: the centre works as the scenario says");
    if (!diagnosis->is_explained && failed < RIG_N_STAGES && diagnosis->n_findings > 0) {
        say(text, size, "; what differs from the scenario: %s", diagnosis->findings[0].text);
        return diagnosis->findings[0].stage;
    }
    if (!diagnosis->is_explained)
        return failed;
    if (diagnosis->n_causes == 0) {
        say_candidates(diagnosis, text, size);
        return failed;
    }
    const rig_finding *first = &diagnosis->findings[0];
    if (first->stage != failed)
        say(text, size, "; the cause is in the %s stage: %s", rig_stage_name(first->stage),
            first->text);
    else
        say(text, size, N_("; %s"), first->text);
    for (size_t i = 1; i < diagnosis->n_causes; i++)
        say(text, size, ", and %s", diagnosis->findings[i].text);
    const bool is_by_calls = first->explained_by == RIG_EXPLAINED_BY_CALLS;
    say(text, size,
        diagnosis->n_causes > 1
            ? (is_by_calls ? N_(" (together they explain %.0f %% of the deviation, by the calls it "
                                "contradicts)")
                           : N_(" (together they explain %.0f %% of the deviation)"))
            : (is_by_calls ? N_(" (explains %.0f %% of the deviation, by the calls it contradicts)")
                           : N_(" (explains %.0f %% of the deviation)")),
        100.0 * diagnosis->cause_share);
    return first->stage;
}

void rig_diagnosis_say_beside(const rig_diagnosis *diagnosis, char *text, size_t size)
{
    if (diagnosis != NULL && diagnosis->n_findings > 0)
        say(text, size, "; what differs from the scenario: %s", diagnosis->findings[0].text);
}
