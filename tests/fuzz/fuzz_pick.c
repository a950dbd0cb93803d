/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer target: any bytes as choices of calls. Eight bytes make the call that is judged, the
 * first line its names, and each further line is a term. A term holds if each of its conditions
 * does alone, and a choice if any of its terms does. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/pick.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { N_HEAD = 8, MAX_TEXT = 4096 };

/* Whether a choice of one term, or of one condition, takes the call. */
static bool fits_alone(const char *text, const rig_pick_call *of, rig_slice user)
{
    rig_pick *pick = calloc(1, sizeof *pick);
    rig_pick_call call = *of;
    if (pick == NULL || rig_pick_add(pick, text, NULL) != RIG_OK || pick->n != 1)
        abort(); /* it was accepted before */
    call.fitting_caller = rig_pick_fit_caller(pick, user);
    bool fits = rig_pick_fits(pick, &call);
    free(pick);
    return fits;
}

static bool conditions_fit(char *term, const rig_pick_call *of, rig_slice user)
{
    bool fits = true;
    for (char *at = term; at != NULL;) {
        char *comma = strchr(at, ',');
        if (comma != NULL)
            *comma = '\0';
        fits = fits_alone(at, of, user) && fits;
        if (comma != NULL)
            *comma = ',';
        at = comma == NULL ? NULL : comma + 1;
    }
    return fits;
}

static void check(char *lines, const rig_pick_call *of, rig_slice user)
{
    rig_pick *pick = calloc(1, sizeof *pick);
    bool any_fits = false;
    if (pick == NULL)
        return;
    for (char *at = lines; at != NULL;) {
        char *end = strchr(at, '\n');
        if (end != NULL)
            *end = '\0'; /* for good: the choice borrows its terms */
        rig_error err = {.text = ""};
        size_t n = pick->n;
        bool asks_caller = pick->asks_caller;
        rig_status status = rig_pick_add(pick, at, &err);
        if (status == RIG_OK) {
            for (size_t i = 0; pick->n == n + 1 && i < pick->terms[n].n; i++)
                asks_caller |= pick->terms[n].conditions[i].key == RIG_PICK_CALLER;
            if (pick->n != n + 1 || pick->asks_caller != asks_caller)
                abort();
            bool fits = fits_alone(at, of, user);
            if (fits != conditions_fit(at, of, user))
                abort();
            any_fits |= fits;
        } else if (status != RIG_EINPUT || err.text[0] == '\0' || pick->n != n ||
                   pick->asks_caller != asks_caller) {
            abort();
        }
        at = end == NULL ? NULL : end + 1;
    }
    rig_pick_call call = *of;
    call.fitting_caller = rig_pick_fit_caller(pick, user);
    if (rig_pick_fits(pick, &call) != any_fits)
        abort();
    free(pick);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < N_HEAD || size > MAX_TEXT || memchr(data + N_HEAD, '\0', size - N_HEAD) != NULL)
        return 0;
    char *text = malloc(size - N_HEAD + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data + N_HEAD, size - N_HEAD);
    text[size - N_HEAD] = '\0';
    char *lines = strchr(text, '\n');
    if (lines != NULL) {
        *lines++ = '\0';
        rig_call call = {.call_id = text,
                         .planned_index = (int64_t)data[0] - 1,
                         .t_invite_ns = (1000 + data[1]) * RIG_NS_PER_S + data[2],
                         .final_code = data[3] * 3,
                         .answered = (data[4] & 1) != 0,
                         .bye = (rig_bye)(data[5] % 3)};
        const rig_pick_call of = {.call = &call,
                                  .outcome = (rig_outcome)(data[6] % RIG_OUTCOME_NOT_PLACED),
                                  .reason = text,
                                  .t_capture_ns = (1000 + data[7]) * RIG_NS_PER_S};
        check(lines, &of, rig_slice_of(text));
    }
    free(text);
    return 0;
}
