/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which runs of which history: the same options for each command that reads one. */
#ifndef RIG_CLI_HISTORY_CHOICE_H
#define RIG_CLI_HISTORY_CHOICE_H

#include "cli/options.h"
#include "core/language.h"
#include "history/store.h"

/** What the command line says. Texts are borrowed. */
typedef struct rig_run_choice {
    const char *file, *scenario, *verdict, *since, *until;
    rig_texts labels;
    uint32_t limit;
} rig_run_choice;

/** The rows of a table of options. @param choice  A rig_run_choice. */
#define RIG_CHOICE_OPTIONS(choice)                                                                 \
    {                                                                                              \
        "history",                                                                                 \
        0,                                                                                         \
        RIG_OPTION_TEXT,                                                                           \
        &(choice).file,                                                                            \
        "FILE",                                                                                    \
        N_("the history (runs/history.db, or history.db where only that is there)")},              \
        {"scenario", 0, RIG_OPTION_TEXT, &(choice).scenario, "NAME", N_("runs of this scenario")}, \
        {"label",          0,           RIG_OPTION_TEXTS,                                          \
         &(choice).labels, "KEY=VALUE", N_("runs with this label; may be repeated: all of them")}, \
        {"verdict",         0,         RIG_OPTION_TEXT,                                            \
         &(choice).verdict, "VERDICT", N_("pass, fail, inconclusive or invalid")},                 \
        {"since",         0,     RIG_OPTION_TEXT,                                                  \
         &(choice).since, "UTC", N_("begun then or later: 2026-11-29, 2026-11-29T21:00")},         \
        {"until", 0, RIG_OPTION_TEXT, &(choice).until, "UTC", N_("begun before that")},            \
    {                                                                                              \
        "limit", 0, RIG_OPTION_COUNT, &(choice).limit, "N", N_("the latest N of them")             \
    }

/** Whether one of these options was given. */
bool rig_run_choice_is_made(const rig_run_choice *choice);

/** The file that is meant. */
const char *rig_run_choice_file(const rig_run_choice *choice);

/** Load the runs. @param[out] runs  Owned by the caller. @return as rig_history_open and
 * rig_history_list; RIG_EINPUT naming the option. */
rig_status rig_run_choice_load(const rig_run_choice *choice, bool with_calls,
                               rig_history_runs *runs, rig_error *err);

#endif
