/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_calls.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/console.h"

/* Call-IDs come last: they may be long, and are there to be copied. */
static void print_table(const rig_call_diff *diff)
{
    rig_console_print(
        "   call |   at (s) | in the replay | on the wire  | Call-ID\n"
        "--------+----------+---------------+--------------+----------------------------\n");
    for (size_t i = 0; i < diff->n_first; i++) {
        const rig_difference *d = &diff->first[i];
        printf("%7zu | %8.2f | %-13s | %-12s | %s\n", d->planned_index, d->t_s,
               rig_outcome_name(d->replayed), rig_outcome_name(d->observed),
               d->call_id != NULL ? d->call_id : rig_console_words(N_("none")));
    }
}

/* A command to copy. */
static void print_hint(const rig_call_diff *diff, const rig_run_dir *run)
{
    const char *call_id = NULL;
    for (size_t i = 0; i < diff->n_first && call_id == NULL; i++)
        call_id = diff->first[i].call_id;
    if (call_id == NULL || access(run->capture, R_OK) != 0)
        return;
    bool has_rules = access(run->rules, R_OK) == 0;
    rig_console_print("messages of a call:\n  peakrig analyze %s%s%s --ladder %s\n", run->capture,
                      has_rules ? " --rules " : "", has_rules ? run->rules : "", call_id);
}

void rig_print_different_calls(const rig_result *result, const rig_run_dir *run)
{
    const rig_call_diff diff =
        rig_join_diff(result->join, result->schedule, result->prediction->fates);
    if (diff.n_different == 0) {
        rig_console_say("every planned call ended as in the replay");
        return;
    }
    rig_console_say("%zu of %zu planned calls ended otherwise than in one replay; the earliest:",
                    diff.n_different, result->join->n_due);
    print_table(&diff);
    if (diff.n_different > diff.n_first)
        rig_console_say("all of them: %s", run->differences);
    print_hint(&diff, run);
}
