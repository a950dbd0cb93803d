/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/why_text.h"

#include <string.h>

#include "core/clock.h"
#include "core/tidy.h"

/* What was not seen is a list: each thing is told by itself. */
static void print_missing(FILE *out, const rig_language *language, const char *missing)
{
    const char *between = "";
    fputs(rig_translate(language, N_("Not seen: ")), out);
    for (const char *at = missing; *at != '\0';) {
        char thing[sizeof((rig_why *)0)->missing];
        const char *end = strstr(at, ", ");
        const size_t n = end != NULL ? (size_t)(end - at) : strlen(at);
        (void)snprintf(thing, sizeof thing, "%.*s", (int)n, at);
        fprintf(out, "%s%s", between, rig_retell(language, thing).text);
        between = rig_translate(language, N_(", "));
        at = end != NULL ? end + 2 : at + n;
    }
    fputc('\n', out);
}

void rig_report_why(FILE *out, const rig_language *language, const rig_why *why)
{
    fprintf(out, rig_translate(language, N_("Call %s\n%s: %s\n%s\n")), why->call_id,
            rig_outcome_name(why->outcome), why->reason, rig_retell(language, why->plain).text);
    for (size_t i = 0; i < why->n_events; i++) {
        const rig_why_event *event = &why->events[i];
        char utc[RIG_UTC_TEXT_SIZE];
        rig_clock_format_utc(event->t_ns, utc);
        fprintf(out, "  %s  %+11.3f s  %s\n", utc,
                rig_tidy(rig_clock_s_of_ns(event->t_ns - why->t_invite_ns), 3),
                rig_retell(language, event->text).text);
    }
    if (why->n_left_out > 0)
        fprintf(out, rig_translate(language, N_("  .. and %zu more\n")), why->n_left_out);
    fprintf(out, rig_translate(language, N_("Decided by %s\n")), why->decided);
    if (why->missing[0] != '\0')
        print_missing(out, language, why->missing);
}
