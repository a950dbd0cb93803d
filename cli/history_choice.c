/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/history_choice.h"

#include <string.h>
#include <strings.h>

#include "cli/run_history.h"
#include "cli/run_labels.h"
#include "history/when.h"
#include "verdict/judgement.h"

bool rig_run_choice_is_made(const rig_run_choice *c)
{
    return c->file != NULL || c->scenario != NULL || c->verdict != NULL || c->since != NULL ||
           c->until != NULL || c->labels.n > 0 || c->limit > 0;
}

const char *rig_run_choice_file(const rig_run_choice *choice)
{
    return choice->file != NULL ? choice->file : rig_run_history_default();
}

static rig_status read_when(const char *option, const char *text, bool *has, int64_t *ms,
                            rig_error *err)
{
    *has = text != NULL;
    if (text == NULL || rig_history_when_read(text, ms))
        return RIG_OK;
    return rig_fail(err, RIG_EINPUT,
                    "--%s: \"%.80s\"; expected a day or an instant in UTC, such as 2026-11-29 or "
                    "2026-11-29T21:00",
                    option, text);
}

static rig_status read_verdict(const char *text, const char **judgement, rig_error *err)
{
    static const rig_judgement all[] = {RIG_JUDGEMENT_PASS, RIG_JUDGEMENT_FAIL,
                                        RIG_JUDGEMENT_INCONCLUSIVE, RIG_JUDGEMENT_INVALID};
    for (size_t i = 0; text != NULL && i < sizeof all / sizeof *all; i++) {
        if (strcasecmp(text, rig_judgement_name(all[i])) == 0) {
            *judgement = rig_judgement_name(all[i]);
            return RIG_OK;
        }
    }
    return text == NULL ? RIG_OK
                        : rig_fail(err, RIG_EINPUT,
                                   "--verdict: \"%.80s\"; expected pass, fail, inconclusive or "
                                   "invalid",
                                   text);
}

rig_status rig_run_choice_load(const rig_run_choice *choice, bool with_calls,
                               rig_history_runs *runs, rig_error *err)
{
    rig_history *history = NULL;
    rig_history_filter filter = {.scenario = choice->scenario,
                                 .labels = choice->labels.items,
                                 .n_labels = choice->labels.n,
                                 .limit = choice->limit,
                                 .with_calls = with_calls};
    rig_status status = read_when("since", choice->since, &filter.has_since, &filter.since_ms, err);
    if (status == RIG_OK)
        status = read_when("until", choice->until, &filter.has_until, &filter.until_ms, err);
    if (status == RIG_OK)
        status = read_verdict(choice->verdict, &filter.judgement, err);
    if (status == RIG_OK)
        status = rig_run_labels_check(&choice->labels, err);
    if (status == RIG_OK)
        status = rig_history_open(rig_run_choice_file(choice), RIG_HISTORY_READ,
                                  RIG_RUN_HISTORY_WAIT_S, &history, err);
    if (status == RIG_OK)
        status = rig_history_list(history, &filter, runs, err);
    rig_history_close(history);
    return status;
}
