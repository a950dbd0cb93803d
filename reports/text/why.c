/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/why_text.h"

#include "core/clock.h"
#include "core/tidy.h"

void rig_report_why(FILE *out, const rig_why *why)
{
    fprintf(out, "Call %s\n%s: %s\n%s\n", why->call_id, rig_outcome_name(why->outcome), why->reason,
            why->plain);
    for (size_t i = 0; i < why->n_events; i++) {
        const rig_why_event *event = &why->events[i];
        char utc[RIG_UTC_TEXT_SIZE];
        rig_clock_format_utc(event->t_ns, utc);
        fprintf(out, "  %s  %+11.3f s  %s\n", utc,
                rig_tidy(rig_clock_s_of_ns(event->t_ns - why->t_invite_ns), 3), event->text);
    }
    if (why->n_left_out > 0)
        fprintf(out, "  .. and %zu more\n", why->n_left_out);
    fprintf(out, "Decided by %s\n", why->decided);
    if (why->missing[0] != '\0')
        fprintf(out, "Not seen: %s\n", why->missing);
}
