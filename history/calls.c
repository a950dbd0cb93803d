/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/calls.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char lost[] = "tiqa"; /* by stage */
static const char cut[] = "1234";  /* by stage */
static const char all[] = "tiqamdSs12345?-";

static double wait_of(const rig_call *call, double time_scale)
{
    if (call->t_queue_ns == RIG_NO_TIME || call->t_agent_answer_ns == RIG_NO_TIME ||
        call->is_backwards)
        return (double)NAN;
    return fmax(0.0, rig_clock_s_of_ns(call->t_agent_answer_ns - call->t_queue_ns) * time_scale);
}

static char letter_of(const rig_call *call, bool is_in_time)
{
    switch (call->outcome) {
    case RIG_OUTCOME_LOST_TRUNK:
    case RIG_OUTCOME_LOST_IVR:
    case RIG_OUTCOME_LOST_QUEUE:
    case RIG_OUTCOME_LOST_AGENT:
        return lost[call->outcome - RIG_OUTCOME_LOST_TRUNK];
    case RIG_OUTCOME_SELF_SERVED:
        return 'm';
    case RIG_OUTCOME_DEFLECTED:
        return 'd';
    case RIG_OUTCOME_SERVED:
        return is_in_time ? 'S' : 's';
    case RIG_OUTCOME_DROPPED:
        return is_in_time ? '5' : cut[rig_call_stage(call)];
    case RIG_OUTCOME_IN_PROGRESS:
    case RIG_OUTCOME_UNCLASSIFIED:
    case RIG_OUTCOME_CUT_BY_RIG:
        return '?';
    case RIG_OUTCOME_NOT_PLACED:
    case RIG_N_OUTCOMES:
        break;
    }
    return '-';
}

/* Welford's updating (Technometrics 4(3), 1962): no cancellation. */
static void measure(rig_history_waits *waits, size_t n_planned)
{
    double mean = 0.0, squares = 0.0;
    for (size_t i = 0; i < n_planned; i++) {
        const double s = waits->of_call_s[i];
        if (isnan(s))
            continue;
        waits->n++;
        const double before = s - mean;
        mean += before / (double)waits->n;
        squares += before * (s - mean);
    }
    waits->mean_s = waits->n > 0 ? mean : (double)NAN;
    waits->sd_s = waits->n > 1 ? sqrt(squares / (double)(waits->n - 1)) : (double)NAN;
}

rig_status rig_history_calls_of(const rig_calls *calls, size_t n_planned, double time_scale,
                                double service_level_s, char **letters, rig_history_waits *waits)
{
    char *made = malloc(n_planned + 1);
    rig_history_waits w = {.of_call_s = malloc((n_planned + 1) * sizeof(double))};
    if (made == NULL || w.of_call_s == NULL) {
        free(made);
        free(w.of_call_s);
        return RIG_ENOMEM;
    }
    memset(made, '-', n_planned);
    made[n_planned] = '\0';
    for (size_t i = 0; i < n_planned; i++)
        w.of_call_s[i] = (double)NAN;
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        if (call->planned_index < 0 || (uint64_t)call->planned_index >= n_planned ||
            made[call->planned_index] != '-')
            continue; /* of two with one number the first counts, as everywhere */
        const double s = wait_of(call, time_scale);
        made[call->planned_index] = letter_of(call, !isnan(s) && s <= service_level_s);
        w.of_call_s[call->planned_index] = s;
    }
    measure(&w, n_planned);
    *letters = made;
    *waits = w;
    return RIG_OK;
}

size_t rig_history_calls_span(const char *text)
{
    return strspn(text, all);
}

bool rig_history_call_is_known(char letter)
{
    return letter != '\0' && letter != '?' && letter != '-' && strchr(all, letter) != NULL;
}

/* The last stage that it entered. */
static int last_stage(char letter)
{
    const char *at = strchr(lost, letter);
    if (at == NULL)
        at = strchr(cut, letter);
    if (at != NULL)
        return (int)(at - (strchr(lost, letter) != NULL ? lost : cut));
    if (letter == 'm')
        return RIG_STAGE_IVR;
    return letter == 'd' ? RIG_STAGE_QUEUE : RIG_STAGE_AGENT;
}

bool rig_history_call_entered(char letter, rig_stage stage)
{
    return rig_history_call_is_known(letter) && last_stage(letter) >= (int)stage;
}

bool rig_history_call_lost(char letter, rig_stage stage)
{
    return letter == lost[stage];
}

bool rig_history_call_connected(char letter)
{
    return letter == 'm' || letter == 'S' || letter == 's';
}

bool rig_history_call_in_time(char letter)
{
    return letter == 'S' || letter == '5';
}
